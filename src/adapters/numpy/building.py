"""Putting a catalogue into columns: lot by lot, every distinct value once."""

from __future__ import annotations

from array import array
from collections.abc import Hashable, Iterable
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar
from uuid import UUID

import numpy as np

from ...domain.catalogue.intake import Intake
from ...domain.matching.asking import Apart
from ...domain.matching.entry import Entry, bare_intakes
from ...domain.matching.trees import Trees

if TYPE_CHECKING:
    from numpy.typing import NDArray

V = TypeVar("V", bound=Hashable)
NO_CURRENCY = 0


class Distinct(Generic[V]):
    """Values in the order in which they first came."""

    def __init__(self, *first: V) -> None:
        self.values: list[V] = list(first)
        self._places: dict[V, int] = {value: place for place, value in enumerate(first)}

    def place(self, value: V) -> int:
        """Return the place of the value."""
        found = self._places.get(value)
        if found is None:
            found = self._places[value] = len(self.values)
            self.values.append(value)
        return found


class Facet(NamedTuple):
    """What filters look at most, as places among the distinct values of each."""

    country: int
    level: int
    fields: int
    languages: int


class Groups(NamedTuple):
    """Rows sorted by a small number: those of number n are ``rows[starts[n]:starts[n + 1]]``, ascending."""

    rows: NDArray[np.int32]
    starts: NDArray[np.intp]


class Columns(NamedTuple):
    """A catalogue ordered by name and key; columns hold places in the lists of distinct values beside them."""

    trees: Trees
    ids: bytes
    tree: NDArray[np.intp]
    facet: NDArray[np.intp]
    name: NDArray[np.int32]
    institution: NDArray[np.int32]
    schedule: NDArray[np.int32]
    tuition: NDArray[np.int64]
    currency: NDArray[np.uint8]
    by_tree: Groups
    by_facet: Groups
    facets: NDArray[np.int32]
    countries: list[str]
    levels: list[str]
    fields: list[tuple[str, ...]]
    languages: list[tuple[str, ...]]
    names: list[str]
    institutions: list[str]
    schedules: list[tuple[Intake, ...]]
    currencies: list[str]

    def id(self, row: int) -> UUID:
        """Return the programme's id."""
        return UUID(bytes=self.ids[16 * row : 16 * row + 16])

    @property
    def bytes_held(self) -> int:
        """How much memory the arrays and the ids take."""
        arrays = [column for column in self if isinstance(column, np.ndarray)]
        grouped = [column for groups in (self.by_tree, self.by_facet) for column in groups]
        return len(self.ids) + sum(column.nbytes for column in (*arrays, *grouped))


class Building:
    """Takes entries and, in the end, gives the columns."""

    def __init__(self, apart: Apart) -> None:
        self._trees = Trees(apart)
        self._order: list[tuple[str, str]] = []
        self._ids = bytearray()
        self._columns = {name: array("q") for name in ("tree", "facet", "name", "institution", "schedule", "tuition")}
        self._currency = bytearray()
        self._facets: Distinct[Facet] = Distinct()
        self._countries: Distinct[str] = Distinct()
        self._levels: Distinct[str] = Distinct()
        self._fields: Distinct[tuple[str, ...]] = Distinct()
        self._languages: Distinct[tuple[str, ...]] = Distinct()
        self._names: Distinct[str] = Distinct()
        self._institutions: Distinct[str] = Distinct()
        self._schedules: Distinct[tuple[Intake, ...]] = Distinct()
        self._same_intakes: dict[int, tuple[tuple[Intake, ...], int]] = {}
        self._currencies: Distinct[str] = Distinct("")

    def take(self, entries: Iterable[Entry]) -> None:
        """Put the entries beside those that were taken."""
        columns = self._columns
        for entry in entries:
            facet = Facet(
                self._countries.place(entry.country),
                self._levels.place(entry.level),
                self._fields.place(entry.fields),
                self._languages.place(entry.languages),
            )
            fee = entry.tuition_a_year
            self._order.append((entry.name, entry.key))
            self._ids += entry.id.bytes
            columns["tree"].append(self._trees.tree(entry.requirement, entry.asking))
            columns["facet"].append(self._facets.place(facet))
            columns["name"].append(self._names.place(entry.search))
            columns["institution"].append(self._institutions.place(entry.institution_search))
            columns["schedule"].append(self._schedule(entry.intakes))
            columns["tuition"].append(fee.minor if fee else 0)
            self._currency.append(self._currencies.place(fee.currency) if fee else NO_CURRENCY)

    def done(self) -> Columns:
        """Return everything that was taken, in order."""
        self._trees.done()
        self._same_intakes = {}
        place = np.array(sorted(range(len(self._order)), key=self._order.__getitem__), dtype=np.intp)
        self._order = []
        column = {name: np.frombuffer(values, np.int64)[place] for name, values in self._columns.items()}
        ids = np.frombuffer(bytes(self._ids), np.dtype("V16"))[place].tobytes()
        tree, facet = column["tree"].astype(np.intp), column["facet"].astype(np.intp)
        return Columns(
            trees=self._trees,
            ids=ids,
            tree=tree,
            facet=facet,
            name=column["name"].astype(np.int32),
            institution=column["institution"].astype(np.int32),
            schedule=column["schedule"].astype(np.int32),
            tuition=column["tuition"],
            currency=np.frombuffer(bytes(self._currency), np.uint8)[place],
            by_tree=_grouped(tree, len(self._trees.roots)),
            by_facet=_grouped(facet, len(self._facets.values)),
            facets=np.ascontiguousarray(np.array(self._facets.values, dtype=np.int32).reshape(-1, 4).T),
            countries=self._countries.values,
            levels=self._levels.values,
            fields=self._fields.values,
            languages=self._languages.values,
            names=self._names.values,
            institutions=self._institutions.values,
            schedules=self._schedules.values,
            currencies=self._currencies.values,
        )

    def _schedule(self, intakes: tuple[Intake, ...]) -> int:
        """Whoever reads entries may share intakes: comparing their pages again for each programme takes long."""
        found = self._same_intakes.get(id(intakes))
        if found is None:
            found = self._same_intakes[id(intakes)] = intakes, self._schedules.place(bare_intakes(intakes))
        return found[1]


def _grouped(numbers: NDArray[np.intp], how_many: int) -> Groups:
    starts = np.zeros(how_many + 1, np.intp)
    np.cumsum(np.bincount(numbers, minlength=how_many), out=starts[1:])
    return Groups(np.argsort(numbers, kind="stable").astype(np.int32), starts)
