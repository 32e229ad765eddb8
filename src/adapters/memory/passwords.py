"""Passwords for tests: told apart, but not guarded."""

import hashlib
import hmac
import secrets


class MemoryPasswords:
    """Hashes in no time, so whoever steals a hash guesses the password as fast: never use it for real accounts.

    ``made`` stands for the costs that hashes are made at.
    """

    def __init__(self, made: str = "1") -> None:
        self._made = made

    async def hash(self, password: str) -> str:
        salt = f"{self._made}.{secrets.token_hex(8)}"
        return f"memory${salt}${_digest(password, salt)}"

    async def matches(self, password: str, hashed: str) -> bool:
        name, _, rest = hashed.partition("$")
        salt, _, digest = rest.partition("$")
        return hmac.compare_digest(_digest(password, salt), digest) and name == "memory"

    def is_outdated(self, hashed: str) -> bool:
        return not hashed.startswith(f"memory${self._made}.")


def _digest(password: str, salt: str) -> str:
    return hashlib.sha256(f"{salt}{password}".encode()).hexdigest()
