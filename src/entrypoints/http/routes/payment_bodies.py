"""Wire formats of prices, orders, payments and refunds."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

import msgspec

from ....domain.payments.attempt import Attempt
from ....domain.payments.dispute import DisputeCase
from ....domain.payments.price_list import Price, PriceList
from ....domain.payments.quoting import Discount, Line, Quote, Tax, Wanted
from ....domain.payments.rates import Beside
from ....domain.payments.refund import RefundCase, Step
from ....domain.payments.use_cases.seeing import SeenOrder
from ....domain.shared.errors import Invalid, Reason
from ....domain.shared.money import Money
from ..wire import NOT_BLANK, Given, Id, Moment, MoneyBody
from ..words import sentence, words

Currency = Annotated[
    str, msgspec.Meta(min_length=3, max_length=3, pattern="^[A-Z]{3}$", description="ISO 4217", examples=["EUR"])
]
Amount = Annotated[
    str,
    msgspec.Meta(
        max_length=20,
        pattern=r"^[0-9]{1,12}(\.[0-9]{1,3})?$",
        description="In major units, with no more decimals than the currency has.",
        examples=["33.50"],
    ),
]
Percent = Annotated[
    str, msgspec.Meta(max_length=8, pattern=r"^[0-9]{1,3}(\.[0-9]{1,4})?$", examples=["19"], description="0 to 100")
]
Code = Annotated[str, msgspec.Meta(max_length=40, pattern="^[a-z][a-z0-9_]{0,39}$", examples=["courier"])]
Title = Annotated[
    str, msgspec.Meta(min_length=1, max_length=120, extra_json_schema=NOT_BLANK, examples=["Courier of papers"])
]
WhyGiven = Annotated[
    str,
    msgspec.Meta(min_length=1, max_length=500, extra_json_schema=NOT_BLANK, examples=["Her brother studies here too."]),
]
LongWhy = Annotated[
    str, msgspec.Meta(min_length=1, max_length=1000, extra_json_schema=NOT_BLANK, examples=["It was not needed."])
]
Count = Annotated[int, msgspec.Meta(ge=1, le=1000)]
_OrderState = Literal["open", "paid", "partly_refunded", "refunded", "cancelled", "expired", "charged_back"]
_AttemptState = Literal["asked", "open", "under_way", "held", "taken", "surplus", "closed"]
_RefundState = Literal["asked", "refused", "approved", "sent", "done", "failed", "dropped", "by_hand"]


class GivenPrice(Given):
    """What one service costs."""

    code: Code
    title: Title
    title_bn: Title
    amount: Amount
    tax_rate: Percent = "0"
    tax_included: bool = False


class NewPrices(Given):
    """Prices of one currency, from now on where no moment is given, until another list follows."""

    currency: Currency
    prices: Annotated[list[GivenPrice], msgspec.Meta(min_length=1, max_length=200)]
    valid_from: Moment | None = None
    valid_until: Moment | None = None


class PriceBody(msgspec.Struct, frozen=True):
    """What one service costs; ``tax_included`` says whether the price holds the tax already."""

    code: str
    title: str
    price: MoneyBody
    tax_rate: str
    tax_included: bool


class PriceListBody(msgspec.Struct, frozen=True):
    """The prices in one currency, and when they hold."""

    id: Id
    currency: str
    valid_from: datetime
    valid_until: datetime | None
    prices: list[PriceBody]


class PriceLists(msgspec.Struct, frozen=True):
    """A list for each currency."""

    items: list[PriceListBody]
    next: None = None


class GivenLine(Given):
    """So many of one service."""

    code: Code
    count: Count = 1


class GivenDiscount(Given):
    """What is taken off the order before tax: an amount or a percentage, one of the two. For administrators."""

    name: Title
    reason: WhyGiven
    amount: Amount | None = None
    percent: Percent | None = None


class WantedOrder(Given):
    """What is to be ordered, in which currency."""

    currency: Currency
    lines: Annotated[list[GivenLine], msgspec.Meta(min_length=1, max_length=50)]
    discounts: Annotated[list[GivenDiscount], msgspec.Meta(max_length=10)] = msgspec.field(default_factory=list)


class NewOrder(WantedOrder):
    """What is ordered; staff may say until when it can be paid."""

    due_at: Moment | None = None


class LineBody(msgspec.Struct, frozen=True):
    """One line: the amounts are of the whole line."""

    code: str
    title: str
    count: int
    unit: MoneyBody
    discount: MoneyBody
    net: MoneyBody
    tax_rate: str
    tax: MoneyBody
    total: MoneyBody


class TaxBody(msgspec.Struct, frozen=True):
    """The tax at one rate over the whole order."""

    rate: str
    net: MoneyBody
    tax: MoneyBody


class QuoteBody(msgspec.Struct, frozen=True):
    """What it costs now."""

    lines: list[LineBody]
    taxes: list[TaxBody]
    net: MoneyBody
    total: MoneyBody


class AttemptBody(msgspec.Struct, frozen=True):
    """One attempt to pay."""

    number: int
    state: _AttemptState
    asked_at: datetime
    declined: Annotated[str, msgspec.Meta(description="The provider's code of the last no, empty without one.")]
    taken: MoneyBody | None
    taken_at: datetime | None


class StepBody(msgspec.Struct, frozen=True):
    """One thing that happened to a refund."""

    what: str
    at: datetime
    note: str
    expected_by: date | None


class RefundBody(msgspec.Struct, frozen=True, kw_only=True):
    """A refund: how far it is, by when the money is to be back, and all that happened to it."""

    id: Id
    order_id: Id
    amount: MoneyBody
    state: _RefundState
    because: Literal["asked", "not_ordered", "at_provider"]
    reason: str
    asked_at: datetime
    expected_by: date
    reference: str
    history: list[StepBody]
    message: Annotated[str, msgspec.Meta(description="Where it stands, in a sentence.")]


class DisputeBody(msgspec.Struct, frozen=True):
    """A payer's objection at her bank."""

    amount: MoneyBody
    stage: Literal["open", "won", "lost"]
    opened_at: datetime
    answer_by: datetime | None


class OpenDisputeBody(msgspec.Struct, frozen=True):
    """An objection that a bank has not decided on; the answer goes to the provider itself."""

    id: Annotated[str, msgspec.Meta(description="The provider's.")]
    order_id: Id
    amount: MoneyBody
    reason: Annotated[str, msgspec.Meta(description="The provider's code.")]
    opened_at: datetime
    answer_by: datetime | None


class DisputeList(msgspec.Struct, frozen=True):
    """The hundred that are to be answered soonest."""

    items: list[OpenDisputeBody]
    next: None = None


class PaperBody(msgspec.Struct, frozen=True):
    """A numbered paper."""

    number: Annotated[str, msgspec.Meta(examples=["INV-2027-000001"])]
    kind: Literal["invoice", "receipt", "credit_note"]
    at: datetime
    amount: MoneyBody


class StandingBody(msgspec.Struct, frozen=True):
    """Where the order stands, in a sentence: what happens next, and by when where that is known."""

    code: Annotated[str, msgspec.Meta(examples=["payment.state_to_pay"])]
    message: str
    by: Annotated[str | None, msgspec.Meta(description="A day, or a moment in UTC.")]


class RateBody(msgspec.Struct, frozen=True):
    """How many units of the currency a euro had on the day, by whose word."""

    currency: str
    per_euro: str
    on: date
    source: str


class BesideBody(msgspec.Struct, frozen=True):
    """What the total comes to, about: nobody pays or is paid by it."""

    about: MoneyBody
    rates: list[RateBody]


class OrderBody(msgspec.Struct, frozen=True, kw_only=True):
    """An order with all that happened to it."""

    id: Id
    number: str
    student_id: Id
    placed_at: datetime
    due_at: datetime | None
    state: _OrderState
    standing: StandingBody
    page: Annotated[str, msgspec.Meta(description="Where it is paid, empty where it cannot be paid now.")]
    lines: list[LineBody]
    taxes: list[TaxBody]
    total: MoneyBody
    attempts: list[AttemptBody]
    refunds: list[RefundBody]
    disputes: list[DisputeBody]
    papers: list[PaperBody]
    beside: Annotated[
        BesideBody | None, msgspec.Meta(description="The total in the currency that was asked for, by dated rates.")
    ] = None


class OrderList(msgspec.Struct, frozen=True):
    """Orders, the newest first."""

    items: list[OrderBody]
    next: str | None = None


class AskedRefund(Given):
    """Why money is wanted back, and how much; left out, all that is left."""

    reason: LongWhy
    amount: Amount | None = None
    currency: Currency | None = None


class Decision(Given):
    """Whether the refund is approved; a refusal needs a reason, which the student reads."""

    approve: bool
    reason: Annotated[str, msgspec.Meta(max_length=1000)] = ""


class Reference(Given):
    """By what the student finds the money, such as the reference of a bank transfer."""

    reference: LongWhy


class Dropping(Given):
    """Why nothing is owed any more."""

    reason: LongWhy


class Postponement(Given):
    """The new day, and why."""

    expected_by: date
    reason: LongWhy


class RefundList(msgspec.Struct, frozen=True):
    """The hundred refunds that have not ended and whose day comes first."""

    items: list[RefundBody]
    next: None = None


def prices_given(data: NewPrices) -> list[Price]:
    """Return the prices as the domain has them; raise Invalid naming each wrong place."""
    return [
        Price(
            one.code,
            one.title.strip(),
            one.title_bn.strip(),
            money_given(one.amount, data.currency, f"prices[{place}].amount"),
            Decimal(one.tax_rate),
            one.tax_included,
        )
        for place, one in enumerate(data.prices)
    ]


def wanted_given(data: WantedOrder) -> tuple[list[Wanted], list[Discount]]:
    """Return lines and discounts as the domain has them."""
    lines = [Wanted(one.code, one.count) for one in data.lines]
    discounts = [
        Discount(
            one.name.strip(),
            one.reason.strip(),
            None if one.amount is None else money_given(one.amount, data.currency, f"discounts[{place}].amount"),
            None if one.percent is None else Decimal(one.percent),
        )
        for place, one in enumerate(data.discounts)
    ]
    return lines, discounts


def money_given(amount: str, currency: str, where: str) -> Money:
    """Return the money; raise Invalid with the place."""
    try:
        return Money.of(amount, currency)
    except Invalid as error:
        raise Invalid(*(Reason(one.code, one.params, where) for one in error.reasons)) from None


def price_list_body(one: PriceList) -> PriceListBody:
    """Return the list as it is sent."""
    prices = [
        PriceBody(price.code, _title(price), _money(price.unit), f"{price.tax_rate:f}", price.tax_included)
        for price in one.prices
    ]
    return PriceListBody(str(one.id), one.currency, one.valid_from, one.valid_until, prices)


def quote_body(one: Quote) -> QuoteBody:
    """Return the quote as it is sent."""
    return QuoteBody(
        [_line(line, one.currency) for line in one.lines],
        [_tax(tax) for tax in one.taxes],
        _money(one.net),
        _money(one.total),
    )


def order_body(found: SeenOrder, about: Beside | None = None) -> OrderBody:
    """Return the order as it is sent."""
    order, standing = found.order, found.standing
    return OrderBody(
        id=str(order.id),
        number=order.number,
        student_id=str(order.student_id),
        placed_at=order.placed_at,
        due_at=order.due_at,
        state=order.state.value,
        standing=StandingBody(
            standing.code,
            sentence(standing.code, standing.params),
            None if standing.by is None else standing.by.isoformat(),
        ),
        page=found.page,
        lines=[_line(line, order.currency) for line in order.lines],
        taxes=[_tax(tax) for tax in order.taxes],
        total=_money(order.total),
        attempts=[_attempt(one) for one in found.attempts],
        refunds=[refund_body(one) for one in found.refunds],
        disputes=[_dispute(one) for one in found.disputes],
        papers=[
            PaperBody(one.number, one.series.name.lower(), one.at, _money(one.amount))  # type: ignore[arg-type]
            for one in found.papers
        ],
        beside=None if about is None else _beside(about),
    )


def refund_body(one: RefundCase) -> RefundBody:
    """Return the refund as it is sent."""
    params = {"amount": str(one.amount), "by": one.expected_by.isoformat()}
    return RefundBody(
        id=str(one.id),
        order_id=str(one.order_id),
        amount=_money(one.amount),
        state=one.state.value,
        because=one.because.value,
        reason=one.reason,
        asked_at=one.asked_at,
        expected_by=one.expected_by,
        reference=one.reference,
        history=[_step(step) for step in one.history],
        message=sentence(f"payment.state_refund_{one.state.value}", params),
    )


def open_dispute_body(one: DisputeCase) -> OpenDisputeBody:
    """Return the dispute as administrators see it."""
    return OpenDisputeBody(one.id, str(one.order_id), _money(one.amount), one.reason, one.opened_at, one.answer_by)


def _beside(one: Beside) -> BesideBody:
    rates = [RateBody(rate.currency, f"{rate.per_euro:f}", rate.on, rate.source) for rate in one.rates]
    return BesideBody(_money(one.about), rates)


def _step(step: Step) -> StepBody:
    return StepBody(step.what, step.at, step.note, step.expected_by)


def _attempt(one: Attempt) -> AttemptBody:
    taken = None if one.taken is None else _money(one.taken)
    return AttemptBody(one.number, one.state.value, one.asked_at, one.declined, taken, one.taken_at)


def _dispute(one: DisputeCase) -> DisputeBody:
    return DisputeBody(_money(one.amount), one.stage.value, one.opened_at, one.answer_by)


def _line(line: Line, currency: str) -> LineBody:
    price = line.price
    return LineBody(
        price.code,
        _title(price),
        line.count,
        _money(price.unit),
        _money(Money(line.discount, currency)),
        _money(Money(line.net, currency)),
        f"{price.tax_rate:f}",
        _money(Money(line.tax, currency)),
        _money(Money(line.gross, currency)),
    )


def _tax(one: Tax) -> TaxBody:
    return TaxBody(f"{one.rate:f}", _money(one.net), _money(one.tax))


def _title(price: Price) -> str:
    return price.title_bn if words().language == "bn" else price.title


def _money(money: Money) -> MoneyBody:
    return MoneyBody(f"{money.amount:f}", money.currency)
