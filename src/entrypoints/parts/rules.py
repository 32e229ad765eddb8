"""The rule packs of a process: what ships, and over it what somebody has let come into force in the database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from ...adapters.postgres.listener import PostgresListener
from ...adapters.postgres.reading import Reading
from ...adapters.postgres.rule_packs import PostgresRulePacks
from ..wiring.real import stored_rule_packs
from .checks import Check, Found

_LOOK_EVERY = 5.0
"""Seconds after which an edition is found that nobody was heard to call out."""


@dataclass(frozen=True)
class Rules:
    """The packs in force in this process, and how they are kept so."""

    packs: PostgresRulePacks

    @classmethod
    def over(cls, reading: Reading) -> Rules:
        """Return the rules of the database that is read there."""
        return cls(stored_rule_packs(reading))

    @property
    def checks(self) -> Mapping[str, Check]:
        """Whether this process has in force what the others have: it is late where it cannot read a newer edition."""

        async def look() -> Found:
            return Found("late" if self.packs.is_behind else "ok")

        return {"rules": Check(look, needed=False)}


@asynccontextmanager
async def rules_kept_fresh(rules: Rules, url: str) -> AsyncIterator[None]:
    """Have in force what the database says, from the first moment of the block on; the tables have to be there."""
    await rules.packs.refresh(in_haste=True)
    listening = asyncio.create_task(rules.packs.listen(PostgresListener(url), _LOOK_EVERY), name="rules")
    try:
        yield
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
