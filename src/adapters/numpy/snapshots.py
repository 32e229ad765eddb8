"""The whole catalogue for matching, as arrays in this process."""

from __future__ import annotations

import asyncio
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeAlias

from ...ports.editions import Editions
from ...ports.snapshots import Entries

if TYPE_CHECKING:
    from ...domain.matching.asking import Apart


if TYPE_CHECKING:
    from .selecting import ArraySnapshot

Key: TypeAlias = "tuple[str, Apart]"
_KEPT = 2  # editions of the rules are asked for besides those in force


class NumpySnapshots:
    """Makes the columns when somebody first asks after a change; whoever asks meanwhile waits for the same ones.

    Nothing of numpy is loaded before that. 200,000 programmes take 13 MB of arrays, and leave a process about 77 MB
    larger.
    """

    def __init__(self, editions: Editions, entries: Entries) -> None:
        self._editions = editions
        self._entries = entries
        self._kept: dict[Key, ArraySnapshot] = {}
        self._making: tuple[Key, asyncio.Task[ArraySnapshot]] | None = None

    async def current(self, apart: Apart) -> ArraySnapshot:
        key = await self._editions.current(), apart
        if key in self._kept:
            return self._kept[key]
        if self._making is None or self._making[0] != key:
            self._making = key, asyncio.create_task(self._make(key), name="snapshot of the catalogue")
        return await asyncio.shield(self._making[1])  # whoever leaves does not take it from the others

    async def _make(self, key: Key) -> ArraySnapshot:
        try:
            modules = [await asyncio.to_thread(import_module, f"{__package__}.{name}") for name in _LOADED_LATER]
            building, selecting = modules[0].Building(key[1]), modules[1]
            async for entries in self._entries.every():
                await asyncio.to_thread(building.take, entries)
            made: ArraySnapshot = await asyncio.to_thread(_made, building, selecting)
            kept = [(other, one) for other, one in self._kept.items() if other[0] == key[0]]
            self._kept = dict([*kept[1 - _KEPT :], (key, made)])
            return made
        finally:
            if self._making is not None and self._making[0] == key:
                self._making = None


_LOADED_LATER = ("building", "selecting")


def _made(building: Any, selecting: Any) -> Any:
    return selecting.ArraySnapshot(building.done())
