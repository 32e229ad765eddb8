"""Steps over events, jobs and the answers to repeated requests."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from differential.steps import Memo, Numbers, Step, id_of, step
from hypothesis import strategies as st

from higherstudy.domain.identity.events import AccountRegistered, RoleGranted
from higherstudy.domain.shared.events import Origin
from higherstudy.domain.shared.ids import AccountId, EventId, JobId
from higherstudy.ports.answers import RequestKey, StoredAnswer
from higherstudy.ports.jobs import Job, Priority
from higherstudy.ports.transactions import UnitOfWork

ACCOUNT, JOB = 1, 7
HOUR = timedelta(hours=1)
ENDED = -HOUR
"""A lease of this length has run out already."""


async def record(work: UnitOfWork, memo: Memo, n: int, version: int) -> Any:
    account = AccountId(id_of(ACCOUNT, n))
    work.record(AccountRegistered(account) if version == 1 else RoleGranted(account, "admin"), version)


async def take(work: UnitOfWork, memo: Memo, limit: int) -> Any:
    taken = await work.outbox.take(limit)
    memo.seen.extend(one for one in taken if one not in memo.seen)
    return taken


async def pass_on(work: UnitOfWork, memo: Memo, limit: int) -> Any:
    taken = await work.outbox.take(limit)
    memo.seen.extend(one for one in taken if one not in memo.seen)
    await work.outbox.passed_on([one.id for one in taken])
    return taken


async def pass_on_unknown(work: UnitOfWork, memo: Memo) -> Any:
    await work.outbox.passed_on([EventId(id_of(99, 99))])


async def forget_events(work: UnitOfWork, memo: Memo) -> Any:
    """None was passed on long enough ago."""
    return await work.outbox.remove_passed_on(work.now + HOUR, 10)


async def add_job(
    work: UnitOfWork, memo: Memo, n: int, name: str, key: str | None, alone: str | None, due: int, priority: Priority
) -> Any:
    return await work.jobs.add(_job(work, n, name, key, alone, due, priority))


async def add_jobs(work: UnitOfWork, memo: Memo, n: int, key: str | None, alone: str | None, due: int) -> Any:
    pair = [_job(work, number, "one", key, alone, due, Priority.NORMAL) for number in (n, n + 1)]
    return await work.jobs.add_many(pair)


async def follow(work: UnitOfWork, memo: Memo, n: int, name: str, event: int, due: int) -> Any:
    if not memo.seen:
        return None
    envelope = memo.seen[event % len(memo.seen)]
    return await work.jobs.add(Job.following(JobId(id_of(JOB, n)), name, envelope, work.now + due * HOUR))


async def get_job(work: UnitOfWork, memo: Memo, n: int) -> Any:
    return await work.jobs.get(JobId(id_of(JOB, n)))


async def offer(
    work: UnitOfWork,
    memo: Memo,
    rooms: dict[Priority, int],
    again_after: timedelta,
    named: list[str] | None,
    but: list[str],
) -> Any:
    return await work.jobs.offer(rooms, again_after=again_after, named=named, but=but)


async def lease(
    work: UnitOfWork, memo: Memo, numbers: list[int], lasting: timedelta, but: list[str] | None = None
) -> Any:
    leased = await work.jobs.lease_many([JobId(id_of(JOB, n)) for n in numbers], lasting, but=but or ())
    found = sorted(leased, key=lambda job: job.id)
    memo.leased.extend(found)
    return found


async def lease_next(work: UnitOfWork, memo: Memo, named: list[str], lasting: timedelta) -> Any:
    leased = await work.jobs.lease_next(named, lasting)
    memo.leased.extend([leased] if leased else [])
    return leased


async def extend(work: UnitOfWork, memo: Memo, which: int, lasting: timedelta) -> Any:
    return set(await work.jobs.extend_many(_leased(memo, which), lasting))


async def finish(work: UnitOfWork, memo: Memo, which: int) -> Any:
    return set(await work.jobs.finish_many(_leased(memo, which)))


async def finish_all(work: UnitOfWork, memo: Memo) -> Any:
    newest = {job.id: job for job in memo.leased}
    return set(await work.jobs.finish_many(list(newest.values())))


async def report(work: UnitOfWork, memo: Memo, which: int, done: int, of: int | None) -> Any:
    for job in _leased(memo, which):
        await work.jobs.report(job, done, of)


async def put_back(work: UnitOfWork, memo: Memo, which: int, due: int, error: str) -> Any:
    for job in _leased(memo, which):
        await work.jobs.put_back(job, due_in=due * HOUR, error=error)


async def hand_back(work: UnitOfWork, memo: Memo, which: int) -> Any:
    for job in _leased(memo, which):
        await work.jobs.hand_back(job)


async def park(work: UnitOfWork, memo: Memo, which: int, error: str) -> Any:
    for job in _leased(memo, which):
        await work.jobs.park(job, error)


async def parked(work: UnitOfWork, memo: Memo, limit: int, after: int | None) -> Any:
    return await work.jobs.parked(limit, None if after is None else JobId(id_of(JOB, after)))


async def requeue(work: UnitOfWork, memo: Memo, n: int) -> Any:
    await work.jobs.requeue(JobId(id_of(JOB, n)))


async def remove_done(work: UnitOfWork, memo: Memo, hours: int) -> Any:
    """Remove all, since which of several go first is nobody's business."""
    return await work.jobs.remove_done(work.now + hours * HOUR, 100)


async def claim(work: UnitOfWork, memo: Memo, account: int | None, key: str, fingerprint: bytes, said: bytes) -> Any:
    """Claim the request and, where it is new, answer it or leave it without an answer."""
    request = RequestKey(None if account is None else AccountId(id_of(ACCOUNT, account)), "route", key)
    before = await work.answers.claim(request, fingerprint)
    if before is None and said:
        await work.answers.keep(request, StoredAnswer(201, {"location": "/v1/ü"}, said))
    return before


def _job(work: UnitOfWork, n: int, name: str, key: str | None, alone: str | None, due: int, priority: Priority) -> Job:
    return Job(
        JobId(id_of(JOB, n)),
        name,
        work.now + due * HOUR,
        arguments={"id": str(n), "count": n},
        key=key,
        alone=alone,
        priority=priority,
        origin=Origin(AccountId(id_of(ACCOUNT, n)), None, f"request-{n}"),
    )


def _leased(memo: Memo, which: int) -> list[Job]:
    """Return one of the jobs as they were leased, the last lease for 0; an old one has an old token."""
    return [memo.leased[-1 - which % len(memo.leased)]] if memo.leased else []


Names = st.sampled_from(("one", "other"))
Keys = st.sampled_from((None, None, "k", "l"))
Alone = st.sampled_from((None, None, None, "a"))
Jobs = st.integers(0, 4)
Due = st.sampled_from((-2, -1, 0, 1))
Which = st.integers(0, 2)
Errors = st.sampled_from(("", "did not answer", "ü\n"))
Leases = st.sampled_from((ENDED, HOUR))
SomeNames = st.lists(Names, max_size=1)
Rooms = st.dictionaries(st.sampled_from(Priority), st.integers(0, 3))

JOBS = (
    step(record, Numbers, st.integers(1, 2)),
    step(take, st.integers(1, 3)),
    step(pass_on, st.integers(1, 3)),
    step(pass_on_unknown),
    step(forget_events),
    step(add_job, Jobs, Names, Keys, Alone, Due, st.sampled_from(Priority)),
    step(add_jobs, st.integers(0, 3), Keys, Alone, Due),
    step(follow, Jobs, Names, st.integers(0, 2), Due),
    step(get_job, Jobs),
    step(offer, Rooms, st.sampled_from((timedelta(), HOUR)), st.one_of(st.none(), SomeNames), SomeNames),
    step(lease, st.lists(Jobs, min_size=1, max_size=3, unique=True), Leases),
    step(lease, st.just([0, 1, 2, 3, 4]), Leases, SomeNames),
    step(lease_next, SomeNames, Leases),
    step(extend, Which, Leases),
    step(finish, Which),
    step(finish_all),
    step(report, Which, st.integers(0, 5), st.sampled_from((None, 5))),
    step(put_back, Which, Due, Errors),
    step(hand_back, Which),
    step(park, Which, Errors),
    step(parked, st.integers(1, 3), st.one_of(st.none(), Jobs)),
    step(requeue, Jobs),
    step(remove_done, st.sampled_from((-1, 1))),
)
ANSWERS = (
    step(
        claim,
        st.one_of(st.none(), Numbers),
        st.sampled_from(("k", "l")),
        st.sampled_from((b"\x00same", b"other")),
        st.sampled_from((b"", b"{}", b"\xff\x00")),
    ),
)

SOME_JOBS = (
    *(Step(record, (number, version)) for number in range(2) for version in (1, 2)),
    *(Step(add_job, (number, "one", None, None, -1, Priority.NORMAL)) for number in range(3)),
    Step(add_job, (3, "other", "k", "a", 0, Priority.HIGH)),
    Step(add_job, (4, "one", None, None, -2, Priority.LOW)),
    Step(lease, ([4], HOUR)),
    Step(park, (0, "did not answer")),
    Step(lease, ([0, 1], HOUR)),
    Step(lease, ([2], ENDED)),
)
