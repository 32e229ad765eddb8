"""The command ``grants`` against a server."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import httpx2
import pytest
from records import Server

from higherstudy.domain.identity.account import Role
from higherstudy.entrypoints.cli import connection
from higherstudy.entrypoints.cli.api import Api
from higherstudy.entrypoints.cli.main import main

Run = Callable[..., tuple[int, str, str]]
PASSWORD = "seven quiet rivers at dawn"


@pytest.fixture
def run(server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command as the holder of the address."""

    def command(email: str, *arguments: str, confirmed: bool = True, role: Role = Role.STUDENT) -> tuple[int, str, str]:
        @asynccontextmanager
        async def connected(_: str | None) -> AsyncIterator[Api]:
            async with server.client() as anybody:
                token = await _signed_in(server, anybody, email, confirmed, role)
            async with server.client(token) as client:
                yield Api(client, "https://study.example.org")

        monkeypatch.setattr(connection, "connected", connected)
        code = main(list(arguments))
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return command


async def _signed_in(server: Server, anybody: httpx2.AsyncClient, email: str, confirmed: bool, role: Role) -> str:
    account = {"email": email, "password": PASSWORD}
    await anybody.post("/v1/accounts", json={**account, "name": "MY NAME"})
    async with server.ports.transactions() as work:
        kept = await work.accounts.find_by_email(email)
        assert kept is not None
        if confirmed:
            kept.confirm_email(work.now)
        kept.grant(role)
        await work.accounts.save(kept)
    return str((await anybody.post("/v1/sessions", json=account)).json()["access_token"])


def test_it_is_given_received_accepted_listed_and_ended(run: Run) -> None:
    give = ("grants", "give", "aunt@example.org", "--scope", "read_plan", "--scope", "upload", "--json")
    given = run("student@example.org", *give, "--note", "You know the papers.")
    grant = json.loads(given[1])[0]["grant"]["id"]

    received = run("aunt@example.org", "grants", "received")
    accepted = run("aunt@example.org", "grants", "accept", grant)
    listed = run("student@example.org", "grants")
    ended = run("student@example.org", "grants", "end", grant)
    left = run("aunt@example.org", "grants", "received")

    assert [one[0] for one in (given, received, accepted, listed, ended, left)] == [0] * 6
    assert received[1].startswith(f"{grant}  MY NAME: offered until ")
    assert "add papers" in received[1]
    assert "record " in received[1]
    assert "You know the papers." in received[1]
    assert listed[1].startswith(f"{grant}  aunt@example.org: live until ")
    assert ended[1] == "It is ended, and refused from now on.\n"
    assert left[1] == "There are none.\n"
    assert run("student@example.org", "grants")[1].startswith(f"{grant}  aunt@example.org: ended on ")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("give",), "An e-mail address is expected."),
        (("end",), "An id is expected."),
        (("list", "7"), "No id is expected."),
        (("give", "no address"), "email"),
        (("give", "aunt@example.org", "--scope", "all"), "scopes"),
        (("give", "aunt@example.org", "--days", "4000"), "until"),
    ],
)
def test_what_cannot_be_done_is_told(run: Run, arguments: tuple[str, ...], told: str) -> None:
    code, _, said = run("student@example.org", "grants", *arguments)

    assert code != 0
    assert told in said


def test_who_has_not_confirmed_her_address_is_told_why_she_sees_no_offer(run: Run) -> None:
    run("student@example.org", "grants", "give", "aunt@example.org")

    code, out, told = run("aunt@example.org", "grants", "received", confirmed=False)

    assert (code, out) == (0, "There are none.\n")
    assert told == "Offers are shown once your e-mail address is confirmed: higherstudy confirm-email\n"


def test_an_administrator_takes_access_which_the_student_sees_by_name_and_reason(run: Run) -> None:
    student = json.loads(run("student@example.org", "account", "--json")[1])["student_id"]

    taken = run("admin@example.org", "access", student, "--reason", "She asked us to look.", role=Role.ADMIN)
    refused = run("aunt@example.org", "access", student, "--reason", "I am curious.")
    seen = run("student@example.org", "activity", "--most", "2")

    assert (taken[0], refused[0]) == (0, 1)
    assert "higherstudy grants end " in taken[1]
    assert "admin@example.org: An administrator took access for a stated reason." in " ".join(seen[1].split())
    assert run("student@example.org", "grants")[1].count("She asked us to look.") == 1


def test_an_administrator_is_told_that_there_is_no_lost_factor_to_remove(run: Run) -> None:
    run("student@example.org", "account")
    lost = ("lost-factors", "student@example.org", "--reason", "She came by with her passport.")

    assert run("admin@example.org", *lost, role=Role.ADMIN) == (
        2,
        "",
        "higherstudy: email: This account has no second factor.\n",
    )
    assert run("aunt@example.org", *lost)[0] == 1


def test_it_speaks_bangla(run: Run) -> None:
    run("student@example.org", "grants", "give", "aunt@example.org")

    assert "প্রস্তাব" in run("student@example.org", "grants", "--language", "bn")[1]
