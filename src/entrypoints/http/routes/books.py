"""What administrators do about prices, refunds and the books."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import Router, get, post, put
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.response import Stream

from ....domain.payments.reconciling import Difference
from ....domain.shared.errors import Invalid, Reason
from ....domain.shared.ids import RefundId
from ....domain.shared.money import Money
from ..given import V1, Use, Who, refusals
from ..wire import Moment, MoneyBody, money_body
from ..words import sentence
from .payment_bodies import (
    Decision,
    DisputeList,
    Dropping,
    NewPrices,
    Postponement,
    PriceListBody,
    Reference,
    RefundBody,
    RefundList,
    open_dispute_body,
    price_list_body,
    prices_given,
    refund_body,
)

_MOST = 100
Since = Annotated[
    str,
    QueryParameter(
        name="since",
        description="From this moment on.",
        max_length=40,
        schema_extra={"example": "2027-01-01T00:00:00Z"},
    ),
]
Until = Annotated[
    str,
    QueryParameter(
        name="until",
        description="Before this moment.",
        max_length=40,
        schema_extra={"example": "2027-02-01T00:00:00Z"},
    ),
]
_What = Literal[
    "taken_there_only",
    "taken_here_only",
    "repaid_there_only",
    "repaid_here_only",
    "disputed_there_only",
    "disputed_here_only",
    "amounts_differ",
    "fee_unknown",
    "movement_unknown",
]


class BalanceBody(msgspec.Struct, frozen=True):
    """What an account holds; debits are positive."""

    account: str
    balance: MoneyBody


class BalanceList(msgspec.Struct, frozen=True):
    """Every account, by name and currency."""

    items: list[BalanceBody]
    next: None = None


class DifferenceBody(msgspec.Struct, frozen=True, kw_only=True):
    """How the provider's books and ours differ about one thing, and what to do about it."""

    what: _What
    subject: Annotated[str, msgspec.Meta(description="The provider's id of what it is about.")]
    there: MoneyBody | None
    here: MoneyBody | None
    first_seen: datetime
    last_seen: datetime
    message: str


class DifferenceList(msgspec.Struct, frozen=True):
    """The hundred oldest that are not over."""

    items: list[DifferenceBody]
    next: None = None


class RevenueBody(msgspec.Struct, frozen=True):
    """What one account of revenue or tax brought, less what went back."""

    account: str
    amount: MoneyBody


class AgeBody(msgspec.Struct, frozen=True):
    """How many refunds that run were asked for at most so many days ago; null: longer ago."""

    at_most_days: int | None
    count: int
    amounts: list[MoneyBody]


class MoneyReportBody(msgspec.Struct, frozen=True):
    """Revenue of a span, and how old the refunds are that run."""

    since: datetime
    until: datetime
    revenue: list[RevenueBody]
    refunds: list[AgeBody]
    refunds_late: int


@post(
    "/price-lists",
    status_code=201,
    operation_id="set_prices",
    summary="Set prices",
    description="For administrators. The list without an end that holds until then ends with it; two lists of one "
    "currency never hold at once. Orders keep the prices at which they were placed.",
    responses=refusals(401, 403, 409, 413, 415, 422),
)
async def set_prices(data: JSONBody[NewPrices], who: Who, use: Use) -> PriceListBody:
    """Put a price list in force from a moment on."""
    found = await use.set_prices()(
        who,
        currency=data.currency,
        prices=prices_given(data),
        valid_from=data.valid_from,
        valid_until=data.valid_until,
    )
    return price_list_body(found)


@get(
    "/refunds",
    operation_id="list_refunds",
    summary="List refunds that run",
    description="For administrators.",
    responses=refusals(401, 403, 422),
)
async def list_refunds(who: Who, use: Use) -> RefundList:
    """Show the refunds that have not ended, those first whose day comes first."""
    return RefundList([refund_body(one) for one in await use.list_refunds()(who, _MOST)])


@post(
    "/refunds/{refund_id:str}/decision",
    status_code=200,
    operation_id="decide_refund",
    summary="Decide on a refund",
    description="For administrators. What is approved is sent at once, in the background.",
    responses=refusals(401, 403, 404, 409, 413, 415, 422),
)
async def decide_refund(refund_id: FromPath[UUID], data: JSONBody[Decision], who: Who, use: Use) -> RefundBody:
    """Approve a refund, or refuse it with a reason."""
    decide = use.decide_refund()
    return refund_body(await decide(who, RefundId(refund_id), approve=data.approve, reason=data.reason))


@post(
    "/refunds/{refund_id:str}/sending",
    status_code=200,
    operation_id="resend_refund",
    summary="Send a refund again",
    description="For administrators, of one that has failed.",
    responses=refusals(401, 403, 404, 409, 422),
)
async def resend_refund(refund_id: FromPath[UUID], who: Who, use: Use) -> RefundBody:
    """Send a refund once more."""
    return refund_body(await use.resend_refund()(who, RefundId(refund_id)))


@post(
    "/refunds/{refund_id:str}/settlement",
    status_code=200,
    operation_id="settle_refund_by_hand",
    summary="Note that a refund went another way",
    description="For administrators, of one that has failed, such as by a bank transfer.",
    responses=refusals(401, 403, 404, 409, 413, 415, 422),
)
async def settle_refund_by_hand(refund_id: FromPath[UUID], data: JSONBody[Reference], who: Who, use: Use) -> RefundBody:
    """Note by which reference it went another way."""
    return refund_body(await use.settle_refund_by_hand()(who, RefundId(refund_id), data.reference))


@post(
    "/refunds/{refund_id:str}/withdrawal",
    status_code=200,
    operation_id="drop_refund",
    summary="Note that a refund is not owed any more",
    description="For administrators, of one that has failed, such as because the payer's bank was quicker.",
    responses=refusals(401, 403, 404, 409, 413, 415, 422),
)
async def drop_refund(refund_id: FromPath[UUID], data: JSONBody[Dropping], who: Who, use: Use) -> RefundBody:
    """Note why nothing is owed any more."""
    return refund_body(await use.drop_refund()(who, RefundId(refund_id), data.reason))


@put(
    "/refunds/{refund_id:str}/expected-by",
    operation_id="postpone_refund",
    summary="Move the day of a refund",
    description="For administrators, with a reason that the student reads.",
    responses=refusals(401, 403, 404, 409, 413, 415, 422),
)
async def postpone_refund(refund_id: FromPath[UUID], data: JSONBody[Postponement], who: Who, use: Use) -> RefundBody:
    """Say by when the money is back instead."""
    return refund_body(await use.postpone_refund()(who, RefundId(refund_id), data.expected_by, data.reason))


@get(
    "/ledger/balances",
    operation_id="get_balances",
    summary="See the balance of each account",
    description="For administrators.",
    responses=refusals(401, 403, 422),
)
async def get_balances(who: Who, use: Use) -> BalanceList:
    """Show what each account of the books holds."""
    found = await use.get_balances()(who)
    return BalanceList([BalanceBody(one.name, _money(Money(found[one], one.currency))) for one in sorted(found)])


@get(
    "/ledger/export",
    operation_id="export_ledger",
    summary="Export the ledger",
    description="For administrators: every posting as CSV, with the running balance of its account. The export itself "
    "is noted.",
    responses=refusals(401, 403, 422),
)
async def export_ledger(who: Who, use: Use, since: Since, until: Until) -> Stream:
    """Return the postings of a span as a file for accountants."""
    pieces = await use.export_ledger()(who, _moment(since, "since"), _moment(until, "until"))
    headers = {"Content-Disposition": 'attachment; filename="ledger.csv"', "Cache-Control": "no-store"}
    return Stream(pieces, media_type="text/csv", headers=headers)


@get(
    "/disputes",
    operation_id="list_disputes",
    summary="List disputes that are open",
    description="For administrators.",
    responses=refusals(401, 403, 422),
)
async def list_disputes(who: Who, use: Use) -> DisputeList:
    """Show the objections on which banks have not decided, the soonest to be answered first."""
    return DisputeList([open_dispute_body(one) for one in await use.list_disputes()(who, _MOST)])


@get(
    "/payment-differences",
    operation_id="list_differences",
    summary="See how the provider's books differ from ours",
    description="For administrators.",
    responses=refusals(401, 403, 422),
)
async def list_differences(who: Who, use: Use) -> DifferenceList:
    """Show each difference, and what to do about it."""
    return DifferenceList([_difference(one) for one in await use.list_differences()(who, _MOST)])


@get(
    "/payment-report",
    operation_id="report_money",
    summary="Revenue, and the age of refunds",
    description="For administrators.",
    responses=refusals(401, 403, 422),
)
async def report_money(who: Who, use: Use, since: Since, until: Until) -> MoneyReportBody:
    """Say what was earned in a span, and how long students wait for their money."""
    found = await use.report_money()(who, _moment(since, "since"), _moment(until, "until"))
    return MoneyReportBody(
        found.since,
        found.until,
        [RevenueBody(account, _money(amount)) for account, amount in found.revenue],
        [AgeBody(one.at_most, one.count, [_money(amount) for amount in one.amounts]) for one in found.ages],
        found.late,
    )


def _moment(given: str, name: str) -> datetime:
    """Return the moment; raise Invalid for one without a zone, which could be any of a day's."""
    try:
        return msgspec.convert(given, Moment)
    except msgspec.ValidationError:
        raise Invalid(Reason("data.not_a_moment", {"given": given}, name)) from None


def _difference(one: Difference) -> DifferenceBody:
    found = one.found
    params = {
        "subject": found.subject,
        "there": "" if found.there is None else str(found.there),
        "here": "" if found.here is None else str(found.here),
    }
    return DifferenceBody(
        what=found.what.value,
        subject=found.subject,
        there=money_body(found.there),
        here=money_body(found.here),
        first_seen=one.first_seen,
        last_seen=one.last_seen,
        message=sentence(f"difference.{found.what.value}", params),
    )


def _money(money: Money) -> MoneyBody:
    return MoneyBody(f"{money.amount:f}", money.currency)


router: Any = Router(
    V1,
    route_handlers=[
        set_prices,
        list_refunds,
        decide_refund,
        resend_refund,
        settle_refund_by_hand,
        drop_refund,
        postpone_refund,
        get_balances,
        export_ledger,
        list_disputes,
        list_differences,
        report_money,
    ],
    tags=["Payments"],
)
