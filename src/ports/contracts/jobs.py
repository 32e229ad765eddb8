"""What any keeper of jobs must do."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from ...domain.identity.events import AccountRegistered
from ...domain.shared.errors import Conflict, NotFound
from ...domain.shared.events import Envelope, Origin
from ...domain.shared.ids import AccountId, JobId
from ..jobs import Job, JobStatus, LeaseLost, Offer, Priority
from ..transactions import Transactions

A_MINUTE = timedelta(minutes=1)
AN_HOUR = timedelta(hours=1)
ENDED = timedelta(seconds=-1)
"""A lease of this length has run out already, by whatever clock."""
ROOM = dict.fromkeys(Priority, 10)


class JobsContract:
    """Override ``transactions`` with an empty store's."""

    @pytest.fixture
    def transactions(self) -> Transactions:
        """Return transactions on a store in which no event and no job waits."""
        raise NotImplementedError

    async def test_a_job_that_follows_from_an_event_is_found_as_it_was(self, transactions: Transactions) -> None:
        job = await _kept(transactions)

        assert await found(transactions, job) == job

    async def test_a_job_of_its_own_is_found_as_it_was(self, transactions: Transactions) -> None:
        origin = Origin(AccountId(uuid4()), AccountId(uuid4()), "a-request", f"00-{'a' * 32}-{'b' * 16}-01")
        arguments = {"upload": str(uuid4()), "attempt": 3}

        job = await asked(
            transactions, arguments=arguments, key=_word(), alone=_word(), priority=Priority.LOW, origin=origin
        )

        assert await found(transactions, job) == job

    async def test_a_job_that_is_not_there_is_not_found(self, transactions: Transactions) -> None:
        async with transactions() as work:
            with pytest.raises(NotFound):
                await work.jobs.get(JobId(uuid4()))

    async def test_an_event_has_each_name_once(self, transactions: Transactions) -> None:
        job = await _kept(transactions)
        assert job.envelope is not None

        async with transactions() as work:
            again = await work.jobs.add(_following(job.envelope))
            other = await work.jobs.add(_following(job.envelope, "tell_the_office"))

        assert (again, other) == (False, True)

    async def test_a_key_is_used_once_ever(self, transactions: Transactions) -> None:
        job = await asked(transactions, key=_word())
        await _finished(transactions, job)

        async with transactions() as work:
            again = await work.jobs.add(_job(key=job.key))
            other = await work.jobs.add(_job(key=_word()))

        assert (again, other) == (False, True)

    async def test_a_job_that_must_be_alone_is_refused_while_another_is_open(self, transactions: Transactions) -> None:
        first = await asked(transactions, alone=_word())

        async with transactions() as work:
            while_waiting = await work.jobs.add(_job(alone=first.alone))
        [held] = await leased(transactions, first)
        async with transactions() as work:
            while_leased = await work.jobs.add(_job(alone=first.alone))
            await work.jobs.finish_many([held])
        async with transactions() as work:
            afterwards = await work.jobs.add(_job(alone=first.alone))

        assert (while_waiting, while_leased, afterwards) == (False, False, True)

    async def test_of_many_jobs_those_are_kept_that_are_new(self, transactions: Transactions) -> None:
        old = await asked(transactions, key=_word())
        new = [_job(key=_word()), _job(key=_word())]

        async with transactions() as work:
            kept = await work.jobs.add_many([_job(key=old.key), *new])
            none = await work.jobs.add_many([])

        assert (kept, none) == (2, 0)
        assert [await found(transactions, job) for job in new] == new

    async def test_a_due_job_is_offered_once_for_a_while(self, transactions: Transactions) -> None:
        job = await _kept(transactions)

        first = await offered(transactions, again_after=A_MINUTE)
        second = await offered(transactions, again_after=A_MINUTE)
        third = await offered(transactions)

        assert (first, second, third) == ([job.id], [], [job.id])

    async def test_a_job_that_is_not_due_is_neither_offered_nor_leased(self, transactions: Transactions) -> None:
        job = await _kept(transactions, due_in=A_MINUTE)

        assert await offered(transactions) == []
        assert await leased(transactions, job) == []

    async def test_what_is_more_urgent_is_offered_first(self, transactions: Transactions) -> None:
        low = await asked(transactions, priority=Priority.LOW)
        normal = await asked(transactions)
        high = await asked(transactions, priority=Priority.HIGH)

        async with transactions() as work:
            offers = await work.jobs.offer(ROOM, again_after=timedelta())

        assert list(offers) == [
            Offer(high.id, Priority.HIGH),
            Offer(normal.id, Priority.NORMAL),
            Offer(low.id, Priority.LOW),
        ]

    async def test_of_each_priority_no_more_are_offered_than_there_is_room(self, transactions: Transactions) -> None:
        urgent = [await asked(transactions, priority=Priority.HIGH) for _ in range(3)]
        normal = await asked(transactions)

        async with transactions() as work:
            offers = await work.jobs.offer({Priority.HIGH: 2, Priority.NORMAL: 2}, again_after=A_MINUTE)

        assert [offer.job_id for offer in offers] == [urgent[0].id, urgent[1].id, normal.id]

    async def test_jobs_of_some_names_alone_are_offered_or_all_but_these(self, transactions: Transactions) -> None:
        greeting, bill = await asked(transactions, name="greet"), await asked(transactions, name="bill")

        async with transactions() as work:
            others = await work.jobs.offer(ROOM, again_after=A_MINUTE, but={"greet", "warn"})
            these = await work.jobs.offer(ROOM, again_after=A_MINUTE, named={"greet", "warn"})

        assert [offer.job_id for offer in others] == [bill.id]
        assert [offer.job_id for offer in these] == [greeting.id]

    async def test_a_job_is_held_by_one_worker(self, transactions: Transactions) -> None:
        job = await _kept(transactions)

        [ours] = await leased(transactions, job)
        theirs = await leased(transactions, job)

        assert (ours.status, ours.attempts, ours.token) == (JobStatus.LEASED, 1, 1)
        assert ours.envelope == job.envelope
        assert (theirs, await offered(transactions)) == ([], [])

    async def test_of_many_jobs_those_are_leased_that_are_free(self, transactions: Transactions) -> None:
        event, own, held, late = (
            await _kept(transactions),
            await asked(transactions, arguments={"upload": "one"}),
            await asked(transactions),
            await asked(transactions, due_in=A_MINUTE),
        )
        await leased(transactions, held)

        jobs = await leased(transactions, event, own, held, late, _job())

        assert {job.id: (job.envelope, dict(job.arguments)) for job in jobs} == {
            event.id: (event.envelope, {}),
            own.id: (None, {"upload": "one"}),
        }

    async def test_jobs_of_some_names_are_left_when_others_are_leased(self, transactions: Transactions) -> None:
        greeting, bill = await asked(transactions, name="greet"), await asked(transactions, name="bill")

        async with transactions() as work:
            jobs = await work.jobs.lease_many([greeting.id, bill.id], A_MINUTE, but={"greet"})

        assert [job.id for job in jobs] == [bill.id]
        assert (await found(transactions, greeting)).status is JobStatus.WAITING

    async def test_the_next_job_of_some_names_is_the_most_urgent_and_longest_due(
        self, transactions: Transactions
    ) -> None:
        name, other = _word(), _word()
        second = await asked(transactions, name=name)
        third = await asked(transactions, name=other)
        first = await asked(transactions, name=name, priority=Priority.HIGH)
        await asked(transactions)
        await asked(transactions, name=name, due_in=A_MINUTE)

        jobs = [await _next(transactions, name, other) for _ in range(4)]

        assert [job and job.id for job in jobs] == [first.id, second.id, third.id, None]
        assert jobs[0] is not None
        assert (jobs[0].status, jobs[0].token, jobs[0].attempts) == (JobStatus.LEASED, 1, 1)
        assert await found(transactions, first) == jobs[0]

    async def test_the_next_job_may_be_one_whose_lease_ran_out(self, transactions: Transactions) -> None:
        job = await asked(transactions, name=_word())

        before = await _next(transactions, job.name, lasting=ENDED)
        again = await _next(transactions, job.name)

        assert before is not None
        assert again is not None
        assert (again.id, again.token, again.attempts) == (job.id, 2, 2)

    async def test_a_job_whose_lease_ran_out_is_offered_and_leased_again(self, transactions: Transactions) -> None:
        job = await _kept(transactions)

        await leased(transactions, job, lasting=ENDED)
        offers = await offered(transactions)
        [again] = await leased(transactions, job)

        assert offers == [job.id]
        assert (again.attempts, again.token) == (2, 2)

    async def test_who_lost_the_lease_changes_nothing(self, transactions: Transactions) -> None:
        job = await _kept(transactions)
        [late] = await leased(transactions, job, lasting=ENDED)
        [held] = await leased(transactions, job)

        async with transactions() as work:
            assert set(await work.jobs.finish_many([late])) == {job.id}
            assert set(await work.jobs.extend_many([late], A_MINUTE)) == {job.id}
            with pytest.raises(LeaseLost):
                await work.jobs.put_back(late, due_in=A_MINUTE, error="too late")
            with pytest.raises(LeaseLost):
                await work.jobs.hand_back(late)
            with pytest.raises(LeaseLost):
                await work.jobs.report(late, 1, 2)
            with pytest.raises(LeaseLost):
                await work.jobs.park(late, "too late")

        assert await found(transactions, job) == held

    async def test_an_extended_lease_keeps_others_away(self, transactions: Transactions) -> None:
        job = await _kept(transactions)
        ours = await leased(transactions, job, lasting=ENDED)

        async with transactions() as work:
            lost = await work.jobs.extend_many(ours, A_MINUTE)

        assert (list(lost), await leased(transactions, job)) == ([], [])

    async def test_finished_jobs_are_never_offered_again(self, transactions: Transactions) -> None:
        one, other = await _kept(transactions), await asked(transactions)
        ours = await leased(transactions, one, other)

        async with transactions() as work:
            lost = await work.jobs.finish_many(ours)
            at = work.now

        assert (list(lost), await offered(transactions), await leased(transactions, one, other)) == ([], [], [])
        assert [(job.status, job.ended_at) for job in [await found(transactions, one)]] == [(JobStatus.DONE, at)]

    async def test_a_job_that_was_put_back_waits_for_its_time(self, transactions: Transactions) -> None:
        job = await _kept(transactions)
        [ours] = await leased(transactions, job)

        async with transactions() as work:
            await work.jobs.put_back(ours, due_in=A_MINUTE, error="the mail server did not answer")
            due = work.now + A_MINUTE
        after = await found(transactions, job)

        assert await offered(transactions) == []
        assert (after.status, after.due_at, after.error) == (
            JobStatus.WAITING,
            due,
            "the mail server did not answer",
        )

    async def test_a_job_that_was_handed_back_waits_as_before(self, transactions: Transactions) -> None:
        job = await _kept(transactions)
        await offered(transactions)
        [ours] = await leased(transactions, job)

        async with transactions() as work:
            await work.jobs.hand_back(ours)
        after = await found(transactions, job)

        assert (after.status, after.attempts, after.due_at) == (JobStatus.WAITING, 0, job.due_at)
        assert await offered(transactions, again_after=A_MINUTE) == [job.id]

    async def test_progress_is_of_the_present_attempt(self, transactions: Transactions) -> None:
        job = await asked(transactions)
        [ours] = await leased(transactions, job)

        async with transactions() as work:
            await work.jobs.report(ours, 40, 100)
        reported = await found(transactions, job)
        async with transactions() as work:
            await work.jobs.put_back(ours, due_in=timedelta(), error="the store did not answer")
        [again] = await leased(transactions, job)

        assert (reported.done, reported.of, reported.since) == (40, 100, ours.since)
        assert ours.since is not None
        assert (again.done, again.of) == (0, None)

    async def test_a_parked_job_waits_until_it_is_requeued(self, transactions: Transactions) -> None:
        job = await _kept(transactions)
        [ours] = await leased(transactions, job)

        async with transactions() as work:
            await work.jobs.park(ours, "no such address")
        async with transactions() as work:
            aside = await work.jobs.parked(10)
            offers = await work.jobs.offer(ROOM, again_after=timedelta())
            await work.jobs.requeue(job.id)
        async with transactions() as work:
            after = await work.jobs.parked(10)
        [again] = await leased(transactions, job)

        assert [(one.id, one.error) for one in aside] == [(job.id, "no such address")]
        assert (list(offers), list(after)) == ([], [])
        assert again.attempts == 1

    async def test_parked_jobs_are_listed_page_by_page(self, transactions: Transactions) -> None:
        ids = [JobId(UUID(int=number)) for number in (3, 1, 2)]
        for job_id in ids:
            await _parked(transactions, await asked(transactions, id=job_id))

        async with transactions() as work:
            first = await work.jobs.parked(2)
            second = await work.jobs.parked(2, first[-1].id)

        assert [job.id.int for job in (*first, *second)] == [1, 2, 3]

    async def test_only_a_parked_job_is_requeued(self, transactions: Transactions) -> None:
        job = await _kept(transactions)

        async with transactions() as work:
            with pytest.raises(NotFound):
                await work.jobs.requeue(job.id)
            with pytest.raises(NotFound):
                await work.jobs.requeue(JobId(uuid4()))

    async def test_a_parked_job_is_not_requeued_beside_one_that_must_be_alone(self, transactions: Transactions) -> None:
        aside = await asked(transactions, alone=_word())
        await _parked(transactions, aside)
        await asked(transactions, alone=aside.alone)

        with pytest.raises(Conflict):
            async with transactions() as work:
                await work.jobs.requeue(aside.id)

        assert (await found(transactions, aside)).status is JobStatus.PARKED

    async def test_what_was_done_long_ago_is_removed_and_nothing_else(self, transactions: Transactions) -> None:
        waiting, aside, done = [await asked(transactions) for _ in range(3)]
        await _parked(transactions, aside)
        await _finished(transactions, done)

        async with transactions() as work:
            too_early = await work.jobs.remove_done(work.now - AN_HOUR, 10)
            none = await work.jobs.remove_done(work.now + AN_HOUR, 0)
            removed = await work.jobs.remove_done(work.now + AN_HOUR, 10)

        assert (too_early, none, removed) == (0, 0, 1)
        assert (await found(transactions, waiting)).status is JobStatus.WAITING
        assert (await found(transactions, aside)).status is JobStatus.PARKED
        with pytest.raises(NotFound):
            await found(transactions, done)

    async def test_what_a_failed_transaction_did_to_a_job_is_undone(self, transactions: Transactions) -> None:
        job = await _kept(transactions)

        with pytest.raises(RuntimeError):
            await _lease_and_fail(transactions, job)

        assert await found(transactions, job) == job


async def recorded(transactions: Transactions, account_id: UUID | None = None, version: int = 1) -> None:
    """Record that an account was registered."""
    async with transactions() as work:
        work.record(AccountRegistered(AccountId(account_id or uuid4())), version)


async def asked(transactions: Transactions, due_in: timedelta = timedelta(), **given: object) -> Job:
    """Keep a job that follows from no event, and return it."""
    async with transactions() as work:
        job = replace(_job(**given), due_at=work.now + due_in)
        assert await work.jobs.add(job)
    return job


async def found(transactions: Transactions, job: Job) -> Job:
    """Return the job as it is kept now."""
    async with transactions() as work:
        return await work.jobs.get(job.id)


async def offered(transactions: Transactions, again_after: timedelta = timedelta()) -> list[JobId]:
    """Return the ids of what is offered now."""
    async with transactions() as work:
        return [offer.job_id for offer in await work.jobs.offer(ROOM, again_after=again_after)]


async def leased(transactions: Transactions, *jobs: Job, lasting: timedelta = A_MINUTE) -> Sequence[Job]:
    """Return those of the jobs that could be leased."""
    async with transactions() as work:
        return await work.jobs.lease_many([job.id for job in jobs], lasting)


async def _next(transactions: Transactions, *named: str, lasting: timedelta = A_MINUTE) -> Job | None:
    async with transactions() as work:
        return await work.jobs.lease_next(named, lasting)


async def _finished(transactions: Transactions, job: Job) -> None:
    ours = await leased(transactions, job)
    async with transactions() as work:
        await work.jobs.finish_many(ours)


async def _parked(transactions: Transactions, job: Job) -> None:
    [ours] = await leased(transactions, job)
    async with transactions() as work:
        await work.jobs.park(ours, "no such address")


async def _kept(transactions: Transactions, due_in: timedelta = timedelta()) -> Job:
    await recorded(transactions)
    async with transactions() as work:
        [envelope] = await work.outbox.take(10)
        job = _following(envelope, due_in=due_in)
        await work.jobs.add(job)
        await work.outbox.passed_on([envelope.id])
    return job


def _following(envelope: Envelope, name: str = "welcome", due_in: timedelta = timedelta()) -> Job:
    return Job.following(JobId(uuid4()), name, envelope, envelope.at + due_in)


def _job(**given: object) -> Job:
    """Return a job that follows from no event; the tests' own time is long past by any clock."""
    values = {"id": JobId(uuid4()), "name": "tidy_up", "due_at": datetime(2020, 1, 1, tzinfo=UTC)} | given
    return Job(**values)  # type: ignore[arg-type]


def _word() -> str:
    return uuid4().hex


async def _lease_and_fail(transactions: Transactions, job: Job) -> None:
    async with transactions() as work:
        await work.jobs.lease_many([job.id], A_MINUTE)
        raise RuntimeError
