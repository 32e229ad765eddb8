"""The command ``pack``: what a rule pack would change, told before it is switched on; and switching packs on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter

from ..bundle import read_text
from ..errors import CommandFailed
from ..screen import print_json, show
from .pack_text import edition_lines, impact_page
from .rules_server import asked_as_keeper, impact_of_pack, with_current

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rich.console import RenderableType

    from .rules_server import Question

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
        The id of the report that was printed for exactly this pack, for switch-on.
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
    ask, page = _question(action, what or "", impact, reason)
    found = asked_as_keeper(server, ask)
    if json:
        print_json(found)
    else:
        show(page(found))
    return 0


def _question(
    action: str, what: str, impact: str | None, reason: str | None
) -> tuple[Question, Callable[[Any], Iterable[RenderableType]]]:
    """Return what is asked of the server, and how its answer is shown."""
    why = {name: given for name, given in (("impact", impact), ("reason", reason)) if given is not None}
    if action == "editions":
        return _editions, edition_lines
    if action == "back":
        return (lambda keeper: with_current(keeper, {"back_to": what, **why})), lambda found: edition_lines([found])
    file, text = Path(what).name, read_text(Path(what))
    if action == "impact":
        return (lambda keeper: impact_of_pack(keeper, file, text)), impact_page

    async def switch_on(keeper: Any) -> Any:
        return await with_current(keeper, {"packs": [await keeper.take_in(file, text)], **why})

    return switch_on, lambda found: edition_lines([found])


async def _editions(keeper: Any) -> Any:
    return [edition async for edition in keeper.api.items("/v1/rulebook/editions", limit=100)]
