"""Which programme of the catalogue a row means, and which ones it may mean."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from difflib import get_close_matches
from uuid import UUID

from ....ports.transactions import UnitOfWork
from ...catalogue.programme import Programme
from ...catalogue.search import ProgrammeQuery
from ...shared.errors import Invalid, NotFound, Reason
from ...shared.ids import ProgrammeId

_LOOKED_AT = 200
_SUGGESTED = 3
_NEAR = 0.6
_BEGINNING = 4


async def found_programme(work: UnitOfWork, given: str, institution: str) -> Programme:
    """Return the programme with that id, key or name; the name may be one at several institutions, of which one is then
    to be named.

    Raises Invalid at the column ``programme`` where there is none or more than one, with suggestions for near names.
    """
    with suppress(ValueError, NotFound):
        return await work.catalogue.programme(ProgrammeId(UUID(given)))
    by_key = await work.catalogue.find_by_key(given)
    if by_key is not None:
        return by_key
    near = [one for one in await _looked_at(work, given, institution) if not institution or _is_at(one, institution)]
    exact = [one for one in near if _folded(one.name) == _folded(given)]
    if len(exact) == 1:
        return exact[0]
    suggested = exact or _nearest(given, near)
    if not suggested:
        raise Invalid(Reason("import.no_such_programme", {}, "programme"))
    code = "import.several_programmes" if exact else "import.no_such_programme_but"
    told = "; ".join(_told(one) for one in suggested[:_SUGGESTED])
    raise Invalid(Reason(code, {"suggestion": told}, "programme"))


async def _looked_at(work: UnitOfWork, given: str, institution: str) -> Sequence[Programme]:
    """Return what the catalogue has under the name, and where that is nothing, what shares a word with it."""
    words = sorted(given.split(), key=len, reverse=True)
    beginnings = [word[:_BEGINNING] for word in words[:2] if len(word) > _BEGINNING]  # the slip may be in a word
    for text in (given, *([institution] if institution else []), *words[:2], *beginnings):
        found = await work.catalogue.search(ProgrammeQuery(text=text), None, _LOOKED_AT)
        if found:
            return found
    return ()


def _nearest(given: str, programmes: Iterable[Programme]) -> list[Programme]:
    by_name: dict[str, Programme] = {}
    for one in programmes:
        by_name.setdefault(_folded(one.name), one)
    return [by_name[name] for name in get_close_matches(_folded(given), by_name, _SUGGESTED, _NEAR)]


def _is_at(programme: Programme, institution: str) -> bool:
    known = programme.institution
    return _folded(institution) in (_folded(known.name), _folded(known.key)) or bool(
        get_close_matches(_folded(institution), [_folded(known.name)], 1, 0.85)
    )


def _told(programme: Programme) -> str:
    return f"{programme.name}, {programme.institution.name} ({programme.key})"


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
