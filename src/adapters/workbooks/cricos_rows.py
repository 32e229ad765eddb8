"""What one row of the Australian register says, in the catalogue's words."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from importlib.resources import files
from typing import Any, NamedTuple

import msgspec

from ...domain.catalogue.folding import folded
from ...domain.catalogue.programme import FeePer, Level, Sector
from ...domain.imports.catalogue_import import RowProblem, Severity
from ...domain.imports.rows import CampusRow, InstitutionRow, ProgrammeRow, digest_of, places_of
from .sheets import Cell, plain

ORIGIN = "cricos"
COUNTRY = "AU"
CURRENCY = "AUD"  # the register states all fees in Australian dollars, for the whole course

SHEETS = {
    "Institutions": (
        "CRICOS Provider Code", "Trading Name", "Institution Name", "Institution Type", "Institution Capacity",
        "Website", "Postal Address Line 1", "Postal Address Line 2", "Postal Address Line 3", "Postal Address Line 4",
        "Postal Address City", "Postal Address State", "Postal Address Postcode",
    ),
    "Courses": (
        "CRICOS Provider Code", "Institution Name", "CRICOS Course Code", "Course Name", "VET National Code",
        "Dual Qualification", "Field of Education 1 Broad Field", "Field of Education 1 Narrow Field",
        "Field of Education 1 Detailed Field", "Field of Education 2 Broad Field", "Field of Education 2 Narrow Field",
        "Field of Education 2 Detailed Field", "Course Level", "Foundation Studies", "Work Component",
        "Work Component Hours/Week", "Work Component Weeks", "Work Component Total Hours", "Course Language",
        "Duration (Weeks)", "Tuition Fee", "Non Tuition Fee", "Estimated Total Course Cost", "Expired",
    ),
    "Locations": (
        "CRICOS Provider Code", "Institution Name", "Location Name", "Location Type", "Address Line 1",
        "Address Line 2", "Address Line 3", "Address Line 4", "City", "State", "Postcode",
    ),
    "Course Locations": (
        "CRICOS Provider Code", "Institution Name", "CRICOS Course Code", "Location Name", "Location City",
        "Location State",
    ),
}  # fmt: skip

NUMERIC = frozenset(
    (
        "Institution Capacity", "Work Component Hours/Week", "Work Component Weeks", "Work Component Total Hours",
        "Duration (Weeks)", "Tuition Fee", "Non Tuition Fee", "Estimated Total Course Cost",
    )
)  # fmt: skip
"""The columns that hold numbers."""

# Higher education as the register names it; everything else (schools, vocational and language courses) is OTHER.
_LEVELS = {
    "Associate Degree": Level.DIPLOMA,
    "Graduate Certificate": Level.DIPLOMA,
    "Graduate Diploma": Level.DIPLOMA,
    "Bachelor Degree": Level.BACHELOR,
    "Bachelor Honours Degree": Level.BACHELOR,
    "Masters Degree (Coursework)": Level.MASTER,
    "Masters Degree (Extended)": Level.MASTER,
    "Masters Degree (Research)": Level.MASTER,
    "Doctoral Degree": Level.DOCTORATE,
    **dict.fromkeys(
        (
            "Kindergarten Studies", "Primary School Studies", "Junior Secondary Studies",
            "Senior Secondary Certificate of Education", "Certificate I", "Certificate II", "Certificate III",
            "Certificate IV", "Diploma", "Advanced Diploma", "Non AQF Award",
        ),
        Level.OTHER,
    ),
}  # fmt: skip
_LEVEL_WORDS = {name: level.value for name, level in _LEVELS.items()}
_LANGUAGES: dict[Cell, tuple[str, ...]] = {
    "English": ("en",),
    "French": ("fr",),
    "Korean": ("ko",),
    "Mandarin": ("zh",),
    "Chinese (NEC)": ("zh",),
    "Chinese (NFD)": ("zh",),
    "": (),
}
_SECTORS = {"Government": Sector.PUBLIC.value, "Private": Sector.PRIVATE.value, "": None}
_YES_NO = {"Yes": True, "No": False}
_PROVIDER = re.compile(r"[0-9]{5}[A-Z]")
_COURSE = re.compile(r"[0-9]{6}[0-9A-Z]")
_LARGEST_FEE = 10_000_000


class Place(NamedTuple):
    """A campus as its courses need it."""

    key: str
    provider: str
    digest: int


class RowReader:
    """Reads rows of one workbook, remembering what other rows may name; what is wrong gathers in ``problems``."""

    def __init__(self) -> None:
        self.problems: list[RowProblem] = []
        self.fields = _fields()
        self.institutions: dict[Cell, str] = {}
        self.places: dict[tuple[Cell, ...], Place] = {}
        self.courses: set[Cell] = set()
        self.quoted = _Quoted()
        self.cents = _Cents()
        self.weeks = _Weeks()
        self._sheet, self._row, self._errors = "", 0, 0

    def institution(self, number: int, cells: Sequence[Cell]) -> InstitutionRow | None:
        """Return the institution, or None when the row cannot be taken."""
        self._begin("Institutions", number)
        row, text = plain(cells)
        code, trading, name, kind, capacity, website, *address, city, state, postcode = row
        self._code(code, _PROVIDER, "CRICOS Provider Code", self.institutions)
        self._text(name, "Institution Name")
        for column, cell in (("Website", website), ("Postal Address City", city)):
            self._text(cell, column, required=False)
        if kind not in _SECTORS:
            self._wrong("Institution Type", "import.unknown_word", given=_short(kind))
        self._whole(capacity, "Institution Capacity")
        if self._errors:
            return None
        self.institutions[code] = key = f"{ORIGIN}:{code}"
        stated = self._stated(
            trading_name=trading, capacity=capacity, address=", ".join(str(a) for a in address if a != ""),
            state=state, postcode=postcode,
        )  # fmt: skip
        return InstitutionRow(
            key, name, COUNTRY, city, "", _SECTORS[kind], website, None, stated, digest_of(text), number
        )  # fmt: skip

    def campus(self, number: int, cells: Sequence[Cell]) -> CampusRow | None:
        """Return the campus, or None when the row cannot be taken."""
        self._begin("Locations", number)
        row, text = plain(cells)
        code, _, name, kind, *address, city, state, postcode = row
        institution = self._institution(code)
        self._text(name, "Location Name")
        for column, cell in (("City", city), ("State", state), ("Postcode", postcode)):
            self._text(cell, column, required=False)
        place = (code, name, city, state)
        if not self._errors and place in self.places:
            self._wrong("Location Name", "import.row_repeated", given=_short(name))
        if self._errors or institution is None:
            return None
        key = f"{institution}/{name}/{city}/{state}"
        self.places[place] = self.places[(cells[0], cells[2], cells[8], cells[9])] = Place(
            key, code, digest_of(key.encode())
        )
        stated = self._stated(kind=kind, address=", ".join(str(a) for a in address if a != ""))
        return CampusRow(key, institution, name, city, state, postcode, stated, digest_of(text), number)

    def course(self, number: int, cells: Sequence[Cell], taught_at: Sequence[Place]) -> ProgrammeRow | None:
        """Return the course, or None when the row cannot be taken."""
        self._begin("Courses", number)
        row, text = plain(cells)
        (provider, _, code, name, vet, dual, broad, narrow, detailed, broad_2, narrow_2, detailed_2, level, foundation,
         work, hours, weeks_of_work, work_total, language, weeks, fee, other_fee, total, expired) = row  # fmt: skip
        field, second = detailed or narrow or broad, detailed_2 or narrow_2 or broad_2
        duration, tuition, other, whole = self.weeks[weeks], self.cents[fee], self.cents[other_fee], self.cents[total]
        institution = self.institutions.get(provider)
        if (
            institution is None or code in self.courses or type(code) is not str or not _COURSE.fullmatch(code)
            or type(name) is not str or not name or expired not in _YES_NO
            or _WRONG in (duration, tuition, other, whole)
        ):  # fmt: skip
            self._refuse_course(row)
            return None
        self.courses.add(code)
        if level not in _LEVELS or language not in _LANGUAGES or not taught_at or tuition is not None:
            self._doubts(row, tuition, other, whole, taught_at)
        quoted = self.quoted
        stated = f'{{"level":{quoted[level]},"field":{quoted[field]}'
        if second:
            stated += f',"second_field":{quoted[second]}'
        if vet:
            stated += f',"vet_national_code":{quoted[vet]}'
        if work != "No" or hours or weeks_of_work or work_total:
            stated += (
                f',"work_component":{quoted[work]},"work_hours_a_week":{quoted[hours]}'
                f',"work_weeks":{quoted[weeks_of_work]},"work_hours":{quoted[work_total]}'
            )
        if dual != "No" or foundation != "No" or language != "English":
            stated += (
                f',"dual_qualification":{quoted[dual]},"foundation_studies":{quoted[foundation]}'
                f',"language":{quoted[language]}'
            )
        stated += f',"tuition":{quoted[fee]},"other_fees":{quoted[other_fee]},"total_cost":{quoted[total]}}}'
        isced = self.fields[field]
        return ProgrammeRow(
            f"{ORIGIN}:{code}", institution, name, folded(name), _LEVEL_WORDS.get(level, "other"), "",
            isced if not second else tuple(dict.fromkeys(isced + self.fields[second])),
            _LANGUAGES.get(language, ()), COUNTRY, None, duration,
            tuition or None, CURRENCY if tuition else None, _WHOLE_COURSE if tuition else None,
            _YES_NO[expired], False, None, stated, digest_of(text),
            places_of([place.digest for place in taught_at]), tuple([place.key for place in taught_at]),
            number,
        )  # fmt: skip

    def wrong(self, sheet: str, number: int, column: str, code: str, **params: str | int) -> None:
        """Note that a row could not be taken."""
        self.problems.append(RowProblem(sheet, number, column, code, params))

    def _begin(self, sheet: str, number: int) -> None:
        self._sheet, self._row, self._errors = sheet, number, 0

    def _wrong(self, column: str, code: str, **params: str | int) -> None:
        self._errors += 1
        self.wrong(self._sheet, self._row, column, code, **params)

    def _doubt(self, column: str, code: str, **params: str | int) -> None:
        self.problems.append(RowProblem(self._sheet, self._row, column, code, params, Severity.WARNING))

    def _refuse_course(self, row: Sequence[Cell]) -> None:
        """Name everything that is wrong with the row, the slow way."""
        self._code(row[2], _COURSE, "CRICOS Course Code", self.courses)
        self._institution(row[0])
        self._text(row[3], "Course Name")
        if row[23] not in _YES_NO:
            self._wrong("Expired", "import.not_yes_or_no", given=_short(row[23]))
        self._whole(row[19], "Duration (Weeks)", least=1)
        for index, column in ((20, "Tuition Fee"), (21, "Non Tuition Fee"), (22, "Estimated Total Course Cost")):
            if self.cents[row[index]] == _WRONG:
                self._wrong(column, "import.not_an_amount", given=_short(row[index]))

    def _doubts(
        self, row: Sequence[Cell], tuition: int | None, other: int | None, total: int | None, taught_at: Sequence[Place]
    ) -> None:
        for column, cell, words in (("Course Level", row[12], _LEVELS), ("Course Language", row[18], _LANGUAGES)):
            if cell not in words:
                self._doubt(column, "import.unknown_word", given=_short(cell))
        if tuition == 0:  # many of these state a large total: nobody said that they are free
            self._doubt("Tuition Fee", "import.fee_zero")
        elif tuition is not None and total is not None and abs(tuition + (other or 0) - total) > 1:
            parts = tuition + (other or 0)
            self._doubt("Estimated Total Course Cost", "import.total_differs", cents=total, parts_cents=parts)
        if not taught_at:
            self._doubt("CRICOS Course Code", "import.no_location")

    def _text(self, cell: Cell, column: str, *, required: bool = True) -> None:
        if type(cell) is not str:
            self._wrong(column, "import.not_text", given=_short(cell))
        elif required and not cell:
            self._wrong(column, "import.missing")

    def _code(self, cell: Cell, form: re.Pattern[str], column: str, taken: Any) -> None:
        if type(cell) is not str or not form.fullmatch(cell):
            self._wrong(column, "import.bad_code", given=_short(cell))
        elif cell in taken:
            self._wrong(column, "import.row_repeated", given=cell)

    def _institution(self, provider: Cell) -> str | None:
        key = self.institutions.get(provider)
        if key is None:
            self._wrong("CRICOS Provider Code", "import.unknown_institution", given=_short(provider))
        return key

    def _whole(self, cell: Cell, column: str, least: int = 0) -> int | None:
        if cell == "":
            return None
        if isinstance(cell, bool) or not isinstance(cell, int | float) or cell < least or cell != int(cell):
            self._wrong(column, "import.not_whole_number", given=_short(cell), at_least=least)
            return None
        return int(cell)

    def _stated(self, **cells: Cell) -> str:
        return _as_json({name: cell for name, cell in cells.items() if cell != ""})


class Fields(dict[Cell, tuple[str, ...]]):
    """ISCED-F codes for the register's fields of education (ASCED), matched by the meaning of their names."""

    def __init__(self, codes: dict[str, str]) -> None:
        super().__init__({"": ()})
        self._codes = codes

    def __missing__(self, stated: Cell) -> tuple[str, ...]:
        """Return the ISCED-F code for a field such as ``080301 - Business Management``; empty where none is sound."""
        code = str(stated).partition(" ")[0]
        isced = self._codes.get(code, self._codes.get(code[:4], ""))
        found = self[stated] = (isced,) if isced else ()
        return found


class _Quoted(dict[Cell, str]):
    """Cells as JSON, each made once: a register repeats itself."""

    def __missing__(self, cell: Cell) -> str:
        text = self[cell] = _as_json(None if cell == "" else cell)
        return text


class _Cents(dict[Cell, "int | None"]):
    """Fees in cents, empty ones None. Workbooks hold binary numbers, and some fees are computed: the nearest cent."""

    def __missing__(self, cell: Cell) -> int | None:
        if cell == "":
            return None
        is_fee = isinstance(cell, int | float) and not isinstance(cell, bool) and 0 <= cell <= _LARGEST_FEE
        cents = self[cell] = round(cell * 100) if is_fee else _WRONG
        return cents


class _Weeks(dict[Cell, "int | None"]):
    """Durations in whole weeks, empty ones None."""

    def __missing__(self, cell: Cell) -> int | None:
        if cell == "":
            return None
        is_whole = isinstance(cell, int | float) and not isinstance(cell, bool) and 1 <= cell <= 5_000
        weeks = self[cell] = int(cell) if is_whole and cell == int(cell) else _WRONG
        return weeks


def _as_json(value: object) -> str:
    return _ENCODER.encode(value).decode()


_ENCODER = msgspec.json.Encoder(enc_hook=str)
_WRONG = -1
_WHOLE_COURSE = FeePer.PROGRAMME.value


def _fields() -> Fields:
    text = files(__package__).joinpath("asced_to_isced_f.csv").read_text("utf-8")
    return Fields({row["asced"]: row["isced_f"] for row in csv.DictReader(text.splitlines())})


def _short(cell: Cell) -> str:
    return str(cell)[:60]
