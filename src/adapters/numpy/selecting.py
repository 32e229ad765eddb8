"""Filtering, counting and paging over columns: small tables are judged by the domain, arrays spread what they say."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np

from ...domain.catalogue.folding import words_of
from ...domain.matching.fit import Fits, fit_code
from ...domain.matching.trees import Trees
from ...domain.matching.unlocking import Opening
from ...domain.matching.verdict import Standing
from ...domain.matching.wanted import Wanted, Wishes
from ...domain.shared.ids import ProgrammeId
from .building import NO_CURRENCY, Columns, Groups
from .folding import Fold

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Rows = NDArray[np.intp]
    Mask = NDArray[np.bool_]

_KEPT_TABLES = 64  # what the intakes say of a day is the same for all who ask on it, and fields for all who want these
_FEW = 8  # rows of less than one part in so many are gathered group by group, more by one look at all
_FEW_TO_SORT = 32  # the same of what is sorted, or found in order by one look at all
T = TypeVar("T")


class BySchedule(NamedTuple):
    """What is said of each distinct schedule; and ``without`` a visa, which is so for programmes of some facets."""

    usual: NDArray[Any]
    without: NDArray[Any] | None = None
    facets: Mask | None = None

    def of(self, schedules: NDArray[np.int32], facets: Rows) -> NDArray[Any]:
        """Return what is said of rows with these schedules and facets."""
        found: NDArray[Any] = self.usual[schedules]
        if self.without is not None and self.facets is not None:
            np.copyto(found, self.without[schedules], where=self.facets[facets])
        return found


class ArraySnapshot:
    """One edition."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        self.fold = Fold(columns.trees)
        self._tables: dict[Hashable, NDArray[Any]] = {}

    @property
    def trees(self) -> Trees:
        return self.columns.trees

    async def select(self, wanted: Wanted) -> ArraySelection:
        return ArraySelection(self, self._facets(wanted), self._further(wanted))

    def deadlines(self, wishes: Wishes) -> BySchedule:
        """Return for each distinct schedule whether one can still apply."""
        key = "deadline", wishes.begin, wishes.on
        return self._by_schedule(key, wishes.deadline, wishes.visa_free, np.dtype(np.int8))

    def fields(self, wishes: Wishes) -> NDArray[np.int8]:
        """Return for each distinct list of fields whether it is what the student wants."""
        return self._table(("fields", wishes.fields), self.columns.fields, wishes.field, np.dtype(np.int8))

    def _facets(self, wanted: Wanted) -> Mask | None:
        """Return which facets fit; None for all."""
        c, query = self.columns, wanted.query
        tables: list[tuple[int, NDArray[np.bool_]]] = []
        if query.countries:
            tables.append((0, _truths(country in query.countries for country in c.countries)))
        if query.levels:
            tables.append((1, _truths(level in query.levels for level in c.levels)))
        if query.fields:
            tables.append((2, self._table(("in", query.fields), c.fields, wanted.takes_fields, np.dtype(np.bool_))))
        if query.languages:
            tables.append((3, _truths(map(wanted.takes_languages, c.languages))))
        found: Mask | None = None
        for place, takes in tables:
            fits = takes[c.facets[place]]
            found = fits if found is None else np.logical_and(found, fits)
        return found

    def _further(self, wanted: Wanted) -> list[Mask]:
        """Return what else must hold, row by row."""
        c, found = self.columns, list[Any]()
        if wanted.most_tuition is not None:
            found.append(self._affordable(wanted.most_tuition.currency, wanted.most_tuition.minor))
        if wanted.asks_for_days:
            key = "days", wanted.starts_from, wanted.starts_until, wanted.open_on, wanted.begin
            days = self._by_schedule(key, wanted.takes_days, wanted.visa_free, np.dtype(np.bool_))
            found.append(days.of(c.schedule, c.facet))
        for word in words_of(wanted.query.text):
            in_name = np.fromiter((word in name for name in c.names), np.bool_, len(c.names))
            in_whose = np.fromiter((word in name for name in c.institutions), np.bool_, len(c.institutions))
            found.append(in_name[c.name] | in_whose[c.institution])
        return found

    def _affordable(self, currency: str, most: int) -> Mask:
        c = self.columns
        if currency not in c.currencies:
            return np.zeros(len(c.tuition), np.bool_)
        found: Mask = np.logical_and(c.currency == c.currencies.index(currency), c.tuition <= most)
        return found

    def _by_schedule(
        self, key: tuple[Hashable, ...], judge: Callable[..., Any], visa_free: Collection[str], dtype: np.dtype[Any]
    ) -> BySchedule:
        """Return what ``judge`` says of each distinct schedule, and for countries without a visa where it differs."""
        c = self.columns
        usual = self._table((*key, True), c.schedules, judge, dtype)
        if not any(country in visa_free for country in c.countries):
            return BySchedule(usual)
        without = self._table((*key, False), c.schedules, partial(judge, visa_required=False), dtype)
        if np.array_equal(usual, without):
            return BySchedule(usual)
        return BySchedule(usual, without, _truths(country in visa_free for country in c.countries)[c.facets[0]])

    def _table(
        self, key: Hashable, values: Sequence[T], judge: Callable[[T], Any], dtype: np.dtype[Any]
    ) -> NDArray[Any]:
        if key not in self._tables:
            if len(self._tables) >= _KEPT_TABLES:
                self._tables.pop(next(iter(self._tables)))
            self._tables[key] = np.fromiter(map(judge, values), dtype, len(values))
        return self._tables[key]


class ArraySelection:
    """What fits a question."""

    def __init__(self, snapshot: ArraySnapshot, facets: Mask | None, further: list[Mask]) -> None:
        self._snapshot = snapshot
        self._facets = facets
        self._further = further
        self._liked: tuple[Wishes, NDArray[np.int8]] | None = None

    @cached_property
    def counts(self) -> Sequence[int]:
        found: list[int] = self._counts.tolist()
        return found

    @cached_property
    def leaves(self) -> Sequence[int]:
        found: list[int] = self._snapshot.fold.leaves_of(self._counts).tolist()
        return found

    async def standings(self, leaves: bytes) -> bytes:
        return self._snapshot.fold.standings(np.frombuffer(leaves, np.uint8)).tobytes()

    async def openings(self, rows: Sequence[bytes]) -> Sequence[Opening]:
        leaves = np.frombuffer(b"".join(rows), np.uint8).reshape(len(rows), -1)
        found = self._snapshot.fold.open(leaves >= Standing.PROBABLY_MET, np.flatnonzero(self._counts))
        always = int(self._counts[found.always].sum())
        # Whole numbers stay exact as floats, of which such products are quick.
        counts = found.is_open @ self._counts[found.sometimes].astype(np.float64)
        bits = [row.tobytes() for row in np.packbits(found.is_open, axis=1, bitorder="little")]
        stated = found.sometimes.tolist()
        return [
            Opening(always + int(count), int.from_bytes(row, "little"), stated)
            for count, row in zip(counts.tolist(), bits, strict=True)
        ]

    async def pages(
        self, ranked: Sequence[Mapping[int, int]], wishes: Wishes, start: int, size: int
    ) -> Sequence[Sequence[ProgrammeId]]:
        rows = _ascending(self._stating(set[int]().union(*ranked)), len(self._snapshot.columns.tree))
        rows = rows[np.argsort(self._codes(rows, wishes), kind="stable")]
        trees = self._snapshot.columns.tree[rows]
        return [self._page(rows, trees, ranks, start, size) for ranks in ranked]

    def _page(
        self, rows: Rows, trees: NDArray[np.intp], ranks: Mapping[int, int], start: int, size: int
    ) -> list[ProgrammeId]:
        """Return a page of those of the rows, which are by fit, whose trees are ranked."""
        c = self._snapshot.columns
        place = {rank: place for place, rank in enumerate(sorted(set(ranks.values())))}
        small = np.min_scalar_type(len(place))  # such numbers are sorted quickly
        of_tree = np.full(len(c.trees.roots), len(place), small)
        places = np.fromiter(map(place.__getitem__, ranks.values()), small, len(ranks))
        of_tree[np.fromiter(ranks, np.intp, len(ranks))] = places
        placed = of_tree[trees]
        listed = np.flatnonzero(placed < len(place))
        best = listed[np.argsort(placed[listed], kind="stable")[start : start + size]]
        return [ProgrammeId(c.id(row)) for row in rows[best].tolist()]

    @cached_property
    def _counts(self) -> NDArray[np.intp]:
        c = self._snapshot.columns
        if self._facets is None and not self._further:
            return np.diff(c.by_tree.starts)
        return np.bincount(self._trees_of_rows, minlength=len(c.trees.roots))

    @cached_property
    def _rows(self) -> Rows:
        """The rows that fit."""
        c = self._snapshot.columns
        if self._facets is None:
            rows = np.arange(len(c.tree))
        else:
            few = _gathered(c.by_facet, np.flatnonzero(self._facets), len(c.tree))
            rows = np.flatnonzero(self._facets[c.facet]) if few is None else few
        for mask in self._further:
            rows = rows[mask[rows]]
        return rows

    @cached_property
    def _trees_of_rows(self) -> NDArray[np.intp]:
        return self._snapshot.columns.tree[self._rows]

    def _stating(self, trees: Collection[int]) -> Rows:
        """Return the rows that fit and state one of the trees."""
        c = self._snapshot.columns
        if self._facets is None and not self._further:
            few = _gathered(c.by_tree, np.fromiter(trees, np.intp, len(trees)), len(c.tree))
            if few is not None:
                return few
        stated = np.zeros(len(c.trees.roots), np.bool_)
        stated[list(trees)] = True
        return self._rows[stated[self._trees_of_rows]]

    def _codes(self, rows: Rows, wishes: Wishes) -> NDArray[np.int8]:
        c = self._snapshot.columns
        if self._liked is None or self._liked[0] != wishes:
            fields = self._snapshot.fields(wishes) * np.int8(fit_code(1, 0, 0))
            self._liked = wishes, fields[c.facets[2]]
        facet = c.facet[rows]
        by_fields = self._liked[1][facet]
        by_deadline = self._snapshot.deadlines(wishes).of(c.schedule[rows], facet)
        found: NDArray[np.int8] = by_fields + by_deadline + self._tuition(rows, wishes) * np.int8(fit_code(0, 1, 0))
        return found

    def _tuition(self, rows: Rows, wishes: Wishes) -> NDArray[np.int8]:
        c, budget = self._snapshot.columns, wishes.budget
        found = np.full(len(rows), int(Fits.UNKNOWN), np.int8)
        if budget is not None and budget.currency in c.currencies[NO_CURRENCY + 1 :]:
            same = c.currency[rows] == c.currencies.index(budget.currency)
            by_fee = np.where(c.tuition[rows] <= budget.minor, np.int8(Fits.YES), np.int8(Fits.NO))
            np.copyto(found, by_fee, where=same)
        return found


def _truths(found: Iterable[bool]) -> Mask:
    return np.fromiter(found, np.bool_)


def _gathered(groups: Groups, numbers: NDArray[np.intp], everything: int) -> Rows | None:
    """Return the rows of these groups; None where they are so many that looking at all is quicker."""
    starts, ends = groups.starts[numbers], groups.starts[numbers + 1]
    lengths = ends - starts
    total = int(lengths.sum())
    if total * _FEW > everything:
        return None
    before = np.cumsum(lengths) - lengths
    places = np.arange(total) + np.repeat(starts - before, lengths)
    found: Rows = groups.rows[places]
    return found


def _ascending(rows: Rows, everything: int) -> Rows:
    """Return the rows in their order, which is that of names."""
    if len(rows) * _FEW_TO_SORT < everything:
        return np.sort(rows)
    among = np.zeros(everything, np.bool_)
    among[rows] = True
    return np.flatnonzero(among)
