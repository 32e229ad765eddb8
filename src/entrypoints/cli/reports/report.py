"""The command ``report``: a report as a file, made by the server, or from a case file without any."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal
from urllib.parse import quote

from cyclopts import Parameter

from ..bundle import day_option
from ..connection import asked_of_server
from ..errors import NEGATIVE, refused
from ..program import program
from ..words import say, sentence

if TYPE_CHECKING:
    from ..api import Api

_REPORTS = "/v1/reports"
_PATIENCE = 60.0
_A_LOOK = 0.25
_Kind = Literal["readiness", "caseload", "deadlines", "backlog", "funnel", "rules", "imports"]


def report(
    kind: _Kind = "readiness",
    file: Annotated[Path | None, Parameter(show_default=False)] = None,
    /,
    *,
    output: Annotated[Path | None, Parameter(name=("--output", "-o"), show_default=False)] = None,
    form: Literal["pdf", "xlsx", "csv"] = "pdf",
    plan: str | None = None,
    today: str | None = None,
    server: str | None = None,
) -> int:
    """Write a report: where a student stands, or a list for staff.

    Parameters
    ----------
    kind
        readiness is about one plan; the others are for counsellors and administrators.
    file
        A case file, for a readiness report without any server.
    output
        The file to write; otherwise it is named after the kind and the form.
    form
        pdf, or for lists xlsx or csv as well.
    plan
        The id of the plan that a readiness report is about; otherwise your own newest one.
    today
        With a case file: the day to plan from, as YYYY-MM-DD; otherwise the day in it, or the student's own day.
    server
        The server's web address; by default the one of the last sign-in.
    """
    to = output or Path(f"{kind}.{form}")
    if file is not None and (kind, form) == ("readiness", "pdf"):
        from .readiness_of_case import readiness_pdf  # noqa: PLC0415 - with a case file only

        content = readiness_pdf(file, day_option(today, "--today"))
        try:
            to.write_bytes(content)
        except OSError as error:
            raise refused(to, "file_unwritable", detail=error.strerror or str(error)) from None
    elif file is not None:
        raise refused("--form" if kind == "readiness" else kind, "report_of_case")
    else:
        asked = {"kind": kind, "form": form, **({} if plan is None else {"plan_id": plan})}
        try:
            asked_of_server(server, lambda api: _taken(api, asked, to))
        except OSError as error:
            raise refused(to, "cannot_keep_data", detail=error.strerror) from None
    print(say("report_kept", given=str(to)))
    return 0


async def _taken(api: Api, asked: dict[str, str], to: Path) -> None:
    """Have the report made, wait for it and keep its file."""
    found = await api.post(_REPORTS, asked)
    place, ends = f"{_REPORTS}/{quote(found['id'], safe='')}", time.monotonic() + _PATIENCE
    while found["state"] in ("asked", "making"):
        if time.monotonic() > ends:
            raise refused(api.place, "report_still_made", exit_code=NEGATIVE, known=f"{program()} serve")
        await asyncio.sleep(_A_LOOK)
        found = await api.get(place)
    if found["state"] != "ready":
        told = found["message"] or sentence("report.could_not_be_made")
        raise refused(api.place, "report_failed", exit_code=NEGATIVE, detail=told)
    await api.download(f"{place}/file", to)
