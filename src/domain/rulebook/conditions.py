"""Conditions over the named circumstances of a case, with three answers: yes, no, not known."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..shared.dataclass import dataclass
from ..shared.errors import Params, Reason
from ..shared.levels import STUDY_LEVELS

Circumstance = str | bool
Circumstances = Mapping[str, Circumstance]

# Every circumstance that a pack may ask for, and what it means.
KNOWN_CIRCUMSTANCES: Mapping[str, str] = {
    "nationality": "citizenship, ISO 3166-1 alpha-2",
    "employed": "works at present",
    "employer_government": "the present employer is the state",
    "work_experience": "has worked",
    "internship": "has done an internship",
    "club_activity": "has certificates of clubs or activities",
    "enrolled": "is enrolled at the target university already",
    "university_sector": "public or private",
    "programme_language": "language of instruction, ISO 639-1",
    "offer_basis": "what the offer rests on: test, moi or both",
    "test_below_programme_minimum": "the language test is below or other than the programme's minimum",
    "test_expired_after_enrolment": "the language test ran out after the enrolment",
    "late_arrival_expected": "arrival is expected after the lectures begin",
    "money_proof": "blocked_account, verpflichtungserklaerung or scholarship",
    "university_changed": "the university changed since the papers were made",
    "uni_assist": "the university takes applications through uni-assist",
    "several_passports": "holds older passports too",
    "residence": "country of residence, ISO 3166-1 alpha-2",
    "level": "what one has in the end: bachelor, master, doctorate, diploma or other",
    "in_london": "studies in London",
    "in_quebec": "studies in Quebec",
    "atas_needed": "course and nationality need an ATAS certificate",
    "tb_test_needed": "lives in a country whose residents need a tuberculosis test",
    "language_test_needed": "the university asks for a language test",
}

# What those may be that are more than yes or no: one of some words, or a code of this form.
_WORDS: Mapping[str, tuple[str, ...]] = {
    "university_sector": ("public", "private"),
    "offer_basis": ("test", "moi", "both"),
    "money_proof": ("blocked_account", "verpflichtungserklaerung", "scholarship"),
    "level": STUDY_LEVELS,
}
_CODES: Mapping[str, tuple[re.Pattern[str], str]] = {
    "residence": (re.compile(r"[A-Z]{2}"), "country.unknown"),
    "nationality": (re.compile(r"[A-Z]{2}"), "country.unknown"),
    "programme_language": (re.compile(r"[a-z]{2}"), "language.unknown_code"),
}


def wrong_circumstance(name: str, value: object, where: str) -> Reason | None:
    """Return why the circumstance cannot have this value, or None when it can."""
    given: Params = {"given": (value if isinstance(value, str) else type(value).__name__)[:40]}
    if name not in KNOWN_CIRCUMSTANCES:
        return Reason("condition.unknown_circumstance", {"given": name[:40]}, where)
    if name in _WORDS:
        known = ", ".join(_WORDS[name])
        return None if value in _WORDS[name] else Reason("data.unknown_word", {**given, "known": known}, where)
    if name in _CODES:
        form, code = _CODES[name]
        return None if isinstance(value, str) and form.fullmatch(value) else Reason(code, given, where)
    return None if isinstance(value, bool) else Reason("data.not_true_or_false", given, where)


@dataclass(frozen=True, slots=True)
class Answer:
    """Yes, no or not known (None), with the circumstances that would have to be known."""

    holds: bool | None
    missing: frozenset[str] = frozenset()


class Condition:
    """Something that is so, is not so, or is not known of a case."""

    __slots__ = ()

    def answer(self, circumstances: Circumstances) -> Answer:
        """Return whether it holds; unknown circumstances give unknown unless the rest decides."""
        raise TypeError("a condition is one of the kinds below")


@dataclass(frozen=True, slots=True)
class Is(Condition):
    """The circumstance has one of the values."""

    circumstance: str
    values: tuple[Circumstance, ...]

    def answer(self, circumstances: Circumstances) -> Answer:
        if self.circumstance not in circumstances:
            return Answer(None, frozenset({self.circumstance}))
        return Answer(circumstances[self.circumstance] in self.values)


@dataclass(frozen=True, slots=True)
class AllOf(Condition):
    """Every part holds."""

    parts: tuple[Condition, ...]

    def answer(self, circumstances: Circumstances) -> Answer:
        return _fold([part.answer(circumstances) for part in self.parts], decisive=False)


@dataclass(frozen=True, slots=True)
class AnyOf(Condition):
    """At least one part holds."""

    parts: tuple[Condition, ...]

    def answer(self, circumstances: Circumstances) -> Answer:
        return _fold([part.answer(circumstances) for part in self.parts], decisive=True)


@dataclass(frozen=True, slots=True)
class Not(Condition):
    """The part does not hold."""

    part: Condition

    def answer(self, circumstances: Circumstances) -> Answer:
        inner = self.part.answer(circumstances)
        return Answer(None if inner.holds is None else not inner.holds, inner.missing)


def _fold(answers: list[Answer], *, decisive: bool) -> Answer:
    if any(answer.holds is decisive for answer in answers):
        return Answer(decisive)
    missing: frozenset[str] = frozenset().union(*(a.missing for a in answers if a.holds is None))
    return Answer(None, missing) if any(a.holds is None for a in answers) else Answer(not decisive)
