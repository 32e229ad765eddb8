"""What a new server of one's own holds."""

import stat
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from higherstudy.adapters.memory.clock import MemoryClock
from higherstudy.domain.identity.account import Role
from higherstudy.entrypoints.processes.accounts import Kept, Sample, SignIn, make_first_admin
from higherstudy.entrypoints.processes.seed import seed
from higherstudy.entrypoints.wiring.containers.every import UseCases, use_cases_over
from higherstudy.entrypoints.wiring.memory import memory_ports


@pytest.fixture
def use_cases() -> UseCases:
    return use_cases_over(memory_ports(MemoryClock(datetime(2026, 11, 23, 9, 0, tzinfo=UTC))))


async def _reported(use_cases: UseCases, sample: Sample) -> list[dict[str, object]]:
    assert sample.student is not None
    plans = (await use_cases.list_plans()(sample.student, sample.student_id)).plans
    return [dict(plan.plan.reports) for plan in plans]


async def test_the_sample_student_has_a_plan_with_what_she_reported(use_cases: UseCases, tmp_path: Path) -> None:
    sample = await seed(tmp_path / "accounts.json", use_cases, lambda _: None)

    (reports,) = await _reported(use_cases, sample)
    assert len(reports) == 6


async def test_a_second_start_changes_nothing(use_cases: UseCases, tmp_path: Path) -> None:
    first = await seed(tmp_path / "accounts.json", use_cases, lambda _: None)
    before = await _reported(use_cases, first)

    second = await seed(tmp_path / "accounts.json", use_cases, lambda _: None)

    assert second.sign_ins == first.sign_ins
    assert await _reported(use_cases, second) == before


async def test_a_start_that_was_broken_off_is_completed(use_cases: UseCases, tmp_path: Path) -> None:
    path = tmp_path / "accounts.json"
    first = await seed(path, use_cases, lambda _: None)
    before = await _reported(use_cases, first)
    path.write_bytes(msgspec.json.encode(msgspec.structs.replace(first.sign_ins, done=False)))

    again = await seed(path, use_cases, lambda _: None)

    assert again.sign_ins.done
    assert await _reported(use_cases, again) == before


async def test_only_we_can_read_the_passwords_and_no_two_servers_share_them(
    use_cases: UseCases, tmp_path: Path
) -> None:
    here = await seed(tmp_path / "accounts.json", use_cases, lambda _: None)
    there = await seed(tmp_path / "other" / "accounts.json", use_cases_over(memory_ports()), lambda _: None)

    mode = stat.S_IMODE((tmp_path / "accounts.json").stat().st_mode)
    kept = msgspec.json.decode((tmp_path / "accounts.json").read_bytes(), type=Kept)
    assert mode == 0o600
    assert kept == here.sign_ins
    assert here.sign_ins.admin.password != there.sign_ins.admin.password


async def test_a_sample_student_who_has_chosen_another_password_is_left_alone(
    use_cases: UseCases, tmp_path: Path
) -> None:
    path = tmp_path / "accounts.json"
    first = await seed(path, use_cases, lambda _: None)
    student = msgspec.structs.replace(first.sign_ins.student, password="another one that she chose")
    path.write_bytes(msgspec.json.encode(msgspec.structs.replace(first.sign_ins, student=student)))

    again = await seed(path, use_cases, lambda _: None)

    assert again.student is None


async def test_the_first_administrator_is_made_once(use_cases: UseCases, tmp_path: Path) -> None:
    path = tmp_path / "first-admin.json"

    await make_first_admin(path, "keeper@example.org", use_cases)
    await make_first_admin(path, "keeper@example.org", use_cases)

    kept = msgspec.json.decode(path.read_bytes(), type=SignIn)
    account = await use_cases.sign_in()(kept.email, kept.password)
    assert Role.ADMIN in account.roles
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_whoever_took_the_address_first_does_not_become_administrator(
    use_cases: UseCases, tmp_path: Path
) -> None:
    theirs = await use_cases.register()("keeper@example.org", "twelve slow boats at noon")

    await make_first_admin(tmp_path / "first-admin.json", "keeper@example.org", use_cases)

    account = await use_cases.sign_in()("keeper@example.org", "twelve slow boats at noon")
    assert account.id == theirs.id
    assert Role.ADMIN not in account.roles


async def test_a_start_long_after_the_samples_intakes_gives_the_student_no_plan(tmp_path: Path) -> None:
    late = use_cases_over(memory_ports(MemoryClock(datetime(2050, 1, 1, tzinfo=UTC))))

    sample = await seed(tmp_path / "accounts.json", late, lambda _: None)

    assert await _reported(late, sample) == []
