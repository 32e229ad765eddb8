"""A real server whose settings name Stripe: an order is paid there, told of by a signed notice, and booked once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
import serving
from serving import Serving
from waiting import until

from servers.fake_stripe import SECRET_KEY, WEBHOOK_SECRET, FakeStripe, fake_stripe

PRICES = {
    "currency": "EUR",
    "prices": [{"code": "courier", "title": "Courier", "title_bn": "কুরিয়ার", "amount": "33.33", "tax_rate": "19"}],
}
ORDER = {"currency": "EUR", "lines": [{"code": "courier", "count": 2}]}


@pytest.fixture
def there() -> Iterator[FakeStripe]:
    with fake_stripe() as found:
        found.at = datetime.now(UTC)
        yield found


@pytest.fixture
def server(there: FakeStripe, tmp_path: Path) -> Iterator[Serving]:
    told = {"STRIPE_SECRET_KEY": SECRET_KEY, "STRIPE_WEBHOOK_SECRET": WEBHOOK_SECRET, "STRIPE_URL": there.url}
    found = serving.start(tmp_path / "home", more=told)
    yield found
    if found.runs:
        found.stop()


def signed_in(server: Serving, who: str) -> httpx2.Client:
    account = json.loads((server.home / "sample-accounts.json").read_text(encoding="utf-8"))[who]
    with server.client() as anybody:
        token = anybody.post("/v1/sessions", json=account).json()["access_token"]
    return server.client(token)


def notices_come(server: Serving, there: FakeStripe) -> None:
    with server.client() as anybody:
        for headers, body in there.notices():
            answer = anybody.post("/v1/webhooks/payments", headers=headers, content=body)
            assert answer.status_code == 200, answer.text


def test_an_order_is_paid_at_stripe_and_booked_once_however_often_that_is_told(
    server: Serving, there: FakeStripe
) -> None:
    with signed_in(server, "admin") as admin, signed_in(server, "student") as student:
        assert admin.post("/v1/price-lists", json=PRICES).status_code == 201
        order = student.post("/v1/students/me/orders", json=ORDER).json()
        here = f"/v1/orders/{order['id']}"

        paying = [student.post(f"{here}/payment").json() for _ in range(3)]
        [session] = there.sessions
        there.pay(session)
        notices_come(server, there)
        notices_come(server, there)

        def state() -> Any:
            return student.get(here).json()["state"]

        asyncio.run(until(lambda: state() == "paid"))
        assert {json.dumps(one["page"]) for one in paying if one.get("page")} != set()
        assert len(there.sessions) == 1
        assert there.charges.keys() != set()
        balances = {one["account"]: one["balance"] for one in admin.get("/v1/ledger/balances").json()["items"]}
        assert balances
        papers = student.get(here).json()["papers"]
        assert len(papers) == 2
        assert student.get(f"{here}/papers/{papers[0]['number']}").content.startswith(b"%PDF")


def test_a_notice_that_stripe_has_not_signed_is_turned_away(server: Serving, there: FakeStripe) -> None:
    with signed_in(server, "admin") as admin, signed_in(server, "student") as student:
        admin.post("/v1/price-lists", json=PRICES)
        order = student.post("/v1/students/me/orders", json=ORDER).json()
        student.post(f"/v1/orders/{order['id']}/payment")
        [session] = there.sessions
        there.pay(session)
        headers, body = there.notices()[-1]
        with server.client() as anybody:
            forged = anybody.post("/v1/webhooks/payments", headers=headers, content=body + b" ")

        assert forged.status_code == 403
        assert student.get(f"/v1/orders/{order['id']}").json()["state"] == "open"
