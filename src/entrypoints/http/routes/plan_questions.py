"""Questions about a plan: why a step falls on its days, and how likely it is to arrive in time."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Router, get
from litestar.params import FromPath, PathParameter, QueryParameter

from ....domain.planning.chance import SAMPLES, Chance
from ....domain.planning.explaining import Explanation, Link
from ....domain.planning.sampling import MOST_SAMPLES
from ....domain.shared.ids import PlanId
from ..given import V1, Use, Who, day_given, refusals
from ..wire import ReasonBody, reason_body
from ..words import step_title
from .plans import AsOf

Seed = Annotated[
    int,
    QueryParameter(name="seed", required=False, ge=0, le=2**32 - 1, description="Equal seeds give equal answers."),
]
Samples = Annotated[
    int,
    QueryParameter(name="samples", required=False, ge=100, le=MOST_SAMPLES, description="How many times to try."),
]


class LinkBody(msgspec.Struct, frozen=True):
    """One step of the chain with its days, and every reason for them in order."""

    key: str
    title: str
    start: date
    finish: date
    reasons: list[ReasonBody]


class WhyBody(msgspec.Struct, frozen=True):
    """The chain that leads to a step or to a target's arrival, first to last; the last link is what was asked about.

    ``holds_up`` names the steps from there to what is due first.
    """

    key: str
    links: list[LinkBody]
    latest_finish: date | None
    holds_up: list[str]
    due: ReasonBody | None
    gate: Annotated[
        ReasonBody | None,
        msgspec.Meta(description="Of an irreversible step: whether it is safe now, or what should be known first."),
    ]
    verdict: Annotated[list[ReasonBody], msgspec.Meta(description="Of a target: why it stands as it does.")]


class ChanceBody(msgspec.Struct, frozen=True, kw_only=True):
    """An estimate for one target. It is about the days of the plan alone, never about admission."""

    target: str
    title: str
    chance: Annotated[float, msgspec.Meta(description="The share of samples in time, 0 to 1.", examples=[0.83])]
    standard_error: Annotated[float, msgspec.Meta(description="Of the estimate, from the number of samples alone.")]
    samples: int
    in_time: int
    seed: int
    early: Annotated[date, msgspec.Meta(description="A tenth of the samples have arrived by then.")]
    middle: Annotated[date, msgspec.Meta(description="Half of them.")]
    late: Annotated[date, msgspec.Meta(description="Nine tenths of them.")]
    assumptions: list[ReasonBody]
    reasons: Annotated[
        list[ReasonBody],
        msgspec.Meta(description="What the plan itself says against it, such as a window that closes too early."),
    ]


class ChancesBody(msgspec.Struct, frozen=True):
    """The estimate for each target, the leading one first."""

    is_estimate: bool
    items: list[ChanceBody]


@get(
    "/plans/{plan_id:str}/why/{step:path}",
    operation_id="explain_step",
    summary="Why a step falls on its days",
    responses=refusals(401, 404, 422),
)
async def explain_step(
    plan_id: FromPath[UUID],
    step: Annotated[Path, PathParameter(description="The key of a step or of a target, slashes included.")],
    who: Who,
    use: Use,
    today: AsOf = None,
) -> WhyBody:
    """Return the chain of reasons: what it waited for, closed days, openings, reports, and what is due after it."""
    key = str(step).strip("/")
    return why_body(await use.explain_step()(who, PlanId(plan_id), key, day_given(today, "today")))


@get(
    "/plans/{plan_id:str}/chance",
    operation_id="estimate_chance",
    summary="The chance to arrive in time",
    responses=refusals(401, 404, 422),
)
async def estimate_chance(
    plan_id: FromPath[UUID], who: Who, use: Use, seed: Seed = 1, samples: Samples = SAMPLES, today: AsOf = None
) -> ChancesBody:
    """Estimate it by simulation over least, typical and longest times, with what is taken for granted."""
    found = await use.estimate_chance()(
        who, PlanId(plan_id), seed=seed, samples=samples, today=day_given(today, "today")
    )
    return ChancesBody(True, [chance_body(one) for one in found])


def why_body(found: Explanation) -> WhyBody:
    """Return the explanation as it is sent."""
    return WhyBody(
        key=found.key,
        links=[_link(link) for link in found.links],
        latest_finish=found.latest_finish,
        holds_up=list(found.holds_up),
        due=reason_body(found.due) if found.due else None,
        gate=reason_body(found.gate) if found.gate else None,
        verdict=[reason_body(one) for one in found.verdict],
    )


def _link(link: Link) -> LinkBody:
    return LinkBody(
        link.key, step_title(link.key, link.title), link.start, link.finish, [reason_body(one) for one in link.reasons]
    )


def chance_body(found: Chance) -> ChanceBody:
    """Return the estimate as it is sent."""
    return ChanceBody(
        target=found.target,
        title=found.title,
        chance=round(found.share, 4),
        standard_error=round(found.standard_error, 4),
        samples=found.samples,
        in_time=found.in_time,
        seed=found.seed,
        early=found.early,
        middle=found.middle,
        late=found.late,
        assumptions=[reason_body(one) for one in found.assumptions],
        reasons=[reason_body(one) for one in found.reasons],
    )


router: Any = Router(V1, route_handlers=[explain_step, estimate_chance], tags=["Plans"])
