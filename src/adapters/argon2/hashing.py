"""Hashing and comparing passwords by Argon2id, in whichever thread calls."""

from __future__ import annotations

from threading import Lock

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError


class Hashing:
    """Takes the same time for a comparison whether or not there is a hash to compare with."""

    def __init__(self, *, passes: int, memory_kib: int, lanes: int) -> None:
        self._hasher = PasswordHasher(time_cost=passes, memory_cost=memory_kib, parallelism=lanes)
        self._decoy = ""
        self._making_decoy = Lock()

    def hash(self, password: str) -> str:
        """Return a new hash with a salt of its own."""
        return self._hasher.hash(password)

    def matches(self, password: str, hashed: str) -> bool:
        """Whether the password is the one that was hashed; False for what is no hash of ours."""
        try:
            return self._hasher.verify(hashed, password)
        except InvalidHashError:
            self._take_as_long(password)
            return False
        except VerificationError:
            return False

    def is_outdated(self, hashed: str) -> bool:
        """Whether the hash was made with other costs than new ones; False for what is no hash of ours."""
        try:
            return self._hasher.check_needs_rehash(hashed)
        except InvalidHashError:
            return False

    def _take_as_long(self, password: str) -> None:
        """Compare with a hash of nothing, so that the time does not tell whether there was one."""
        with self._making_decoy:
            self._decoy = self._decoy or self._hasher.hash("")
        try:
            self._hasher.verify(self._decoy, password)
        except VerificationError:
            return
