"""The command line's client sees the whole of a list, and asks for no more of it than it wants."""

from dataclasses import replace
from uuid import UUID

import httpx2
import pytest
from records import Server, a_record, programme_id

from higherstudy.domain.shared.ids import PlanId, ProgrammeId
from higherstudy.entrypoints.cli.api import Api
from higherstudy.entrypoints.cli.plans.remote_plan import newest_plan

PLANS = "/v1/students/me/plans"


@pytest.fixture
def api(owner: httpx2.AsyncClient) -> Api:
    return Api(owner, "https://study.example.org")


async def test_all_pages_are_gone_through(api: Api, owner: httpx2.AsyncClient) -> None:
    made = [(await owner.post("/v1/students/me/documents", json={"kind": "passport"})).json() for _ in range(3)]

    found = [one["id"] async for one in api.items("/v1/students/me/documents", limit=2)]

    assert found == [one["id"] for one in made]


async def test_the_newest_plan_is_the_newest_that_can_be_worked_out(
    api: Api, owner: httpx2.AsyncClient, server: Server
) -> None:
    none = await newest_plan(api)
    record = await a_record(owner)
    intake = {
        "programme_id": await programme_id(owner, "software systems"),
        "term": "winter",
        "starts_on": "2027-10-01",
    }
    newer = (await owner.post(PLANS, json={"targets": [intake]})).json()["id"]

    both = await newest_plan(api)
    await _get_stuck(server, newer)
    first = (await owner.get(PLANS, params={"limit": 1})).json()
    other = await newest_plan(api)

    assert (none, both, other) == (None, newer, record.plan)
    assert (first["items"], [one["id"] for one in first["stuck"]]) == ([], [newer])


async def _get_stuck(server: Server, plan_id: str) -> None:
    """Let the plan aim at a programme that is not there any more."""
    async with server.ports.transactions() as work:
        plan = await work.plans.get(PlanId(UUID(plan_id)))
        plan.targets = (replace(plan.targets[0], programme_id=ProgrammeId(UUID(int=404))),)
        await work.plans.save(plan)
