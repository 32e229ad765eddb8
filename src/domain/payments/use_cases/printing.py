"""Invoices, receipts and credit notes as PDF."""

from __future__ import annotations

from collections.abc import Iterator

from ....ports.messages import Messages
from ....ports.pictures import Pictures
from ....ports.transactions import Transactions
from ....ports.typesetting import Typesetting
from ...identity.account import Asker
from ...identity.scopes import Doing
from ...reports.content import Block, Content, Joined, Paragraph, Section, Table, Text, said
from ...reports.use_cases.wording import Wording
from ...shared.dataclass import dataclass
from ...shared.errors import NotFound
from ...shared.ids import OrderId
from ...shared.money import Money
from ..order import Order
from ..papers import Paper, Series
from .admitting import order_for

_WIDTHS = (8, 2, 3, 3, 2, 3, 3)


@dataclass(frozen=True)
class PrintPaper:
    """Put a numbered paper of an order onto pages."""

    transactions: Transactions
    messages: Messages
    pictures: Pictures
    typesetting: Typesetting
    seller: str
    """Who sells, as papers have to state it: name, address, tax number."""

    async def __call__(self, asker: Asker, order_id: OrderId, number: str, language: str) -> bytes:
        """Return the PDF in the language; equal for equal papers. Raises NotFound for whoever may not see the order,
        and where it has no such paper."""
        async with self.transactions(asker.origin) as work:
            order = await order_for(work, asker, order_id, Doing.SEE_ORDERS, office=True)
            papers = await work.books.papers_of(order.id)
            paper = next((one for one in papers if one.number == number), None)
            if paper is None:
                raise NotFound
            buyer = (await work.students.get(order.student_id)).profile.name
        words = Wording(self.messages.in_language(language), self.pictures)
        spoken = words.messages.language
        content = paper_content(order, paper, seller=self.seller, buyer=buyer, bangla=spoken == "bn")
        return await self.typesetting.pdf(words.content(content), spoken)


def paper_content(order: Order, paper: Paper, *, seller: str, buyer: str, bangla: bool) -> Content:
    """Return what the paper says. A credit note says what goes back, the others what was sold."""
    kind = paper.series.name.lower()
    about: list[Text] = [said("payment.paper_order", order=order.number, on=order.placed_at.date().isoformat())]
    if buyer:
        about.append(said("payment.paper_for", name=buyer))
    about += seller.splitlines()
    blocks = _credited(paper) if paper.series is Series.CREDIT_NOTE or paper.refund_id else _sold(order, bangla)
    if paper.series is Series.RECEIPT and order.paid_at is not None:
        blocks = (Paragraph(said("payment.paper_paid", on=order.paid_at.date().isoformat())), *blocks)
    title = said(f"payment.paper_{kind}", number=paper.number)
    return Content(title, tuple(about), paper.at.date(), (Section(said("payment.paper_amounts"), tuple(blocks)),))


def _credited(paper: Paper) -> tuple[Block, ...]:
    code = "payment.paper_credited" if paper.series is Series.CREDIT_NOTE else "payment.paper_not_credited"
    return (Paragraph(said(code, amount=str(paper.amount))),)


def _sold(order: Order, bangla: bool) -> tuple[Block, ...]:
    head = ("service", "count", "unit", "discount", "rate", "tax", "total")
    rows = tuple(
        (
            line.price.title_bn if bangla else line.price.title,
            line.count,
            _amount(line.price.unit),
            _amount(Money(line.discount, order.currency)),
            f"{line.price.tax_rate:f} %",
            _amount(Money(line.tax, order.currency)),
            _amount(Money(line.gross, order.currency)),
        )
        for line in order.lines
    )
    return (
        Table(tuple(said(f"payment.paper_{one}") for one in head), rows, _WIDTHS),
        *(Paragraph(one) for one in _totals(order)),
        Paragraph(said("payment.paper_sum", amount=str(order.total))),
    )


def _totals(order: Order) -> Iterator[Text]:
    for one in order.discounts:
        yield said("payment.paper_discounted", name=one.name)
    for tax in order.taxes:
        rate = f"{tax.rate:f}"
        yield Joined((said("payment.paper_taxed", rate=rate, net=str(tax.net), tax=str(tax.tax)),))


def _amount(money: Money) -> str:
    return f"{money.amount:,f}"
