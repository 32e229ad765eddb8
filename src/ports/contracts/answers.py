"""What any keeper of answers to repeated requests must do."""

import asyncio
from dataclasses import replace
from uuid import uuid4

import pytest

from ...domain.identity.scopes import Doing
from ...domain.shared.ids import AccountId, StudentId
from ..answers import IdempotencyKeyReused, Needed, RequestKey, StoredAnswer
from ..transactions import Transactions

CREATED = StoredAnswer(201, {"location": "/v1/applications/7"}, b'{"state": "draft"}')


class AnswersContract:
    """Override ``transactions``; the store need not be empty."""

    @pytest.fixture
    def transactions(self) -> Transactions:
        """Return transactions on a store."""
        raise NotImplementedError

    async def test_a_new_request_has_no_answer(self, transactions: Transactions) -> None:
        async with transactions() as work:
            answer = await work.answers.claim(_request(), b"body")

        assert answer is None

    async def test_a_repeated_request_gets_the_first_answer(self, transactions: Transactions) -> None:
        request = _request()

        async with transactions() as work:
            await work.answers.claim(request, b"body")
            await work.answers.keep(request, CREATED)
        async with transactions() as work:
            answer = await work.answers.claim(request, b"body")

        assert answer == CREATED

    async def test_what_is_needed_to_get_an_answer_again_is_kept_with_it(self, transactions: Transactions) -> None:
        request, needed = _request(), Needed(StudentId(uuid4()), Doing.CHANGE_PLANS)

        async with transactions() as work:
            await work.answers.claim(request, b"body")
            work.answers.need(needed)
            await work.answers.keep(request, CREATED)
        async with transactions() as work:
            answer = await work.answers.claim(request, b"body")

        assert answer == replace(CREATED, needed=needed)

    async def test_a_request_without_an_account_is_remembered_too(self, transactions: Transactions) -> None:
        request = RequestKey(None, "POST /v1/accounts", str(uuid4()))

        async with transactions() as work:
            await work.answers.claim(request, b"body")
            await work.answers.keep(request, CREATED)
        async with transactions() as work:
            answer = await work.answers.claim(request, b"body")

        assert answer == CREATED

    async def test_another_request_with_the_same_key_is_refused(self, transactions: Transactions) -> None:
        request = _request()
        async with transactions() as work:
            await work.answers.claim(request, b"body")
            await work.answers.keep(request, CREATED)

        async with transactions() as work:
            with pytest.raises(IdempotencyKeyReused):
                await work.answers.claim(request, b"another body")

    async def test_a_key_counts_for_one_account_on_one_route(self, transactions: Transactions) -> None:
        request = _request()
        async with transactions() as work:
            await work.answers.claim(request, b"body")
            await work.answers.keep(request, CREATED)

        async with transactions() as work:
            elsewhere = await work.answers.claim(replace(request, route="POST /v1/plans"), b"another body")
            somebody_else = await work.answers.claim(replace(request, account_id=AccountId(uuid4())), b"another body")

        assert (elsewhere, somebody_else) == (None, None)

    async def test_a_claim_of_a_failed_transaction_is_forgotten(self, transactions: Transactions) -> None:
        request = _request()

        with pytest.raises(RuntimeError):
            await _answer_and_fail(transactions, request)
        async with transactions() as work:
            answer = await work.answers.claim(request, b"another body")

        assert answer is None

    async def test_of_two_at_once_one_does_the_work_and_both_get_its_answer(self, transactions: Transactions) -> None:
        request = _request()
        done = []

        async def ask() -> StoredAnswer:
            async with transactions() as work:
                answer = await work.answers.claim(request, b"body")
                if answer is None:
                    await asyncio.sleep(0.05)
                    done.append("once")
                    answer = CREATED
                    await work.answers.keep(request, answer)
            return answer

        answers = await asyncio.gather(ask(), ask(), ask())

        assert done == ["once"]
        assert list(answers) == [CREATED, CREATED, CREATED]


async def _answer_and_fail(transactions: Transactions, request: RequestKey) -> None:
    async with transactions() as work:
        await work.answers.claim(request, b"body")
        await work.answers.keep(request, CREATED)
        raise RuntimeError


def _request() -> RequestKey:
    return RequestKey(AccountId(uuid4()), "POST /v1/applications", str(uuid4()))
