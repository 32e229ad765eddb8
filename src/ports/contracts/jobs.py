"""What any keeper of jobs must do."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from ...domain.identity.events import AccountRegistered
from ...domain.shared.errors import NotFound
from ...domain.shared.events import Envelope
from ...domain.shared.ids import AccountId, JobId
from ..jobs import Job, JobStatus, LeaseLost
from ..transactions import Transactions

A_MINUTE = timedelta(minutes=1)
ENDED = timedelta(seconds=-1)
"""A lease of this length has run out already, by whatever clock."""


class JobsContract:
    """Override ``transactions`` with an empty store's."""

    @pytest.fixture
    def transactions(self) -> Transactions:
        """Return transactions on a store in which no event and no job waits."""
        raise NotImplementedError

    async def test_a_kept_job_is_found_as_it_was(self, transactions: Transactions) -> None:
        job = await _kept(transactions)

        async with transactions() as work:
            found = await work.jobs.get(job.id)

        assert found == job

    async def test_a_job_that_is_not_there_is_not_found(self, transactions: Transactions) -> None:
        async with transactions() as work:
            with pytest.raises(NotFound):
                await work.jobs.get(JobId(uuid4()))

    async def test_an_event_has_each_reaction_once(self, transactions: Transactions) -> None:
        job = await _kept(transactions)

        async with transactions() as work:
            again = await work.jobs.add(_job(job.envelope))
            other = await work.jobs.add(_job(job.envelope, "tell_the_office"))

        assert (again, other) == (False, True)

    async def test_a_due_job_is_offered_once_for_a_while(self, transactions: Transactions) -> None:
        job = await _kept(transactions)

        async with transactions() as work:
            first = await work.jobs.offer(10, again_after=A_MINUTE)
        async with transactions() as work:
            second = await work.jobs.offer(10, again_after=A_MINUTE)
            third = await work.jobs.offer(10, again_after=timedelta())

        assert (list(first), list(second), list(third)) == ([job.id], [], [job.id])

    async def test_a_job_that_is_not_due_is_neither_offered_nor_leased(self, transactions: Transactions) -> None:
        job = await _kept(transactions, due_in=A_MINUTE)

        async with transactions() as work:
            offered = await work.jobs.offer(10, again_after=timedelta())
            leased = await work.jobs.lease(job.id, A_MINUTE)

        assert (list(offered), leased) == ([], None)

    async def test_a_job_is_held_by_one_worker(self, transactions: Transactions) -> None:
        job = await _kept(transactions)

        async with transactions() as work:
            ours = await work.jobs.lease(job.id, A_MINUTE)
        async with transactions() as work:
            theirs = await work.jobs.lease(job.id, A_MINUTE)
            offered = await work.jobs.offer(10, again_after=timedelta())

        assert ours is not None
        assert (ours.status, ours.attempts, ours.token) == (JobStatus.LEASED, 1, 1)
        assert (theirs, list(offered)) == (None, [])

    async def test_a_job_whose_lease_ran_out_is_offered_and_leased_again(self, transactions: Transactions) -> None:
        job = await _kept(transactions)

        await _leased(transactions, job, ENDED)
        async with transactions() as work:
            offered = await work.jobs.offer(10, again_after=timedelta())
            again = await work.jobs.lease(job.id, A_MINUTE)

        assert list(offered) == [job.id]
        assert again is not None
        assert (again.attempts, again.token) == (2, 2)

    async def test_who_lost_the_lease_changes_nothing(self, transactions: Transactions) -> None:
        job = await _kept(transactions)
        late = await _leased(transactions, job, ENDED)
        held = await _leased(transactions, job, A_MINUTE)

        async with transactions() as work:
            with pytest.raises(LeaseLost):
                await work.jobs.finish(late)
            with pytest.raises(LeaseLost):
                await work.jobs.extend(late, A_MINUTE)
            with pytest.raises(LeaseLost):
                await work.jobs.put_back(late, due_in=A_MINUTE, error="too late")
            with pytest.raises(LeaseLost):
                await work.jobs.park(late, "too late")
            found = await work.jobs.get(job.id)

        assert found == held

    async def test_an_extended_lease_keeps_others_away(self, transactions: Transactions) -> None:
        job = await _kept(transactions)
        ours = await _leased(transactions, job, ENDED)

        async with transactions() as work:
            await work.jobs.extend(ours, A_MINUTE)
        async with transactions() as work:
            theirs = await work.jobs.lease(job.id, A_MINUTE)

        assert theirs is None

    async def test_a_finished_job_is_never_offered_again(self, transactions: Transactions) -> None:
        job = await _kept(transactions)
        ours = await _leased(transactions, job, A_MINUTE)

        async with transactions() as work:
            await work.jobs.finish(ours)
        async with transactions() as work:
            offered = await work.jobs.offer(10, again_after=timedelta())
            leased = await work.jobs.lease(job.id, A_MINUTE)
            found = await work.jobs.get(job.id)

        assert (list(offered), leased, found.status) == ([], None, JobStatus.DONE)

    async def test_a_job_that_was_put_back_waits_for_its_time(self, transactions: Transactions) -> None:
        job = await _kept(transactions)
        ours = await _leased(transactions, job, A_MINUTE)

        async with transactions() as work:
            await work.jobs.put_back(ours, due_in=A_MINUTE, error="the mail server did not answer")
            due = work.now + A_MINUTE
        async with transactions() as work:
            offered = await work.jobs.offer(10, again_after=timedelta())
            found = await work.jobs.get(job.id)

        assert list(offered) == []
        assert (found.status, found.due_at, found.error) == (
            JobStatus.WAITING,
            due,
            "the mail server did not answer",
        )

    async def test_a_parked_job_waits_until_it_is_requeued(self, transactions: Transactions) -> None:
        job = await _kept(transactions)
        ours = await _leased(transactions, job, A_MINUTE)

        async with transactions() as work:
            await work.jobs.park(ours, "no such address")
        async with transactions() as work:
            aside = await work.jobs.parked(10)
            offered = await work.jobs.offer(10, again_after=timedelta())
            await work.jobs.requeue(job.id)
        async with transactions() as work:
            after = await work.jobs.parked(10)
            again = await work.jobs.lease(job.id, A_MINUTE)

        assert [(one.id, one.error) for one in aside] == [(job.id, "no such address")]
        assert (list(offered), list(after)) == ([], [])
        assert again is not None
        assert again.attempts == 1

    async def test_only_a_parked_job_is_requeued(self, transactions: Transactions) -> None:
        job = await _kept(transactions)

        async with transactions() as work:
            with pytest.raises(NotFound):
                await work.jobs.requeue(job.id)

    async def test_what_a_failed_transaction_did_to_a_job_is_undone(self, transactions: Transactions) -> None:
        job = await _kept(transactions)

        with pytest.raises(RuntimeError):
            await _lease_and_fail(transactions, job)
        async with transactions() as work:
            found = await work.jobs.get(job.id)

        assert found == job


async def recorded(transactions: Transactions, account_id: UUID | None = None, version: int = 1) -> None:
    """Record that an account was registered."""
    async with transactions() as work:
        work.record(AccountRegistered(AccountId(account_id or uuid4())), version)


async def _kept(transactions: Transactions, due_in: timedelta = timedelta()) -> Job:
    await recorded(transactions)
    async with transactions() as work:
        [envelope] = await work.outbox.take(10)
        job = _job(envelope, due_in=due_in)
        await work.jobs.add(job)
        await work.outbox.passed_on([envelope.id])
    return job


def _job(envelope: Envelope, reaction: str = "welcome", due_in: timedelta = timedelta()) -> Job:
    return Job(JobId(uuid4()), reaction, envelope, due_at=envelope.at + due_in)


async def _lease_and_fail(transactions: Transactions, job: Job) -> None:
    async with transactions() as work:
        await work.jobs.lease(job.id, A_MINUTE)
        raise RuntimeError


async def _leased(transactions: Transactions, job: Job, lasting: timedelta) -> Job:
    async with transactions() as work:
        leased = await work.jobs.lease(job.id, lasting)
    assert leased is not None
    return leased
