"""Messages over REST: a channel that was switched off says so, and administrators see what failed."""

from uuid import UUID, uuid4

import httpx2
import pytest
from records import Server
from telling import Post

from higherstudy.adapters.memory.mailbox import MemoryMailbox
from higherstudy.domain.audit.query import Query
from higherstudy.domain.identity.account import Role
from higherstudy.domain.notifications.channel import Channel
from higherstudy.domain.notifications.message import Message, Recipient
from higherstudy.domain.notifications.use_cases.saying import Saying
from higherstudy.domain.shared.ids import AccountId
from higherstudy.entrypoints.wiring.containers.every import use_cases_over
from higherstudy.ports.delivery_reports import DeliveryReport, Heard
from higherstudy.ports.errors import Refusal
from higherstudy.ports.transactions import UnitOfWork

EMAIL = "student@example.org"


async def always(_: UnitOfWork, __: Message) -> bool:
    return True


async def account_of(server: Server, email: str) -> AccountId:
    async with server.ports.transactions() as work:
        account = await work.accounts.find_by_email(email)
    assert account is not None
    return account.id


async def said(server: Server, kind: str) -> None:
    """Say something of that kind to the student, without bringing it yet."""
    account_id = await account_of(server, EMAIL)
    async with server.ports.transactions() as work:
        await use_cases_over(server.ports).say()(work, [Saying(kind, "one", Recipient(account_id))])


async def an_administrator(server: Server) -> str:
    keeper = {"email": "keeper@example.org", "password": "seven quiet rivers at dawn"}
    async with server.client() as client:
        await client.post("/v1/accounts", json={**keeper, "name": "MY NAME"})
        async with server.ports.transactions() as work:
            account = await work.accounts.find_by_email(keeper["email"])
            assert account is not None
            account.grant(Role.ADMIN)
            await work.accounts.save(account)
        return str((await client.post("/v1/sessions", json=keeper)).json()["access_token"])


class _World:
    """What carries messages of a server's store."""

    def __init__(self, server: Server) -> None:
        self.transactions, self.ids, self.secrets = server.ports.transactions, server.ports.ids, server.ports.secrets


async def test_mail_that_bounced_is_seen_as_switched_off_and_why(server: Server, owner: httpx2.AsyncClient) -> None:
    before = (await owner.get("/v1/me/message-preferences")).json()["ways"]
    await said(server, "password_changed")
    account_id = await account_of(server, EMAIL)
    async with server.ports.transactions() as work:
        [lying] = [one for one in await work.outgoing.of_account(account_id, None, 9) if one.deliveries]
        [delivery] = lying.deliveries
        delivery.begin(work.now)
        delivery.taken("theirs", work.now)
        await work.outgoing.save_delivery(delivery)
    report = DeliveryReport("event", f"x-{delivery.id}", "theirs", Heard.BOUNCED, server.clock.now())
    await use_cases_over(server.ports).hear_reports()("mail", [Channel.EMAIL], [report])

    [way] = (await owner.get("/v1/me/message-preferences")).json()["ways"]
    inbox = (await owner.get("/v1/messages")).json()["items"]

    now = server.clock.now().isoformat().replace("+00:00", "Z")
    assert before == []
    assert (way["channel"], way["address"], way["closed_at"]) == ("email", "s***@example.org", now)
    assert way["because"] == "bounced"
    [told] = [one for one in inbox if one["kind"] == "channel_off"]
    [failed] = [one for one in inbox if one["kind"] == "password_changed"]
    assert (told["read_at"], told["topic"], bool(told["short"])) == (None, "account", True)
    assert failed["deliveries"][0]["state"] == "bounced"


async def test_administrators_see_what_failed_and_nothing_of_what_it_says(
    server: Server, owner: httpx2.AsyncClient
) -> None:
    mailbox = MemoryMailbox()
    mailbox.refusing[EMAIL] = Refusal.BLOCKED
    deliver = Post(_World(server), mailbox, always).telling["deliver"]
    await said(server, "password_changed")
    account_id = await account_of(server, EMAIL)
    async with server.ports.transactions() as work:
        [lying] = [one for one in await work.outgoing.of_account(account_id, None, 9) if one.deliveries]
    [delivery] = lying.deliveries
    await deliver(delivery.id)

    async with server.client(await an_administrator(server)) as admin:
        page = (await admin.get("/v1/undelivered-messages")).json()
        [row] = page["items"]
        behind = await admin.get("/v1/undelivered-messages", params={"limit": 1})
        again = await admin.post(f"/v1/undelivered-messages/{row['id']}/repetition")
        twice = await admin.post(f"/v1/undelivered-messages/{row['id']}/repetition")
        unknown = await admin.post(f"/v1/undelivered-messages/{uuid4()}/repetition")
        crooked = await admin.post("/v1/undelivered-messages/none/repetition")
    async with server.ports.transactions() as work:
        [noted] = await work.audit_trail.search(Query(action="delivery.tried_again"), 10)

    now = server.clock.now().isoformat().replace("+00:00", "Z")
    expected = {"kind": "password_changed", "needed": True, "channel": "email", "state": "refused", "attempts": 1}
    assert {name: row[name] for name in expected} == expected
    assert (row["since"], row["account_id"], row["instead"], row["may_be_tried"]) == (now, str(account_id), None, True)
    assert row["why"].startswith("message.blocked")
    assert EMAIL not in str(page)
    assert (page["next"], behind.json()["next"]) == (None, None)
    assert (again.status_code, again.json()["instead"]["state"]) == (200, "waiting")
    assert (twice.status_code, unknown.status_code, crooked.status_code) == (422, 404, 422)
    assert twice.json()["errors"][0]["code"] == "delivery.comes_otherwise"
    assert str(noted.entry.subject_id) == row["id"]
    async with server.ports.transactions() as work:
        assert len(await work.outgoing.deliveries(delivery.message_id)) == 2


@pytest.mark.parametrize("path", ["", f"/{UUID(int=7)}/repetition"])
async def test_nobody_else_sees_what_failed(owner: httpx2.AsyncClient, path: str) -> None:
    answer = await owner.request("POST" if path else "GET", f"/v1/undelivered-messages{path}")

    assert answer.status_code == 403
