"""Asking a server what a change would do to a plan."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ....domain.planning.schedule import Report
from ..errors import refused
from .plan_view import MoveView, OutlookMove, WhatIfView
from .remote_plan import Data, safe_start
from .what_if_words import done_already, read_what_if

if TYPE_CHECKING:
    from ..api import Api


async def remote_what_if(api: Api, plan_id: str, words: list[str]) -> WhatIfView:
    """Return what the changes would do to the plan; the server keeps nothing of it."""
    plan = await api.get(f"/v1/plans/{plan_id}")
    asked = read_what_if(words, [step["key"] for step in plan["steps"]], [t["key"] for t in plan["targets"]])
    if asked.add:
        raise refused("--what-if add", "add_needs_a_case")
    started = {step["key"]: step["start"] for step in plan["steps"] if step["state"] != "to_do"}
    question = {
        "reports": {key: _report(report, started.get(key)) for key, report in asked.reports.items()},
        "durations": asked.durations,
        "drop": asked.drop,
        "today": asked.today.isoformat() if asked.today else None,
    }
    done = [step["key"] for step in plan["steps"] if step["state"] == "done"]
    return _what_if(words, await api.post(f"/v1/plans/{plan_id}/what-ifs", question), done_already(asked, done))


def _report(report: Report, started: str | None) -> dict[str, str | None]:
    started_on = report.started_on.isoformat() if report.started_on else started
    return {"started_on": started_on, "finished_on": report.finished_on.isoformat() if report.finished_on else None}


def _what_if(asked: list[str], answer: Data, done: tuple[str, ...]) -> WhatIfView:
    changed = answer["changed"]
    return WhatIfView(
        asked=tuple(asked),
        summary=changed["summary"],
        outlooks=tuple(
            OutlookMove(
                one["target"],
                one["title"],
                one["before"],
                one["after"],
                one["slack_before"],
                one["slack_after"],
                safe_start(one["next_safe"]),
            )
            for one in changed["outlooks"]
        ),
        moves=tuple(
            MoveView(
                move["key"],
                move["title"],
                date.fromisoformat(move["before"]),
                date.fromisoformat(move["after"]),
                move["days"],
            )
            for move in changed["moves"]
        ),
        appear=tuple(changed["appear"]),
        vanish=tuple(changed["vanish"]),
        done=done,
    )
