"""A forgotten password and a confirmed address over HTTP."""

from datetime import timedelta
from typing import Any

import httpx2
from everybody import PASSWORD
from records import Server

from higherstudy.domain.identity.confirmation import Purpose
from higherstudy.domain.identity.use_cases.confirming import MakeCode

from .conftest import sign_in

EMAIL, NEW = "student@example.org", "eight quiet rivers at dusk"


async def a_code(server: Server, purpose: Purpose) -> str:
    """Return a code as the mail has it."""
    async with server.ports.transactions() as work:
        account = await work.accounts.find_by_email(EMAIL)
    assert account is not None
    return await MakeCode(server.ports.transactions, server.ports.ids, server.ports.secrets)(account.id, purpose)


async def posted(server: Server, path: str, token: str | None = None, **body: str) -> httpx2.Response:
    async with server.client(token) if token else server.client() as client:
        return await client.post(f"/v1/{path}", json=body or None)


async def registered(server: Server) -> str:
    async with server.client() as client:
        return await sign_in(client, EMAIL)


async def test_asking_for_a_new_password_never_tells_whether_there_is_an_account(server: Server) -> None:
    await registered(server)

    known, unknown = [await posted(server, "password-resets", email=one) for one in (EMAIL, "nobody@example.org")]

    assert (known.status_code, known.content) == (unknown.status_code, unknown.content) == (204, b"")


async def test_a_code_sets_a_new_password_once_and_ends_what_was_signed_in(server: Server) -> None:
    token = await registered(server)
    code = await a_code(server, Purpose.RESET_PASSWORD)

    first, again = [await posted(server, "password-resets/completion", code=code, password=NEW) for _ in range(2)]

    assert (first.status_code, again.status_code) == (200, 422)
    assert again.json()["errors"][0]["code"] == "confirmation.not_good"
    assert (await posted(server, "sessions", email=EMAIL, password=PASSWORD)).status_code == 401
    session = (await posted(server, "sessions", email=EMAIL, password=NEW)).json()
    assert session["account"]["email_confirmed_at"] == "2026-11-23T09:00:00Z"
    async with server.client(token) as client:
        assert (await client.get("/v1/me")).status_code == 401


async def test_a_code_that_is_too_old_and_a_weak_password_are_refused(server: Server) -> None:
    await registered(server)
    code = await a_code(server, Purpose.RESET_PASSWORD)

    weak = await posted(server, "password-resets/completion", code=code, password="short")
    server.clock.move(timedelta(hours=1))
    late = await posted(server, "password-resets/completion", code=code, password=NEW)

    assert [(one.status_code, one.json()["errors"][0]["field"]) for one in (weak, late)] == [
        (422, "password"),
        (422, "code"),
    ]


async def test_an_address_is_confirmed_by_the_code_where_one_is_signed_in(server: Server) -> None:
    token = await registered(server)
    asked = await posted(server, "me/email-confirmation", token)

    code = await a_code(server, Purpose.CONFIRM_EMAIL)
    by_anybody = await posted(server, "email-confirmations", code=code)
    confirmed = await posted(server, "email-confirmations", token, code=code)

    assert (asked.status_code, by_anybody.status_code, confirmed.status_code) == (204, 401, 204)
    async with server.client(token) as client:
        assert (await client.get("/v1/me")).json()["email_confirmed_at"] == "2026-11-23T09:00:00Z"


async def test_mails_to_one_address_are_counted_with_its_sign_ins(server: Server) -> None:
    answers = [(await posted(server, "password-resets", email=EMAIL)).status_code for _ in range(21)]

    assert (answers[:20], answers[20]) == ([204] * 20, 429)


async def test_the_trail_says_from_where_an_account_was_opened_and_its_password_set(server: Server) -> None:
    token = await registered(server)
    await posted(server, "password-resets", email=EMAIL)
    await posted(server, "email-confirmations", token, code=await a_code(server, Purpose.CONFIRM_EMAIL))
    await posted(server, "password-resets/completion", code=await a_code(server, Purpose.RESET_PASSWORD), password=NEW)

    async with server.ports.transactions() as work:
        outbox: Any = work.outbox
        known = [one for one in outbox._rows.rows() if one.origin.request_id]

    assert {one.event.tag.split(".")[1] for one in known} >= {
        "registered",
        "code_asked",
        "email_confirmed",
        "password_changed",
    }
    assert all(one.origin.address for one in known)
