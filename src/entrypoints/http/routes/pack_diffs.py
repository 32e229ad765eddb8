"""For those who look after rule packs: the schema of a pack, and what a new version of one changes."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

import msgspec
from litestar import Response, Router, get, post
from litestar.params import JSONBody

from ....adapters.bundled.packs import pack_schema as schema_of_packs
from ....domain.identity.account import Role
from ....domain.identity.policies import demand_role
from ....domain.rulebook.comparing import PackDiff, RecordChange, compare_packs
from ....domain.rulebook.errors import BrokenPack
from ....domain.rulebook.fact_words import figure_of
from ....domain.rulebook.layers import replaced_by
from ....domain.rulebook.pack import Rulebook, RulePack
from ....domain.rulebook.reading import read_pack
from ..given import V1, Who, refusals
from ..told import fact_in_words, figure_in_words
from ..wire import Given
from ..words import sentence
from .rulebook import Packs

PackText = Annotated[str, msgspec.Meta(min_length=1, description="A pack, as TOML.")]


class TwoPacks(Given):
    """What is to be compared; without ``before``, ``after`` is put in among the packs in force."""

    after: PackText
    before: PackText | None = None


class FieldChangeBody(msgspec.Struct, frozen=True):
    """One field before and after; null where it is not there."""

    field: Annotated[str, msgspec.Meta(examples=["steps[DE4].duration.typical"])]
    before: str | None
    after: str | None


class RecordChangeBody(msgspec.Struct, frozen=True, kw_only=True):
    """One record that is not as it was; ``message`` says a fact in words, and is empty for all else."""

    kind: Annotated[str, msgspec.Meta(examples=["facts", "pathways"])]
    id: str
    how: Annotated[str, msgspec.Meta(examples=["added", "removed", "changed"])]
    pack_before: str
    pack_after: str
    message: Annotated[str, msgspec.Meta(examples=["1010 EUR/month from 2027-09-01, was 992 EUR/month"])]
    fields: list[FieldChangeBody]


class PackDiffBody(msgspec.Struct, frozen=True):
    """What differs between two sets of packs; each pack is named with version and hash."""

    before: list[str]
    after: list[str]
    changes: list[RecordChangeBody]


@get("/rulebook/schema", operation_id="pack_schema", summary="The JSON Schema of rule packs", sync_to_thread=False)
def pack_schema() -> Response[bytes]:
    """Return the JSON Schema (draft 2020-12) that a pack, read from TOML, has to fit."""
    return Response(schema_of_packs(), media_type="application/schema+json")


@post(
    "/rulebook/diff",
    operation_id="compare_packs",
    summary="Compare rule packs",
    status_code=200,
    responses=refusals(401, 403, 413, 415, 422),
)
async def diff(who: Who, packs: Packs, data: JSONBody[TwoPacks]) -> PackDiffBody:
    """Say which records two packs, or the packs in force with and without one, do not have in common. It wants an
    administrator; nothing is kept."""
    demand_role(who, Role.ADMIN)
    return await asyncio.to_thread(_compared, data, packs.rulebook())


def _compared(data: TwoPacks, in_force: Rulebook) -> PackDiffBody:
    given = {name: text for name, text in (("before", data.before), ("after", data.after)) if text is not None}
    read = _read(given)
    if data.before is None:
        found = compare_packs(in_force.packs, replaced_by(in_force.packs, [read["after"]]))
    else:
        found = compare_packs([read["before"]], [read["after"]])
    return _body(found)


def _read(texts: dict[str, str]) -> dict[str, RulePack]:
    packs: dict[str, RulePack] = {}
    broken: list[BrokenPack] = []
    for name, text in texts.items():
        try:
            packs[name] = read_pack(text, name)
        except BrokenPack as error:
            broken.append(error)
    if broken:
        raise BrokenPack(*(reason for error in broken for reason in error.reasons))
    return packs


def _body(found: PackDiff) -> PackDiffBody:
    return PackDiffBody(list(found.before), list(found.after), [_change(one) for one in found.changes])


def _change(change: RecordChange) -> RecordChangeBody:
    return RecordChangeBody(
        kind=change.kind,
        id=change.name,
        how=change.how.value,
        pack_before=change.before,
        pack_after=change.after,
        message=_message(change),
        fields=[FieldChangeBody(one.field, one.before, one.after) for one in change.fields],
    )


def _message(change: RecordChange) -> str:
    if change.fact is None:
        return ""
    now = fact_in_words(change.fact)
    if change.was is None or figure_of(change.was) == figure_of(change.fact):
        return now
    return sentence("fact.was", {"now": now, "was": figure_in_words(change.was)})


router: Any = Router(V1, route_handlers=[pack_schema, diff], tags=["Rulebook"])
