"""What a pack would change, and switching packs on and back: one function a command, each returning its exit code."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..bundle import read_text
from ..screen import print_json, show
from .pack_text import edition_lines, impact_page
from .rules_server import asked_as_keeper, impact_of_pack, with_current

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rich.console import RenderableType

    from .rules_server import Keeper


def impact(file: Path, /, *, server: str | None = None, json: bool = False) -> int:
    """Print whom the pack would affect and how, the worst first; nothing is switched on."""
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
    json: bool = False,
) -> int:
    """Let the pack come into force, by the report of exactly this step or for a reason."""
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
    json: bool = False,
) -> int:
    """Bring the packs of an earlier edition into force again."""
    why = _why(impact, reason)
    found = asked_as_keeper(server, lambda keeper: with_current(keeper, {"back_to": edition, **why}))
    return _shown(found, _one, json=json)


def editions(*, server: str | None = None, json: bool = False) -> int:
    """List what was in force since when, by whose word and why, newest first."""

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
