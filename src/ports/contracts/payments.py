"""What any provider of payments must do."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol
from uuid import uuid4

import pytest

from ...domain.shared.errors import Conflict, Invalid, NotFound, RuleBroken
from ...domain.shared.money import Money
from ..delivery_reports import NotSigned
from ..errors import Unavailable
from ..payments import Collection, Demand, DisputeStage, Movement, MovementKind, Payments, RepaymentStage, Stage

Request = tuple[dict[str, str], bytes]
"""Headers and body of a notice, as the provider sends them."""


class World(Protocol):
    """Everybody but us: the payer, the payer's bank, the provider's own clock and its sender of notices."""

    def now(self) -> datetime:
        """Return the time there."""
        ...

    def wait(self, how_long: timedelta) -> None:
        """Let time go by."""
        ...

    def pay(self, collection: str) -> None:
        """Let the payer pay, or promise what is to be held."""
        ...

    def pay_slowly(self, collection: str) -> None:
        """Let the payer pay by a bank that takes its time."""
        ...

    def finish(self, collection: str, *, paid: bool) -> None:
        """Let that bank decide."""
        ...

    def decline(self, collection: str, code: str) -> None:
        """Let the bank decline, with the provider's code of why."""
        ...

    def ask_back(self, collection: str) -> None:
        """Let the bank ask the payer back."""
        ...

    def fail_repayment(self, repayment: str) -> None:
        """Let what was sent back come again."""
        ...

    def dispute(self, collection: str) -> None:
        """Let the payer object at the bank."""
        ...

    def decide(self, collection: str, *, won: bool) -> None:
        """Let the bank decide the objection, for us or for the payer."""
        ...

    def notices(self) -> Sequence[Request]:
        """Return every notice until now, each signed now."""
        ...

    def signed(self, body: bytes, at: datetime) -> Request:
        """Return the request with this body, whatever it is, signed at that time."""
        ...


class PaymentsContract:
    """Override ``payments`` with a provider and ``world`` with what moves it, and ``away`` with one where nobody
    answers."""

    @pytest.fixture
    def world(self) -> World:
        """Return what moves the provider."""
        raise NotImplementedError

    @pytest.fixture
    def payments(self, world: World) -> Payments:
        """Return a provider."""
        raise NotImplementedError

    @pytest.fixture
    def away(self) -> Payments:
        """Return a provider that does not answer."""
        raise NotImplementedError

    async def test_a_collection_waits_at_a_page_until_it_is_paid(self, payments: Payments, world: World) -> None:
        demand = _demand()

        asked = await payments.ask(demand)
        waiting = await payments.look(asked.id)
        world.pay(asked.id)
        paid = await payments.look(asked.id)

        assert asked == waiting
        assert (asked.key, asked.asked, asked.stage) == (demand.key, demand.amount, Stage.WAITING)
        assert asked.page.startswith(("http://", "https://"))
        assert (paid.id, paid.stage, paid.taken, paid.page) == (asked.id, Stage.TAKEN, demand.amount, "")
        assert paid.taken_at is not None
        assert abs(paid.taken_at - world.now()) < timedelta(seconds=2)

    @pytest.mark.parametrize("later", [timedelta(0), timedelta(hours=23), timedelta(days=400)])
    async def test_a_key_is_one_collection_for_ever(self, payments: Payments, world: World, later: timedelta) -> None:
        demand = _demand()
        first = await payments.ask(demand)
        world.pay(first.id)

        world.wait(later)
        again = await payments.ask(demand)

        assert (again.id, again.stage) == (first.id, Stage.TAKEN)

    async def test_fifty_who_ask_at_once_get_one_collection(self, payments: Payments) -> None:
        demand = _demand()

        asked = await asyncio.gather(*(payments.ask(demand) for _ in range(50)))

        assert len({one.id for one in asked}) == 1

    @pytest.mark.parametrize("later", [timedelta(0), timedelta(days=2)])
    async def test_a_key_is_good_for_one_amount(self, payments: Payments, world: World, later: timedelta) -> None:
        demand = _demand()
        await payments.ask(demand)
        world.wait(later)

        for other in (Money(demand.amount.minor + 1, "EUR"), Money(demand.amount.minor, "USD")):
            with pytest.raises(Conflict):
                await payments.ask(_demand(other, key=demand.key))

    @pytest.mark.parametrize("amount", [Money(5000, "JPY"), Money(12_340, "KWD"), Money(700_000, "VND")], ids=str)
    async def test_amounts_come_back_in_the_minor_unit_of_their_currency(
        self, payments: Payments, world: World, amount: Money
    ) -> None:
        asked = await payments.ask(_demand(amount))
        world.pay(asked.id)
        sent = await payments.repay(_key(), asked.id, amount)
        found = await payments.look(asked.id)

        assert (found.asked, found.taken, sent.amount, found.repayments[0].amount) == (amount,) * 4
        assert sum(one.amount.minor for one in await _moved(payments, world)) == 0

    async def test_who_was_declined_may_try_again(self, payments: Payments, world: World) -> None:
        asked = await payments.ask(_demand())

        world.decline(asked.id, "insufficient_funds")
        declined = await payments.look(asked.id)
        world.pay(asked.id)
        paid = await payments.look(asked.id)

        assert (declined.stage, declined.declined, declined.page) == (Stage.WAITING, "insufficient_funds", asked.page)
        assert (paid.stage, paid.declined) == (Stage.TAKEN, "")

    async def test_a_bank_may_ask_the_payer_back(self, payments: Payments, world: World) -> None:
        asked = await payments.ask(_demand())

        world.ask_back(asked.id)
        between = await payments.look(asked.id)
        world.pay(asked.id)

        assert between.stage is Stage.ASKED_BACK
        assert between.taken is None
        assert (await payments.look(asked.id)).stage is Stage.TAKEN

    @pytest.mark.parametrize("paid", [True, False])
    async def test_a_bank_may_take_its_time(self, payments: Payments, world: World, paid: bool) -> None:
        asked = await payments.ask(_demand())

        world.pay_slowly(asked.id)
        between = await payments.look(asked.id)
        world.finish(asked.id, paid=paid)
        after = await payments.look(asked.id)

        assert (between.stage, between.taken) == (Stage.UNDER_WAY, None)
        assert (after.taken is not None, after.stage is Stage.TAKEN) == (paid, paid)
        assert bool(after.declined) is not paid

    async def test_part_of_what_is_held_is_taken_and_the_rest_let_go(self, payments: Payments, world: World) -> None:
        asked = await payments.ask(_demand(hold=True))
        world.pay(asked.id)
        held = await payments.look(asked.id)
        with pytest.raises(RuleBroken):
            await payments.take(asked.id, Money(10_001, "EUR"))

        taken = await payments.take(asked.id, Money(4000, "EUR"))
        again = await payments.take(asked.id, Money(4000, "EUR"))

        assert (held.stage, held.held, held.taken) == (Stage.HELD, Money(10_000, "EUR"), None)
        assert (taken.stage, taken.held, taken.taken) == (Stage.TAKEN, None, Money(4000, "EUR"))
        assert again == taken
        with pytest.raises(RuleBroken):
            await payments.repay(_key(), asked.id, Money(4001, "EUR"))

    async def test_nothing_is_taken_where_nothing_is_held(self, payments: Payments) -> None:
        asked = await payments.ask(_demand(hold=True))

        with pytest.raises(RuleBroken):
            await payments.take(asked.id, Money(1, "EUR"))

    @pytest.mark.parametrize("hold", [True, False])
    async def test_what_is_closed_is_paid_no_more(self, payments: Payments, world: World, hold: bool) -> None:
        asked = await payments.ask(_demand(hold=hold))
        if hold:
            world.pay(asked.id)

        closed = await payments.close(asked.id)
        again = await payments.close(asked.id)

        assert (closed.stage, closed.page, closed.held, closed.taken) == (Stage.CLOSED, "", None, None)
        assert again == closed
        assert await _moved(payments, world) == []

    async def test_who_paid_before_it_was_closed_has_paid(self, payments: Payments, world: World) -> None:
        asked = await payments.ask(_demand())
        world.pay(asked.id)

        closed = await payments.close(asked.id)

        assert (closed.stage, closed.taken, closed.repayments) == (Stage.TAKEN, asked.asked, ())

    async def test_no_more_is_sent_back_than_was_taken(self, payments: Payments, world: World) -> None:
        asked = await self._paid(payments, world)
        with pytest.raises(RuleBroken):
            await payments.repay(_key(), asked.id, Money(10_001, "EUR"))

        await payments.repay(_key(), asked.id, Money(6000, "EUR"))
        with pytest.raises(RuleBroken):
            await payments.repay(_key(), asked.id, Money(4001, "EUR"))
        await payments.repay(_key(), asked.id, Money(4000, "EUR"))

        sent = (await payments.look(asked.id)).repayments
        assert sorted(one.amount.minor for one in sent) == [4000, 6000]

    async def test_nothing_is_sent_back_of_what_nobody_paid(self, payments: Payments) -> None:
        asked = await payments.ask(_demand())

        with pytest.raises(RuleBroken):
            await payments.repay(_key(), asked.id, Money(1, "EUR"))

    @pytest.mark.parametrize("later", [timedelta(0), timedelta(days=400)])
    async def test_a_key_sends_back_once(self, payments: Payments, world: World, later: timedelta) -> None:
        asked = await self._paid(payments, world)
        key = _key()
        first = await payments.repay(key, asked.id, Money(2500, "EUR"))

        world.wait(later)
        again = await payments.repay(key, asked.id, Money(2500, "EUR"))

        assert (again.id, again.key, again.amount) == (first.id, key, first.amount)
        assert len((await payments.look(asked.id)).repayments) == 1
        with pytest.raises(Conflict):
            await payments.repay(key, asked.id, Money(2600, "EUR"))

    async def test_twenty_who_send_back_at_once_send_one_amount(self, payments: Payments, world: World) -> None:
        asked = await self._paid(payments, world)
        key = _key()

        sent = await asyncio.gather(*(payments.repay(key, asked.id, Money(100, "EUR")) for _ in range(20)))

        assert len({one.id for one in sent}) == 1

    async def test_what_was_sent_back_may_come_again(self, payments: Payments, world: World) -> None:
        asked = await self._paid(payments, world)
        sent = await payments.repay(_key(), asked.id, asked.asked)

        world.fail_repayment(sent.id)
        found = await payments.look(asked.id)

        assert [(one.id, one.stage) for one in found.repayments] == [(sent.id, RepaymentStage.FAILED)]
        kinds = [one.kind for one in await _moved(payments, world)]
        assert kinds == [MovementKind.TAKEN, MovementKind.REPAID, MovementKind.REPAYMENT_FAILED]

    @pytest.mark.parametrize("won", [True, False])
    async def test_an_objection_takes_the_amount_until_it_is_won(
        self, payments: Payments, world: World, won: bool
    ) -> None:
        asked = await self._paid(payments, world)

        world.dispute(asked.id)
        opened = (await payments.look(asked.id)).disputes[0]
        between = sum(one.amount.minor for one in await _moved(payments, world))
        world.decide(asked.id, won=won)
        decided = (await payments.look(asked.id)).disputes[0]

        assert (opened.stage, opened.amount, opened.collection) == (DisputeStage.OPEN, asked.asked, asked.id)
        assert opened.answer_by is not None
        assert opened.answer_by > world.now()
        assert between == 0
        assert (decided.id, decided.stage) == (opened.id, DisputeStage.WON if won else DisputeStage.LOST)
        assert sum(one.amount.minor for one in await _moved(payments, world)) == (10_000 if won else 0)

    async def test_movements_are_of_their_span_in_the_order_of_time(self, payments: Payments, world: World) -> None:
        begun = world.now()
        asked = [await self._paid(payments, world) for _ in range(3)]
        world.wait(timedelta(hours=1))
        between = world.now()
        sent = await payments.repay(_key(), asked[0].id, Money(10, "EUR"))
        world.wait(timedelta(hours=1))

        early = [one async for one in payments.movements(begun - timedelta(seconds=2), between)]
        late = [one async for one in payments.movements(between, world.now())]

        assert {(one.kind, one.collection, one.amount.minor) for one in early} == {
            (MovementKind.TAKEN, one.id, 10_000) for one in asked
        }
        assert [(one.kind, one.collection, one.cause, one.amount.minor) for one in late] == [
            (MovementKind.REPAID, asked[0].id, sent.id, -10)
        ]
        assert [one.at for one in early] == sorted(one.at for one in early)

    async def test_each_change_is_told_of_and_leads_to_its_collection(self, payments: Payments, world: World) -> None:
        asked = await self._paid(payments, world)
        sent = await payments.repay(_key(), asked.id, Money(10, "EUR"))
        world.fail_repayment(sent.id)
        world.dispute(asked.id)

        heard = [payments.hear(headers, body, world.now()) for headers, body in world.notices()]
        twice = [payments.hear(headers, body, world.now()) for headers, body in world.notices()]

        about = [one for one in heard if one.collection]
        assert len(about) >= 4
        assert {(await payments.look(one.collection)).id for one in about} == {asked.id}
        assert [one.id for one in twice] == [one.id for one in heard]
        assert len({one.id for one in heard}) == len(heard)

    async def test_a_notice_that_was_changed_is_not_believed(self, payments: Payments, world: World) -> None:
        await self._paid(payments, world)
        headers, body = world.notices()[-1]

        for changed in (body + b" ", body.replace(b"e", b"E", 1), b"", b"\xff"):
            with pytest.raises(NotSigned):
                payments.hear(headers, changed, world.now())
        for without in ({}, dict.fromkeys(headers, ""), dict.fromkeys(headers, "t=9,v1=\u00e9")):
            with pytest.raises(NotSigned):
                payments.hear(without, body, world.now())

    @pytest.mark.parametrize("off", [timedelta(hours=-1), timedelta(hours=1)])
    async def test_a_notice_of_another_hour_is_not_believed(
        self, payments: Payments, world: World, off: timedelta
    ) -> None:
        await self._paid(payments, world)
        body = world.notices()[-1][1]

        with pytest.raises(NotSigned):
            payments.hear(*world.signed(body, world.now() + off), world.now())

    @pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"id": 3}', b"[" * 100_000], ids=range(5))
    async def test_what_is_signed_and_makes_no_sense_is_refused(
        self, payments: Payments, world: World, body: bytes
    ) -> None:
        with pytest.raises(Invalid):
            payments.hear(*world.signed(body, world.now()), world.now())

    async def test_an_id_that_nobody_gave_is_not_found(self, payments: Payments) -> None:
        nobodys = f"cs_{uuid4().hex}"

        for doing in (
            payments.look(nobodys),
            payments.close(nobodys),
            payments.take(nobodys, Money(1, "EUR")),
            payments.repay(_key(), nobodys, Money(1, "EUR")),
        ):
            with pytest.raises(NotFound):
                await doing

    async def test_a_provider_that_does_not_answer_is_unavailable(self, away: Payments) -> None:
        for doing in (away.ask(_demand()), away.look("cs_1"), away.close("cs_1")):
            with pytest.raises(Unavailable):
                await doing
        with pytest.raises(Unavailable):
            await away.repay(_key(), "cs_1", Money(1, "EUR"))

    async def _paid(self, payments: Payments, world: World) -> Collection:
        asked = await payments.ask(_demand())
        world.pay(asked.id)
        return asked


async def _moved(payments: Payments, world: World) -> list[Movement]:
    day = timedelta(days=1)
    return [one async for one in payments.movements(world.now() - day, world.now() + day)]


def _key() -> str:
    return f"refund:{uuid4()}:1"


def _demand(amount: Money | None = None, *, key: str = "", hold: bool = False) -> Demand:
    of = amount or Money(10_000, "EUR")
    return Demand(key or f"order:{uuid4()}:1", of, "HS-2027-000017", "https://study.example/orders/17", hold)
