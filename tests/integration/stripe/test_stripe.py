"""Payments by Stripe, tried against a Stripe of our own that keeps Stripe's rules."""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from uuid import uuid4

import pytest

from higherstudy.adapters.stripe.amounts import from_stripe, to_stripe
from higherstudy.adapters.stripe.payments import StripePayments
from higherstudy.domain.shared.errors import Conflict
from higherstudy.domain.shared.money import Money
from higherstudy.ports.contracts.payments import PaymentsContract
from higherstudy.ports.errors import Refused, Unavailable
from higherstudy.ports.payments import Demand, Stage
from servers.fake_http import CLOSES, DRIPS, SILENT, TAKES_AND_CLOSES, TAKES_AND_IS_SILENT, Fault, says
from servers.fake_stripe import SECRET_KEY, WEBHOOK_SECRET, FakeStripe, fake_stripe

SOON = timedelta(milliseconds=700)


@pytest.fixture
def world() -> Iterator[FakeStripe]:
    with fake_stripe() as service:
        yield service


@pytest.fixture
async def payments(world: FakeStripe) -> AsyncIterator[StripePayments]:
    made = StripePayments(SECRET_KEY, WEBHOOK_SECRET, base_url=world.url, retries=4)
    yield made
    await made.close_connections()


@pytest.fixture
async def impatient(world: FakeStripe) -> AsyncIterator[StripePayments]:
    made = StripePayments(SECRET_KEY, WEBHOOK_SECRET, base_url=world.url, retries=0, patience=SOON)
    yield made
    await made.close_connections()


class TestStripePayments(PaymentsContract):
    @pytest.fixture
    def world(self) -> Iterator[FakeStripe]:
        with fake_stripe() as service:
            yield service

    @pytest.fixture
    async def payments(self, world: FakeStripe) -> AsyncIterator[StripePayments]:
        made = StripePayments(SECRET_KEY, WEBHOOK_SECRET, base_url=world.url, retries=4)
        yield made
        await made.close_connections()

    @pytest.fixture
    def away(self) -> StripePayments:
        return StripePayments(SECRET_KEY, WEBHOOK_SECRET, base_url="http://127.0.0.1:9", retries=0, patience=SOON)


@pytest.mark.parametrize("place", range(5))
@pytest.mark.parametrize("fault", [CLOSES, TAKES_AND_CLOSES, says(500), says(429), says(200, b"no json")], ids=range(5))
async def test_whatever_breaks_off_an_answer_asking_again_opens_no_second(
    world: FakeStripe, impatient: StripePayments, place: int, fault: Fault
) -> None:
    demand = _demand()
    world.faults = _Later(place, fault)

    with pytest.raises(Unavailable):
        await impatient.ask(demand)
    world.wait(timedelta(days=2))
    asked = await impatient.ask(demand)

    assert [one["id"] for one in world.sessions.values()] == [asked.id]


@pytest.mark.parametrize("fault", [SILENT, TAKES_AND_IS_SILENT, DRIPS], ids=range(3))
async def test_who_does_not_answer_is_not_waited_for(
    world: FakeStripe, impatient: StripePayments, fault: Fault
) -> None:
    world.faults.append(fault)

    async with asyncio.timeout(10):
        with pytest.raises(Unavailable):
            await impatient.ask(_demand())


@pytest.mark.parametrize("fault", [CLOSES, TAKES_AND_CLOSES, says(500), says(429)], ids=range(4))
async def test_a_repayment_that_broke_off_is_made_once(
    world: FakeStripe, impatient: StripePayments, fault: Fault
) -> None:
    asked = await impatient.ask(_demand())
    world.pay(asked.id)
    world.faults = _Later(2, fault)

    with pytest.raises(Unavailable):
        await impatient.repay("refund:1:1", asked.id, Money(100, "EUR"))
    world.wait(timedelta(days=2))
    await impatient.repay("refund:1:1", asked.id, Money(100, "EUR"))

    assert len(world.refunds) == 1


async def test_how_long_to_wait_is_passed_on(world: FakeStripe, impatient: StripePayments) -> None:
    world.faults.append(says(429, b'{"error": {"code": "rate_limit"}}', Retry_After="17"))

    with pytest.raises(Unavailable) as caught:
        await impatient.look("cs_1")

    assert caught.value.again_after == timedelta(seconds=17)


async def test_a_wrong_key_is_logged_without_the_key(world: FakeStripe, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    payments = StripePayments("sk_test_wrong", WEBHOOK_SECRET, base_url=world.url, retries=0)

    with pytest.raises(Unavailable):
        await payments.ask(_demand())
    await payments.close_connections()

    assert "STRIPE_SECRET_KEY" in caplog.text
    assert "sk_test" not in caplog.text


async def test_everything_is_done_for_the_connected_account(world: FakeStripe) -> None:
    payments = StripePayments(SECRET_KEY, WEBHOOK_SECRET, account="acct_7", base_url=world.url)

    await payments.ask(_demand())
    await payments.close_connections()

    assert {one.headers.get("stripe-account") for one in world.asked} == {"acct_7"}


async def test_what_is_too_little_is_refused_by_its_code(payments: StripePayments) -> None:
    with pytest.raises(Refused) as caught:
        await payments.ask(_demand(Money(49, "EUR")))

    assert caught.value.reasons[0].params["detail"] == "amount_too_small"


async def test_an_expired_page_is_closed(world: FakeStripe, payments: StripePayments) -> None:
    asked = await payments.ask(_demand())
    world.wait(timedelta(hours=25))

    assert (await payments.look(asked.id)).stage is Stage.CLOSED


async def test_lists_of_many_pages_are_read_to_their_end(world: FakeStripe, payments: StripePayments) -> None:
    begun = world.now()
    asked = await payments.ask(_demand())
    world.pay(asked.id)
    for _ in range(230):
        world.pay_out(1, "eur")

    moved = [one async for one in payments.movements(begun, begun + timedelta(seconds=1))]

    assert len({one.id for one in moved}) == 231


async def test_a_key_with_another_page_to_return_to_stays_one_collection(
    world: FakeStripe, impatient: StripePayments
) -> None:
    key = f"order:{uuid4()}:1"
    first = await impatient.ask(_demand(key=key))

    assert (await impatient.ask(Demand(key, first.asked, "HS-1", "https://other.example/"))).id == first.id
    assert len(world.sessions) == 1
    with pytest.raises(Conflict):
        await impatient.ask(_demand(Money(1, "EUR"), key=key))


def test_a_currency_is_refused_while_it_is_not_sure_how_stripe_counts_it() -> None:
    with pytest.raises(Refused):
        to_stripe(Money(700_000, "UGX"))


@pytest.mark.parametrize(
    ("amount", "theirs"),
    [
        (Money(500, "JPY"), 500),
        (Money(5, "ISK"), 500),
        (Money(500, "MGA"), 5),
        (Money(5120, "KWD"), 5120),
        (Money(1000, "EUR"), 1000),
    ],
    ids=str,
)
def test_amounts_are_said_as_stripe_counts(amount: Money, theirs: int) -> None:
    assert to_stripe(amount) == theirs
    assert from_stripe(theirs, amount.currency.lower()) == amount
    assert from_stripe(-theirs, amount.currency.lower()) == amount * -1


@pytest.mark.parametrize("amount", [Money(5124, "KWD"), Money(501, "MGA"), Money(1000, "IQD")], ids=str)
def test_amounts_that_stripe_cannot_say_are_refused(amount: Money) -> None:
    with pytest.raises(Refused):
        to_stripe(amount)


class _Later(deque[Fault]):
    """What goes wrong after so many requests that go well."""

    def __init__(self, well: int, fault: Fault) -> None:
        super().__init__([fault])
        self._well = well

    def __bool__(self) -> bool:
        self._well -= 1
        return self._well < 0 and len(self) > 0


def _demand(amount: Money | None = None, *, key: str = "") -> Demand:
    return Demand(key or f"order:{uuid4()}:1", amount or Money(10_000, "EUR"), "HS-1", "https://study.example/orders/1")
