"""The commands ``plan why`` and ``plan chance``: questions about a plan, of a case file or of a server."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote

from cyclopts import Parameter
from rich.console import RenderableType
from rich.text import Text

from ....adapters.bundled.packs import bundled_rulebook
from ....domain.planning.chance import SAMPLES, Chance, chances
from ....domain.planning.explaining import Explanation, explain
from ....domain.planning.sampling import MOST_SAMPLES
from ....domain.shared.errors import DomainError, Reason
from ..bundle import day_option
from ..connection import asked_of_server
from ..errors import CommandFailed, refused
from ..remote_words import said
from ..screen import heading, indented, item, print_json, show
from ..words import Words, locale, say, sentences_of
from ..words import day as day_in_words
from .planned import planned_from

if TYPE_CHECKING:
    from ..api import Api

_SHARES = (("chance", ".0f"), ("standard_error", ".1f"))
File = Annotated[Path | None, Parameter(show_default=False)]
Flag = Annotated[bool, Parameter(negative=())]


def why(
    step: str,
    file: File = None,
    /,
    *,
    today: str | None = None,
    server: str | None = None,
    json: Flag = False,
) -> int:
    """Say why a step falls on its days: what it waited for, back to today or to what you reported.

    Parameters
    ----------
    step
        The key of the step, such as DE10 or DE6@PROGRAMME/TERM-YEAR, or of a target, whose arrival is then explained.
    file
        A case file; no server is needed for it. Without one, the newest plan of the student who is signed in.
    today
        The day to plan from, as YYYY-MM-DD; otherwise the day in the file, or the student's own day.
    server
        The server to ask without a case file; otherwise that of the last sign-in, or the one kept on this machine.
    json
        Print everything as JSON.
    """
    asked = day_option(today, "--today")
    if file is None:
        day = asked.isoformat() if asked else None
        found = asked_of_server(server, lambda api: _asked(api, f"why/{quote(step)}", today=day))
        words = Words(bundled_rulebook(), {link["key"]: link["title"] for link in found["links"]})
    else:
        planned = planned_from(file, asked)
        words = planned.words
        try:
            found = _why(explain(planned.schedule, step), words)
        except DomainError as error:
            raise CommandFailed(*sentences_of(error, str(file))) from error
    if json:
        print_json(found)
    else:
        show(_why_page(found, words))
    return 0


def chance(
    file: File = None,
    /,
    *,
    seed: int = 1,
    samples: int = SAMPLES,
    today: str | None = None,
    server: str | None = None,
    json: Flag = False,
) -> int:
    """Estimate the chance to arrive in time, from the least, typical and longest time of each step.

    Parameters
    ----------
    file
        A case file; no server is needed for it. Without one, the newest plan of the student who is signed in.
    seed
        Equal seeds give equal answers.
    samples
        How many times to try, 100 to 100000.
    today
        The day to plan from, as YYYY-MM-DD; otherwise the day in the file, or the student's own day.
    server
        The server to ask without a case file; otherwise that of the last sign-in, or the one kept on this machine.
    json
        Print everything as JSON.
    """
    if not 100 <= samples <= MOST_SAMPLES or seed < 0:
        raise refused("--samples", "samples", at_most=str(MOST_SAMPLES))
    asked = day_option(today, "--today")
    if file is None:
        day = asked.isoformat() if asked else None
        params = {"today": day, "seed": str(seed), "samples": str(samples)}
        found = asked_of_server(server, lambda api: _asked(api, "chance", **params))["items"]
        words = Words(bundled_rulebook())
    else:
        planned = planned_from(file, asked)
        words = planned.words
        source = Random(seed).randbytes  # noqa: S311 - no secret
        found = [_chance(one) for one in chances(planned.schedule, source, seed, samples)]
    if json:
        print_json(found)
    else:
        show(_chance_page(found, words))
    return 0


async def _asked(api: Api, question: str, **params: str | None) -> Any:
    from .remote_plan import needed_plan  # noqa: PLC0415 - not needed for case files

    return await api.get(f"/v1/plans/{await needed_plan(api)}/{question}", **params)


def _coded(reason: Reason) -> dict[str, Any]:
    return {"code": reason.code, "params": dict(reason.params), "where": reason.where}


def _why(found: Explanation, words: Words) -> dict[str, Any]:
    return {
        "key": found.key,
        "links": [
            {
                "key": link.key,
                "title": words.step(link.key, link.title),
                "start": link.start.isoformat(),
                "finish": link.finish.isoformat(),
                "reasons": [_coded(reason) for reason in link.reasons],
            }
            for link in found.links
        ],
        "latest_finish": found.latest_finish.isoformat() if found.latest_finish else None,
        "holds_up": list(found.holds_up),
        "due": _coded(found.due) if found.due else None,
        "gate": _coded(found.gate) if found.gate else None,
        "verdict": [_coded(reason) for reason in found.verdict],
    }


def _chance(found: Chance) -> dict[str, Any]:
    return {
        "target": found.target,
        "title": found.title,
        "chance": round(found.share, 4),
        "standard_error": round(found.standard_error, 4),
        "samples": found.samples,
        "in_time": found.in_time,
        "seed": found.seed,
        "early": found.early.isoformat(),
        "middle": found.middle.isoformat(),
        "late": found.late.isoformat(),
        "assumptions": [_coded(reason) for reason in found.assumptions],
        "reasons": [_coded(reason) for reason in found.reasons],
    }


def _why_page(found: dict[str, Any], words: Words) -> Iterator[RenderableType]:
    *_, last = found["links"]
    yield Text(say("why_on", on=_day(last["finish"]), what=last["title"]), style="bold")
    for number, link in enumerate(found["links"], 1):
        yield heading(link["title"], say("from_to", on=_day(link["start"]), until=_day(link["finish"])))
        yield item(f"{number}.", " ".join(said(reason, words) for reason in link["reasons"]))
    if found["gate"]:
        yield indented(said(found["gate"], words))
    if found["latest_finish"]:
        yield heading(say("may_end"), say("at_the_latest", on=_day(found["latest_finish"])))
        yield indented(said(found["due"], words) if found["due"] else say("others_wait"))
    for reason in found["verdict"]:
        yield indented(said(reason, words))


def _chance_page(found: list[dict[str, Any]], words: Words) -> Iterator[RenderableType]:
    yield Text(say("estimate"), style="bold")
    for one in found:
        share, error = (locale().digits(f"{one[name] * 100:{form}}") for name, form in _SHARES)
        samples = locale().digits(str(one["samples"]))
        yield heading(one["title"], say("of_100", share=share, error=error, samples=samples))
        days = {name: _day(one[name]) for name in ("early", "middle", "late")}
        yield indented(say("arrival_spread", **days))
        for against in one.get("reasons", ()):
            yield item("!", said(against, words))
        for assumption in one["assumptions"]:
            yield item("-", said(assumption, words))


def _day(text: str) -> str:
    return day_in_words(date.fromisoformat(text))
