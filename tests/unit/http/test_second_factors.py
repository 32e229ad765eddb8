"""Second factors over REST: set up, asked for at sign-in, shown, and what is refused tells nothing."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import httpx2
import jwt
import pytest
from authenticator import Authenticator
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from everybody import PASSWORD
from records import Server

from higherstudy.adapters.icalendar.feed import feed
from higherstudy.adapters.memory.one_time_codes import code_at
from higherstudy.adapters.memory.transactions import Store
from higherstudy.adapters.passkeys.passkeys import WebauthnPasskeys
from higherstudy.adapters.tokens.jwt_tokens import JwtTokens
from higherstudy.adapters.tokens.keys import SigningKey
from higherstudy.adapters.workbooks.choosing import source_of
from higherstudy.domain.identity.account import Account, Role
from higherstudy.domain.identity.confirmation import Purpose
from higherstudy.domain.identity.grant import Grant
from higherstudy.domain.identity.scopes import Kind, Scope
from higherstudy.domain.identity.use_cases.confirming import MakeCode
from higherstudy.domain.shared.ids import AccountId, GrantId, StudentId
from higherstudy.entrypoints.http.app import create_app
from higherstudy.entrypoints.http.assembling import Given
from higherstudy.entrypoints.parts.checks import Checks

from .conftest import a_server, sign_in

EMAIL = "student@example.org"
MINUTE = timedelta(minutes=1)
SITE, ORIGIN = "study.example", "https://study.example"


@pytest.fixture
def server(catalogue: Store, tmp_path: Path) -> Server:
    """A server that knows passkeys for real, on which a role of staff needs two factors."""
    return _with_passkeys(catalogue, tmp_path, of_two_factors=frozenset({Role.ADMIN}))


def _with_passkeys(catalogue: Store, folder: Path, **given_too: Any) -> Server:
    plain = a_server(catalogue, folder, **given_too)
    ports = replace(plain.ports, passkeys=WebauthnPasskeys(SITE, [ORIGIN]))
    given: Given = replace(a_given(plain), ports=ports, **given_too)
    return Server(create_app(given), ports, plain.clock)


def a_given(server: Server) -> Given:
    files: Any = server.ports.files
    tokens = JwtTokens(SigningKey(Ed25519PrivateKey.generate()), server.clock)
    return Given(server.ports, tokens, files, source_of, feed, Checks({}))


def roles_in(token: str) -> list[str]:
    said: dict[str, list[str]] = jwt.decode(token, options={"verify_signature": False})
    return said["roles"]


class Person:
    """Somebody with an account, a client that has signed in, and what she signs in with."""

    def __init__(self, server: Server, client: httpx2.AsyncClient, session: dict[str, Any]) -> None:
        self.server, self.client, self.session = server, client, session
        self.secret = b""
        self.device = Authenticator(SITE, ORIGIN)

    def code(self) -> str:
        """The code of now; the clock goes on, so that the next one is another."""
        self.server.clock.move(timedelta(seconds=30))
        return code_at(self.secret, int(self.server.clock.now().timestamp()) // 30)

    async def post(self, path: str, status: int, **body: Any) -> Any:
        answer = await self.client.post(f"/v1/{path}", json=body)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    async def totp(self) -> Any:
        begun = await self.post("me/factors/totp", 201, label="My telephone")
        self.secret = base64.b32decode(parse_qs(urlsplit(begun["address"]).query)["secret"][0])
        return await self.post(f"me/factors/{begun['id']}/confirmation", 200, code=self.code())

    async def passkey(self) -> Any:
        asked = await self.post("me/factors/passkey-options", 200)
        answer = self.device.make(asked["options"])
        return await self.post("me/factors/passkeys", 201, ticket=asked["ticket"], passkey=answer, label="A key")

    async def first_step(self, status: int = 202, **more: Any) -> Any:
        return await self.post("sessions", status, email=EMAIL, password=PASSWORD, **more)


async def registered(server: Server, client: httpx2.AsyncClient) -> Person:
    await client.post("/v1/accounts", json={"email": EMAIL, "password": PASSWORD})
    session = (await client.post("/v1/sessions", json={"email": EMAIL, "password": PASSWORD})).json()
    client.headers["Authorization"] = f"Bearer {session['access_token']}"
    return Person(server, client, session)


async def test_from_the_first_code_on_a_sign_in_takes_two_steps(server: Server) -> None:
    async with server.client() as client:
        person = await registered(server, client)
        added = await person.totp()

        half = await person.first_step()
        whole = await person.post("sessions/second-factor", 201, ticket=half["ticket"], code=person.code())
        listed = (await client.get("/v1/me/factors")).json()
        again = await client.post("/v1/sessions/second-factor", json={"ticket": half["ticket"], "code": person.code()})

    assert half.keys() == {"ticket", "until", "factors"}
    assert half["factors"] == ["totp"]
    assert whole["methods"] == ["otp", "pwd"]
    assert (person.session["methods"], len(added["recovery_codes"])) == (["pwd"], 10)
    assert [one["label"] for one in listed["items"]] == ["My telephone"]
    assert listed["recovery_codes_left"] == 10
    assert "secret" not in str(listed)
    assert (again.status_code, again.json()["code"]) == (401, "second_factor_refused")


async def test_a_half_signed_in_ticket_opens_nothing_else(server: Server) -> None:
    async with server.client() as client:
        person = await registered(server, client)
        await person.totp()
        ticket = (await person.first_step())["ticket"]

        me = await client.get("/v1/me", headers={"Authorization": f"Bearer {ticket}"})
        refresh = await client.post("/v1/sessions/refresh", json={"refresh_token": ticket})
        passkey = await client.post("/v1/sessions/passkey", json={"ticket": ticket, "passkey": {}})
        swapped = [
            await client.post("/v1/sessions/second-factor", json={"ticket": other, "code": person.code()})
            for other in (person.session["access_token"], person.session["refresh_token"], "nonsense")
        ]

    assert [one.status_code for one in (me, refresh, passkey, *swapped)] == [401] * 6


async def test_a_ticket_ends_after_five_minutes(server: Server) -> None:
    async with server.client() as client:
        person = await registered(server, client)
        await person.totp()
        ticket = (await person.first_step())["ticket"]
        server.clock.move(5 * MINUTE)

        await person.post("sessions/second-factor", 401, ticket=ticket, code=person.code())


async def test_answers_with_secrets_stay_in_no_cache(server: Server) -> None:
    async with server.client() as client:
        await registered(server, client)
        begun = await client.post("/v1/me/factors/totp", json={})
        asked = await client.post("/v1/me/factors/passkey-options")

    assert {one.headers["cache-control"] for one in (begun, asked)} == {"no-store"}


async def test_a_passkey_is_a_second_step_and_a_sign_in_of_its_own(server: Server) -> None:
    async with server.client() as client:
        person = await registered(server, client)
        await person.passkey()

        half = await person.first_step()
        asked = await person.post("sessions/passkey-options", 200, ticket=half["ticket"])
        signed = person.device.sign(asked["options"])
        second = await person.post("sessions/second-factor", 201, ticket=asked["ticket"], passkey=signed)
        alone = await person.post("sessions/passkey-options", 200)
        signed = person.device.sign(alone["options"])
        first = await person.post("sessions/passkey", 201, ticket=alone["ticket"], passkey=signed)
        replayed = await client.post("/v1/sessions/passkey", json={"ticket": alone["ticket"], "passkey": signed})

    assert second["methods"] == ["pop", "pwd", "user"]
    assert first["methods"] == ["pop", "user"]
    assert asked["options"]["rpId"] == alone["options"]["rpId"] == SITE
    assert len(asked["options"]["allowCredentials"]) == 1
    assert (alone["options"]["allowCredentials"], alone["options"]["userVerification"]) == ([], "required")
    assert (replayed.status_code, replayed.json()["code"]) == (401, "sign_in_refused")


@pytest.mark.parametrize("passkey", [{}, {"id": 5}, {"id": "AAAA", "response": {}}, {"id": "x" * 5000, "rawId": []}])
async def test_what_is_no_passkey_is_refused_and_breaks_nothing(server: Server, passkey: Any) -> None:
    async with server.client() as client:
        person = await registered(server, client)
        asked = await person.post("me/factors/passkey-options", 200)
        await person.post("me/factors/passkeys", 422, ticket=asked["ticket"], passkey=passkey)
        alone = await person.post("sessions/passkey-options", 200)
        await person.post("sessions/passkey", 401, ticket=alone["ticket"], passkey=passkey)


async def test_a_role_of_staff_waits_for_a_second_factor_and_counts_with_it(server: Server) -> None:
    async with server.client() as client:
        person = await registered(server, client)
        async with server.ports.transactions() as work:
            account = await work.accounts.find_by_email(EMAIL)
            assert account is not None
            account.grant(Role.ADMIN)
            await work.accounts.save(account)

        waiting = await client.post("/v1/sessions", json={"email": EMAIL, "password": PASSWORD})
        client.headers["Authorization"] = f"Bearer {waiting.json()['access_token']}"
        before = (await client.get("/v1/jobs")).status_code
        await person.totp()
        refreshed = await person.post("sessions/refresh", 201, refresh_token=waiting.json()["refresh_token"])
        client.headers["Authorization"] = f"Bearer {refreshed['access_token']}"
        after = (await client.get("/v1/jobs")).status_code

    assert (waiting.json()["waiting_roles"], refreshed["waiting_roles"]) == (["admin"], [])
    assert [roles_in(one["access_token"]) for one in (waiting.json(), refreshed)] == [
        ["student"],
        ["admin", "student"],
    ], "what others read who check our tokens"
    assert (before, after) == (403, 200)


async def test_changing_factors_later_needs_a_proof_that_names_what_it_takes(server: Server) -> None:
    async with server.client() as client:
        person = await registered(server, client)
        added = await person.totp()
        path = f"/v1/me/factors/{added['factor']['id']}"
        server.clock.move(6 * MINUTE)

        late = await client.delete(path)
        by_password = await client.post("/v1/me/proof", json={"password": PASSWORD})
        proved = await person.post("me/proof", 200, code=person.code())
        removed = await client.delete(path)
        gone = await client.delete(path)

    assert (late.status_code, late.json()["code"]) == (403, "proof_needed")
    assert (by_password.status_code, by_password.json()["errors"][0]["code"]) == (403, "proof.by_factor")
    assert proved["until"]
    assert (removed.status_code, gone.status_code) == (204, 404)


async def test_a_device_that_is_known_does_not_wait_for_what_strangers_fail_at(server: Server) -> None:
    async with server.client() as client:
        person = await registered(server, client)
        token = person.session["device_token"]
        for number in range(11):
            await client.post("/v1/sessions", json={"email": EMAIL, "password": f"a guess, number {number}"})

        strange = await person.first_step(429)
        forged = await person.first_step(429, device_token=token[:-4] + "AAAA")
        swapped = await person.first_step(429, device_token=person.session["refresh_token"])
        known = await person.first_step(201, device_token=token)

    assert {one["code"] for one in (strange, forged, swapped)} == {"slowed_down"}
    assert known["device_token"] is None, "it has one"


async def test_a_new_password_by_mail_makes_the_device_known(server: Server) -> None:
    async with server.client() as client:
        await registered(server, client)
        async with server.ports.transactions() as work:
            account = await work.accounts.find_by_email(EMAIL)
        assert account is not None
        ports = server.ports
        code = await MakeCode(ports.transactions, ports.ids, ports.secrets)(account.id, Purpose.RESET_PASSWORD)
        body = {"code": code, "password": "another long password"}
        token = (await client.post("/v1/password-resets/completion", json=body)).json()["device_token"]
        for number in range(11):
            await client.post("/v1/sessions", json={"email": EMAIL, "password": f"a guess, number {number}"})
        right = {"email": EMAIL, "password": "another long password"}
        answers = [
            (await client.post("/v1/sessions", json={**right, **more})).status_code
            for more in ({}, {"device_token": token})
        ]

    assert answers == [429, 201]


async def test_a_common_password_is_refused_with_its_reason(server: Server) -> None:
    async with server.client() as client:
        answer = await client.post("/v1/accounts", json={"email": EMAIL, "password": "Password!2027!2027"})

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "password.common")


async def test_nothing_of_a_factor_is_in_events_or_lines_of_the_log(
    server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    async with server.client() as client:
        person = await registered(server, client)
        codes = (await person.totp())["recovery_codes"]
        half = await person.first_step()
        await person.post("sessions/second-factor", 201, ticket=half["ticket"], recovery_code=codes[0])
    async with server.ports.transactions() as work:
        outbox: Any = work.outbox
        events = str(list(outbox._rows.rows()))

    logged = "".join(capsys.readouterr())
    for planted in (codes[0], person.secret.hex(), half["ticket"], PASSWORD):
        assert planted not in events
        assert planted not in logged


async def test_a_key_brings_no_role_that_its_maker_had_not_shown_two_factors_for(server: Server) -> None:
    """Or a password would be enough to make one that does what the password is not enough for."""
    async with server.client() as client:
        person = await registered(server, client)
        before = await person.post("me/keys", 201, name="From before", scopes=["jobs:read"])
        async with server.ports.transactions() as work:
            account = await work.accounts.get(AccountId(UUID(person.session["account"]["id"])))
            account.grant(Role.ADMIN)
            await work.accounts.save(account)
        by_password = await person.post("me/keys", 201, name="By a password", scopes=["jobs:read"])
        await person.totp()
        by_two = await person.post("me/keys", 201, name="By two factors", scopes=["jobs:read"])
        answers = []
        for made in (before, by_password, by_two):
            async with server.client(made["key"]) as program:
                answers.append((await program.get("/v1/jobs")).status_code)

    assert answers == [403, 403, 200]


async def test_a_device_is_known_by_more_once_a_second_factor_was_shown_on_it(server: Server) -> None:
    async with server.client() as client:
        person = await registered(server, client)
        device = person.session["device_token"]
        await person.totp()
        half = await person.first_step(device_token=device)
        whole = await person.post(
            "sessions/second-factor", 201, ticket=half["ticket"], code=person.code(), device_token=device
        )
        known = whole["device_token"]
        half = await person.first_step(device_token=known)
        again = await person.post(
            "sessions/second-factor", 201, ticket=half["ticket"], code=person.code(), device_token=known
        )

    assert known is not None
    assert again["device_token"] is None


async def test_what_others_let_a_counsellor_see_waits_with_her_role(catalogue: Store, tmp_path: Path) -> None:
    """It is the grant that opens a record, whatever becomes of the role."""
    server = _with_passkeys(catalogue, tmp_path, of_two_factors=frozenset({Role.COUNSELLOR}))
    async with server.client() as client, server.client() as theirs:
        person = await registered(server, client)
        token = await sign_in(theirs, "another@example.org")
        theirs.headers["Authorization"] = f"Bearer {token}"
        me = (await theirs.get("/v1/me")).json()
        async with server.ports.transactions() as work:
            account = await work.accounts.get(AccountId(UUID(person.session["account"]["id"])))
            account.grant(Role.COUNSELLOR)
            await work.accounts.save(account)
            grant = a_grant(AccountId(UUID(me["id"])), StudentId(UUID(me["student_id"])), account, work.now)
            await work.grants.add(grant)
        record = f"/v1/students/{me['student_id']}/profile"
        before = (await client.get(record)).status_code
        own = (await client.get("/v1/students/me/profile")).status_code
        await person.totp()
        refreshed = await person.post("sessions/refresh", 201, refresh_token=person.session["refresh_token"])
        client.headers["Authorization"] = f"Bearer {refreshed['access_token']}"
        after = (await client.get(record)).status_code

    assert (before, own, after) == (404, 200, 200)


def a_grant(owner: AccountId, student_id: StudentId, holder: Account, now: datetime) -> Grant:
    return Grant(
        GrantId(UUID(int=0x6A)),
        student_id,
        owner,
        Kind.GIVEN,
        holder.email,
        frozenset(Scope),
        given_at=now,
        until=now + timedelta(days=30),
        account_id=holder.id,
        accepted_at=now,
    )


async def test_a_students_record_waits_with_her_role_where_that_is_demanded(catalogue: Store, tmp_path: Path) -> None:
    server = _with_passkeys(catalogue, tmp_path, of_two_factors=frozenset({Role.STUDENT}))
    async with server.client() as client:
        person = await registered(server, client)
        by_me = await client.get("/v1/students/me/profile")
        by_id = await client.get(f"/v1/students/{person.session['account']['student_id']}/profile")
        await person.totp()
        refreshed = await person.post("sessions/refresh", 201, refresh_token=person.session["refresh_token"])
        client.headers["Authorization"] = f"Bearer {refreshed['access_token']}"
        after = (await client.get("/v1/students/me/profile")).status_code

    assert (by_me.status_code, by_me.json()["errors"][0]["code"]) == (404, "identity.record_waits")
    assert (by_id.status_code, after) == (404, 200)
