"""For administrators: whether every sentence holds that must, and which rows break one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from litestar import Router, get

from ....domain.operations.invariants import INVARIANTS, Breach, Invariant, Looked, Run
from ..given import V1, Use, Who, refusals

RUNBOOK = "docs/runbooks.md#invariantbroken"


class BreachBody(msgspec.Struct, frozen=True, kw_only=True):
    """A row that breaks the sentence."""

    row: Annotated[str, msgspec.Meta(description="Its id, in the form that `rows` of the sentence says.")]
    first_seen: datetime
    last_seen: datetime


class InvariantBody(msgspec.Struct, frozen=True, kw_only=True):
    """One sentence, and what the last run found."""

    id: Annotated[str, msgspec.Meta(examples=["application_by_the_table"])]
    sentence: str
    severity: Literal["critical", "warning"]
    way: Annotated[
        Literal["rows", "sample"], msgspec.Meta(description="Over all rows each time, or some, going round.")
    ]
    rows: Annotated[str, msgspec.Meta(description="What the ids are that break it.", examples=["application"])]
    holds: Annotated[bool | None, msgspec.Meta(description="Null where it could not be looked at, or was not yet.")]
    looked_at: Annotated[int, msgspec.Meta(description="How many rows the last run looked at.")]
    breaches: Annotated[int, msgspec.Meta(description="How many rows break it; of many, not all are named.")]
    failure: Annotated[str, msgspec.Meta(description="The kind of error where it could not be looked at.")]
    broken: list[BreachBody]


class InvariantList(msgspec.Struct, frozen=True, kw_only=True):
    """Every sentence in the order of the domain's; there is never a next page."""

    started_at: Annotated[datetime | None, msgspec.Meta(description="Of the last run; null before the first.")]
    finished_at: datetime | None
    runbook: str
    items: list[InvariantBody]
    next: None = None


@get(
    "/invariants",
    operation_id="list_invariants",
    summary="Show whether what must hold does",
    description="For administrators. A schedule looks every hour; breaches name the rows, at most 1,000 altogether.",
    responses=refusals(401, 403),
)
async def list_invariants(who: Who, use: Use) -> InvariantList:
    """Return every sentence with what the last run found."""
    return shown(*await use.list_invariants()(who))


def shown(run: Run | None, breaches: Sequence[Breach]) -> InvariantList:
    """Return every sentence with what the run found and which rows break it."""
    return InvariantList(
        started_at=None if run is None else run.started_at,
        finished_at=None if run is None else run.finished_at,
        runbook=RUNBOOK,
        items=[_body(one, run, [breach for breach in breaches if breach.invariant == one.id]) for one in INVARIANTS],
    )


def _body(one: Invariant, run: Run | None, breaches: Iterable[Breach]) -> InvariantBody:
    looked = run.looked.get(one.id) if run else None
    said = looked or Looked()
    return InvariantBody(
        id=one.id,
        sentence=one.sentence,
        severity=one.severity.value,
        way=one.way.value,
        rows=one.rows,
        holds=None if looked is None or looked.failure else looked.breaches == 0,
        looked_at=said.looked_at,
        breaches=said.breaches,
        failure=said.failure,
        broken=[BreachBody(row=b.row, first_seen=b.first_seen, last_seen=b.last_seen) for b in breaches],
    )


router: Any = Router(V1, route_handlers=[list_invariants], tags=["Jobs"])
