"""Mutation testing of the core: how many small mistakes in the code the tests notice, and which they do not.

``make mutants`` makes every mutant of the chosen packages, runs the tests that come by it, and fails when a package has
fewer than 85 % noticed, or when a function has more unnoticed ones than docs/mutants.md gives a reason for.
``ARGS=--write`` writes that page anew and keeps the reasons that stand in it; ``ARGS=--again`` looks at the last run.
What became of each is kept in mutants.json while the mutant and the tests stay: a run that was broken off goes on.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from mutation.memory import Memory, Result

PACKAGES = ("matching", "planning", "rulebook", "funding")
LEAST = 85
ROOT = Path(__file__).parents[2]
MEMORY = ROOT / "mutants.json"
LOG = ROOT / "mutants.log"
PAGE = ROOT / "docs" / "mutants.md"
NO_REASON = "not looked at yet"
_KEY = re.compile(r"higherstudy\.domain\.(?P<module>[\w.]+)\.(?P<name>[^.]+)__mutmut_\d+")
_ROW = re.compile(r"\| `(?P<function>[^`]+)` \| (?P<count>\d+) \| (?P<reason>.*) \|")

_HEAD = """# Mistakes that the tests do not notice

`make mutants` changes one small thing at a time in `matching`, `planning`, `rulebook` and `funding` and runs the tests
that come by it, the quickest first. At least {least} % of each have to be noticed. Those below are not, with the reason
why that is bearable; more of them than stand here is a failure. `make mutants ARGS=--write` writes the page anew and
keeps the reasons.

"""


@dataclass(frozen=True)
class Tally:
    """What became of the mutants of one package."""

    package: str
    made: int
    noticed: int

    @property
    def percent(self) -> float:
        """How many of a hundred the tests noticed."""
        return 100 * self.noticed / self.made if self.made else 0.0


def main(arguments: list[str]) -> int:
    """Run, tell, and return 1 when too few are noticed or some have no reason."""
    parser = argparse.ArgumentParser(prog="make mutants", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--again", action="store_true", help="look at the last run; make no new one")
    parser.add_argument("--write", action="store_true", help="write docs/mutants.md anew, keeping its reasons")
    parser.add_argument("--children", type=int, default=2, help="how many mutants to try at a time")
    parser.add_argument("--seconds", type=float, default=10, help="how long the tests of one may take, quickest first")
    parser.add_argument("only", nargs="*", help="names of mutants, such as 'higherstudy.domain.funding.*'")
    given = parser.parse_args(arguments)
    if not given.again and _run(given.children, given.seconds, given.only):
        return 1
    results = Memory(MEMORY).results
    tallies = [_tally(package, results) for package in PACKAGES]
    unnoticed = Counter(function_of(key) for key, one in results.items() if not one.outcome.is_noticed)
    for tally in tallies:
        _say(f"{tally.package:10} {tally.noticed:5} of {tally.made:5} noticed: {tally.percent:5.1f} %")
    reasons = dict(_reasons(PAGE.read_text(encoding="utf-8"))) if PAGE.exists() else {}
    if given.write:
        PAGE.write_text(page(tallies, unnoticed, {name: reason for name, (_, reason) in reasons.items()}), "utf-8")
    problems = list(problems_of(tallies, unnoticed, reasons if not given.only else None))
    _say(*problems)
    return 1 if problems and not given.write else 0


def problems_of(
    tallies: Iterable[Tally], unnoticed: Mapping[str, int], reasons: Mapping[str, tuple[int, str]] | None
) -> Iterator[str]:
    """Yield what falls short: a package with too few noticed, a function with more unnoticed than have a reason."""
    for tally in tallies:
        if tally.made and tally.percent < LEAST:
            yield f"{tally.package}: {tally.percent:.1f} % noticed, at least {LEAST} are wanted"
    for function, count in sorted(unnoticed.items() if reasons is not None else ()):
        known, reason = (reasons or {}).get(function, (0, NO_REASON))
        if count > known or reason == NO_REASON:
            yield f"{function}: {count} unnoticed, {known if reason != NO_REASON else 0} have a reason"


def page(tallies: Iterable[Tally], unnoticed: Mapping[str, int], reasons: Mapping[str, str]) -> str:
    """Return the page: a line a package, then a row a function with how many it has and why."""
    lines = [_HEAD.format(least=LEAST), "| package | made | noticed | percent |", "| --- | --- | --- | --- |"]
    lines += [f"| {one.package} | {one.made} | {one.noticed} | {one.percent:.1f} |" for one in tallies]
    lines += ["", "| function | unnoticed | why that is bearable |", "| --- | --- | --- |"]
    lines += [f"| `{name}` | {count} | {reasons.get(name, NO_REASON)} |" for name, count in sorted(unnoticed.items())]
    return "\n".join(lines) + "\n"


def function_of(key: str) -> str:
    """Return the function that a mutant belongs to, such as ``funding.need.money_needs``."""
    found = _KEY.fullmatch(key)
    if found is None:
        raise ValueError(key)
    name = found["name"]
    plain = name.removeprefix("x_") if name.startswith("x_") else ".".join(part for part in name[1:].split("ǁ") if part)
    return f"{found['module']}.{plain}"


def _run(children: int, seconds: float, only: list[str]) -> int:
    with LOG.open("w", encoding="utf-8") as log:
        done = _python("mutation.making", log=log)
    if done:
        _say(f"The mutants could not be made; {LOG.name} says why.")
    options = ["--children", str(children), "--seconds", str(seconds)]
    return done or _python("mutation.trying", *options, str(MEMORY), *only)


def _python(module: str, *arguments: str, log: IO[str] | None = None) -> int:
    command = [sys.executable, "-m", module, *arguments]
    path = {"PYTHONPATH": str(ROOT / "tests")}
    return subprocess.run(command, cwd=ROOT, env=os.environ | path, stdout=log, stderr=log).returncode


def _tally(package: str, results: Mapping[str, Result]) -> Tally:
    own = [one for key, one in results.items() if key.startswith(f"higherstudy.domain.{package}.")]
    return Tally(package, len(own), sum(one.outcome.is_noticed for one in own))


def _reasons(text: str) -> Iterator[tuple[str, tuple[int, str]]]:
    for row in _ROW.finditer(text):
        yield row["function"], (int(row["count"]), row["reason"])


def _say(*lines: str) -> None:
    for line in lines:
        sys.stdout.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
