"""The commands ``plan timeline`` and ``plan calendar``: a plan as a file."""

from __future__ import annotations

import os
import sys
import uuid
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from ....domain.planning.calendar_entries import calendar_of
from ....domain.planning.sent_calendar import Sent, tell
from ....domain.planning.timeline import timeline_of
from ....domain.shared.errors import Invalid
from ..bundle import day_option
from ..connection import asked_of_server
from ..errors import CommandFailed, refused
from ..words import sentences_of
from .planned import planned_from
from .planning_case import Planned

if TYPE_CHECKING:
    from ..api import Api

_Output = Annotated[Path | None, Parameter(name=("--output", "-o"), show_default=False)]


def timeline(
    file: Annotated[Path | None, Parameter(show_default=False)] = None,
    /,
    *,
    output: _Output = None,
    today: str | None = None,
    server: str | None = None,
) -> int:
    """Draw the plan as a timeline: bars along the months, to be looked at in any browser and printed on A4.

    Parameters
    ----------
    file
        A case file, without any server; without one, the newest plan of the student who is signed in.
    output
        The SVG file to write; otherwise it is printed.
    today
        The day to draw it for, as YYYY-MM-DD; otherwise the day in the file, or the student's own day.
    server
        The server to ask without a case file; otherwise that of the last sign-in, or the one kept on this machine.
    """
    asked = day_option(today, "--today")
    if file is None:
        content = _from_server(server, "timeline.svg", "image/svg+xml", asked)
    else:
        from ....adapters.svg.timeline import timeline_picture  # noqa: PLC0415 - seldom needed

        planned = planned_from(file, asked)
        content = timeline_picture(timeline_of(planned.schedule), planned.words.messages)
    _write(content, output)
    return 0


def calendar(
    file: Annotated[Path | None, Parameter(show_default=False)] = None,
    /,
    *,
    output: _Output = None,
    today: str | None = None,
    server: str | None = None,
) -> int:
    """Write the plan as a calendar file, to be put into any calendar program.

    Write it anew to the same file once the plan has changed, and put it in again: what has moved moves, and what is
    done or needed no more is taken away.

    Parameters
    ----------
    file
        A case file, without any server; without one, the newest plan of the student who is signed in.
    output
        The .ics file to write, which remembers what it told before; otherwise it is printed.
    today
        With a case file: the day to plan from, as YYYY-MM-DD; otherwise the day in it, or the student's own day.
    server
        The server to ask without a case file; otherwise that of the last sign-in, or the one kept on this machine.
    """
    asked = day_option(today, "--today")
    if file is not None:
        content = _calendar(planned_from(file, asked), file, output)
    elif asked is not None:
        raise refused("--today", "today_is_the_servers")
    else:
        content = _from_server(server, "calendar.ics", "text/calendar", None)
    _write(content, output)
    return 0


def _calendar(planned: Planned, file: Path, output: Path | None) -> bytes:
    from ....adapters.icalendar.feed import feed  # noqa: PLC0415 - seldom needed

    profile, schedule, messages = planned.case.profile, planned.schedule, planned.words.messages
    # The same case keeps its entries' names from file to file; another's beside it in one calendar has others.
    plan_id = str(uuid.uuid5(uuid.NAMESPACE_URL, f"higherstudy:{file.name}:{profile.name}"))
    home = profile.residence.zone if profile.residence else "UTC"
    entries = calendar_of(schedule, plan_id, planned.bundle.zones.named, home)
    now = tell(entries, _told(output), datetime.combine(schedule.today, time(), UTC))
    name = messages.sentence("calendar.name", {"title": schedule.lead.title})
    return feed(name, now, messages, cancelled=True)


def _told(output: Path | None) -> Sent:
    """Return what the file that is to be written anew told before; nothing where there is none."""
    from ....adapters.icalendar.earlier import told_by  # noqa: PLC0415 - seldom needed

    if output is None or not output.is_file():
        return {}
    try:
        return told_by(output.read_bytes())
    except Invalid as error:
        raise CommandFailed(*sentences_of(error, str(output))) from error
    except OSError as error:
        raise refused(output, "file_unreadable", detail=error.strerror) from None


def _from_server(server: str | None, name: str, media_type: str, today: date | None) -> bytes:
    async def fetch(api: Api) -> bytes:
        from .remote_plan import needed_plan  # noqa: PLC0415 - not needed for case files

        plan_id = await needed_plan(api)
        return await api.file(f"/v1/plans/{plan_id}/{name}", media_type, today=today.isoformat() if today else None)

    return asked_of_server(server, fetch)


def _write(content: bytes, output: Path | None) -> None:
    """Print the content, or put it in place of the file as a whole: whatever happens, no half of it is ever there."""
    if output is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.flush()
        return
    beside = output.with_name(f".{output.name}.{os.getpid()}")
    try:
        beside.write_bytes(content)
        beside.replace(output)
    except OSError as error:
        raise refused(output, "file_unwritable", detail=error.strerror or str(error)) from None
    finally:
        beside.unlink(missing_ok=True)
