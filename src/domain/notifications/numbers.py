"""Telephone numbers."""

from __future__ import annotations

import re
import unicodedata

from ..shared.errors import Invalid, Reason

_BETWEEN = re.compile(r"[\s().\-/\u2010-\u2015]+")
_INTERNATIONAL = re.compile(r"\+[1-9][0-9]{7,14}")


def normal_number(given: str) -> str:
    """Return the number with its country code, as ITU-T E.164 writes it: ``+8801712345678``.

    Digits of any script are read, blanks, hyphens, dots and brackets passed over, and ``00`` taken for ``+``. Raises
    Invalid(number.malformed) for everything else, also for a number without its country code: which country it is of,
    nobody guesses.
    """
    digits = "".join(_digit(sign) for sign in unicodedata.normalize("NFKC", given).strip())
    number = _BETWEEN.sub("", digits)
    if number.startswith("00"):
        number = f"+{number[2:]}"
    if not _INTERNATIONAL.fullmatch(number):
        raise Invalid(Reason("number.malformed", {}, "number"))
    return number


def _digit(sign: str) -> str:
    value = unicodedata.decimal(sign, None)
    return sign if value is None else str(value)
