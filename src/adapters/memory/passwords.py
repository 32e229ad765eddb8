"""Passwords for tests: told apart, but not guarded."""

import hashlib
import hmac
import secrets


class MemoryPasswords:
    """Hashes in no time, so whoever steals a hash guesses the password as fast: never use it for real accounts."""

    async def hash(self, password: str) -> str:
        salt = secrets.token_hex(8)
        return f"memory${salt}${_digest(password, salt)}"

    async def matches(self, password: str, hashed: str) -> bool:
        name, _, rest = hashed.partition("$")
        salt, _, digest = rest.partition("$")
        return hmac.compare_digest(_digest(password, salt), digest) and name == "memory"


def _digest(password: str, salt: str) -> str:
    return hashlib.sha256(f"{salt}{password}".encode()).hexdigest()
