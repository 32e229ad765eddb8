"""Jinja as letters use it: nothing is printed but words and marks, and a value that is missing stops it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, NoReturn

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal
from jinja2 import StrictUndefined, Template, meta, nodes, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from ...domain.shared.dataclass import dataclass
from .reading import BANGLA, Source
from .values import Missing, Register, Thing, Value, Wrong

_BANGLA_DIGITS = str.maketrans("0123456789", "০১২৩৪৫৬৭৮৯")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}(?::\d{2})?)(?: ?(UTC))?")
OURS = "sender"
"""What every template may name without being given it."""
_SUBJECT, _SHORT = 100, 70  # how many characters of a value at most


class _Strict(StrictUndefined):
    """A name that nothing was given for; it stops at whatever is done with it."""

    __slots__ = ()

    def _fail_with_undefined_error(self, *args: Any, **kwargs: Any) -> NoReturn:
        of = self._undefined_obj.of_ if isinstance(self._undefined_obj, Thing) else ""
        raise Missing(f"{of}.{self._undefined_name}" if of else str(self._undefined_name))

    __str__ = __iter__ = __len__ = __eq__ = __ne__ = __bool__ = __hash__ = _fail_with_undefined_error
    __add__ = __lt__ = __gt__ = __le__ = __ge__ = __call__ = __getitem__ = _fail_with_undefined_error


@dataclass(frozen=True, slots=True)
class Compiled:
    """The templates of one letter in one language, and the parameters that they want."""

    source: Source
    language: str
    wants: frozenset[str]
    lists: frozenset[str]
    """Those of them that are lists."""
    subject: Template
    short: Template
    body: Template


class Workshop:
    """Compiles the templates of one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._locale = Locale(language)
        self._environment = ImmutableSandboxedEnvironment(
            undefined=_Strict, finalize=_printed, trim_blocks=True, lstrip_blocks=True, autoescape=False
        )
        self._environment.filters.update(day=self._day, moment=self._moment, number=self._number, plural=self._plural)

    def compiled(self, source: Source) -> Compiled:
        """Return the templates of the letter; raise jinja2's TemplateError for what is none."""
        texts = (source.subject, source.short, source.body)
        wants = frozenset[str]().union(*map(self._names, texts), {source.link}) - {"", OURS}
        return Compiled(source, self.language, wants, self._lists(source.body), *map(self.template, texts))

    def template(self, text: str) -> Template:
        """Return one template."""
        return self._environment.from_string(text.strip())

    def _names(self, text: str) -> frozenset[str]:
        return frozenset(meta.find_undeclared_variables(self._environment.parse(text)))

    def _lists(self, text: str) -> frozenset[str]:
        """Return the names of what the template goes through."""
        loops = self._environment.parse(text).find_all(nodes.For)
        return frozenset(loop.iter.name for loop in loops if isinstance(loop.iter, nodes.Name))

    @pass_context
    def _day(self, context: Context, value: Any) -> str:
        """Return a day of the calendar (ISO 8601) as 3 February 2027, and any other text as it is."""
        return _named(self._written(context, str(value)) if _DAY.fullmatch(str(value)) else value, value)

    @pass_context
    def _moment(self, context: Context, value: Any) -> str:
        """Return a moment such as 2027-02-03 23:59 UTC as 3 February 2027, 23:59 UTC, and any other text as it is."""
        found = _MOMENT.fullmatch(str(value))
        if found is None:
            return self._day(context, value)
        told = f"{self._written(context, found[1])}, {_digits(context, found[2])} {found[3] or ''}"
        return _named(told.strip(), value)

    def _written(self, context: Context, day: str) -> str:
        try:
            return _digits(context, format_date(date.fromisoformat(day), "d MMMM y", locale=self._locale))
        except ValueError:
            return day

    @pass_context
    def _number(self, context: Context, value: Any) -> str:
        """Return a count in groups."""
        return _named(_digits(context, format_decimal(_whole(value), locale=self._locale)), value)

    @pass_context
    def _plural(self, context: Context, value: Any, other: str, **forms: str) -> str:
        """Return the form of the count by CLDR, the count in it for each #; ``zero`` is for 0, ``past`` for less."""
        count = _whole(value)
        exact = forms.get("zero") if count == 0 else forms.get("past") if count < 0 else None
        form = exact or forms.get(self._locale.plural_form(count)) or other
        return form.replace("#", self._number(context, abs(count)))


@pass_context
def _printed(context: Context, value: Any) -> str:
    register: Register = context["register_"]
    return register.mark(value)


def render(compiled: Compiled, values: Mapping[str, Any], register: Register, *, own_digits: bool) -> tuple[str, ...]:
    """Return subject, short form and body as words and marks; only the body has the digits of its language."""
    plain = {**values, "register_": register, "own_digits_": False}
    register.longest = _SUBJECT
    subject = " ".join(compiled.subject.render(plain).split())
    register.longest = _SHORT
    short = " ".join(compiled.short.render(plain).split())
    register.longest = 0
    body = compiled.body.render(plain | {"own_digits_": own_digits and compiled.language == BANGLA})
    return subject, short, body


def _digits(context: Context, text: str) -> str:
    return text.translate(_BANGLA_DIGITS) if context["own_digits_"] else text


def _whole(value: Any) -> int:
    try:
        return int(value)
    except ValueError:
        raise (Wrong if value else Missing)(getattr(value, "name", "")) from None


def _named(told: str, value: Any) -> str:
    """Return what is told of the value under the name that it came by."""
    named = Value(told)
    named.name = getattr(value, "name", "")
    return named
