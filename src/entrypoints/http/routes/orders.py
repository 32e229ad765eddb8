"""Orders: priced, placed, paid, given up, and money asked back for them."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath, JSONBody, PathParameter, QueryParameter

from ....domain.shared.ids import OrderId
from ....ports.answers import StoredAnswer
from ....ports.transactions import Transactions
from ..cursors import cursor as cursor_of
from ..cursors import position
from ..given import V1, AnyRequest, Cursor, PageSize, StudentPath, Use, Who, refusals, student_in
from ..once import IdempotencyKey, created, once
from ..words import words
from .payment_bodies import (
    AskedRefund,
    NewOrder,
    OrderBody,
    OrderList,
    PriceLists,
    QuoteBody,
    RefundBody,
    WantedOrder,
    money_given,
    order_body,
    price_list_body,
    quote_body,
    refund_body,
    wanted_given,
)

OfCurrency = Annotated[
    str | None,
    QueryParameter(name="currency", required=False, pattern="^[A-Z]{3}$", description="That currency alone."),
]

InCurrency = Annotated[
    str | None,
    QueryParameter(
        name="beside",
        required=False,
        pattern="^[A-Z]{3}$",
        description="Show beside the total what it comes to in this currency, by rates of the day of the order.",
    ),
]


@get("/prices", operation_id="get_prices", summary="See prices", responses=refusals(401, 404, 422))
async def get_prices(who: Who, use: Use, currency: OfCurrency = None) -> PriceLists:
    """Show what services cost now."""
    return PriceLists([price_list_body(one) for one in await use.get_prices()(who, currency)])


@post(
    "/students/{student_id:str}/quotes",
    status_code=200,
    operation_id="quote_order",
    summary="Ask what it would cost",
    description="Keeps nothing. Discounts are for administrators.",
    responses=refusals(401, 403, 404, 413, 415, 422),
)
async def quote_order(student_id: StudentPath, data: JSONBody[WantedOrder], who: Who, use: Use) -> QuoteBody:
    """Say what services would cost now, with taxes."""
    lines, discounts = wanted_given(data)
    student = student_in(student_id, who)
    return quote_body(await use.quote_order()(who, student, currency=data.currency, lines=lines, discounts=discounts))


@post(
    "/students/{student_id:str}/orders",
    status_code=201,
    operation_id="place_order",
    summary="Place an order",
    description="At the prices of now, which it keeps. A counsellor may place one for a student who lets her act; the "
    "student takes it by paying. Discounts are for administrators, `due_at` is for staff.",
    responses=refusals(401, 403, 404, 409, 413, 415, 422),
)
async def place_order(
    request: AnyRequest,
    student_id: StudentPath,
    data: JSONBody[NewOrder],
    who: Who,
    use: Use,
    idempotency_key: IdempotencyKey = None,
) -> Response[OrderBody]:
    """Order services, to be paid."""
    student = student_in(student_id, who)
    lines, discounts = wanted_given(data)

    async def effect(transactions: Transactions) -> StoredAnswer:
        place = use.place_order(transactions=transactions)
        found = await place(who, student, currency=data.currency, lines=lines, discounts=discounts, due_at=data.due_at)
        return created(order_body(found), f"{V1}/orders/{found.order.id}")

    return await once(request, use.transactions(), idempotency_key, effect, who.account_id)


@get(
    "/students/{student_id:str}/orders",
    operation_id="list_orders",
    summary="List orders",
    responses=refusals(401, 404, 422),
)
async def list_orders(
    student_id: StudentPath, who: Who, use: Use, cursor: Cursor = None, limit: PageSize = 20
) -> OrderList:
    """Show the student's orders, and where each stands."""
    given = position(cursor, UUID)
    after = None if given is None else OrderId(given)
    found = await use.list_orders()(who, student_in(student_id, who), limit + 1, after)
    more = len(found) > limit
    return OrderList([order_body(one) for one in found[:limit]], cursor_of(found[limit - 1].order.id) if more else None)


@get("/orders/{order_id:str}", operation_id="get_order", summary="See an order", responses=refusals(401, 404, 422))
async def get_order(order_id: FromPath[UUID], who: Who, use: Use, beside: InCurrency = None) -> OrderBody:
    """Show an order with its payments, refunds and papers, and where it stands."""
    found = await use.get_order()(who, OrderId(order_id))
    if beside is None:
        return order_body(found)
    order = found.order
    return order_body(found, use.convert_beside()(order.total, beside, order.placed_at.date()))


@get(
    "/orders/{order_id:str}/papers/{number:str}",
    operation_id="get_money_paper",
    summary="Get an invoice, a receipt or a credit note",
    description="As PDF, in the language of the request.",
    media_type="application/pdf",
    responses=refusals(401, 404, 422),
)
async def get_money_paper(
    order_id: FromPath[UUID],
    number: Annotated[
        str,
        PathParameter(
            description="Its number.", max_length=40, schema_extra={"pattern": "^[A-Z]{2,3}-[0-9]{4}-[0-9]{6,9}$"}
        ),
    ],
    who: Who,
    use: Use,
) -> Response[bytes]:
    """Return the paper as it was numbered."""
    pdf = await use.print_paper()(who, OrderId(order_id), number, words().language)
    headers = {"Content-Disposition": f'inline; filename="{number}.pdf"', "Cache-Control": "no-store"}
    return Response(pdf, media_type="application/pdf", headers=headers)


@post(
    "/orders/{order_id:str}/payment",
    status_code=200,
    operation_id="pay_order",
    summary="Pay an order",
    description="Answers with the `page` on which it is paid. However often and by however many at once it is asked "
    "for, it is paid once. Once it is paid, nothing more is asked for.",
    responses=refusals(401, 404, 409, 422),
)
async def pay_order(order_id: FromPath[UUID], who: Who, use: Use) -> OrderBody:
    """Open the page on which the order is paid."""
    return order_body(await use.pay_order()(who, OrderId(order_id)))


@post(
    "/orders/{order_id:str}/cancellation",
    status_code=200,
    operation_id="cancel_order",
    summary="Cancel an order",
    description="First nothing can be paid any more at the provider, then it is cancelled. Where the payment was "
    "quicker, the order is paid, and a refund can be asked for. Administrators may cancel too.",
    responses=refusals(401, 404, 409, 422),
)
async def cancel_order(order_id: FromPath[UUID], who: Who, use: Use) -> OrderBody:
    """Give an order up that is not paid."""
    return order_body(await use.cancel_order()(who, OrderId(order_id)))


@post(
    "/orders/{order_id:str}/refunds",
    status_code=201,
    operation_id="ask_for_refund",
    summary="Ask for a refund",
    description="The answer says by when the money is back. Administrators may ask in the student's place.",
    responses=refusals(401, 404, 409, 413, 415, 422),
)
async def ask_for_refund(
    request: AnyRequest,
    order_id: FromPath[UUID],
    data: JSONBody[AskedRefund],
    who: Who,
    use: Use,
    idempotency_key: IdempotencyKey = None,
) -> Response[RefundBody]:
    """Ask for money back of an order that is paid."""
    amount = None if data.amount is None else money_given(data.amount, data.currency or "", "amount")

    async def effect(transactions: Transactions) -> StoredAnswer:
        ask = use.ask_for_refund(transactions=transactions)
        case = await ask(who, OrderId(order_id), reason=data.reason, amount=amount)
        return created(refund_body(case), f"{V1}/orders/{order_id}")

    return await once(request, use.transactions(), idempotency_key, effect, who.account_id)


router: Any = Router(
    V1,
    route_handlers=[
        get_prices,
        quote_order,
        place_order,
        list_orders,
        get_order,
        get_money_paper,
        pay_order,
        cancel_order,
        ask_for_refund,
    ],
    tags=["Payments"],
)
