"""What is said of a process's parts, and what follows for the whole."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from higherstudy.entrypoints.parts import checks
from higherstudy.entrypoints.parts.checks import Check, Checks, Found


async def there() -> bool:
    return True


async def gone() -> bool:
    raise OSError("nobody answers")


async def behind() -> Found:
    return Found("late", {"waiting": 7})


@pytest.mark.parametrize(
    ("database", "redis", "status", "can_work"),
    [
        (there, there, "ok", True),
        (there, gone, "degraded", True),
        (there, behind, "degraded", True),
        (gone, there, "unavailable", False),
        (gone, gone, "unavailable", False),
    ],
)
async def test_only_a_part_without_which_nothing_works_takes_the_whole_along(
    database: Callable[[], Awaitable[object]], redis: Callable[[], Awaitable[object]], status: str, can_work: bool
) -> None:
    found = await Checks({"database": Check(database), "redis": Check(redis, needed=False)}).now()

    assert (found.status, found.can_work) == (status, can_work)


async def test_figures_stand_beside_the_part_that_has_them() -> None:
    found = await Checks({"jobs": Check(behind, needed=False), "files": Check(there)}).now()

    assert found.parts == {"jobs": "late", "files": "ok"}
    assert found.figures == {"jobs": {"waiting": 7}}


async def test_a_part_that_hangs_counts_as_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "_PATIENCE", 0.01)

    found = await Checks({"database": Check(asyncio.Event().wait)}).now()

    assert found.parts == {"database": "unavailable"}


async def test_many_who_ask_at_once_share_one_look() -> None:
    looks = 0

    async def look() -> bool:
        nonlocal looks
        looks += 1
        await asyncio.sleep(0)
        return True

    checks = Checks({"database": Check(look)})
    await asyncio.gather(*(checks.now() for _ in range(50)))

    assert looks == 1
