"""How many parts a short message takes on its way: each is paid for, and few letters fit into one."""

from __future__ import annotations

from collections.abc import Mapping

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_ESCAPED = frozenset("^{}\\[~]|€\f")
"""What takes two places (3GPP TS 23.038, 6.2.1.1)."""
_PLAIN: Mapping[int, str] = str.maketrans(
    {
        "…": "...",
        "–": "-",
        "—": "-",
        "‑": "-",
        "−": "-",
        "‘": "'",
        "’": "'",
        "“": '"',
        "”": '"',
        "\u00a0": " ",
        "\u202f": " ",
    }
)
"""What a telephone's basic alphabet has not, and says as well by another sign."""
_ONE, _OF_SEVERAL = 160, 153
_ONE_WIDE, _OF_SEVERAL_WIDE = 70, 67
"""How many places a part has, alone and as one of several, in the basic alphabet and in any other (UCS-2)."""


def is_basic(text: str) -> bool:
    """Whether the basic alphabet of telephones (GSM-7) has every sign of it."""
    return all(sign in _BASIC or sign in _ESCAPED for sign in text)


def plain(text: str) -> str:
    """Return the text with plainer signs where that lets it go out in the basic alphabet, otherwise as it is: one
    ellipsis would more than double its parts."""
    plainer = text.translate(_PLAIN)
    return plainer if is_basic(plainer) else text


def parts_of(text: str) -> int:
    """Return in how many parts the text goes out; at least one."""
    if is_basic(text):
        places, one, of_several = sum(2 if sign in _ESCAPED else 1 for sign in text), _ONE, _OF_SEVERAL
    else:
        places, one, of_several = len(text.encode("utf-16-le")) // 2, _ONE_WIDE, _OF_SEVERAL_WIDE
    return 1 if places <= one else -(-places // of_several)
