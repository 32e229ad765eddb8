"""Secrets that are the same in every run."""

import hashlib


class MemorySecrets:
    """Counts up and hashes the count, so anybody can guess them: for tests only."""

    def __init__(self, seed: str = "") -> None:
        self._seed = seed
        self._count = 0

    def new(self) -> str:
        self._count += 1
        return hashlib.sha256(f"{self._seed}:{self._count}".encode()).hexdigest()
