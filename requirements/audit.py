"""Look for pins that have a published weakness: exit code 0 where none has, 1 where one has, 2 where nobody could tell.

First pip-audit asks an advisory service about every pin. It says nothing against a pin that the service does not know,
so a service that was never reached looks like one that found nothing: here that counts as no answer. The pins are held
against the advisories that are kept in this folder as well. Before either is believed it has to find weaknesses that
were planted.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name
from packaging.version import Version

HERE = Path(__file__).parent
SNAPSHOT = HERE / "advisories.toml"
OLDEST_SNAPSHOT_DAYS = 120
PLANTED = {"litestar": "2.19.0", "pyjwt": "2.3.0", "jinja2": "3.1.5"}
"""Versions with well-known weaknesses."""
_PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)

Pins = Mapping[str, str]


@dataclass(frozen=True)
class Finding:
    """A pin that has a weakness."""

    package: str
    version: str
    advisory: str
    what: str

    def __str__(self) -> str:
        return f"{self.package} {self.version}: {self.advisory} {self.what}".rstrip()


class NobodyTells(Exception):
    """Neither a service nor a snapshot that can be believed."""


def pins_in(text: str) -> dict[str, str]:
    """Return the version of each package that a file of requirements pins."""
    return {str(canonicalize_name(name)): version for name, version in _PIN.findall(text)}


def by_snapshot(pins: Pins, snapshot: Mapping[str, Any], today: date) -> list[Finding]:
    """Return what the kept advisories say; raise NobodyTells for a snapshot that is old or finds nothing planted."""
    age = (today - snapshot["as_of"]).days
    if age > OLDEST_SNAPSHOT_DAYS:
        raise NobodyTells(f"the kept advisories are {age} days old; at most {OLDEST_SNAPSHOT_DAYS} are believed")
    if {found.package for found in _against(PLANTED, snapshot)} != set(PLANTED):
        raise NobodyTells("the kept advisories do not find what was planted")
    return _against(pins, snapshot)


def _against(pins: Pins, snapshot: Mapping[str, Any]) -> list[Finding]:
    return [
        Finding(one["package"], pins[one["package"]], one["id"], one["what"])
        for one in snapshot["advisories"]
        if one["package"] in pins and _is_in(Version(pins[one["package"]]), one["affected"])
    ]


def _is_in(version: Version, affected: Iterable[Sequence[str]]) -> bool:
    return any(Version(first) <= version < Version(mended) for first, mended in affected)


def by_service(pins: Pins) -> tuple[list[Finding], set[str]]:
    """Return what the service says, and the packages about which it said anything; raise NobodyTells where it does not
    find what was planted."""
    planted, _ = _asked(PLANTED)
    if {found.package for found in planted} != set(PLANTED):
        raise NobodyTells("the advisory service does not answer")
    return _asked(pins)


def _asked(pins: Pins) -> tuple[list[Finding], set[str]]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "pins.txt"
        # pip-audit wants hashes to take pins as they are; it compares none.
        file.write_text("".join(f"{name}=={version} --hash=sha256:{'0' * 64}\n" for name, version in pins.items()))
        options = ["--format=json", "--progress-spinner=off", "--disable-pip", "--require-hashes", "--timeout=15"]
        command = [sys.executable, "-m", "pip_audit", *options, "--requirement", str(file)]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        told = json.loads(ended.stdout)["dependencies"]
    except (ValueError, KeyError) as error:
        last = (ended.stderr.strip() or "nothing").splitlines()[-1][:200]
        raise NobodyTells(f"pip-audit said: {last}") from error
    audited = {str(canonicalize_name(one["name"])) for one in told if "vulns" in one}
    found = [Finding(one["name"], one["version"], flaw["id"], "") for one in told for flaw in one.get("vulns", ())]
    return found, audited


def main(arguments: Sequence[str] | None = None, today: date | None = None) -> int:
    """Print what was found, and return the exit code."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    asked.add_argument("--pins", type=Path, nargs="*", default=sorted(HERE.glob("*.txt")), help="files with pins")
    asked.add_argument("--snapshot", type=Path, default=SNAPSHOT, help="the kept advisories")
    asked.add_argument("--live", action="store_true", help="fail where the service does not tell of every pin")
    asked.add_argument("--offline", action="store_true", help="ask no service")
    given = asked.parse_args(arguments)
    pins = {name: version for file in given.pins for name, version in pins_in(file.read_text()).items()}
    try:
        found = _found(pins, given, today or datetime.now(UTC).date())
    except NobodyTells as nobody:
        print(f"Nobody could tell whether the pins have weaknesses: {nobody}.", file=sys.stderr)
        return 2
    for one in found:
        print(one, file=sys.stderr)
    print(f"{len(pins)} pins looked at, {len(found)} weaknesses found.")
    return 1 if found else 0


def _found(pins: Pins, given: argparse.Namespace, today: date) -> list[Finding]:
    if not pins:
        raise NobodyTells("there are no pins")
    found: list[Finding] = []
    if not given.offline:
        try:
            found, audited = by_service(pins)
            if given.live and audited < set(pins):
                raise NobodyTells(f"the advisory service knows nothing of {', '.join(sorted(set(pins) - audited))}")
        except NobodyTells as nobody:
            if given.live:
                raise
            print(f"{nobody}: only the kept advisories count.", file=sys.stderr)
    snapshot = tomllib.loads(given.snapshot.read_text())
    known = {(one.package, one.advisory) for one in found}
    kept = by_snapshot(pins, snapshot, today)
    return [*found, *(one for one in kept if (one.package, one.advisory) not in known)]


if __name__ == "__main__":
    sys.exit(main())
