"""Reading the changes that ``--what-if`` asks about."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from ....domain.planning.schedule import Report
from ..bundle import day_option
from ..errors import refused

_FORMS = "STEP=DAYS, STEP=started:DATE, STEP=done:DATE, add:PROGRAMME/TERM-YEAR, drop:TARGET or today:DATE"
_MOST_DAYS = 3650


@dataclass
class Asked:
    """What is assumed; targets to add are still words."""

    reports: dict[str, Report] = field(default_factory=dict)
    durations: dict[str, int] = field(default_factory=dict)
    add: list[str] = field(default_factory=list)
    drop: list[str] = field(default_factory=list)
    today: date | None = None


def read_what_if(words: list[str], steps: Collection[str], targets: Collection[str]) -> Asked:
    """Return what the words ask about; raise CommandFailed naming the one that cannot be read."""
    asked = Asked()
    for word in words:
        kind, _, rest = word.partition(":")
        if "=" in kind:
            _read_step(word, asked, steps)
        elif kind == "today":
            asked.today = day_option(rest, "--what-if today")
        elif kind == "drop":
            if rest not in targets:
                raise refused("--what-if drop", "no_such_target", given=rest, known=", ".join(targets))
            asked.drop.append(rest)
        elif kind == "add":
            asked.add.append(rest)
        else:
            raise refused("--what-if", "none_of_forms", given=word, known=_FORMS)
    return asked


def done_already(asked: Asked, done: Collection[str]) -> tuple[str, ...]:
    """Return the steps that were asked to take other days though they are done."""
    return tuple(key for key in asked.durations if key in done and key not in asked.reports)


def _read_step(word: str, asked: Asked, steps: Collection[str]) -> None:
    key, _, value = word.partition("=")
    if key not in steps:
        raise refused("--what-if", "no_such_step", given=key, known=", ".join(steps))
    state, _, rest = value.partition(":")
    if state == "started":
        asked.reports[key] = Report(started_on=day_option(rest, f"--what-if {key}"))
    elif state == "done":
        asked.reports[key] = Report(finished_on=day_option(rest, f"--what-if {key}"))
    elif value.isascii() and value.isdigit() and int(value) <= _MOST_DAYS:
        asked.durations[key] = int(value)
    else:
        raise refused(f"--what-if {key}", "no_days_nor_date", given=value, at_most=_MOST_DAYS)
