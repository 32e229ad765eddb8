"""A sign-in beside the bare Argon2id call, and how long hashing keeps the event loop from everything else."""

import asyncio
import os
import statistics
import time
from collections.abc import Iterator
from dataclasses import replace

from argon2 import PasswordHasher

from benchmarks.results import Result
from higherstudy.adapters.argon2.passwords import Argon2Passwords
from higherstudy.adapters.memory.passwords import MemoryPasswords
from higherstudy.entrypoints.wiring.containers.first import FirstUseCases, first_use_cases_over
from higherstudy.entrypoints.wiring.memory import memory_ports
from higherstudy.ports.passwords import Passwords

PAIRS = int(os.environ.get("BENCH_PAIRS", "15"))
AT_ONCE = 20
_PASSWORD = "seven quiet rivers at dawn"
_TICK = 0.001


def measure() -> Iterator[Result]:
    """Yield the ratio of a sign-in with its session to the bare comparison of a hash, stores in memory, and the longest
    that a timer came late while 20 sign in at once, beside the same with a hash that costs nothing."""
    asyncio.run(_settled())
    ratio, ours, bare = asyncio.run(_beside_bare())
    detail = f"{ours * 1000:.1f} against {bare * 1000:.1f} milliseconds, {PAIRS} pairs"
    yield Result("a sign-in: times the bare Argon2id call", ratio, 1.2, detail)
    with_hashing = statistics.median(asyncio.run(_longest_lag(Argon2Passwords())) for _ in range(5))
    without = statistics.median(asyncio.run(_longest_lag(MemoryPasswords())) for _ in range(5))
    detail = f"late by {with_hashing * 1000:.1f} milliseconds, with no hashing by {without * 1000:.1f}"
    # Were a single one of the hashes on the loop, it would be late by as long as that takes.
    yield Result("20 sign-ins at once: the loop is late, by parts of one hash", with_hashing / bare, 0.8, detail)


async def _beside_bare() -> tuple[float, float, float]:
    use = await _with_accounts(Argon2Passwords(), 1)
    hasher = PasswordHasher(time_cost=3, memory_cost=65536, parallelism=4)
    hashed = hasher.hash(_PASSWORD)
    pairs = []
    for _ in range(PAIRS):
        begun = time.perf_counter()
        hasher.verify(hashed, _PASSWORD)
        between = time.perf_counter()
        await _sign_in(use, 0)
        pairs.append((time.perf_counter() - between, between - begun))
    ours, bare = (statistics.median(pair[at] for pair in pairs) for at in (0, 1))
    return statistics.median(one / other for one, other in pairs), ours, bare


async def _longest_lag(passwords: Passwords) -> float:
    use = await _with_accounts(passwords, AT_ONCE)
    longest, ends = 0.0, False

    async def tick() -> None:
        nonlocal longest
        while not ends:
            due = time.perf_counter() + _TICK
            await asyncio.sleep(_TICK)
            longest = max(longest, time.perf_counter() - due)

    ticking = asyncio.create_task(tick())
    await asyncio.gather(*(_sign_in(use, number) for number in range(AT_ONCE)))
    ends = True
    await ticking
    return longest


async def _settled() -> None:
    """Load what the first sign-in loads."""
    await _sign_in(await _with_accounts(Argon2Passwords(), 1), 0)


async def _with_accounts(passwords: Passwords, count: int) -> FirstUseCases:
    use = first_use_cases_over(replace(memory_ports(), passwords=passwords))
    await asyncio.gather(*(use.register()(_email(number), _PASSWORD) for number in range(count)))
    return use


async def _sign_in(use: FirstUseCases, number: int) -> None:
    account = await use.sign_in()(_email(number), _PASSWORD)
    await use.begin_session()(account, methods=("pwd",))


def _email(number: int) -> str:
    return f"student{number}@example.org"
