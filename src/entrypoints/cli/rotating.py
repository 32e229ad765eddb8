"""Changing keys from the command line."""

from __future__ import annotations

import asyncio
from uuid import UUID

from ...adapters.system.clock import SystemClock
from ...domain.shared.ids import StudentId
from ..parts.database import has_database
from ..parts.keys import has_factor_key, renew_factor_key, renew_master_key
from ..parts.others import others
from ..parts.store import open_store
from ..parts.vault import demand_master_key, vault_of
from ..settings import Settings
from ..watching.logs import log_to_stderr
from .embedded import settings_here, told_in_sentences
from .errors import NEGATIVE, CommandFailed, refused
from .progress import doing
from .words import say


def rotate_now(student: str | None) -> int:
    """Change the master key and the key for second factors, or that of a student, print what was done, and return 0;
    raise CommandFailed in one sentence when that cannot be."""
    settings = settings_here()
    log_to_stderr("warning", settings.log_format)
    return asyncio.run(_rotate(settings, None if student is None else _id_of(student)))


def _id_of(student: str) -> StudentId:
    try:
        return StudentId(UUID(student))
    except ValueError:
        raise refused("--student", "not_an_id", given=student[:60]) from None


async def _rotate(settings: Settings, student_id: StudentId | None) -> int:
    with doing() as tell, told_in_sentences(settings) as started:
        async with others(settings) as given, open_store(settings) as ours:

            async def report(count: int) -> None:
                tell(f"wrapping keys: {count}")

            started()
            store, master_key = given.store(ours), given.master_key
            if master_key is None:
                await demand_master_key(settings, store.wrapped_keys)
            if student_id is not None:
                await vault_of(settings, store.wrapped_keys, SystemClock(), master_key).rotate(student_id)
                tell("")
                print("Her next papers are sealed under a new key.", flush=True)
                return 0
            before = None
            if master_key is None and settings.master_key is None:
                before = renew_master_key(settings)
            count = await vault_of(settings, store.wrapped_keys, SystemClock(), master_key).rewrap(report)
        tell("")
        print(f"Wrapped by the master key in use: {count} key{'' if count == 1 else 's'} of students.", flush=True)
        if before is not None:
            print(f"The one before wraps nothing any more, but in copies of those keys: {before}", flush=True)
    if has_factor_key(settings) and has_database(settings):
        await _rotate_factors(settings)
    return 0


async def _rotate_factors(settings: Settings) -> None:
    """Seal second factors by the key in use, a new one where the home keeps it, and print what was done; raise
    CommandFailed where some could not be opened."""
    from ..parts.opened import opened  # noqa: PLC0415 - the weight of a process is for those who have such factors
    from ..wiring.containers.every import use_cases_over  # noqa: PLC0415

    with doing() as tell, told_in_sentences(settings) as started:
        async with opened(settings, tell) as found:
            await found.database.demand_current()
            started()

            async def report(count: int) -> None:
                tell(f"sealing second factors: {count}")

            before = None if settings.factor_key is not None else renew_factor_key(settings)
            done = await use_cases_over(found.ports).seal_factors_anew()(report)
        tell("")
        print(say("factors_sealed_anew", number=done.anew), flush=True)
    if done.not_opened:
        raise CommandFailed(say("factors_not_opened", number=done.not_opened), exit_code=NEGATIVE)
    if before is not None:
        print(say("factor_key_before", known=str(before)), flush=True)
