"""The packs in force, as PostgreSQL has them: a copy in this process that is changed as soon as an edition is."""

from __future__ import annotations

import asyncio
import logging
import zlib
from collections.abc import Sequence
from typing import Any

from ...domain.rulebook.errors import BrokenPack
from ...domain.rulebook.pack import Rulebook, RulePack
from ...domain.rulebook.reading import read_pack
from ...domain.shared.errors import NotFound, Reason, refuse_if_any
from ...ports.errors import Unavailable
from ...ports.rule_packs import RulePacks
from .listener import PostgresListener
from .reading import Reading

CHANNEL = "rulebook"
"""Where the number of an edition is called out by the transaction that lets it come into force."""

_EDITIONS = "SELECT number, sha256, packs, chosen FROM rule_editions WHERE number > $1 ORDER BY number"
_TEXTS = "SELECT sha256, text FROM rule_packs WHERE NOT sha256 = ANY($1)"
_MOST_EARLIER = 4
"""So many earlier editions are kept ready; any other is made again from its texts when it is asked for."""

log = logging.getLogger(__name__)


class PostgresRulePacks:
    """Lays what somebody has chosen over the packs that ship.

    Everything is answered from memory: the texts of all packs lie here too, compressed. ``refresh`` brings them up to
    date; an edition that cannot be read leaves the one before in force here, and ``is_behind`` says so.
    """

    def __init__(self, reading: Reading, over: RulePacks) -> None:
        self._reading = reading
        self._over = over
        self._texts: dict[str, bytes] = {}
        self._editions: dict[str, tuple[str, ...]] = {}
        self._number = 0
        self._chosen: tuple[str, ...] = ()
        self._standing: Rulebook | None = None
        """What is in force, None for what ships."""
        self._earlier: dict[str, Rulebook] = {}
        self._turn = asyncio.Lock()
        self._has_all_texts = True
        """Whether the texts of every edition that is known here are here too."""
        self.is_behind = False
        """Whether a newer edition is in force elsewhere, which cannot be read here."""

    def rulebook(self) -> Rulebook:
        return self._over.rulebook() if self._standing is None else self._standing

    def edition(self, sha256: str) -> Rulebook:
        if sha256 in self._earlier:
            return self._earlier[sha256]
        if sha256 not in self._editions:
            standing = self.rulebook()
            if sha256 == standing.edition_id:
                return standing
            raise NotFound(Reason("edition.unknown", {"given": sha256[:80]}, "edition"))
        made = Rulebook(self._packs(self._editions[sha256]))
        while len(self._earlier) >= _MOST_EARLIER:
            self._earlier.pop(next(iter(self._earlier)), None)
        self._earlier[sha256] = made
        return made

    def shipped(self) -> Rulebook:
        return self._over.shipped()

    def text(self, sha256: str) -> str:
        return self._over.text(sha256)

    async def refresh(self, *, in_haste: bool = False) -> None:
        """Have in force what is in force now; raise Unavailable when the database does not answer.

        In haste, as at a start, the texts of earlier editions are left for the next time, unless some are chosen now.
        """
        async with self._turn:
            new = await self._reading.fetch(_EDITIONS, self._number)
            if new:
                self._has_all_texts = False
            if not self._has_all_texts and (not in_haste or (new and new[-1]["chosen"])):
                for sha256, text in await self._reading.fetch(_TEXTS, list(self._texts)):
                    self._texts[sha256] = zlib.compress(text.encode())
                self._has_all_texts = True
            if new:
                await self._take(new)

    async def listen(self, listener: PostgresListener, every: float) -> None:
        """Refresh as editions are called out, and every so many seconds where nothing is heard; never return."""
        called = asyncio.Event()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(listener.hear(CHANNEL, lambda _: called.set()))
            tasks.create_task(self._keep_fresh(called, every))

    async def _keep_fresh(self, called: asyncio.Event, every: float) -> None:
        while True:
            try:
                async with asyncio.timeout(every):
                    await called.wait()
            except TimeoutError:
                pass
            called.clear()
            try:
                await self.refresh()
            except Unavailable:
                log.warning("nobody says which rule packs are in force: the database does not answer")
            except Exception:
                log.exception("rule packs are not refreshed")

    async def _take(self, new: Sequence[Any]) -> None:
        self._editions.update({row["sha256"]: tuple(row["packs"]) for row in new})
        number, chosen = new[-1]["number"], tuple(new[-1]["chosen"])
        if chosen != self._chosen or self.is_behind:
            try:
                standing = await asyncio.to_thread(self._made, chosen) if chosen else None
            except (BrokenPack, NotFound) as error:
                # What is kept never changes, so it is not tried again before the next edition, or the next release.
                log.error("edition %s of the rule packs cannot be read; the one before stays: %s", number, error)  # noqa: TRY400 - its reasons say it all
                self._number, self.is_behind = number, True
                return
            self._standing, self._chosen = standing, chosen
        self._number, self.is_behind = number, False

    def _made(self, chosen: tuple[str, ...]) -> Rulebook:
        return self.shipped().with_packs(self._packs(chosen))

    def _packs(self, hashes: tuple[str, ...]) -> tuple[RulePack, ...]:
        missing = [sha256 for sha256 in hashes if sha256 not in self._texts]
        if missing and not self._has_all_texts:
            raise Unavailable
        refuse_if_any((Reason("edition.unknown_pack", {"sha256": one}) for one in missing), NotFound)
        packs: list[RulePack] = []
        problems: list[Reason] = []
        for sha256 in hashes:
            try:
                packs.append(read_pack(zlib.decompress(self._texts[sha256]).decode(), sha256))
            except BrokenPack as error:
                problems += error.reasons
        refuse_if_any(problems, BrokenPack)
        return tuple(packs)
