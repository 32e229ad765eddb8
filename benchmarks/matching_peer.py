"""The bare peer of matching: plain columns and masks in numpy, made for this catalogue and nothing else.

It knows no reasons, no alternatives but the three language tests, and no scale but the one that its columns are on: the
least that any engine must do that filters first, counts, shows a page and tries as many changes, each half band and
each section by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from higherstudy.domain.catalogue.programme import Programme
from higherstudy.domain.catalogue.requirement import (
    CitizenshipNeeded,
    DegreeNeeded,
    DocumentNeeded,
    ExperienceNeeded,
    GradeNeeded,
    MoneyNeeded,
    StatedOnly,
    TestNeeded,
    leaves,
)

TESTS = ("IELTS_AC", "TOEFL_IBT_2005", "PTE_ACADEMIC")
SECTIONS = ("listening", "reading", "writing", "speaking")
PARTS = 1 + len(SECTIONS)
"""The total and each section."""
ANY = 1e9


class Peer:
    """The catalogue as columns: what each programme asks for as numbers, infinite where it takes no such test."""

    def __init__(self, programmes: Iterable[Programme]) -> None:
        rows = [_row(programme) for programme in programmes]
        names = ("country", "level", "field", "degree", "name", "institution")
        for name in names:
            values = [row[name] for row in rows]
            words, codes = np.unique(np.array(values), return_inverse=True)
            setattr(self, name, codes.astype(np.int16 if len(words) < 30_000 else np.int32))
            setattr(self, f"{name}_words", list(words))
        self.tests = np.ascontiguousarray(np.array([row["tests"] for row in rows], np.float32).T)
        for name in ("grade", "tuition", "money", "months"):
            setattr(self, name, np.array([row[name] for row in rows], np.float32))
        for name in ("papers", "citizenship", "stated", "open"):
            setattr(self, name, np.array([row[name] for row in rows], np.uint8))

    def match(self: Any, student: dict[str, Any], wanted: dict[str, Any]) -> Any:
        """Return counts by standing, the first page, and for the ten best changes how many open and five of them.

        A change of one thing opens those that lack nothing else: one look at each kind of need gives all its steps.
        """
        rows = self._filtered(wanted)
        c = {name: getattr(self, name)[rows] for name in _JUDGED}
        c["tests"] = [column[rows] for column in self.tests]
        lacking = _lacking(c, student)
        count = sum(lack.view(np.uint8) for lack in lacking.values())
        standing = np.where(count == 0, np.where(c["stated"] == 1, np.uint8(1), np.uint8(3)), np.uint8(0))
        counts = np.bincount(standing, minlength=4)
        page = self._page(rows, standing, c["tuition"], student, 20)
        alone = (count == 1) & (c["stated"] == 0)
        opened: list[tuple[int, Any]] = []
        for name, lack in lacking.items():
            only = np.flatnonzero(alone & lack)
            steps = _STEPS[name](c, only, student)
            opened.extend((int(reached.sum()), only[np.flatnonzero(reached)[:5]]) for reached in steps)
        best = sorted(opened, key=lambda pair: -pair[0])[:10]
        return counts, page, best, len(opened)

    def _filtered(self: Any, wanted: dict[str, Any]) -> Any:
        mask = None
        for name, words in wanted.items():
            codes = getattr(self, f"{name}_words")
            lut = np.array([any(word.startswith(one) for one in words) for word in codes])
            found = lut[getattr(self, name)]
            mask = found if mask is None else mask & found
        return slice(None) if mask is None else np.flatnonzero(mask)

    def _page(self: Any, rows: Any, standing: Any, tuition: Any, student: dict[str, Any], size: int) -> Any:
        names = self.name[rows]
        key = (3 - standing).astype(np.int64) << 40
        key |= (tuition > student["budget"]).astype(np.int64) << 32
        key |= names
        size = min(size, len(key))
        first = np.argpartition(key, size - 1)[:size] if size else np.zeros(0, np.intp)
        return first[np.argsort(key[first])]


_JUDGED = ("grade", "money", "months", "papers", "stated", "degree", "tuition")


def _lacking(c: dict[str, Any], student: dict[str, Any]) -> dict[str, Any]:
    tests = c["tests"]
    language = np.zeros(len(tests[0]), np.bool_)
    for number in range(3):
        has = student["tests"][number]
        language |= _reached(
            [tests[PARTS * number + part] for part in range(PARTS)], [has, *student["sections"][number]]
        )
    return {
        "tests": ~language,
        "grade": c["grade"] > student["grade"],
        "money": c["money"] > student["budget"],
        "months": c["months"] > student["months"],
        "papers": (c["papers"] & np.uint8(~student["papers"] & 255)) != 0,
        "degree": ~student["degrees"][c["degree"]],
    }


def _reached(columns: Any, has: Any) -> Any:
    """Return which rows ask for no more than is there, the total first and then each section."""
    found = columns[0] <= has[0]
    for column, score in zip(columns[1:], has[1:], strict=True):
        found &= column <= score
    return found


def _test_steps(c: dict[str, Any], only: Any, student: dict[str, Any]) -> Any:
    """Raise the first test by one or two half bands, in the total, in each section and in all; take the others."""
    sat = [column[only] for column in c["tests"][:PARTS]]
    has = [student["tests"][0], *student["sections"][0]]
    for step in (0.5, 1.0):
        for raised in (*({part} for part in range(PARTS)), set(range(PARTS))):
            yield _reached(sat, [score + step if part in raised else score for part, score in enumerate(has)])
    for number, levels in ((1, range(60, 105, 5)), (2, range(42, 78, 4))):
        columns = [column[only] for column in c["tests"][PARTS * number : PARTS * (number + 1)]]
        for level in levels:
            section = level / 4 if number == 1 else level
            yield _reached(columns, [level, *[section] * len(SECTIONS)])


_STEPS: dict[str, Any] = {
    "tests": _test_steps,
    "grade": lambda c, only, s: (c["grade"][only] <= s["grade"] + step for step in (1, 2, 3, 4, 5)),
    "money": lambda c, only, s: (c["money"][only] <= s["budget"] * (1 + step / 10) for step in (1, 2, 3, 4, 5)),
    "months": lambda c, only, s: (c["months"][only] <= s["months"] + step for step in (6, 12, 24, 36)),
    "papers": lambda c, only, s: ((c["papers"][only] & (255 - s["papers"] - bit)) == 0 for bit in (1, 2, 4, 8)),
    "degree": lambda c, only, s: [np.ones(len(only), np.bool_)],
}


def _row(programme: Programme) -> dict[str, Any]:
    row: dict[str, Any] = {
        "country": programme.institution.country,
        "level": programme.level.value,
        "field": programme.fields[0] if programme.fields else "",
        "degree": "",
        "name": programme.name,
        "institution": programme.institution.name,
        "tests": [ANY] * 3 * PARTS,
        "grade": 0.0,
        "tuition": float(programme.tuition.money.amount) if programme.tuition else 0.0,
        "money": 0.0,
        "months": 0.0,
        "papers": 0,
        "citizenship": 0,
        "stated": 0,
        "open": 1,
    }
    found = list(leaves(programme.requirement)) if programme.requirement else []
    if not any(isinstance(leaf, TestNeeded) for leaf in found):
        row["tests"] = [0.0] * 3 * PARTS
    for leaf in found:
        _note(row, leaf)
    return row


def _note(row: dict[str, Any], leaf: Any) -> None:
    match leaf:
        case TestNeeded() if leaf.code in TESTS:
            number = TESTS.index(leaf.code)
            total = leaf.total if leaf.total is not None and not isinstance(leaf.total, str) else 0
            sections = [leaf.sections.get(name, 0) for name in SECTIONS]
            marks = [float(score) if not isinstance(score, str) else 0.0 for score in (total, *sections)]
            row["tests"][PARTS * number : PARTS * (number + 1)] = marks
        case GradeNeeded():
            row["grade"] = float(leaf.at_least) if leaf.scale == "PERCENT" else 50.0
        case DegreeNeeded():
            row["degree"] = leaf.fields[0] if leaf.fields else ""
        case DocumentNeeded():
            row["papers"] |= 1 << (hash(leaf.kind) & 3)
        case ExperienceNeeded():
            row["months"] = float(leaf.months)
        case CitizenshipNeeded():
            row["citizenship"] = 0
        case MoneyNeeded():
            row["money"] = float(leaf.a_year.amount)
        case StatedOnly():
            row["stated"] = 1
