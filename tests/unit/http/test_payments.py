"""Prices, orders, payments, refunds and the books over HTTP."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from decimal import Decimal
from typing import Any

import httpx2
import pytest
from paying import FaultyProvider
from records import Server, with_ports

from higherstudy.adapters.memory.rates import MemoryRates
from higherstudy.domain.identity.account import Role
from higherstudy.domain.payments.rates import EuroRate
from higherstudy.domain.payments.refund import working_days_after
from higherstudy.entrypoints.jobs.relay import Relay
from higherstudy.entrypoints.jobs.worker import Worker
from higherstudy.entrypoints.processes.running_jobs import duties
from higherstudy.entrypoints.wiring.containers.every import use_cases_over
from higherstudy.ports.jobs import Priority

PASSWORD = "seven quiet rivers at dawn"
PRICES = {
    "currency": "EUR",
    "prices": [
        {"code": "courier", "title": "Courier", "title_bn": "কুরিয়ার", "amount": "33.33", "tax_rate": "19"},
        {"code": "=evil", "title": "x", "title_bn": "x", "amount": "1"},
    ][:1],
}
ORDER = {"currency": "EUR", "lines": [{"code": "courier", "count": 2}]}


class Shop:
    """A server with prices, a student and an administrator."""

    def __init__(self, server: Server) -> None:
        self.provider = FaultyProvider(server.clock)
        self.server = with_ports(server, payments=self.provider)
        self.tokens: dict[str, str] = {}

    async def open(self) -> None:
        for name in ("student", "admin"):
            who = {"email": f"{name}@example.org", "password": PASSWORD}
            async with self.server.client() as client:
                await client.post("/v1/accounts", json={**who, "name": "X"})
            async with self.server.ports.transactions() as work:
                account = await work.accounts.find_by_email(who["email"])
                assert account is not None
                account.confirm_email(work.now)
                if name == "admin":
                    account.grant(Role.ADMIN)
                await work.accounts.save(account)
        await self.sign_in()
        assert (await self.ask("admin", "POST", "/v1/price-lists", json=PRICES)).status_code == 201

    async def sign_in(self) -> None:
        for name in ("student", "admin"):
            who = {"email": f"{name}@example.org", "password": PASSWORD}
            async with self.server.client() as client:
                self.tokens[name] = (await client.post("/v1/sessions", json=who)).json()["access_token"]

    async def ask(self, who: str, method: str, path: str, **more: Any) -> httpx2.Response:
        async with self.server.client(self.tokens.get(who, "")) as client:
            return await client.request(method, path, **more)

    async def order(self) -> Any:
        return (await self.ask("student", "POST", "/v1/students/me/orders", json=ORDER)).json()

    async def paid_order(self) -> Any:
        order = await self.order()
        await self.ask("student", "POST", f"/v1/orders/{order['id']}/payment")
        self.provider.pay("col_1")
        await self.told()
        return (await self.ask("student", "GET", f"/v1/orders/{order['id']}")).json()

    async def told(self) -> None:
        """Let every notice come, and carry out what follows."""
        for notice in self.provider.told:
            headers = {"signature": "ours"}
            content = f"{notice.id}|{notice.collection}".encode()
            heard = await self.ask("", "POST", "/v1/webhooks/payments", headers=headers, content=content)
            assert heard.status_code == 200, heard.text
        self.provider.told.clear()
        await self.work()

    async def work(self) -> None:
        ports = self.server.ports
        every = duties(use_cases_over(ports))
        worker = Worker(ports.transactions, every)
        while await Relay(ports.transactions, ports.ids, every.reactions).pass_on():
            pass
        async with ports.transactions() as work:
            due = await work.jobs.offer(dict.fromkeys(Priority, 100), again_after=timedelta())
        for job in due:
            await worker.carry_out(job.job_id)
        await worker.rest()


@pytest.fixture
async def shop(server: Server) -> Shop:
    made = Shop(server)
    await made.open()
    return made


async def test_a_student_sees_prices_quotes_orders_pays_and_has_a_receipt(shop: Shop) -> None:
    prices = (await shop.ask("student", "GET", "/v1/prices")).json()["items"]
    quote = (await shop.ask("student", "POST", "/v1/students/me/quotes", json=ORDER)).json()
    order = await shop.order()
    page = (await shop.ask("student", "POST", f"/v1/orders/{order['id']}/payment")).json()
    shop.provider.pay("col_1")
    await shop.told()
    paid = (await shop.ask("student", "GET", f"/v1/orders/{order['id']}")).json()
    listed = (await shop.ask("student", "GET", "/v1/students/me/orders")).json()["items"]

    assert prices[0]["prices"][0]["price"] == {"amount": "33.33", "currency": "EUR"}
    assert quote["total"] == order["total"] == {"amount": "79.33", "currency": "EUR"}
    assert quote["taxes"] == [
        {
            "rate": "19",
            "net": {"amount": "66.66", "currency": "EUR"},
            "tax": {"amount": "12.67", "currency": "EUR"},
        }
    ]
    assert (order["state"], order["standing"]["code"]) == ("open", "payment.state_to_pay")
    assert page["page"] == "https://pay.example.org/col_1"
    assert (paid["state"], [one["kind"] for one in paid["papers"]]) == ("paid", ["invoice", "receipt"])
    assert listed == [paid]


async def test_what_the_total_comes_to_is_shown_beside_it_with_day_and_source(shop: Shop) -> None:
    order = await shop.order()
    on = shop.server.clock.now().date()
    shop.server = with_ports(
        shop.server, rates=MemoryRates([EuroRate("BDT", Decimal("131.25"), on, "Bangladesh Bank")])
    )
    await shop.sign_in()
    found, other = [
        (await shop.ask("student", "GET", f"/v1/orders/{order['id']}", params={"beside": one})).json()
        for one in ("BDT", "NPR")
    ]

    assert found["total"] == {"amount": "79.33", "currency": "EUR"}
    assert found["beside"] == {
        "about": {"amount": "10412.06", "currency": "BDT"},
        "rates": [{"currency": "BDT", "per_euro": "131.25", "on": on.isoformat(), "source": "Bangladesh Bank"}],
    }
    assert other["beside"] is None


async def test_orders_are_told_in_bangla_too(shop: Shop) -> None:
    order = await shop.order()
    found = await shop.ask("student", "GET", f"/v1/orders/{order['id']}", headers={"accept-language": "bn"})

    assert found.json()["lines"][0]["title"] == "কুরিয়ার"
    assert "দিতে হবে" in found.json()["standing"]["message"]


async def test_each_paper_can_be_had_as_a_pdf_in_either_language(shop: Shop) -> None:
    order = await shop.paid_order()
    at = f"/v1/orders/{order['id']}/papers"
    found = {
        (one["kind"], language): await shop.ask(
            "student", "GET", f"{at}/{one['number']}", headers={"accept-language": language}
        )
        for one in order["papers"]
        for language in ("en", "bn")
    }
    unknown = await shop.ask("student", "GET", f"{at}/INV-2027-999999")

    assert {one.headers["content-type"] for one in found.values()} == {"application/pdf"}
    assert "Courier | 2 | 33.33 | 0.00 | 19 % | 12.67 | 79.33" in found["invoice", "en"].text
    assert "কুরিয়ার" in found["invoice", "bn"].text
    assert "In all: EUR 79.33." in found["receipt", "en"].text
    assert unknown.status_code == 404


async def test_placing_with_a_key_again_gives_the_first_order(shop: Shop) -> None:
    headers = {"idempotency-key": "one"}
    first, second = [
        (await shop.ask("student", "POST", "/v1/students/me/orders", json=ORDER, headers=headers)).json()
        for _ in range(2)
    ]

    assert first["id"] == second["id"]


async def test_a_refund_is_asked_for_decided_and_seen_and_told_of(shop: Shop) -> None:
    order = await shop.paid_order()
    asked = await shop.ask(
        "student",
        "POST",
        f"/v1/orders/{order['id']}/refunds",
        json={"reason": "Not needed.", "amount": "20", "currency": "EUR"},
    )
    listed = (await shop.ask("admin", "GET", "/v1/refunds")).json()["items"]
    decided = await shop.ask("admin", "POST", f"/v1/refunds/{asked.json()['id']}/decision", json={"approve": True})
    await shop.work()
    seen = (await shop.ask("student", "GET", f"/v1/orders/{order['id']}")).json()
    told = (await shop.ask("student", "GET", "/v1/messages")).json()["items"]

    by = working_days_after(shop.server.clock.now().date(), 15)
    assert (asked.status_code, asked.json()["expected_by"]) == (201, by.isoformat())
    assert [one["id"] for one in listed] == [asked.json()["id"]]
    assert decided.json()["state"] == "approved"
    assert (seen["state"], seen["refunds"][0]["state"]) == ("partly_refunded", "sent")
    assert [one["what"] for one in seen["refunds"][0]["history"]] == ["asked", "approve", "send"]
    assert {"order_paid", "refund_moved"} <= {one["kind"] for one in told}


async def test_the_ledger_leaves_as_csv_with_running_balances(shop: Shop) -> None:
    await shop.paid_order()
    span = {"since": "2020-01-01T00:00:00Z", "until": "2029-01-01T00:00:00Z"}
    exported = await shop.ask("admin", "GET", "/v1/ledger/export", params=span)
    balances = (await shop.ask("admin", "GET", "/v1/ledger/balances")).json()["items"]
    report = (await shop.ask("admin", "GET", "/v1/payment-report", params=span)).json()
    rows = list(csv.DictReader(io.StringIO(exported.text.lstrip("\ufeff"))))

    assert exported.headers["content-type"].startswith("text/csv")
    last = {row["account"]: row["balance"] for row in rows}
    assert last == {
        "provider:clearing": "79.33",
        "receivable": "0.00",
        "revenue:courier": "-66.66",
        "tax:19": "-12.67",
    }
    assert {one["account"]: one["balance"]["amount"] for one in balances} == last
    assert [one["amount"]["amount"] for one in report["revenue"]] == ["66.66", "12.67"]


async def test_disputes_and_differences_are_seen_by_administrators(shop: Shop) -> None:
    order = await shop.paid_order()
    shop.provider.dispute("col_1")
    await shop.told()
    (dispute,) = (await shop.ask("admin", "GET", "/v1/disputes")).json()["items"]
    seen = (await shop.ask("student", "GET", f"/v1/orders/{order['id']}")).json()
    differences = (await shop.ask("admin", "GET", "/v1/payment-differences")).json()["items"]

    assert (dispute["order_id"], dispute["amount"]["amount"]) == (order["id"], "79.33")
    assert (seen["standing"]["code"], seen["disputes"][0]["stage"]) == ("payment.state_disputed", "open")
    assert differences == []


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/v1/students/me/orders", {**ORDER, "currency": "XXX"}, 422),
        ("POST", "/v1/students/me/orders", {**ORDER, "lines": [{"code": "other"}]}, 422),
        ("POST", "/v1/students/me/orders", {**ORDER, "due_at": "9999-12-31T23:59:59Z"}, 403),
        (
            "POST",
            "/v1/students/me/orders",
            {**ORDER, "discounts": [{"name": "x", "reason": "x", "percent": "5"}]},
            403,
        ),
        ("POST", "/v1/students/me/quotes", {**ORDER, "lines": []}, 422),
    ],
)
async def test_what_cannot_be_ordered_is_refused(
    shop: Shop, method: str, path: str, body: dict[str, Any], status: int
) -> None:
    answer = await shop.ask("student", method, path, json=body)

    assert answer.status_code == status, answer.text


@pytest.mark.parametrize("since", ["", "x", "2027-01-01", "2027-01-01T00:00:00", "9999-12-31T23:59:59Z"])
async def test_a_wrong_span_is_refused(shop: Shop, since: str) -> None:
    answer = await shop.ask(
        "admin", "GET", "/v1/payment-report", params={"since": since, "until": "2027-02-01T00:00:00Z"}
    )

    assert answer.status_code == 422, answer.text


async def test_a_forged_notice_is_refused_and_one_without_a_provider_is_not_found(shop: Shop, server: Server) -> None:
    forged = await shop.ask("", "POST", "/v1/webhooks/payments", content=b"x", headers={"signature": "theirs"})
    async with with_ports(server, payments=None).client() as client:
        without = await client.post("/v1/webhooks/payments", content=b"x")

    assert (forged.status_code, forged.json()["code"], without.status_code) == (403, "not_signed", 404)


async def test_where_the_provider_is_away_a_payment_waits_and_the_order_says_so(shop: Shop) -> None:
    order = await shop.order()
    shop.provider.down = True

    answer = await shop.ask("student", "POST", f"/v1/orders/{order['id']}/payment")
    seen = (await shop.ask("student", "GET", f"/v1/orders/{order['id']}")).json()

    assert (answer.status_code, seen["standing"]["code"]) == (503, "payment.state_preparing")
