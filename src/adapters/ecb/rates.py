"""Rates from the European Central Bank's file of daily reference rates, and from a file of one's own for currencies
that it lacks.

The bank's: https://www.ecb.europa.eu/stats/eurofxref/eurofxref-hist.zip, or the CSV in it. One's own is TOML:

    [[rate]]
    currency = "BDT"
    per_euro = "131.25"
    on = 2026-10-29
    source = "Bangladesh Bank"
"""

from __future__ import annotations

import csv
import io
import tomllib
import zipfile
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from ...domain.payments.rates import EURO, LONGEST, EuroRate
from ...domain.shared.errors import Reason
from ...domain.shared.reading import exact
from ...ports.errors import Unreadable

BANK = "European Central Bank"
_NONE = ("", "N/A")
_LARGEST = 64 * 2**20


class EcbRates:
    """The rates of one or both files, read when first asked for and again when a file has changed."""

    def __init__(self, bank: Path | None, own: Path | None = None) -> None:
        self._files = (bank, own)
        self._seen: tuple[float, ...] = ()
        self._rates: Mapping[str, list[EuroRate]] = {}

    def of(self, currency: str, on: date) -> EuroRate | None:
        if currency == EURO:
            return None
        known = self._known().get(currency, [])
        place = bisect_right(known, on, key=lambda one: one.on)
        found = known[place - 1] if place else None
        return found if found is not None and on - found.on <= LONGEST else None

    def _known(self) -> Mapping[str, list[EuroRate]]:
        bank, own = self._files
        try:
            seen = tuple(one.stat().st_mtime for one in self._files if one is not None)
            if seen != self._seen:
                every = [*(_of_bank(bank) if bank else ()), *(_of_own(own) if own else ())]
                self._rates, self._seen = _by_currency(every), seen
        except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
            raise Unreadable(Reason("rates.unreadable", {"detail": type(error).__name__})) from error
        return self._rates


def _of_bank(path: Path) -> Iterator[EuroRate]:
    lines = csv.reader(io.StringIO(_text(path)))
    head = [one.strip() for one in next(lines, [])]
    if not head or head[0] != "Date":
        raise ValueError(path.name)
    for line in lines:
        if not line:
            continue
        on = date.fromisoformat(line[0].strip())
        for currency, cell in zip(head[1:], line[1:], strict=False):
            if currency and (word := cell.strip()) not in _NONE:
                yield EuroRate(currency, _positive(word), on, BANK)


def _text(path: Path) -> str:
    if not zipfile.is_zipfile(path):
        return path.read_text(encoding="utf-8-sig")
    with zipfile.ZipFile(path) as archive:
        (member,) = [one for one in archive.infolist() if one.filename.endswith(".csv")]
        if member.file_size > _LARGEST:
            raise ValueError(member.filename)
        return archive.read(member).decode("utf-8-sig")


def _of_own(path: Path) -> Iterator[EuroRate]:
    for one in tomllib.loads(path.read_text(encoding="utf-8"))["rate"]:
        on = one["on"]
        if not isinstance(on, date) or isinstance(on, datetime) or not str(one["source"]).strip():
            raise ValueError(path.name)
        yield EuroRate(str(one["currency"]), _positive(str(one["per_euro"])), on, str(one["source"]).strip())


def _positive(word: str) -> Decimal:
    rate = exact(word)
    if rate is None or rate <= 0:
        raise ValueError(word)
    return rate


def _by_currency(every: Iterable[EuroRate]) -> Mapping[str, list[EuroRate]]:
    found: defaultdict[str, list[EuroRate]] = defaultdict(list)
    for one in every:
        found[one.currency].append(one)
    for rates in found.values():
        rates.sort(key=lambda one: one.on)
    return found
