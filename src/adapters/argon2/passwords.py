"""How passwords are kept: Argon2id, in threads of their own, so few that memory stays bounded."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError


class Argon2Passwords:
    """Hashes with RFC 9106's second recommendation by default: 64 MiB a hash, at most ``at_once`` at a time."""

    def __init__(self, *, at_once: int = 2, passes: int = 3, memory_kib: int = 65536, lanes: int = 4) -> None:
        self._hasher = PasswordHasher(time_cost=passes, memory_cost=memory_kib, parallelism=lanes)
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="argon2")
        self._decoy = ""
        self._making_decoy = Lock()

    async def hash(self, password: str) -> str:
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._hasher.hash, password)

    async def matches(self, password: str, hashed: str) -> bool:
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._matches, password, hashed)

    def close(self) -> None:
        """Let the threads end; those that wait for one get a cancellation."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _matches(self, password: str, hashed: str) -> bool:
        try:
            return self._hasher.verify(hashed, password)
        except InvalidHashError:
            self._take_as_long(password)
            return False
        except VerificationError:
            return False

    def _take_as_long(self, password: str) -> None:
        """Compare with a hash of nothing, so that the time does not tell whether there was one."""
        with self._making_decoy:
            self._decoy = self._decoy or self._hasher.hash("")
        try:
            self._hasher.verify(self._decoy, password)
        except VerificationError:
            return
