"""What any store must do that is asked whether what must hold does."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from ...domain.applications.application import Action, HistoryEntry, Offer, Side, State
from ...domain.documents.document import Answer, StandingAnswer, Verification
from ...domain.operations.invariants import INVARIANTS, Found, Looked, Run
from ...domain.shared.ids import AccountId, InvariantRunId
from ..transactions import Transactions, UnitOfWork
from .samples import AT, a_document, a_grant, a_version, an_application, an_override

Break = Callable[[UnitOfWork], Awaitable[str]]
"""Keeps something that breaks a sentence, and returns the row."""


async def _skips_a_state(work: UnitOfWork) -> str:
    application = an_application()
    application.state = State.ACCEPTED
    await work.applications.add(application)
    return str(application.id)


async def _takes_no_move_of_the_table(work: UnitOfWork) -> str:
    application = an_application()
    entry = HistoryEntry(Action.ENROL, State.DRAFT, State.ENROLLED, Side.INSTITUTION, AT, AccountId(uuid4()))
    application.state, application.history = State.ENROLLED, (entry,)
    await work.applications.add(application)
    return str(application.id)


async def _was_sent_without_a_receipt(work: UnitOfWork) -> str:
    application = an_application()
    entry = HistoryEntry(Action.SUBMIT, State.DRAFT, State.SUBMITTED, Side.STUDENT, AT, AccountId(uuid4()))
    application.state, application.history = State.SUBMITTED, (entry,)
    await work.applications.add(application)
    return str(application.id)


async def _has_an_offer_without_conditions(work: UnitOfWork) -> str:
    application = an_application()
    application.state, application.offer = State.OFFER_CONDITIONAL, Offer()
    await work.applications.add(application)
    return str(application.id)


async def _was_rejected_without_a_reason(work: UnitOfWork) -> str:
    document = a_document()
    document.versions = (replace(a_version(1), verification=Verification.REJECTED),)
    await work.documents.add(document)
    return f"{document.id}/1"


async def _has_a_reason_and_is_not_rejected(work: UnitOfWork) -> str:
    document = a_document()
    document.versions = (replace(a_version(1), rejected_because="Blurred."),)
    await work.documents.add(document)
    return f"{document.id}/1"


async def _answers_without_a_reason(work: UnitOfWork) -> str:
    document = a_document()
    document.answer = StandingAnswer(Answer.CANNOT_OBTAIN, " ", AT)
    await work.documents.add(document)
    return str(document.id)


async def _overrides_without_a_reason(work: UnitOfWork) -> str:
    override = replace(an_override(), reason=" ")
    await work.overrides.add(override)
    return str(override.id)


async def _lets_in_for_too_long(work: UnitOfWork) -> str:
    grant = a_grant()
    grant.until = grant.given_at + timedelta(days=400)
    await work.grants.add(grant)
    return str(grant.id)


BROKEN: tuple[tuple[str, Break], ...] = (
    ("application_by_the_table", _skips_a_state),
    ("application_by_the_table", _takes_no_move_of_the_table),
    ("application_sent_is_kept", _was_sent_without_a_receipt),
    ("application_offer_is_there", _has_an_offer_without_conditions),
    ("document_rejected_with_reason", _was_rejected_without_a_reason),
    ("document_rejected_with_reason", _has_a_reason_and_is_not_rejected),
    ("document_answer_with_reason", _answers_without_a_reason),
    ("override_with_reason", _overrides_without_a_reason),
    ("grant_with_an_end", _lets_in_for_too_long),
)


class InvariantsContract:
    """Override ``transactions``; the store need not be empty."""

    @pytest.fixture
    def transactions(self) -> Transactions:
        """Return transactions on a store."""
        raise NotImplementedError

    @pytest.mark.parametrize(("invariant", "broken"), BROKEN, ids=[one.__name__.lstrip("_") for _, one in BROKEN])
    async def test_exactly_the_row_that_breaks_a_sentence_is_named(
        self, transactions: Transactions, invariant: str, broken: Break
    ) -> None:
        async with transactions() as work:
            before = await work.invariants.look(invariant)
            row = await broken(work)

        async with transactions() as work:
            after = await work.invariants.look(invariant)

        assert before is not None
        assert after is not None
        assert set(after.rows) - set(before.rows) == {row}
        assert (after.count, after.looked_at > 0) == (before.count + 1, True)

    async def test_what_is_in_order_breaks_nothing(self, transactions: Transactions) -> None:
        async with transactions() as work:
            before = [await work.invariants.look(one.id) for one in INVARIANTS]
            await work.applications.add(an_application())
            document = a_document()
            document.versions = (a_version(1), a_version(2))
            await work.documents.add(document)
            await work.overrides.add(an_override())
            await work.grants.add(a_grant())

        async with transactions() as work:
            after = {one.id: await work.invariants.look(one.id) for one in INVARIANTS}

        of_nobody = {"record_of_a_student"}  # the samples are nobody's
        for one, earlier in zip(INVARIANTS, before, strict=True):
            later = after[one.id]
            assert earlier is None or later is None or one.id in of_nobody or later.count == earlier.count, one.id

    async def test_no_sentence_that_nobody_knows_is_asked(self, transactions: Transactions) -> None:
        async with transactions() as work:
            assert await work.invariants.look("pigs_fly") is None

    async def test_a_breach_is_known_from_when_it_was_first_seen_until_it_is_over(
        self, transactions: Transactions
    ) -> None:
        name, later, last = f"sentence {uuid4()}", AT + timedelta(hours=1), AT + timedelta(hours=2)
        async with transactions() as work:
            first = await work.invariants.note(name, Found(3, ("a", "b"), 2), AT)
        async with transactions() as work:
            second = await work.invariants.note(name, Found(3, ("b",), 1), later)
        async with transactions() as work:
            kept = [one for one in await work.invariants.breaches(1000) if one.invariant == name]
            broken = await work.invariants.broken(name, 10)
        async with transactions() as work:
            third = await work.invariants.note(name, Found(3), last)
            anew = await work.invariants.note(name, Found(3, ("a",), 1), last)
            again = [one for one in await work.invariants.breaches(1000) if one.invariant == name]

        assert (first, second, third, anew) == (2, 1, 0, 1)
        assert [(one.row, one.first_seen, one.last_seen, one.gone_at) for one in kept] == [("b", AT, later, None)]
        assert list(broken) == ["b"]
        assert [(one.row, one.first_seen) for one in again] == [("a", last)]

    async def test_what_a_look_does_not_name_is_not_over(self, transactions: Transactions) -> None:
        """A sample did not look at it; or so many rows break the sentence that not all of them are named."""
        name = f"sentence {uuid4()}"
        async with transactions() as work:
            await work.invariants.note(name, Found(3, ("a", "b"), 2), AT)
            sample = await work.invariants.note(name, Found(1, (), 0, frozenset({"a"})), AT)
            many = await work.invariants.note(name, Found(500, ("c",), 300), AT)

        assert (sample, many) == (1, 2)

    async def test_the_last_run_is_kept_whole(self, transactions: Transactions) -> None:
        looked = {"one": Looked(5, 2), "two": Looked(failure="Unavailable", reached="x")}
        runs = [Run(InvariantRunId(uuid4()), AT, AT + timedelta(days=30_000 + n), looked) for n in range(2)]
        async with transactions() as work:
            for run in runs:
                await work.invariants.keep(run)

        async with transactions() as work:
            last = await work.invariants.last_run()

        assert last == runs[1]
        assert (last.reached("two"), last.reached("never")) == ("x", "")

    async def test_what_is_sampled_comes_in_order_from_a_place_on(self, transactions: Transactions) -> None:
        documents = [a_document() for _ in range(3)]
        applications = [an_application() for _ in range(3)]
        async with transactions() as work:
            for document in documents:
                document.versions = (a_version(1),)
                await work.documents.add(document)
            await work.documents.add(a_document())
            for application in applications:
                await work.applications.add(application)
                await work.applications.keep_snapshot(application.id, b"what was sent")

        async with transactions() as work:
            papers, sent = await _all(work.invariants.papers), await _all(work.invariants.sent)

        assert papers == sorted(papers)
        assert sent == sorted(sent)
        assert {str(one.id) for one in documents} <= set(papers)
        assert {str(one.id) for one in applications} <= set(sent)


async def _all(some: Callable[[str, int], Awaitable[object]]) -> list[str]:
    found: list[str] = []
    while page := [str(one) for one in await some(found[-1] if found else "", 2)]:  # type: ignore[attr-defined]
        found += page
    return found
