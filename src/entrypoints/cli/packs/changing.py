"""What a pack would change, and switching packs on and back: one function a command, each returning its exit code."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from ..bundle import read_text
from ..screen import print_json, show
from .pack_text import edition_lines, impact_page
from .rules_server import asked_as_keeper, impact_of_pack, with_current

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rich.console import RenderableType

    from .rules_server import Keeper

AsJson = Annotated[bool, Parameter(negative=())]


def impact(file: Path, /, *, server: str | None = None, json: AsJson = False) -> int:
    """Say what a rule pack would change for every student, the worst first; nothing is switched on.

    The server works every student and plan out with the pack and without it.

    Parameters
    ----------
    file
        The pack, as a TOML file.
    server
        The server, as an administrator who is signed in there; otherwise that of the last sign-in, or the one kept on
        this machine.
    json
        Print everything as JSON.
    """
    text = read_text(file)
    found = asked_as_keeper(server, lambda keeper: impact_of_pack(keeper, file.name, text))
    return _shown(found, impact_page, json=json)


def switch_on(
    file: Path,
    /,
    *,
    impact: str | None = None,
    reason: str | None = None,
    server: str | None = None,
    json: AsJson = False,
) -> int:
    """Let a rule pack come into force on a server, by the report of exactly this step or for a reason.

    Parameters
    ----------
    file
        The pack, as a TOML file.
    impact
        The id of the report that was printed for exactly this step.
    reason
        Why it is done; needed without a report.
    server
        The server, as an administrator who is signed in there; otherwise that of the last sign-in, or the one kept on
        this machine.
    json
        Print everything as JSON.
    """
    text, why = read_text(file), _why(impact, reason)

    async def ask(keeper: Keeper) -> Any:
        return await with_current(keeper, {"packs": [await keeper.take_in(file.name, text)], **why})

    return _shown(asked_as_keeper(server, ask), _one, json=json)


def back(
    edition: str,
    /,
    *,
    impact: str | None = None,
    reason: str | None = None,
    server: str | None = None,
    json: AsJson = False,
) -> int:
    """Bring the packs of an earlier edition into force again.

    Parameters
    ----------
    edition
        The name of the edition: 64 digits, as ``pack editions`` prints it.
    impact
        The id of the report that was printed for exactly this step.
    reason
        Why it is done; needed without a report.
    server
        The server, as an administrator who is signed in there; otherwise that of the last sign-in, or the one kept on
        this machine.
    json
        Print everything as JSON.
    """
    why = _why(impact, reason)
    found = asked_as_keeper(server, lambda keeper: with_current(keeper, {"back_to": edition, **why}))
    return _shown(found, _one, json=json)


def editions(*, server: str | None = None, json: AsJson = False) -> int:
    """List which packs were in force on a server, and since when.

    Parameters
    ----------
    server
        The server, as an administrator who is signed in there; otherwise that of the last sign-in, or the one kept on
        this machine.
    json
        Print everything as JSON.
    """

    async def ask(keeper: Keeper) -> Any:
        return [edition async for edition in keeper.api.items("/v1/rulebook/editions", limit=100)]

    return _shown(asked_as_keeper(server, ask), edition_lines, json=json)


def _why(impact: str | None, reason: str | None) -> dict[str, str]:
    return {name: given for name, given in (("impact", impact), ("reason", reason)) if given is not None}


def _one(edition: Any) -> Iterable[RenderableType]:
    return edition_lines([edition])


def _shown(found: Any, page: Callable[[Any], Iterable[RenderableType]], *, json: bool) -> int:
    if json:
        print_json(found)
    else:
        show(page(found))
    return 0
