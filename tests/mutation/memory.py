"""What became of each mutant, kept from run to run, so that a run that is broken off goes on where it was."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path


class Outcome(StrEnum):
    """What the tests did about a mutant."""

    FAILED = "failed"
    DIED = "died"  # by time, by memory or by a signal
    UNNOTICED = "unnoticed"
    UNREACHED = "unreached"  # no test comes by

    @property
    def is_noticed(self) -> bool:
        """Whether a change like this would not have gone through."""
        return self in (Outcome.FAILED, Outcome.DIED)


@dataclass(frozen=True)
class Result:
    """The outcome of one mutant, by which test, and digests of what that hangs on."""

    outcome: Outcome
    function: str  # digest of the function that the mutant was made from
    tests: str  # digest of the test that noticed with all code; of all tests that come by where none did
    by: str | None = None  # the test that noticed


class Memory:
    """The results in one file of JSON."""

    def __init__(self, file: Path) -> None:
        self.file = file
        kept = json.loads(file.read_text("utf-8")) if file.exists() else {}
        self.results = {key: Result(**{**one, "outcome": Outcome(one["outcome"])}) for key, one in kept.items()}

    def save(self) -> None:
        """Write all results, or leave the file as it was."""
        new = self.file.with_suffix(".new")
        new.write_text(json.dumps({key: asdict(one) for key, one in self.results.items()}, indent=0), "utf-8")
        new.replace(self.file)

    def forget_others(self, keys: Iterable[str]) -> None:
        """Drop the results of mutants that are made no longer."""
        wanted = set(keys)
        self.results = {key: one for key, one in self.results.items() if key in wanted}


def digest_of(files: Iterable[Path]) -> str:
    """Return one digest for the names and contents of these files, in whichever order they come."""
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(f"{file}\0".encode() + file.read_bytes() + b"\0")
    return digest.hexdigest()[:16]
