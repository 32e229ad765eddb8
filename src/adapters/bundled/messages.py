"""Sentences for codes, in the reader's language. Codes and parameters come from the domain; words stay here."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from importlib import resources

from ...domain.rulebook.pack import Rulebook
from ...domain.shared.errors import DomainError, Params, ParamValue, Reason
from ...domain.shared.money import exponent_of
from .locales import BANGLA, ENGLISH, LANGUAGES, Locale, plural, read_tag
from .names import KINDS, Names

_PLACE = re.compile(r"\{(\w+)(?::([^|{}]*)\|([^|{}]*))?\}(-এর?(?![ঀ-৿]))?")
_DAYS = re.compile(r"\d{4}-\d{2}-\d{2}(, \d{4}-\d{2}-\d{2})*")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}(:\d{2})? UTC")
_MONEY = re.compile(r"([A-Z]{3}) (-?\d{1,3}(?:,\d{3})*)(?:\.(\d+))?")  # as Money is written
# What the reader typed, what she has to type, and what names a machine or a place in a file: shown as it is.
_AS_IT_IS = frozenset({"given", "known", "id", "port", "byte", "position", "number", "cell"})
_TYPED = ("setting.", "plan.unknown_step")  # whose every figure and word is there to be typed, or was
_NEVER_A_LIST = frozenset({"title", "institution"})
_EITHER = frozenset({"any_of", "none_of"})
_WITH_COMMAS = frozenset({"needed", "has", "by", "distance"})
_SPAN = re.compile(r"(\d+) (level|month|day)s?")  # how far off somebody is, as findings write it


class Messages:
    """Turns codes with parameters into sentences of one language, falling back on English, then on the code.

    Days, amounts, counts and codes with a name are shown as people write them; what the reader typed stays as it was.
    Scores and grades keep Latin digits, as on the certificate that she compares them with; so do ids.
    """

    def __init__(
        self,
        language: str = ENGLISH,
        *,
        own_digits: bool | None = None,
        rulebook: Callable[[], Rulebook] | None = None,
        steps: Mapping[str, str] | None = None,
    ) -> None:
        """``language`` is a tag such as ``bn``, ``bn-BD`` or, for Latin digits, ``bn-u-nu-latn``.

        ``own_digits`` says the same of digits; in Bangla they are its own unless somebody says otherwise. With a
        ``rulebook`` tests, papers, scales and steps go by their titles; ``steps`` are titles of a plan's steps by key.
        """
        asked, digits = read_tag(language)
        self.language = asked if asked in LANGUAGES else ENGLISH
        wanted = digits if own_digits is None else own_digits
        self.locale = Locale(self.language, own_digits=self.language == BANGLA and wanted is not False)
        self.names = Names(self.language, rulebook, steps)
        self._rulebook, self._steps = rulebook, steps

    def in_language(self, tag: str) -> Messages:
        """Return the sentences in the language of the tag; these where there are none in it."""
        known = read_tag(tag)[0] in LANGUAGES
        return Messages(tag, rulebook=self._rulebook, steps=self._steps) if known else self

    def with_steps(self, steps: Mapping[str, str]) -> Messages:
        """Return the sentences in the same language that call a plan's steps by these titles, by their keys."""
        return Messages(
            self.language,
            own_digits=self.locale.own_digits,
            rulebook=self._rulebook,
            steps={**(self._steps or {}), **steps},
        )

    def sentence(self, code: str, params: Params | None = None) -> str:
        """Return the sentence for the code; a parameter that is missing shows as its name in braces."""
        pattern = _texts(self.language).get(code) or _texts(ENGLISH).get(code)
        given = params or {}
        if pattern is None:
            return _plain(code, given)

        typed = code.startswith(_TYPED)

        def filled(place: re.Match[str]) -> str:
            name, one, other, ending = place.groups(default="")
            value = given.get(f"{name}_{self.language}") or given.get(name)  # note_bn beside note, as in a pack
            told = self._told(name, value, typed) if name in given else "{" + name + "}"
            if ending and KINDS.get(name) == "country":
                return self.locale.with_ending(told, ending)
            return f"{told} {self._form(given.get(name), one, other)}{ending}" if one or other else told + ending

        return _PLACE.sub(filled, pattern).strip()

    def reason(self, reason: Reason) -> str:
        """Return the sentence for a reason."""
        return self.sentence(reason.code, reason.params)

    def error(self, error: DomainError) -> str:
        """Return the sentence for an error as a whole; its reasons are told one by one besides."""
        pattern = _texts(self.language).get(f"error.{error.code}") or _texts(ENGLISH).get(f"error.{error.code}")
        return pattern or (type(error).__doc__ or error.code).strip().splitlines()[0]

    def text(self, thing: object, attribute: str = "title") -> str:
        """Return a text that the thing of a rule pack carries itself, in this language where it has it."""
        return self.names.own(thing, attribute)

    def name(self, kind: str, code: str) -> str:
        """Return what a code is called, such as a country's or a step's; the code where it has no name."""
        return self.names.name(kind, code)

    def short_day(self, day: date, *, year: bool = True) -> str:
        """Return the day as 7 Jan 2027, or without its year."""
        return self.locale.short_day(day, year=year)

    def short_month(self, day: date) -> str:
        """Return the short name of the day's month, such as Jan."""
        return self.locale.short_month(day)

    def _form(self, count: ParamValue, one: str, other: str) -> str:
        is_count = isinstance(count, int) and not isinstance(count, bool)
        return one if is_count and plural(self.language, int(count or 0)) == "one" else other

    def _told(self, name: str, value: ParamValue, typed: bool) -> str:
        if value is None:
            return ""
        if isinstance(value, bool):
            return self.names.name("truth", str(value).lower())
        if typed or name in _AS_IT_IS:
            return str(value)
        if name == "year" or (name == "from" and not _days(str(value))):  # which nobody writes in groups
            return self.locale.digits(str(value))
        if isinstance(value, int):
            return self.locale.number(value)
        if name == "calendar":  # such as BD+DE, which keeps the days of both
            return self.locale.listed([self.names.name("country", code) for code in value.split("+")])
        if name == "field":
            named = [_texts(self.language).get(f"field.{one}", "") for one in value.split(", ")]
            return self.locale.listed(named) if all(named) else value
        if name == "distance" and (span := _SPAN.fullmatch(value)):
            return self.sentence(f"distance.{span[2]}", {"count": int(span[1])})
        written = self._written(value)
        return self._named(name, value) if name in KINDS and value and written == value else written

    def _named(self, name: str, value: str) -> str:
        kind = KINDS[name]
        known = [self.names.name(kind, value)]
        if name not in _NEVER_A_LIST and (known == [value] or kind == "part"):  # a list of codes, perhaps
            known = list(dict.fromkeys(self.names.name(kind, code) for code in value.split(", ")))
        return ", ".join(known) if name in _WITH_COMMAS else self.locale.listed(known, either=name in _EITHER)

    def _written(self, value: str) -> str:
        """Return days, moments and amounts as people write them, and every other text as it is."""
        if days := _days(value):
            return self.locale.listed([self.locale.day(day) for day in days])
        if _MOMENT.fullmatch(value):
            return f"{self.locale.moment(datetime.fromisoformat(value.removesuffix(' UTC')))} UTC"
        money = _MONEY.fullmatch(value)
        if money and len(money[3] or "") == exponent_of(money[1]):  # which "HSC 2015" or "GRE 320" has not
            name = "" if self.language == ENGLISH else self.names.name("currency", money[1])
            return self.locale.money(Decimal(value[4:].replace(",", "")), money[1], name)
        return value


def _days(text: str) -> list[date]:
    """Return the days that the text lists, or nothing where it is anything else."""
    if not _DAYS.fullmatch(text):
        return []
    try:
        return [date.fromisoformat(day) for day in text.split(", ")]
    except ValueError:
        return []


def _plain(code: str, params: Params) -> str:
    words = code.replace(".", ": ").replace("_", " ")
    details = ", ".join(f"{name} {value}" for name, value in params.items())
    return f"{words} ({details})" if details else words


@cache
def _texts(language: str) -> dict[str, str]:
    file = resources.files(__package__).joinpath("messages", f"{language}.toml")
    texts: dict[str, str] = {}
    for section, entries in tomllib.loads(file.read_text(encoding="utf-8")).items():
        texts.update({f"{section}.{name}": text for name, text in entries.items()})
    return texts


def known_codes(language: str) -> frozenset[str]:
    """Return the codes that the language has a sentence for."""
    return frozenset(_texts(language))


def parameters(language: str, code: str) -> frozenset[str]:
    """Return the names of the parameters that the language's sentence for the code shows."""
    return frozenset(place[1] for place in _PLACE.finditer(_texts(language)[code]))
