"""Reading data from outside, naming every wrong place at once.

A ``Record`` wraps one table of parsed data. Asking it for a value returns the value or a harmless stand-in and notes
what is wrong; whoever reads looks at the problems once, at the end. Nothing is guessed and no unknown key is ignored.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, TypeGuard, TypeVar

from .errors import Invalid, Reason
from .money import Money

E = TypeVar("E", bound=StrEnum)
_MONTH_DAY = re.compile(r"([0-9]{2})-([0-9]{2})")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")  # Python would also take 20270331 and 2027-W13-3
LONGEST_TEXT = 4000
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
"""Beyond these nothing here is meant, and years before or after a day could not be reckoned."""
LARGEST_WHOLE = 1_000_000
_PLAIN_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?(E-[0-9]+)?")  # E-7 is how a very small one of ours is written back
_CANNOT_BE_KEPT = re.compile("[\x00\ud800-\udfff]")  # no database holds a null character or half a letter
_LARGEST_EXPONENT, _SMALLEST_EXPONENT = 12, -12  # so that sums, steps and quotients of two stay exact


def exact(text: str | int | Decimal) -> Decimal | None:
    """Return the decimal, or None where it is none or of a size that nothing here has and nothing can be reckoned with.

    Numbers are below 10 trillion and have at most 12 decimal places. A text is written in the digits 0 to 9 alone:
    Python would also take 1_000, 1e3 and the digits of other scripts.
    """
    if isinstance(text, str) and not _PLAIN_NUMBER.fullmatch(text):
        return None
    try:
        number = Decimal(text)
    except (InvalidOperation, ValueError):
        return None
    if not number.is_finite() or number.adjusted() > _LARGEST_EXPONENT:
        return None
    return number if int(number.as_tuple().exponent) >= _SMALLEST_EXPONENT else None


def _is_text(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and not _CANNOT_BE_KEPT.search(value)


def _shown(value: object) -> str:
    """Return how a value is shown in a problem: short, and whatever the value."""
    try:
        return _CANNOT_BE_KEPT.sub("\ufffd", str(value)[:40])
    except ValueError:  # Python refuses to write whole numbers of thousands of digits
        return "a number of very many digits"


class Problems:
    """What was found wrong so far, in the order of reading."""

    def __init__(self) -> None:
        self.found: list[Reason] = []

    def note(self, code: str, where: str, **params: str | int | bool | None) -> None:
        """Note one problem at one place."""
        self.found.append(Reason(code, params, where))


class Record:
    """One table of data at a place in its document."""

    def __init__(self, data: Mapping[str, Any], where: str, problems: Problems) -> None:
        self.data = data
        self.where = where
        self.problems = problems
        self._read: set[str] = set()

    def place(self, key: str) -> str:
        """Return where the value of ``key`` stands, such as ``steps[3].days``."""
        return f"{self.where}.{key}" if self.where else key

    def has(self, key: str) -> bool:
        """Whether the key is there at all."""
        return key in self.data

    def wrong(self, key: str, code: str, **params: str | int | bool | None) -> None:
        """Note that the value of ``key`` is wrong."""
        self.problems.note(code, self.place(key), **params)

    def text(self, key: str, default: str | None = None) -> str:
        """Return a text that is not blank; a missing one is a problem unless there is a default."""
        value = self._value(key, required=default is None)
        if value is None:
            return default or ""
        if not _is_text(value) or (default is None and not value.strip()) or len(value) > LONGEST_TEXT:
            self.wrong(key, "data.not_text")
            return ""
        return value

    def decimal(self, key: str) -> Decimal:
        """Return a decimal given as text or whole number."""
        return self.maybe_decimal(key, required=True) or Decimal(0)

    def maybe_decimal(self, key: str, *, required: bool = False) -> Decimal | None:
        """Return a decimal, or None when the key is absent; a binary float is refused, since it is not exact."""
        value = self._value(key, required=required)
        if value is None:
            return None
        is_number = isinstance(value, str | int | Decimal) and not isinstance(value, bool)
        number = exact(value) if is_number else None
        if number is None:
            self.wrong(key, "data.not_decimal", given=_shown(value))
        return number

    def score(self, key: str) -> Decimal | str:
        """Return a score: a decimal where it reads as one, otherwise the name of a level."""
        value = self._value(key, required=False)
        if isinstance(value, str) and value.strip():
            number = exact(value)
            return self.text(key) if number is None else number
        return self.decimal(key)

    def money(self) -> Money | None:
        """Return the money that this table states as ``amount`` and ``currency``; None after noting a problem."""
        amount, currency = self.maybe_decimal("amount", required=True), self.text("currency")
        if amount is None or not currency:
            return None
        try:
            return Money.of(amount, currency)
        except Invalid as error:
            for reason in error.reasons:
                self.problems.note(reason.code, self.place(reason.where), **reason.params)
            return None

    def integer(self, key: str, default: int | None = None, *, most: int = LARGEST_WHOLE) -> int:
        """Return a whole number from 0 to ``most``."""
        value = self.maybe_integer(key, required=default is None, most=most)
        return value if value is not None else (default or 0)

    def maybe_integer(
        self, key: str, *, required: bool = False, least: int = 0, most: int = LARGEST_WHOLE
    ) -> int | None:
        """Return a whole number from ``least`` to ``most``, or None when absent."""
        value = self._value(key, required=required)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            self.wrong(key, "data.not_whole_number", given=_shown(value), at_least=least)
            return None
        if value > most:
            self.wrong(key, "data.number_too_large", given=_shown(value), at_most=most)
            return None
        return value

    def flag(self, key: str, default: bool | None = None) -> bool:
        """Return true or false."""
        return bool(self.maybe_flag(key, required=default is None, default=default))

    def maybe_flag(self, key: str, *, required: bool = False, default: bool | None = None) -> bool | None:
        """Return true or false, or the default when absent."""
        value = self._value(key, required=required)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.wrong(key, "data.not_true_or_false", given=_shown(value))
            return default
        return value

    def day(self, key: str) -> date:
        """Return a calendar day."""
        return self.maybe_day(key, required=True) or date.min

    def maybe_day(self, key: str, *, required: bool = False) -> date | None:
        """Return a calendar day given as a date or as text YYYY-MM-DD, or None when absent."""
        value = self._value(key, required=required)
        if value is None:
            return None
        day = value if isinstance(value, date) and not isinstance(value, datetime) else None
        if isinstance(value, str) and _DAY.fullmatch(value):
            with suppress(ValueError):
                day = date.fromisoformat(value)
        if day is None:
            self.wrong(key, "data.not_a_date", given=_shown(value))
        elif not FIRST_DAY <= day <= LAST_DAY:
            self.wrong(key, "data.day_out_of_range", earliest=FIRST_DAY.isoformat(), latest=LAST_DAY.isoformat())
            return None
        return day

    def maybe_month_day(self, key: str) -> tuple[int, int] | None:
        """Return (month, day) of a day of every year given as MM-DD, or None when absent; 02-29 is refused."""
        value = self._value(key, required=False)
        if value is None:
            return None
        match = _MONTH_DAY.fullmatch(value) if isinstance(value, str) else None
        try:
            if match is None:
                raise ValueError
            day = date(2001, int(match[1]), int(match[2]))
        except ValueError:
            self.wrong(key, "data.not_a_month_day", given=_shown(value))
            return None
        return day.month, day.day

    def maybe_time(self, key: str) -> time | None:
        """Return a time of day given as HH:MM or HH:MM:SS, or None when absent."""
        value = self._value(key, required=False)
        if value is None:
            return None
        try:
            moment = value if isinstance(value, time) else time.fromisoformat(value)
            if moment.tzinfo is not None:
                raise ValueError
        except (TypeError, ValueError):
            self.wrong(key, "data.not_a_time", given=_shown(value))
            return None
        return moment

    def choice(self, key: str, kind: type[E], default: E | None = None) -> E:
        """Return one of the words that ``kind`` knows."""
        value = self._value(key, required=default is None)
        if value is None:
            return default if default is not None else next(iter(kind))
        try:
            return kind(value)
        except ValueError:
            self.wrong(key, "data.unknown_word", given=_shown(value), known=", ".join(kind))
            return next(iter(kind))

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts; empty when absent."""
        return self.maybe_texts(key) or ()

    def maybe_texts(self, key: str) -> tuple[str, ...] | None:
        """Return a list of texts, or None when absent."""
        value = self._value(key, required=False)
        if value is None:
            return None
        if not isinstance(value, list) or not all(_is_text(item) and item for item in value):
            self.wrong(key, "data.not_a_list_of_texts")
            return ()
        return tuple(value)

    def table(self, key: str) -> Record:
        """Return the table under ``key``; an absent one is a problem."""
        return self.maybe_table(key, required=True) or Record({}, self.place(key), Problems())

    def maybe_table(self, key: str, *, required: bool = False) -> Record | None:
        """Return the table under ``key``, or None when absent."""
        value = self._value(key, required=required)
        if value is None:
            return None
        if not isinstance(value, Mapping):
            self.wrong(key, "data.not_a_table")
            return None
        return Record(value, self.place(key), self.problems)

    def tables(self, key: str) -> Iterator[Record]:
        """Yield each table of the list under ``key``; none when absent."""
        value = self._value(key, required=False)
        if value is None:
            return
        if not isinstance(value, list):
            self.wrong(key, "data.not_a_list_of_tables")
            return
        for index, item in enumerate(value):
            place = f"{self.place(key)}[{index}]"
            if isinstance(item, Mapping):
                yield Record(item, place, self.problems)
            else:
                self.problems.note("data.not_a_table", place)

    def only_key(self) -> str | None:
        """Return the one key of a table that must have exactly one of its kind, ignoring those read already."""
        rest = [key for key in self.data if key not in self._read]
        return rest[0] if len(rest) == 1 else None

    def done(self) -> None:
        """Note every key that nobody asked for."""
        for key in self.data:
            if key not in self._read:
                self.wrong(key, "data.unknown_key")

    def _value(self, key: str, *, required: bool) -> Any:
        self._read.add(key)
        value = self.data.get(key)
        if value is None and required:
            self.wrong(key, "data.missing")
        return value
