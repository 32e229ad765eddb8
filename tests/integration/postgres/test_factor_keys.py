"""Another key for second factors by `higherstudy rotate-keys`, with the application's rights on a real database."""

import asyncio
from base64 import b64encode
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from real_ports import real_ports

from higherstudy.adapters.aead.secret_box import AeadSecretBox
from higherstudy.adapters.postgres.engine import create_engine
from higherstudy.adapters.postgres.transactions import PostgresTransactions
from higherstudy.adapters.system.ids import SystemIds
from higherstudy.domain.identity.factor import Factor
from higherstudy.domain.identity.use_cases.factor_checks import about_factor
from higherstudy.domain.identity.use_cases.resealing import Resealed, SealFactorsAnew
from higherstudy.entrypoints.cli.main import main
from higherstudy.entrypoints.parts import keys
from higherstudy.entrypoints.settings import WrongSettings, read_settings
from higherstudy.entrypoints.wiring.containers.every import UseCases, use_cases_over
from higherstudy.ports.secret_box import BoxNotOpened

from .test_second_factors import with_an_app

FIRST, SECOND = b"k" * 32, b"n" * 32  # the first is that of ``real_ports``
Over = Callable[[Callable[[UseCases], Awaitable[Any]]], Any]
"""Runs something with every use case over the database."""


@pytest.fixture(autouse=True)
def _machine(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("HIGHERSTUDY_HOME", str(tmp_path / "home"))


@pytest.fixture
def over(database_url: str, tmp_path: Path) -> Over:
    """Run something with every use case over the database."""

    async def ask(what: Callable[[UseCases], Awaitable[Any]]) -> Any:
        engine = create_engine(database_url)
        async with real_ports(engine, tmp_path) as real:
            found = await what(use_cases_over(real.ports))
        await engine.dispose()
        return found

    return lambda what: asyncio.run(ask(what))


async def apps(use: UseCases) -> list[Factor]:
    async with use.transactions()() as work:
        return list(await work.factors.apps(None, 100))


def is_opened_by(key: bytes, factor: Factor) -> bool:
    try:
        AeadSecretBox(lambda: [key]).open(factor.secret, about_factor(factor.id))
    except BoxNotOpened:
        return False
    return True


def encoded(key: bytes) -> str:
    return b64encode(key).decode()


def test_keys_of_the_settings_are_changed_and_every_app_goes_on(
    over: Over, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        over(with_an_app)
    monkeypatch.setenv("FACTOR_KEY", encoded(SECOND))

    without = main(["rotate-keys"]), capsys.readouterr()
    monkeypatch.setenv("OTHER_FACTOR_KEYS", encoded(FIRST))
    done = main(["rotate-keys"]), capsys.readouterr()
    again = main(["rotate-keys"]), capsys.readouterr()
    sealed: list[Factor] = over(apps)

    assert (without[0], "OTHER_FACTOR_KEYS" in without[1].err) == (1, True)
    assert (done[0], done[1].out.splitlines()[-1]) == (
        0,
        "Sealed by the key in use for second factors: 2 apps that make codes.",
    )
    assert (again[0], ": 0 apps" in again[1].out) == (0, True)
    assert [(is_opened_by(SECOND, one), is_opened_by(FIRST, one)) for one in sealed] == [(True, False)] * 2


def test_a_key_of_the_home_is_followed_by_a_new_one_and_the_old_one_may_be_removed(
    over: Over, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "home" / "keys"
    folder.mkdir(parents=True)
    (folder / "factors.key").write_bytes(FIRST)
    over(with_an_app)
    monkeypatch.setenv("OTHER_FACTOR_KEYS", encoded(SECOND))  # what the test before has left in this database

    code, told = main(["rotate-keys"]), capsys.readouterr()

    new = (folder / "factors.key").read_bytes()
    [old] = folder.glob("factors-*.key")
    assert (code, told.out.splitlines()[-1]) == (0, f"The key before seals no second factor any more: {old}"), told.err
    assert (old.read_bytes(), new != FIRST, (folder / "factors.key").stat().st_mode & 0o077) == (FIRST, True, 0)
    assert {is_opened_by(new, one) for one in over(apps)} == {True}


def test_a_code_that_is_used_at_that_moment_stays_used(over: Over, database_url: str) -> None:
    async def at_once(use: UseCases) -> tuple[Resealed, Factor, list[Factor]]:
        account, _, _ = await with_an_app(use)
        whole = SealFactorsAnew(use.transactions(), AeadSecretBox(lambda: [b"l" * 32, FIRST, SECOND]))
        (read,) = [one for one in await apps(use) if one.account_id == account.id]
        engine = create_engine(database_url)
        async with PostgresTransactions(engine, SystemIds())() as work:
            (used,) = await work.factors.of_account(account.id)
            used.use(used.counter + 7, work.now)
            await work.factors.save(used)
        await engine.dispose()
        done = await whole._sealed(read)
        return done, read, [one for one in await apps(use) if one.account_id == account.id]

    done, read, (after,) = over(at_once)

    assert done == Resealed(anew=1)
    assert (after.counter, is_opened_by(b"l" * 32, after)) == (read.counter + 7, True)


async def test_a_process_starts_beside_one_that_seals_by_a_key_which_it_knows(
    database_url: str, tmp_path: Path
) -> None:
    home = {"DATABASE_URL": database_url, "HIGHERSTUDY_HOME": str(tmp_path / "shared")}
    before = read_settings(home)

    async with keys.same_keys(before):
        keys.renew_factor_key(before)
        async with keys.same_keys(read_settings(home)):  # the home keeps the key before
            pass
        for older in (tmp_path / "shared" / "keys").glob("factors-*.key"):
            older.unlink()
        with pytest.raises(WrongSettings) as refused:
            async with keys.same_keys(read_settings(home)):
                pass

    assert [one.code for one in refused.value.reasons] == ["setting.factor_keys_differ"]


async def test_while_keys_of_settings_are_changed_only_one_that_knows_too_few_is_warned_of(
    database_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    home = {"DATABASE_URL": database_url, "HIGHERSTUDY_HOME": str(tmp_path / "shared")}
    first, second = {"FACTOR_KEY": encoded(FIRST)}, {"FACTOR_KEY": encoded(SECOND)}

    async with keys.same_keys(read_settings({**home, **first})):
        async with keys.same_keys(read_settings({**home, **second, "OTHER_FACTOR_KEYS": encoded(FIRST)})):
            warned_of_nothing = not caplog.records
        async with keys.same_keys(read_settings({**home, **second})):
            pass

    assert warned_of_nothing
    assert [one.getMessage() for one in caplog.records] == [
        "another API process seals second factors by a key that this one does not know"
    ]
