"""The command ``pack``: what a rule pack would change, told before it is switched on; and switching packs on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from ..errors import CommandFailed
from . import changing

_TAKES = {"impact": "A file", "switch-on": "A file", "back": "The name of an edition", "editions": ""}


def pack(
    action: Literal["impact", "switch-on", "back", "editions"],
    what: Annotated[str | None, Parameter(show_default=False)] = None,
    /,
    *,
    impact: str | None = None,
    reason: str | None = None,
    server: str | None = None,
    json: Annotated[bool, Parameter(negative=())] = False,
) -> int:
    """Say what a rule pack would change for every student, and switch packs on.

    Parameters
    ----------
    action
        impact sends a pack to the server, has every student and plan worked out with it and without it, and prints who
        is affected and how, the worst first; nothing is switched on. switch-on lets the pack come into force, back
        brings the packs of an earlier edition into force again, and editions lists what was in force.
    what
        The pack, as a TOML file, for impact and switch-on; the edition's name (64 digits) for back.
    impact
        The id of the report that was printed for exactly this step, for switch-on and back.
    reason
        Why it is switched on or taken back; needed without a report.
    server
        The server, as an administrator who is signed in there; otherwise that of the last sign-in, or the one kept
        on this machine.
    json
        Print everything as JSON.
    """
    if (what is None) != (action == "editions"):
        raise CommandFailed(f"pack {action}: {_TAKES[action] or 'Nothing more'} is expected.")
    given = what or ""
    if action == "impact":
        return changing.impact(Path(given), server=server, json=json)
    if action == "switch-on":
        return changing.switch_on(Path(given), impact=impact, reason=reason, server=server, json=json)
    if action == "back":
        return changing.back(given, impact=impact, reason=reason, server=server, json=json)
    return changing.editions(server=server, json=json)
