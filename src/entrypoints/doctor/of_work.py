"""Whether the work gets done, and whether what is kept is whole."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import UTC, datetime, timedelta

from ...adapters.postgres import figures
from ...adapters.postgres.newest_files import newest_files
from ...adapters.postgres.reading import Reading
from ...domain.shared.errors import NotFound
from ...ports.errors import Unavailable
from ...ports.files import Files
from ..parts.rules import Rules
from .finding import Finding, broken, warning

_LATE = 300.0  # seconds, as the alerts have it
_LOOKED_AT_MOST = 200
_UNLOOKED = timedelta(hours=3)


async def of_work(reading: Reading, files: Files, now: datetime) -> AsyncIterator[Finding]:
    """Yield what is left lying, broken or stale."""
    for finding in _of_jobs(*await figures.open_jobs(reading)):
        yield finding
    events, age = await figures.outbox(reading)
    if age > _LATE:
        yield broken("outbox_late", number=int(events), minutes=int(age // 60))
    async for finding in _of_invariants(reading, now):
        yield finding
    async for finding in _of_rules(reading, now):
        yield finding
    async for finding in _of_files(reading, files):
        yield finding


def _of_jobs(numbers: Mapping[figures.JobKey, float], ages: Mapping[figures.JobKey, float]) -> Iterator[Finding]:
    parked, late = Counter[str](), dict[str, int]()
    for key, number in numbers.items():
        name, _, state = key
        if state == "parked":
            parked[name] += int(number)
        elif state == "waiting" and ages[key] > _LATE:
            late[name] = max(late.get(name, 0), int(ages[key] // 60))
    for name, count in sorted(parked.items()):
        yield broken("jobs_parked", job=name, number=count)
    if late:
        yield broken("jobs_late", minutes=max(late.values()), jobs=", ".join(sorted(late)))


async def _of_invariants(reading: Reading, now: datetime) -> AsyncIterator[Finding]:
    last = await figures.last_look(reading)
    if last is None:
        return
    finished, looked = last
    unlooked = now - datetime.fromtimestamp(finished, UTC)
    if unlooked > _UNLOOKED:
        yield warning("invariants_unlooked", hours=unlooked // timedelta(hours=1))
    for name, found in sorted(looked.items()):
        if found.breaches:
            yield broken("invariant_broken", invariant=name, number=found.breaches)


async def _of_rules(reading: Reading, now: datetime) -> AsyncIterator[Finding]:
    rules = Rules.over(reading)
    await rules.packs.refresh(in_haste=True)
    if rules.packs.is_behind:
        yield broken("rules_behind")
    today = now.date()
    for pack in rules.packs.rulebook().packs:
        if pack.review_by < today:
            yield warning("rules_stale", pack=pack.id, days=(today - pack.review_by).days)


async def _of_files(reading: Reading, files: Files) -> AsyncIterator[Finding]:
    """Look at the newest files that papers name: whether they are there, and are what they were."""
    for sha256 in await newest_files(reading, _LOOKED_AT_MOST):
        digest = hashlib.sha256()
        try:
            async for piece in files.read(sha256):
                digest.update(piece)
        except NotFound:
            yield broken("file_missing", file=sha256)
            continue
        except Unavailable:
            return  # said of the store already
        if digest.hexdigest() != sha256:
            yield broken("file_damaged", file=sha256)
