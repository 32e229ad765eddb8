"""How passwords are kept: Argon2id, in threads of their own, so few that memory stays bounded."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .hashing import Hashing


class Argon2Passwords:
    """Hashes with RFC 9106's second recommendation by default: 64 MiB a hash, at most ``at_once`` at a time."""

    def __init__(self, *, at_once: int = 2, passes: int = 3, memory_kib: int = 65536, lanes: int = 4) -> None:
        self._costs = passes, memory_kib, lanes
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="argon2")

    async def hash(self, password: str) -> str:
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._hash, password)

    async def matches(self, password: str, hashed: str) -> bool:
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._matches, password, hashed)

    def is_outdated(self, hashed: str) -> bool:
        return self._hashing.is_outdated(hashed)

    def close(self) -> None:
        """Let the threads end; those that wait for one get a cancellation."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _hash(self, password: str) -> str:
        return self._hashing.hash(password)

    def _matches(self, password: str, hashed: str) -> bool:
        return self._hashing.matches(password, hashed)

    @cached_property
    def _hashing(self) -> Hashing:
        from .hashing import Hashing  # noqa: PLC0415 - it takes long to load: in a thread, for the first who needs it

        passes, memory_kib, lanes = self._costs
        return Hashing(passes=passes, memory_kib=memory_kib, lanes=lanes)
