"""The command ``identities`` against a server."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import UUID

import pytest
from records import Server

from higherstudy.adapters.memory.identity_providers import MemoryIdentityProviders
from higherstudy.domain.identity.linked_identity import LinkedIdentity
from higherstudy.domain.shared.ids import LinkedIdentityId
from higherstudy.entrypoints.cli import connection
from higherstudy.entrypoints.cli.api import Api
from higherstudy.entrypoints.cli.main import main
from higherstudy.ports.identity_providers import Provider

from .conftest import sign_in

EMAIL = "student@example.org"
ID = LinkedIdentityId(UUID(int=7))
UNIVERSITY = Provider("university", "My University", "https://login.university.example")
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command as a student with a password and an identity at a provider."""
    token = asyncio.run(_a_student(server))

    @asynccontextmanager
    async def connected(_: str | None) -> AsyncIterator[Api]:
        async with server.client(token) as client:
            yield Api(client, "https://study.example.org")

    monkeypatch.setattr(connection, "connected", connected)

    def command(*arguments: str) -> tuple[int, str, str]:
        code = main(list(arguments))
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return command


async def _a_student(server: Server) -> str:
    assert isinstance(server.ports.identity_providers, MemoryIdentityProviders)
    server.ports.identity_providers.offer(UNIVERSITY)
    async with server.client() as client:
        token = await sign_in(client, EMAIL)
    async with server.ports.transactions() as work:
        account = await work.accounts.find_by_email(EMAIL)
        assert account is not None
        linked_at = datetime(2026, 11, 20, 12, tzinfo=UTC)
        await work.linked_identities.add(LinkedIdentity(ID, account.id, UNIVERSITY.issuer, "subject-1", linked_at))
    return token


def test_identities_are_listed_by_the_names_of_their_providers(run: Run) -> None:
    code, out, _ = run("identities")

    assert code == 0
    assert out.startswith(f"{ID}  My University, linked 20 Nov 2026, ")


def test_one_is_removed_and_nothing_is_left(run: Run) -> None:
    assert run("identities", "--remove", str(ID)) == (0, "No provider signs you in to your account.\n", "")


def test_one_that_is_not_there_is_told_in_a_sentence(run: Run) -> None:
    code, out, err = run("identities", "--remove", str(UUID(int=8)))

    assert (code, out) == (1, "")
    assert err.count("\n") == 1
