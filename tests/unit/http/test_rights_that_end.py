"""A right that ends while a request is under way, or before it is sent again, is a right no more."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from everybody import ALL, World, a_grant
from records import PDF

from higherstudy.domain.audit.query import Query
from higherstudy.domain.identity.account import Role
from higherstudy.domain.identity.grant import Grant
from higherstudy.domain.identity.scopes import Scope
from higherstudy.domain.identity.session import Because
from higherstudy.domain.shared.ids import GrantId

KEY = {"Idempotency-Key": "a-word-of-my-own"}
JSON = {"Content-Type": "application/json"}


async def let(world: World, scopes: frozenset[Scope] = ALL) -> Grant:
    """Let the helper in."""
    helper = world.accounts["helper"]
    async with world.server.ports.transactions() as work:
        grant = a_grant(world, helper, work.now, work.now + timedelta(days=1))
        grant = replace(grant, id=GrantId(uuid4()), scopes=scopes, account_id=helper.id, accepted_at=work.now)
        await work.grants.add(grant)
    return grant


async def end(world: World, grant: Grant) -> None:
    async with world.server.ports.transactions() as work:
        kept = await work.grants.get(grant.id)
        kept.end(world.owner, work.now)
        await work.grants.save(kept)


async def sign_out(world: World) -> None:
    async with world.server.ports.transactions() as work:
        for session in await work.sessions.live_of(world.owner, work.now):
            session.end(Because.SIGNED_OUT, work.now)
            await work.sessions.save(session)


async def take_role(world: World) -> None:
    async with world.server.ports.transactions() as work:
        account = await work.accounts.get(world.accounts["admin"].id)
        account.revoke(Role.ADMIN)
        await work.accounts.save(account)


async def actions(world: World) -> list[str]:
    async with world.server.ports.transactions() as work:
        return [one.entry.action for one in await work.audit_trail.search(Query(student_id=world.student_id), 1000)]


async def papers(world: World) -> int:
    async with world.server.ports.transactions() as work:
        return await work.documents.count_of(world.student_id)


async def versions(world: World) -> int:
    async with world.server.client(world.tokens["student"]) as client:
        return len((await client.get(f"/v1/documents/{world.record.document}")).json()["versions"])


async def add_paper(world: World, who: str = "helper", **request: Any) -> httpx2.Response:
    if "content" not in request:
        request["json"] = {"kind": "passport"}
    async with world.server.client(world.tokens[who]) as client:
        return await client.post(f"/v1/students/{world.student_id}/documents", **request)


async def test_an_answer_is_not_given_again_once_the_grant_is_over(world: World) -> None:
    grant = await let(world)
    first = await add_paper(world, headers=KEY)
    await end(world, grant)

    again = await add_paper(world, headers=KEY)

    assert (first.status_code, again.status_code) == (201, 404)
    assert again.json()["errors"] == []
    assert first.json()["id"] not in again.text
    assert (await actions(world)).count("access.refused") == 1


async def test_an_answer_is_not_given_again_where_another_grant_does_not_let_that(world: World) -> None:
    grant = await let(world)
    await add_paper(world, headers=KEY)
    await end(world, grant)
    await let(world, frozenset({Scope.READ_PLAN}))

    assert (await add_paper(world, headers=KEY)).status_code == 404


async def test_an_answer_is_given_again_while_she_is_let_and_she_who_lets_sees_it(world: World) -> None:
    await let(world)
    first = await add_paper(world, headers=KEY)
    before = (await actions(world)).count("paper.added")

    again = await add_paper(world, headers=KEY)

    assert (again.status_code, again.content) == (201, first.content)
    assert (await actions(world)).count("paper.added") == before + 1


async def test_the_student_gets_her_own_answer_again(world: World) -> None:
    first = await add_paper(world, "student", headers=KEY)

    again = await add_paper(world, "student", headers=KEY)

    assert (again.status_code, again.content) == (201, first.content)


async def test_a_grant_that_ends_while_the_body_comes_changes_nothing(world: World) -> None:
    grant, before = await let(world), await papers(world)

    async def slowly() -> AsyncIterator[bytes]:
        yield b'{"kind": '
        await end(world, grant)
        yield b'"passport"}'

    answer = await add_paper(world, content=slowly(), headers=JSON)

    assert answer.status_code == 404
    assert await papers(world) == before


async def test_a_session_that_ends_while_the_body_comes_changes_nothing(world: World) -> None:
    before = await papers(world)

    async def slowly() -> AsyncIterator[bytes]:
        yield b'{"kind": '
        await sign_out(world)
        yield b'"passport"}'

    answer = await add_paper(world, "student", content=slowly(), headers=JSON)

    assert answer.status_code == 401
    assert await papers(world) == before


async def test_a_grant_that_ends_while_a_paper_comes_leaves_no_version(world: World) -> None:
    grant, before = await let(world), await versions(world)

    async def slowly() -> AsyncIterator[bytes]:
        yield PDF[:-1]
        await end(world, grant)
        yield PDF[-1:]

    async with world.server.client(world.tokens["helper"]) as client:
        answer = await client.post(f"/v1/documents/{world.record.document}/versions", content=slowly())

    assert answer.status_code == 404
    assert await versions(world) == before


@pytest.mark.parametrize("path", ["/v1/imports?file_name=a.csv", "/v1/rulebook/packs"])
async def test_a_role_that_is_taken_while_a_file_comes_is_asked_for_at_its_end(world: World, path: str) -> None:
    async def slowly() -> AsyncIterator[bytes]:
        yield b"x"
        await take_role(world)
        yield b"y"

    async with world.server.client(world.tokens["admin"]) as client:
        answer = await client.post(path, content=slowly())

    assert answer.status_code == 403


async def test_access_that_was_taken_ends_with_the_role(world: World) -> None:
    asked = {"scopes": ["read_plan"], "minutes": 60, "reason": "Ticket 7."}
    async with world.server.client(world.tokens["admin"]) as client:
        taken = await client.post(f"/v1/students/{world.student_id}/accesses", json=asked)
        seen = await client.get(f"/v1/students/{world.student_id}/profile")
        await take_role(world)
        after = await client.get(f"/v1/students/{world.student_id}/profile")

    assert (taken.status_code, seen.status_code, after.status_code) == (201, 200, 404)
