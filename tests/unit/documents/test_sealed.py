"""The bytes of papers are sealed under keys of the student's own, and nothing else opens them."""

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest
from uploading import Uploading, nobody
from worlds import PDF, World, owned, pieces

from higherstudy.domain.documents.document import Document, Stated, Version
from higherstudy.domain.documents.upload import LIFE, UploadState
from higherstudy.domain.documents.use_cases.direct_upload import UploadVersion
from higherstudy.domain.documents.use_cases.papers import AddDocument, GetDocument, LinkToVersion, OpenPaper
from higherstudy.domain.documents.use_cases.plain_papers import SealPapers
from higherstudy.domain.documents.use_cases.sealed import version_content
from higherstudy.domain.documents.use_cases.sweeping import DropOrphans
from higherstudy.domain.identity.account import Asker
from higherstudy.domain.shared.errors import NotFound
from higherstudy.ports.errors import Unreadable
from higherstudy.ports.vault import is_sealed

OTHER = PDF + b"another year"


async def kept(world: World) -> dict[str, bytes]:
    """Return everything that the store of files holds, by its name."""
    names = [name async for name in world.files.kept_before(world.clock.now() + 2 * LIFE)]
    return {name: world.files.kept(name) or b"" for name in names}


async def read(world: World, document: Document, version: Version) -> bytes:
    keys = await world.vault.keys_of(document.student_id)
    return b"".join([piece async for piece in version_content(world.files, keys, document.id, version)])


async def opened(world: World, link: str) -> bytes:
    paper = await OpenPaper(world.files, world.vault, world.links, world.clock)(link.rpartition("/")[2])
    return b"".join([piece async for piece in paper.content])


async def link_to(world: World, owner: Asker, document: Document, number: int = 1) -> str:
    return (await LinkToVersion(world.transactions, world.files, world.links)(owner, document.id, number)).url


def newest(document: Document) -> Version:
    assert document.newest is not None
    return document.newest


async def plain_paper(world: World, owner: Asker, content: bytes = PDF) -> Document:
    """A paper with a version as an earlier release kept it."""
    document = await world.paper(owner, "passport", Stated(), content)
    await world.files.delete(newest(document).sealed_as)
    await world.files.store(pieces(content), at_most=10**6)
    document.versions = (replace(newest(document), sealed_as=""),)
    async with world.transactions() as work:
        await work.documents.save(document)
    return document


async def test_two_students_with_the_same_paper_have_two_files_of_which_neither_tells_that_they_are_equal() -> None:
    world = World()
    one, other = await world.student(), await world.student("another@example.org")
    papers = [await world.paper(owner, "passport", Stated()) for owner in (one, other)]

    files = await kept(world)

    assert {newest(paper).sealed_as for paper in papers} == files.keys()
    assert len(files) == 2
    assert hashlib.sha256(PDF).hexdigest() not in files
    assert all(is_sealed(content) and PDF[:8] not in content for content in files.values())
    assert [await read(world, paper, newest(paper)) for paper in papers] == [PDF, PDF]


async def test_an_upload_to_the_store_is_kept_sealed_and_what_came_in_goes() -> None:
    world = Uploading()
    owner, passport = await world.begin()

    after = await world.scanned(await world.received(owner, passport))

    document = await world.document(owner, passport)
    assert (after.state, newest(document).sha256) == (UploadState.ACCEPTED, hashlib.sha256(PDF).hexdigest())
    assert await kept(world) == {newest(document).sealed_as: world.files.kept(newest(document).sealed_as)}
    assert await read(world, document, newest(document)) == PDF
    assert await world.left() == []


async def test_a_link_opens_what_was_uploaded_and_ends() -> None:
    world = World()
    owner = await world.student()
    document = await world.paper(owner, "passport", Stated())
    link = await link_to(world, owner, document)

    content = await opened(world, link)
    world.clock.move(timedelta(seconds=61))

    assert content == PDF
    with pytest.raises(NotFound):
        await opened(world, link)


async def test_a_link_that_was_handed_out_before_opens_nothing_once_the_keys_are_destroyed() -> None:
    world = World()
    owner = await world.student()
    link = await link_to(world, owner, await world.paper(owner, "passport", Stated()))

    await world.vault.destroy(owned(owner))

    with pytest.raises(NotFound):
        await opened(world, link)
    assert len(await kept(world)) == 1, "the file may still lie there; nothing opens it"


async def test_after_her_keys_are_destroyed_nothing_can_be_uploaded_for_her() -> None:
    world = World()
    owner = await world.student()
    cv = await AddDocument(world.transactions, world.ids, world.rule_packs)(owner, owned(owner), "transcript")
    await world.vault.destroy(owned(owner))

    with pytest.raises(NotFound):
        await UploadVersion(world.transactions, world.files, world.vault)(owner, cv.id, pieces(PDF), "cv.pdf")

    assert await kept(world) == {}


async def test_an_upload_on_its_way_when_her_keys_are_destroyed_is_refused_and_gone() -> None:
    world = Uploading()
    owner, passport = await world.begin()
    upload = await world.received(owner, passport)
    await world.vault.destroy(owned(owner))

    after = await world.scanned(upload)

    assert after.state is UploadState.REFUSED
    assert (await kept(world), await world.left()) == ({}, [])


@pytest.mark.parametrize("whose", ["the same paper", "another paper of hers", "another student"])
async def test_files_that_were_exchanged_behind_our_back_are_found_out(whose: str) -> None:
    world = World()
    owner, stranger = await world.student(), await world.student("another@example.org")
    document = await world.paper(owner, "passport", Stated())
    if whose == "the same paper":
        upload = UploadVersion(world.transactions, world.files, world.vault)
        other = await upload(owner, document.id, pieces(OTHER), "b.pdf")
    else:
        other = await world.paper(stranger if whose == "another student" else owner, "transcript", Stated(), OTHER)
    mine, foreign = newest(document).sealed_as, world.files.kept(newest(other).sealed_as)
    assert foreign is not None
    world.files.keep(mine, foreign)

    with pytest.raises(Unreadable):
        await read(world, document, document.versions[0])


async def test_what_an_earlier_release_kept_as_it_came_stays_readable() -> None:
    world = World()
    owner = await world.student()
    document = await plain_paper(world, owner)

    link = await link_to(world, owner, document)

    assert await read(world, document, newest(document)) == PDF
    assert world.files.open(link, world.clock.now())[0] == newest(document).sha256


async def test_what_an_earlier_release_kept_as_it_came_is_sealed_and_then_swept_away() -> None:
    world = World()
    owner, other = await world.student(), await world.student("another@example.org")
    papers = [await plain_paper(world, one) for one in (owner, owner, other)]
    seal = SealPapers(world.transactions, world.files, world.vault)

    done, again = await seal(nobody), await seal(nobody)
    world.clock.move(LIFE + timedelta(hours=1))
    dropped = await DropOrphans(world.transactions, world.files)(nobody)

    assert (done, again, dropped) == (3, 0, 1)
    for paper, asker in zip(papers, (owner, owner, other), strict=True):
        now = await GetDocument(world.transactions)(asker, paper.id)
        assert await read(world, now, newest(now)) == PDF
        assert now.versions == (replace(paper.versions[0], sealed_as=newest(now).sealed_as),)
    assert all(map(is_sealed, (await kept(world)).values()))


async def test_a_file_that_is_gone_or_no_longer_the_same_is_left_and_stops_no_other() -> None:
    world = World()
    owner = await world.student()
    gone, changed, well = [
        await plain_paper(world, owner, content) for content in (PDF, OTHER, PDF + b"well", PDF + b"well")
    ][:3]
    await world.files.delete(newest(gone).sha256)
    world.files.keep(newest(changed).sha256, b"%PDF-1.7 changed")

    done = await SealPapers(world.transactions, world.files, world.vault)(nobody)

    assert done == 2
    for paper, sealed in ((gone, False), (changed, False), (well, True)):
        assert bool(newest(await GetDocument(world.transactions)(owner, paper.id)).sealed_as) is sealed
