"""What was sent is kept sealed, with the number of the passport in it, and is the same for ever."""

import json

import pytest
from uploading import nobody
from worlds import World, owned

from builders import NOW
from higherstudy.domain.applications.use_cases.keeping import GetSnapshot, SealSnapshots
from higherstudy.domain.identity.account import Asker
from higherstudy.domain.profile.use_cases import ChangeProfile
from higherstudy.domain.shared.errors import NotFound
from higherstudy.domain.shared.ids import ApplicationId
from higherstudy.ports.errors import Unreadable
from higherstudy.ports.vault import Place, is_sealed

NUMBER = "A01234567"


async def sent(world: World, owner: Asker) -> ApplicationId:
    """An application that was submitted by a student with a passport."""
    draft = await world.draft(owner)
    await world.papers(owner)
    change = ChangeProfile(world.transactions, world.rule_packs, world.zones, world.vault)
    await change(owner, owned(owner), {"passport": {"number": NUMBER}})
    await world.submit(owner, draft.id, NOW)
    return draft.id


async def kept(world: World, application: ApplicationId) -> bytes:
    async with world.transactions() as work:
        return await work.applications.snapshot(application)


async def put(world: World, application: ApplicationId, content: bytes) -> None:
    """Change what is kept behind our back."""
    async with world.transactions():
        world.store.snapshots.put(application, content)


async def test_what_was_sent_holds_the_number_and_is_kept_sealed() -> None:
    world = World()
    owner = await world.student()
    application = await sent(world, owner)

    snapshot = await GetSnapshot(world.transactions, world.vault)(owner, application)

    content = await kept(world, application)
    assert json.loads(snapshot)["profile"]["passport"]["number"] == NUMBER
    assert (is_sealed(content), b"passport" in content) == (True, False)


async def test_what_an_earlier_release_kept_is_shown_and_sealed_once() -> None:
    world = World()
    owner = await world.student()
    application = await sent(world, owner)
    get, seal = GetSnapshot(world.transactions, world.vault), SealSnapshots(world.transactions, world.vault)
    snapshot = await get(owner, application)
    await put(world, application, snapshot)

    plain = await get(owner, application)
    done = [await seal(nobody), await seal(nobody)]

    assert plain == await get(owner, application) == snapshot
    assert (done, is_sealed(await kept(world, application))) == ([1, 0], True)


async def test_anything_else_than_what_was_sent_is_found_out_by_the_receipt() -> None:
    world = World()
    owner = await world.student()
    application = await sent(world, owner)
    keys = await world.vault.keys_of(owned(owner))
    other = keys.seal(Place("snapshot", str(application)), b"{}")

    for content in (b"{}", other, (await kept(world, application))[:-1]):
        await put(world, application, content)
        with pytest.raises(Unreadable):
            await GetSnapshot(world.transactions, world.vault)(owner, application)


async def test_with_her_keys_gone_what_was_sent_is_gone() -> None:
    world = World()
    owner = await world.student()
    application = await sent(world, owner)

    await world.vault.destroy(owned(owner))

    with pytest.raises(NotFound):
        await GetSnapshot(world.transactions, world.vault)(owner, application)
