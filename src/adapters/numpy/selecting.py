"""Filtering, counting and paging over columns: small tables are judged by the domain, arrays spread what they say."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

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

_KEPT_TABLES = 64  # what the intakes say of a day is the same for everybody who asks on it
_NOT_LOOKED_AT = -1
_QUICKLY_SORTED = 10_000  # of more rows only the best are sorted
_FEW = 8  # rows of less than one part in so many are gathered group by group, more by one look at all
T = TypeVar("T")


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

    def deadlines(self, wishes: Wishes) -> NDArray[np.int8]:
        """Return for each distinct schedule whether one can still apply."""
        return self._table(
            ("deadline", wishes.begin, wishes.on), self.columns.schedules, wishes.deadline, np.dtype(np.int8)
        )

    def _facets(self, wanted: Wanted) -> Mask | None:
        """Return which facets fit; None for all."""
        c, query = self.columns, wanted.query
        tables: list[tuple[int, Iterable[bool]]] = []
        if query.countries:
            tables.append((0, (country in query.countries for country in c.countries)))
        if query.levels:
            tables.append((1, (level in query.levels for level in c.levels)))
        if query.fields:
            tables.append((2, map(wanted.takes_fields, c.fields)))
        if query.languages:
            tables.append((3, map(wanted.takes_languages, c.languages)))
        found: Mask | None = None
        for place, takes in tables:
            fits = np.fromiter(takes, np.bool_)[c.facets[place]]
            found = fits if found is None else np.logical_and(found, fits)
        return found

    def _further(self, wanted: Wanted) -> list[Mask]:
        """Return what else must hold, row by row."""
        c, found = self.columns, list[Any]()
        if wanted.most_tuition is not None:
            found.append(self._affordable(wanted.most_tuition.currency, wanted.most_tuition.minor))
        if wanted.asks_for_days:
            days = ("days", wanted.starts_from, wanted.starts_until, wanted.open_on, wanted.begin)
            found.append(self._table(days, c.schedules, wanted.takes_days, np.dtype(np.bool_))[c.schedule])
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
        self._looked_at: tuple[Wishes, NDArray[np.int8]] | None = None

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
        trees = np.flatnonzero(self._counts)
        is_open = self._snapshot.fold.open(leaves >= Standing.PROBABLY_MET, trees)
        counts = is_open @ self._counts[trees].astype(np.float64)  # whole numbers stay exact, such products are quick
        bits = np.packbits(is_open, axis=1, bitorder="little")
        found, stated = zip(counts, bits, strict=True), trees.tolist()
        return [Opening(int(count), int.from_bytes(row.tobytes(), "little"), stated) for count, row in found]

    async def page(self, ranks: Mapping[int, int], wishes: Wishes, start: int, size: int) -> Sequence[ProgrammeId]:
        found: list[int] = []
        passed = 0
        by_rank: dict[int, list[int]] = {}
        for tree, rank in ranks.items():
            by_rank.setdefault(rank, []).append(tree)
        for rank in sorted(by_rank):
            best, how_many = self._best_of(by_rank[rank], wishes, start + size - passed)
            found += best[max(start - passed, 0) :].tolist()
            passed += how_many
            if passed >= start + size:
                break
        return [ProgrammeId(self._snapshot.columns.id(row)) for row in found]

    @cached_property
    def _counts(self) -> NDArray[np.intp]:
        c = self._snapshot.columns
        if self._facets is None and not self._further:
            return np.diff(c.by_tree.starts)
        return np.bincount(self._trees_of_rows, minlength=len(c.trees.roots))

    @cached_property
    def _rows(self) -> Rows:
        """The rows that fit, ascending."""
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

    def _best_of(self, trees: list[int], wishes: Wishes, needed: int) -> tuple[Rows, int]:
        """Return the first ``needed`` of the rows that fit and state one of the trees, and how many do."""
        c = self._snapshot.columns
        known = "_rows" in self.__dict__  # then there is no need to gather them
        rows = None if known else _gathered(c.by_tree, np.array(trees, np.intp), len(c.tree))
        if rows is None:
            stated = np.zeros(len(self._snapshot.trees.roots), np.bool_)
            stated[trees] = True
            places = np.flatnonzero(stated[self._trees_of_rows])
            return _best(self._rows[places], self._codes_at(places, wishes), needed), len(places)
        if self._facets is not None:
            rows = rows[self._facets[c.facet[rows]]]
        for mask in self._further:
            rows = rows[mask[rows]]
        return _best(rows, self._codes(rows, wishes), needed), len(rows)

    def _codes_at(self, places: NDArray[np.intp], wishes: Wishes) -> NDArray[np.int8]:
        """Return how the rows at these places among all that fit do: each is looked at once for all pages."""
        if self._looked_at is None or self._looked_at[0] != wishes:
            self._looked_at = wishes, np.full(len(self._rows), _NOT_LOOKED_AT, np.int8)
        known = self._looked_at[1]
        new = places[known[places] == _NOT_LOOKED_AT]
        known[new] = self._codes(self._rows[new], wishes)
        return known[places]

    def _codes(self, rows: Rows, wishes: Wishes) -> NDArray[np.int8]:
        c = self._snapshot.columns
        if self._liked is None or self._liked[0] != wishes:
            fields = np.fromiter(map(wishes.field, c.fields), np.int8, len(c.fields)) * np.int8(fit_code(1, 0, 0))
            self._liked = wishes, fields[c.facets[2]]
        by_fields = self._liked[1][c.facet[rows]]
        by_deadline = self._snapshot.deadlines(wishes)[c.schedule[rows]]
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


def _gathered(groups: Groups, numbers: NDArray[np.intp], everything: int) -> Rows | None:
    """Return the rows of these groups, ascending; None where they are so many that looking at all is quicker."""
    starts, ends = groups.starts[numbers], groups.starts[numbers + 1]
    lengths = ends - starts
    total = int(lengths.sum())
    if total * _FEW > everything:
        return None
    before = np.cumsum(lengths) - lengths
    places = np.arange(total) + np.repeat(starts - before, lengths)
    among = np.zeros(everything, np.bool_)
    among[groups.rows[places]] = True
    return np.flatnonzero(among)  # quicker than sorting them


def _best(rows: Rows, codes: NDArray[np.int8], needed: int) -> Rows:
    """Return the first ``needed`` of the rows by fit; ascending rows are in the order of their names."""
    if needed >= len(rows) or len(rows) <= _QUICKLY_SORTED:
        return rows[np.argsort(codes, kind="stable")[:needed]]
    upto = np.cumsum(np.bincount(codes, minlength=27))
    last = int(np.searchsorted(upto, needed))
    better = np.flatnonzero(codes < last)
    alike = np.flatnonzero(codes == last)[: needed - len(better)]
    chosen = np.concatenate((better, alike))
    return rows[chosen[np.argsort(codes[chosen], kind="stable")]]
