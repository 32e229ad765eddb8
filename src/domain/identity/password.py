"""What a password has to be (NIST SP 800-63B-4, 3.1.1.2): long, and nothing that is guessed first.

Nothing is said of which letters it is made of, and nobody has to change it after a time. What is guessed first is a
list of common and breached passwords, words and names; it is asked for the whole password, for what is left of it
without the digits and signs behind it, and for the piece of which it is a repetition. Runs along the alphabet or the
keyboard, and passwords that are made of the service's, the address's or the holder's own name, need no list.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable

from ..shared.errors import Reason, RuleBroken

SHORTEST_ALONE = 15
"""Where the password is all that is asked for."""
SHORTEST_OF_TWO = 8
"""Where a second factor is asked for beside it."""
LONGEST_PASSWORD = 256
SERVICE = "Higher Study"
"""What the service calls itself: to apps that make codes, to passkeys, and to who would use it as a password."""

_SHORTEST_WORD = 4
_LEAST_OF_ONES_OWN = 8
_RUNS = ("0123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm", "1234567890qwertyuiop")
_BEHIND = re.compile(r"[\W\d_]+$")
_NO_LETTERS = re.compile(r"[\W\d_]+")


def normal_password(password: str) -> str:
    """Return the password in the one form that the same keys give on any keyboard."""
    return unicodedata.normalize("NFC", password)


def folded(text: str) -> str:
    """Return the text in the form in which the list of common passwords is asked: NFKC, without upper case."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).strip()


def check_password(
    password: str,
    is_common: Callable[[str], bool],
    *,
    email: str,
    name: str = "",
    shortest: int = SHORTEST_ALONE,
    where: str = "password",
) -> None:
    """Raise RuleBroken with everything that stands against the password.

    ``is_common`` says whether a folded text is on the list; ``where`` is the field that the password was given in.
    """
    reasons = []
    if len(password) < shortest:
        reasons.append(Reason("password.too_short", {"at_least": shortest}, where))
    if len(password) > LONGEST_PASSWORD:
        reasons.append(Reason("password.too_long", {"at_most": LONGEST_PASSWORD}, where))
    text = folded(password[:LONGEST_PASSWORD])
    if len(set(text)) < 4:
        reasons.append(Reason("password.too_simple", {}, where))
    elif reason := _guessed_first(text, is_common, email, name):
        reasons.append(Reason(reason, {}, where))
    if reasons:
        raise RuleBroken(*reasons)


def _guessed_first(text: str, is_common: Callable[[str], bool], email: str, name: str) -> str | None:
    """Return the code of why the text is one of the first guesses, None where it is none."""
    if _is_made_of(text, [email.partition("@")[0], email.rpartition("@")[2].partition(".")[0]]):
        return "password.holds_email"
    if _is_made_of(text, [name, *name.split(), SERVICE, SERVICE.replace(" ", "")]):
        return "password.holds_name"
    if any(map(is_common, _guises(text))) or _is_run(text):
        return "password.common"
    return None


def _guises(text: str) -> set[str]:
    """Return the forms of the text that are looked for in the list."""
    whole = _unit(text)
    found = {text, whole, _BEHIND.sub("", text), _BEHIND.sub("", whole)}
    return {*found, *map(_unit, found)} - {""}


def _unit(text: str) -> str:
    """Return the shortest piece of which the text is a repetition: the text itself where there is none."""
    at = (text + text).find(text, 1)
    return text[:at]


def _is_run(text: str) -> bool:
    """Whether it goes along the alphabet, the digits or the keys, forth or back, from anywhere and round again."""
    for run in _RUNS:
        endless = run * (len(text) // len(run) + 2)
        if text in endless or text in endless[::-1]:
            return True
    return False


def _is_made_of(text: str, words: Iterable[str]) -> bool:
    """Whether hardly anything is left of the text without these words, digits and signs."""
    known = sorted({folded(word) for word in words if len(word) >= _SHORTEST_WORD}, key=len, reverse=True)
    left = text
    for word in known:
        left = left.replace(word, " ")
    return left != text and len(_NO_LETTERS.sub("", left)) < _LEAST_OF_ONES_OWN
