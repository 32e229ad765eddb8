"""Changing the keys under which students' papers are sealed."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from higherstudy.adapters.folder.wrapped_keys import FolderWrappedKeys
from higherstudy.adapters.memory.clock import MemoryClock
from higherstudy.domain.shared.ids import StudentId
from higherstudy.entrypoints.parts.vault import demand_master_key, vault_of
from higherstudy.entrypoints.settings import Settings, WrongSettings
from higherstudy.ports.vault import Place, Vault

Run = Callable[..., Any]
PAPER = Place("paper", "1")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HIGHERSTUDY_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def a_vault(home: Path, **settings: Any) -> Vault:
    """The vault of a process that starts now."""
    kept = FolderWrappedKeys(home / "keys")
    return vault_of(Settings(home=str(home), **settings), kept, MemoryClock(datetime(2026, 11, 27, tzinfo=UTC)))


def sealed_for(vault: Vault, student: StudentId) -> bytes:
    return asyncio.run(vault.keys_of(student)).seal(PAPER, b"marks")


def opened(vault: Vault, student: StudentId, sealed: bytes) -> bytes:
    return asyncio.run(vault.keys_of(student)).open(PAPER, sealed)


def test_a_new_master_key_wraps_every_key_and_the_old_one_may_be_removed(run: Run, home: Path) -> None:
    students = [StudentId(uuid4()) for _ in range(3)]
    running = a_vault(home)
    papers = {student: sealed_for(running, student) for student in students}
    before = (home / "keys" / "master.key").read_bytes()

    told = run("rotate-keys")

    [old] = (home / "keys").glob("master-*.key")
    assert (told.code, old.read_bytes()) == (0, before)
    assert told.out.splitlines() == [
        "Wrapped by the master key in use: 3 keys of students.",
        f"The one before wraps nothing any more, but in copies of those keys: {old}",
    ]
    assert (home / "keys" / "master.key").stat().st_mode & 0o077 == 0
    assert (home / "keys" / "master.key").read_bytes() != before
    old.unlink()
    assert {student: opened(a_vault(home), student, paper) for student, paper in papers.items()} == dict.fromkeys(
        students, b"marks"
    )
    assert sealed_for(running, StudentId(uuid4())), "a process that runs goes on, by the new key"


def test_with_a_master_key_in_the_settings_all_is_wrapped_by_that_one(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    student, old, new = StudentId(uuid4()), "b2xkb2xkb2xkb2xkb2xkb2xkb2xkb2xkb2xkb2xkMTI=", "bmV3" * 10 + "MTI="
    paper = sealed_for(a_vault(home, master_key=old), student)
    monkeypatch.setenv("MASTER_KEY", new)
    monkeypatch.setenv("OTHER_MASTER_KEYS", old)

    told = run("rotate-keys")

    assert (told.code, told.out) == (0, "Wrapped by the master key in use: 1 key of students.\n")
    assert opened(a_vault(home, master_key=new), student, paper) == b"marks"
    assert not list((home / "keys").glob("master*"))


def test_without_the_key_that_wraps_them_it_says_which_is_missing(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed_for(a_vault(home, master_key="b2xkb2xkb2xkb2xkb2xkb2xkb2xkb2xkb2xkb2xkMTI="), StudentId(uuid4()))
    monkeypatch.setenv("MASTER_KEY", "bmV3" * 10 + "MTI=")

    told = run("rotate-keys")

    assert (told.code, told.out) == (1, "")
    assert "OTHER_MASTER_KEYS" in told.err


def test_a_student_gets_a_new_key_for_what_she_adds(run: Run, home: Path) -> None:
    student = StudentId(uuid4())
    before = sealed_for(a_vault(home), student)

    told = run("rotate-keys", "--student", str(student))

    after = sealed_for(a_vault(home), student)
    assert (told.code, told.out) == (0, "Her next papers are sealed under a new key.\n")
    assert before[4:20] != after[4:20]
    assert opened(a_vault(home), student, before) == b"marks"


def test_what_is_no_id_of_a_student_is_refused(run: Run, home: Path) -> None:
    told = run("rotate-keys", "--student", "me")

    assert (told.code, told.out) == (2, "")
    assert told.err.startswith("higherstudy: --student: ")


def test_a_lost_master_key_is_not_followed_by_a_new_one_while_students_have_keys(run: Run, home: Path) -> None:
    student = StudentId(uuid4())
    paper, lost = sealed_for(a_vault(home), student), home / "keys" / "master.key"
    kept = lost.read_bytes()
    lost.unlink()

    told = run("rotate-keys")

    assert told.code != 0
    assert str(lost) in "".join(told.err.split())
    assert list((home / "keys").glob("master*")) == []
    lost.write_bytes(kept)
    assert opened(a_vault(home), student, paper) == b"marks"


async def test_a_home_without_students_keys_or_with_a_key_in_the_settings_has_lost_nothing(home: Path) -> None:
    kept, settings = FolderWrappedKeys(home / "keys"), Settings(home=str(home))
    await demand_master_key(settings, kept)
    await a_vault(home).keys_of(StudentId(uuid4()))
    await demand_master_key(settings, kept)
    (home / "keys" / "master.key").unlink()

    await demand_master_key(Settings(home=str(home), master_key="bmV3" * 10 + "MTI="), kept)
    with pytest.raises(WrongSettings, match=r"setting\.master_key_gone"):
        await demand_master_key(settings, kept)
