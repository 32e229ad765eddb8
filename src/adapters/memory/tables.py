"""Rows in memory that an open unit of work changes and then keeps or discards."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from operator import is_
from types import MappingProxyType
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

from ...domain.shared.errors import Conflict, NotFound, Reason


class Part(Protocol):
    """Something that a unit of work changes and that then keeps the changes or discards them."""

    def keep(self) -> None:
        """Let the changes of the unit count."""
        ...

    def discard(self) -> None:
        """Forget the changes of the unit."""
        ...


class Entity(Protocol):
    """Anything with a version, which tells a second writer that somebody was first."""

    version: int


K = TypeVar("K")
V = TypeVar("V")
E = TypeVar("E", bound=Entity)


class Table(Generic[K, V]):
    """Rows by key, in the order in which they came. Rows are copied on the way in and out, so nothing leaks."""

    def __init__(self) -> None:
        self._kept: dict[K, V] = {}
        self._changed: dict[K, V] = {}
        self._removed: set[K] = set()

    def get(self, key: K) -> V | None:
        """Return the row as the open unit sees it, or None."""
        row = self._row(key)
        return None if row is None else copied(row)

    def put(self, key: K, row: V) -> None:
        """Put the row in place of what was there."""
        self._changed[key] = copied(row)
        self._removed.discard(key)

    def remove(self, key: K) -> None:
        """Take the row away; one that is not there changes nothing."""
        self._changed.pop(key, None)
        self._removed.add(key)

    def rows(self, where: Callable[[V], object] | None = None) -> Iterator[V]:
        """Yield each row as the open unit sees it, or only those that are so; ``where`` must not change them."""
        for key in (*self._kept, *(key for key in self._changed if key not in self._kept)):
            row = self._row(key)
            if row is not None and (where is None or where(row)):
                yield copied(row)

    def keys(self) -> Iterator[K]:
        """Yield the key of each row as the open unit sees it."""
        for key in (*self._kept, *(key for key in self._changed if key not in self._kept)):
            if self._row(key) is not None:
                yield key

    def any(self, where: Callable[[V], object]) -> bool:
        """Whether there is such a row; ``where`` must not change it."""
        return next(self.rows(where), None) is not None

    def keep(self) -> None:
        """Let the changes of the unit count."""
        for key in self._removed:
            self._kept.pop(key, None)
        self._kept.update(self._changed)
        self.discard()

    def discard(self) -> None:
        """Forget the changes of the unit."""
        if self._changed or self._removed:  # most units leave most tables alone
            self._changed = {}
            self._removed = set()

    def _row(self, key: K) -> V | None:
        if key in self._removed:
            return None
        return self._changed.get(key, self._kept.get(key))


class Entities(Table[UUID, E]):
    """Entities by id, each saved only over the version that its writer has seen."""

    def found(self, key: UUID) -> E:
        """Return the entity; raise NotFound where there is none."""
        entity = self.get(key)
        if entity is None:
            raise NotFound
        return entity

    def add(self, key: UUID, entity: E) -> None:
        """Keep a new entity at version 1; raise Conflict where the id is taken."""
        if self.get(key) is not None:
            raise Conflict(Reason("id.taken"))
        entity.version += 1
        self.put(key, entity)

    def save(self, key: UUID, entity: E) -> None:
        """Keep the changed entity and count its version up; raise Conflict when another writer was first."""
        stored = self.get(key)
        if stored is None or stored.version != entity.version:
            raise Conflict(Reason("version.stale", {"expected": entity.version}))
        entity.version += 1
        self.put(key, entity)


T = TypeVar("T")


def copied(value: T) -> T:
    """Return a copy that shares nothing changeable with the value; plain values are returned as they are."""
    return _copied(value)  # type: ignore[no-any-return]


def _copied(value: Any) -> Any:
    copy = _COPIERS.get(type(value))
    if copy is None:
        copy = _COPIERS[type(value)] = _copier(type(value))
    return copy(value)


Copier = Callable[[Any], Any]
_COPIERS: dict[type, Copier] = {}
"""How a value of each type is copied, found once: tests copy rows by the million."""
_PLAIN: set[type] = set()
"""The types among them whose values are returned as they are."""


def _copier(kind: type) -> Copier:
    if is_dataclass(kind):
        return _copier_of_dataclass(kind)
    if issubclass(kind, MappingProxyType):
        return lambda value: MappingProxyType(_copied(dict(value)))
    if issubclass(kind, Mapping):
        return lambda value: {key: _copied(part) for key, part in value.items()}
    if kind is tuple:
        return _copy_of_tuple
    if kind in (list, set, frozenset):
        return lambda value: kind(map(_copied, value))
    _PLAIN.add(kind)
    return lambda value: value


def _copy_of_tuple(value: tuple[Any, ...]) -> tuple[Any, ...]:
    copies = tuple(map(_copied, value))
    return value if all(map(is_, value, copies)) else copies


def _copier_of_dataclass(kind: Any) -> Copier:
    names = tuple(field.name for field in fields(kind))
    frozen = kind.__dataclass_params__.frozen
    new, put = object.__new__, object.__setattr__

    def copy(value: Any) -> Any:
        parts = [getattr(value, name) for name in names]
        copies = [part if type(part) in _PLAIN else _copied(part) for part in parts]
        if frozen and all(map(is_, parts, copies)):
            return value
        twin = new(kind)
        for name, part in zip(names, copies, strict=True):
            put(twin, name, part)
        return twin

    return copy
