"""Our CSV form of a catalogue, a row a programme; docs/catalogue-csv.md describes it for those who write it."""

from __future__ import annotations

import asyncio
import csv
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache, cached_property
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5
from zoneinfo import available_timezones

from ...domain.catalogue.errors import BrokenCatalogue
from ...domain.catalogue.forms import malformed_institution, malformed_programme
from ...domain.catalogue.programme import Institution, Programme
from ...domain.catalogue.reading import read_institution, read_programme
from ...domain.imports.catalogue_import import ImportKind, RowProblem, Table
from ...domain.imports.corrections import Corrections
from ...domain.imports.programmes import institution_row, programme_row
from ...domain.imports.rows import Batch, Edition, InstitutionRow, ProgrammeRow
from ...domain.shared.errors import Reason
from ...domain.shared.reading import Problems, Record
from ...domain.shared.sourced import read_sources
from ...domain.shared.sources import Source, SourceKind
from .batches import BATCH, in_thread, sha256_of
from .correcting import Correcting
from .csv_text import encoding_of, separator_of, unknown_column, ways_said

REQUIRED = (
    "key", "institution_key", "institution", "country", "name", "level", "source_title", "retrieved_on", "confidence",
)  # fmt: skip
OPTIONAL = (
    "city", "zone", "sector", "website", "award", "fields", "languages", "duration_months", "duration_weeks", "tuition",
    "tuition_currency", "tuition_per", "application_fee", "application_fee_currency", "source_url", "source_kind",
    "published", "expired", "synthetic", "notes",
)  # fmt: skip
SHEET = "csv"
_LARGEST_FILE = 100_000_000
_LONGEST_HEADER = 10_000
_PIECE = 1 << 18
_FIRST_TO_HAVE_A_DAY = timedelta(hours=14)  # UTC+14, in Kiribati
_MOST_PROBLEMS = 10_000
_FLAGS = {"yes": True, "no": False}
# Where a value stands in the catalogue's own form, and in which column of the file.
_COLUMNS = {
    "sources[0].title": "source_title",
    "sources[0].url": "source_url",
    "sources[0].kind": "source_kind",
    "institution.key": "institution_key",
    "institution.name": "institution",
    "programme.tuition.amount": "tuition",
    "programme.tuition.currency": "tuition_currency",
    "programme.tuition.per": "tuition_per",
    "programme.application_fee.amount": "application_fee",
    "programme.application_fee.currency": "application_fee_currency",
    "programme.source.retrieved_on": "retrieved_on",
}


class CatalogueCsv:
    """A catalogue in a CSV file; implements the port CatalogueSource.

    ``origin`` names the catalogue: a later file with the same name is an update, which withdraws what it leaves out.
    ``latest`` is the last day on which a row can have been read; without it, today where the day begins first.
    """

    kind = ImportKind.CATALOGUE_CSV

    def __init__(
        self,
        path: Path,
        file_name: str = "",
        *,
        origin: str = "",
        at_most: int = _LARGEST_FILE,
        latest: date | None = None,
        corrections: Corrections | None = None,
    ) -> None:
        self.path = path
        self.file_name = file_name or path.name
        self.origin = origin or Path(self.file_name).stem
        self.at_most = at_most
        self.latest = latest or (datetime.now(UTC) + _FIRST_TO_HAVE_A_DAY).date()
        self._correcting = None if corrections is None else Correcting(corrections)
        self._institutions: dict[str, tuple[InstitutionRow, str]] = {}
        self._programmes: list[ProgrammeRow] = []
        self._problems: list[RowProblem] = []
        self._held: list[str] = []
        self._read = 0

    @cached_property
    def sha256(self) -> str:
        """The hash of the file."""
        return sha256_of(self.path, self.file_name)

    async def open(self) -> Edition:
        """Read the file and return which catalogue it is; raise BrokenCatalogue naming the place of what is wrong."""
        await asyncio.to_thread(self._open)
        return Edition(self.origin, self.file_name, self.sha256[:12], SourceKind.THIRD_PARTY)

    def read(self) -> AsyncIterator[Batch]:
        """Yield the institutions that the rows name, then the programmes."""
        return in_thread(self._batches())

    def _batches(self) -> Iterator[Batch]:
        institutions = tuple(row for row, _ in self._institutions.values())
        yield Batch(Table.INSTITUTIONS, institutions, read=len(institutions), held=self._held_institutions())
        refused = self._read - len(self._programmes)
        problems, held = tuple(self._problems), tuple(self._held)
        yield Batch(Table.PROGRAMMES, (), problems, read=refused, refused=refused, held=held)
        for start in range(0, len(self._programmes), BATCH):
            rows = tuple(self._programmes[start : start + BATCH])
            yield Batch(Table.PROGRAMMES, rows, read=len(rows))

    def _held_institutions(self) -> tuple[str, ...]:
        return tuple(key for key in self._refused_institutions if key not in self._institutions)

    def _open(self) -> None:
        self._refused_institutions: set[str] = set()
        if (size := self.path.stat().st_size) > self.at_most:
            raise BrokenCatalogue(Reason("csv.too_large", {"bytes": size, "at_most": self.at_most}, self.file_name))
        encoding = encoding_of(self._pieces, self.file_name)
        with self.path.open(encoding=encoding, newline="") as file:
            separator = separator_of(file.readline(_LONGEST_HEADER), {*REQUIRED, *OPTIONAL})
            file.seek(0)
            self._problems += ways_said(SHEET, encoding, separator)
            reader = csv.reader(file, delimiter=separator, strict=True)
            try:
                header = next(reader, [])
                self._check_header(header)
                seen: dict[str, int] = {}
                for cells in reader:
                    if any(cells):
                        self._read += 1
                        if self._correcting is not None:
                            cells = [*self._correcting.corrected(SHEET, reader.line_num, header, cells)]  # noqa: PLW2901
                        self._take(reader.line_num, header, cells, seen)
                if self._correcting is not None:
                    self._problems += self._correcting.unused()
            except csv.Error as error:
                place = f"{self.file_name}:{reader.line_num}"
                raise BrokenCatalogue(Reason("csv.unreadable", {"detail": str(error)}, place)) from error

    def _pieces(self) -> Iterator[bytes]:
        with self.path.open("rb") as file:
            while piece := file.read(_PIECE):
                yield piece

    def _check_header(self, header: list[str]) -> None:
        where = f"{self.file_name}:1"
        reasons = [Reason("csv.column_missing", {"column": c}, where) for c in REQUIRED if c not in header]
        known = {*REQUIRED, *OPTIONAL}
        free = known - set(header)
        reasons += [unknown_column(c, free, where) for c in header if c not in known]
        reasons += [Reason("csv.column_twice", {"column": c}, where) for c in known if header.count(c) > 1]
        if reasons:
            raise BrokenCatalogue(*reasons)

    def _take(self, line: int, header: list[str], cells: Sequence[str], seen: dict[str, int]) -> None:
        problems = Problems()
        row = {name: cell.strip() for name, cell in zip(header, cells, strict=False) if cell.strip()}
        if len(cells) != len(header):
            problems.note("csv.cell_count", "", cells=len(cells), columns=len(header))
            found = None
        else:
            found = self._programme(row, problems)
        key = f"{self.origin}:{row.get('key', '')}"
        if key in seen:
            problems.note("import.row_repeated", "key", given=key, first_row=seen[key])
        seen.setdefault(key, line)
        if found is not None and not problems.found:
            self._institution(found.institution, line, problems)
        if found is None or problems.found:
            self._problems += [_problem(line, reason) for reason in problems.found]
            if len(self._problems) > _MOST_PROBLEMS:
                place = f"{self.file_name}:{line}"
                raise BrokenCatalogue(Reason("csv.too_many_problems", {"at_most": _MOST_PROBLEMS}, place))
            self._held.append(key)
            self._refused_institutions.add(f"{self.origin}:{row.get('institution_key', '')}")
        else:
            self._programmes.append(programme_row(found, line))

    def _programme(self, row: Mapping[str, str], problems: Problems) -> Programme | None:
        data = _own_form(row, self.origin, problems)
        root = Record(data, "", problems)
        sources: dict[str, Source] = read_sources(root)
        place = root.table("institution")
        institution = read_institution(place, sources, _any_id)
        programme = read_programme(root.table("programme"), sources, {institution.key: institution}, _any_id)
        problems.found += malformed_institution(institution, "institution")
        if institution.zone and institution.zone not in _zones():
            place.wrong("zone", "zone.unknown", given=institution.zone[:40])
        if programme is not None:
            problems.found += malformed_programme(programme, "programme", self.latest)
        return programme

    def _institution(self, institution: Institution, line: int, problems: Problems) -> None:
        """The first row that names an institution says what it is; another one may not say otherwise."""
        row = institution_row(institution, line)
        own = str((row.name, row.country, row.city, row.zone, row.sector, row.website))
        known = self._institutions.setdefault(row.key, (row, own))
        if known[1] != own:
            problems.note("import.institution_differs", "institution_key")


def _own_form(row: Mapping[str, str], origin: str, problems: Problems) -> dict[str, Any]:
    """Return the row as our TOML form would say it."""
    institution_key = f"{origin}:{row['institution_key']}" if "institution_key" in row else None
    source = {"id": "page", "kind": "official", **_picked(row, title="source_title", url="source_url",
              kind="source_kind", retrieved_on="retrieved_on", published="published")}  # fmt: skip
    institution = _picked(row, name="institution", country="country", city="city", zone="zone", sector="sector",
                          website="website")  # fmt: skip
    programme: dict[str, Any] = _picked(row, name="name", award="award", level="level", confidence="confidence")
    programme |= {name: row[name].split() for name in ("fields", "languages") if name in row}
    programme |= {name: _number(row[name]) for name in ("duration_months", "duration_weeks") if name in row}
    for name in ("expired", "synthetic"):
        if name in row:
            programme[name] = _FLAGS.get(row[name].lower(), row[name])
    if "notes" in row:
        programme["notes"] = [row["notes"]]
    for name in ("tuition", "application_fee"):
        if name in row:
            programme[name] = _picked(row, amount=name, currency=f"{name}_currency", per=f"{name}_per")
        elif f"{name}_currency" in row:
            problems.note("data.missing", name)
    if "key" in row:
        programme["key"] = f"{origin}:{row['key']}"
    return {
        "sources": [source],
        "institution": _without_none({"key": institution_key, **institution, "source": "page"}),
        "programme": _without_none({**programme, "institution": institution_key, "source": "page"}),
    }


def _picked(row: Mapping[str, str], **columns: str) -> dict[str, Any]:
    return {name: row[column] for name, column in columns.items() if column in row}


def _without_none(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value is not None}


def _number(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else text


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _any_id(key: str) -> UUID:
    """Ids are given when a row is kept; until then any will do."""
    return uuid5(NAMESPACE_URL, key)


def _problem(line: int, reason: Reason) -> RowProblem:
    column = _COLUMNS.get(reason.where, reason.where.partition("[")[0].rpartition(".")[2])
    if reason.where.startswith("sources[0].") and reason.where not in _COLUMNS:
        column = reason.where.rpartition(".")[2]
    return RowProblem(SHEET, line, column, reason.code, reason.params)
