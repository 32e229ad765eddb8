"""Everything about a student in one file: asked for, made in the background, handed over, and gone after a while."""

import hashlib
import io
import json
import zipfile
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from worlds import PDF, World, owned

from higherstudy.adapters.bundled.messages import Messages
from higherstudy.domain.audit.deed import Deed
from higherstudy.domain.documents.document import Stated
from higherstudy.domain.documents.use_cases.papers import OpenPaper
from higherstudy.domain.documents.use_cases.sealed import place_of
from higherstudy.domain.documents.use_cases.sweeping import DropOrphans
from higherstudy.domain.identity.account import Asker
from higherstudy.domain.rights.erasure import Because, Erasure
from higherstudy.domain.rights.export import Export, State
from higherstudy.domain.rights.use_cases.exporting import (
    MAKE,
    AskForExport,
    LinkToExport,
    ListExports,
    MakeExport,
    RemoveExports,
)
from higherstudy.domain.rights.zipped import Entry, zipped
from higherstudy.domain.shared.errors import NotFound, RuleBroken
from higherstudy.domain.shared.events import Origin
from higherstudy.domain.shared.ids import DocumentId, ErasureId, GrantId
from higherstudy.ports.contracts.samples import a_grant, a_session
from higherstudy.ports.errors import Unavailable

A_DAY = timedelta(days=1)
SCHEMA = json.loads((Path(__file__).parents[3] / "docs" / "record.schema.json").read_text(encoding="utf-8"))
TRICKS = "../../cv\u202efdp.exe<b>"


class Exports(World):
    """A world in which records are exported."""

    @property
    def make(self) -> MakeExport:
        return MakeExport(self.transactions, self.files, self.vault, Messages(), at_most=2**20, lasting=A_DAY)

    async def asked(self, asker: Asker) -> Export:
        return await AskForExport(self.transactions, self.ids)(asker, owned(asker), "en")

    async def known(self, asker: Asker) -> Export:
        return (await ListExports(self.transactions)(asker, owned(asker)))[0]

    async def made(self, asker: Asker) -> bytes:
        """Return the file of a new export."""
        await self.make((await self.asked(asker)).id)
        return await self.content(await self.known(asker))

    async def content(self, export: Export) -> bytes:
        """Return what is in the file, which is kept sealed."""
        sealed = self.files.kept(export.sha256)
        assert sealed is not None
        assert b"PK" not in sealed[:4]
        keys = await self.vault.keys_of(export.student_id)
        content = keys.open(place_of(DocumentId(export.id)), sealed)
        assert (len(content), hashlib.sha256(content).hexdigest()) == (export.size, export.content_sha256)
        return content

    async def full(self) -> Asker:
        """A student with two papers and a submission."""
        asker = await self.student()
        await self.papers(asker)
        application = await self.draft(asker)
        await self.submit(asker, application.id, self.clock.now())
        return asker


def unpacked(archive: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        assert files.testzip() is None
        return {name: files.read(name) for name in files.namelist()}


async def test_the_file_holds_the_record_the_papers_and_what_was_sent() -> None:
    world = Exports()
    asker = await world.full()

    files = unpacked(await world.made(asker))

    record, index = json.loads(files["record.json"]), json.loads(files["index.json"])
    assert list(Draft202012Validator(SCHEMA).iter_errors(record)) == []
    assert record["account"]["email"] == "student@example.org"
    assert [one["kind"] for one in record["documents"]] == ["passport", "transcript"]
    assert len(record["applications"][0]["history"]) == 1
    assert [files[one["path"]] for one in index["files"] if one["path"].startswith("papers/")] == [PDF, PDF]
    (sent,) = [one for one in index["files"] if one["path"].startswith("applications/")]
    assert sent["sha256"] == record["applications"][0]["receipt"]["snapshot_sha256"]
    assert set(files) == {"index.html", "index.json", "record.json", *(one["path"] for one in index["files"])}


async def test_what_she_did_elsewhere_and_what_happened_to_her_account_is_told_too() -> None:
    world = Exports()
    asker, another = await world.student(), await world.student("another@example.org")
    others = Deed("read_plan", "grant", GrantId(UUID(int=7)), owned(another), on_behalf_of=another.account_id)
    async with world.transactions(Origin(asker.account_id, address="192.0.2.7")) as work:
        work.note(others)
    async with world.transactions(Origin(another.account_id)) as work:
        work.note(Deed("account.role_granted", "account", asker.account_id))
        work.note(Deed("account.role_granted", "account", another.account_id))

    record = json.loads(unpacked(await world.made(asker))["record.json"])

    told = [one for one in record["activity"] if one["action"] in ("read_plan", "account.role_granted")]
    assert [(one["by"], one["on_behalf_of"], one["address"]) for one in told] == [
        ("you", str(another.account_id), "192.0.2.7"),
        ("somebody_else", None, None),
    ]


async def test_help_that_is_over_and_a_use_that_its_session_outlived_are_told() -> None:
    world = Exports()
    asker, another = await world.student(), await world.student("another@example.org")
    ended, offered = (replace(a_grant(), student_id=owned(another), email="student@example.org") for _ in range(2))
    ended.account_id, ended.accepted_at = asker.account_id, ended.given_at
    ended.end(asker.account_id, ended.given_at)
    session = a_session(asker.account_id, world.clock.now())
    async with world.transactions() as work:
        for grant in (ended, offered):
            await work.grants.add(grant)
        await work.sessions.add(session)
    world.clock.move(timedelta(days=60))
    async with world.transactions() as work:
        await work.sessions.remove_over(work.now, 10)

    unproved = json.loads(unpacked(await world.made(asker))["record.json"])
    async with world.transactions() as work:
        account = await work.accounts.get(asker.account_id)
        account.confirm_email(work.now)
        await work.accounts.save(account)
    proved = json.loads(unpacked(await world.made(asker))["record.json"])

    assert [one["id"] for one in unproved["grants"]["held"]] == [str(ended.id)]
    assert {one["id"] for one in proved["grants"]["held"]} == {str(ended.id), str(offered.id)}
    assert (proved["sessions"], proved["account"]["used_at"]) == ([], session.used_at.isoformat())
    assert list(Draft202012Validator(SCHEMA).iter_errors(proved)) == []


async def test_names_of_files_are_told_and_never_used_as_paths() -> None:
    world = Exports()
    asker = await world.student()
    paper = await world.paper(asker, "passport", Stated(date(2022, 6, 1), date(2032, 5, 31)))
    async with world.transactions() as work:
        document = await work.documents.get(paper.id)
        (version,) = document.versions
        object.__setattr__(version, "file_name", TRICKS)
        document.kind = "../évil"
        await work.documents.save(document)

    files = unpacked(await world.made(asker))

    assert set(files) == {"index.html", "index.json", "record.json", "papers/001-vil/1.pdf"}
    assert json.loads(files["index.json"])["files"][0]["file_name"] == TRICKS
    page = files["index.html"].decode()
    assert "<bdi>../../cv\u202efdp.exe&lt;b&gt;</bdi>" in page
    assert "<b>" not in page


async def test_the_same_record_at_the_same_moment_gives_the_same_bytes() -> None:
    world = Exports()
    asker = await world.full()
    export = await world.asked(asker)
    await world.make(export.id)
    first = (await world.known(asker)).content_sha256

    async with world.transactions() as work:
        again = await work.exports.get(export.id)
        again.state, again.sha256, again.size, again.ready_at, again.until = State.MAKING, "", 0, None, None
        await work.exports.save(again)
    await world.make(export.id)

    assert (await world.known(asker)).content_sha256 == first


async def test_the_page_speaks_the_language_that_she_prefers() -> None:
    world = Exports()
    asker = await world.student()
    async with world.transactions() as work:
        student = await work.students.get(owned(asker))
        object.__setattr__(student.profile, "preferred_language", "bn")
        await work.students.save(student)

    page = unpacked(await world.made(asker))["index.html"].decode()

    assert '<html lang="bn">' in page
    assert "আপনার তথ্য" in page


async def test_while_one_is_made_asking_again_gives_that_one_and_adds_no_job() -> None:
    world = Exports()
    asker = await world.student()

    first, second = await world.asked(asker), await world.asked(asker)

    assert first.id == second.id
    assert [kept.job.name for kept in world.store.jobs.rows()] == [MAKE]


async def test_one_that_was_never_made_stands_in_the_way_of_another_for_some_hours_only() -> None:
    world = Exports()
    asker = await world.student()
    first = await world.asked(asker)

    world.clock.move(timedelta(hours=6))
    second = await world.asked(asker)

    assert first.id != second.id
    assert [one.state for one in await ListExports(world.transactions)(asker, owned(asker))] == [
        State.MAKING,
        State.REMOVED,
    ]


async def test_a_broken_off_one_is_begun_again_and_one_that_is_ready_is_left_alone() -> None:
    world = Exports()
    asker = await world.full()
    export = await world.asked(asker)
    read, world.files.read = world.files.read, _breaking_off  # type: ignore[method-assign]
    with pytest.raises(Unavailable):
        await world.make(export.id)
    world.files.read = read  # type: ignore[method-assign]

    for _ in range(2):
        await world.make(export.id)

    found = await world.known(asker)
    assert (found.state, found.version) == (State.READY, 2)
    assert [event.tag for event in await world.events()].count("export.ready.v1") == 1


async def _breaking_off(sha256: str) -> AsyncIterator[bytes]:
    yield b"half of it"
    raise Unavailable


async def test_a_file_that_the_store_has_lost_is_named_and_stops_nothing() -> None:
    world = Exports()
    asker = await world.full()
    for sha256 in [one async for one in world.files.kept_before(world.clock.now() + A_DAY)]:
        await world.files.delete(sha256)

    files = unpacked(await world.made(asker))

    assert len(json.loads(files["missing.json"])["files"]) == 2
    assert not [name for name in files if name.startswith("papers/")]


@pytest.mark.parametrize("damaged_at", [0, -1])
async def test_a_damaged_file_is_named_and_stops_nothing(damaged_at: int) -> None:
    world = Exports()
    asker = await world.full()
    names = {one.sealed_as or "" for paper in world.store.documents.rows() for one in paper.versions}
    for name in names:
        kept, stored_at = world.files._kept[name]
        content = bytearray(kept)
        content[damaged_at] ^= 1
        world.files._kept[name] = bytes(content), stored_at

    files = unpacked(await world.made(asker))

    record = json.loads(files["record.json"])
    assert len(json.loads(files["missing.json"])["files"]) == 2
    assert f"applications/{record['applications'][0]['id']}.json" in files


async def test_what_was_sent_and_cannot_be_opened_is_named_and_stops_nothing() -> None:
    world = Exports()
    asker = await world.full()
    [(application_id, kept)] = world.store.snapshots._kept.items()
    world.store.snapshots._kept[application_id] = kept[:-1] + bytes([kept[-1] ^ 1])

    files = unpacked(await world.made(asker))

    assert [one["path"] for one in json.loads(files["missing.json"])["files"]] == [
        f"applications/{application_id}.json"
    ]
    assert len([name for name in files if name.startswith("papers/")]) == 2


async def test_the_link_is_hers_alone_and_ends_with_the_file() -> None:
    world = Exports()
    asker, stranger = await world.full(), await world.student("stranger@example.org")
    export = await world.asked(asker)
    link = LinkToExport(world.transactions, world.links)
    with pytest.raises(RuleBroken):
        await link(asker, owned(asker), export.id)
    await world.make(export.id)

    opened = await link(asker, owned(asker), export.id)
    paper = await OpenPaper(world.files, world.vault, world.links, world.clock)(opened.url.rpartition("/")[2])
    assert (paper.file_name, paper.content_type) == ("my-data.zip", "application/zip")
    sent = b"".join([piece async for piece in paper.content])
    assert sent == await world.content(await world.known(asker))
    assert opened.until - world.clock.now() == timedelta(seconds=60)
    for who, whose in ((stranger, asker), (stranger, stranger)):
        with pytest.raises(NotFound):
            await link(who, owned(whose), export.id)
    world.clock.move(A_DAY)
    with pytest.raises(NotFound):
        await link(asker, owned(asker), export.id)


async def test_the_file_is_taken_away_once_its_time_is_over_and_never_as_an_orphan_before() -> None:
    world = Exports()
    asker = await world.student()
    await world.made(asker)
    sha256 = (await world.known(asker)).sha256

    world.clock.move(A_DAY - timedelta(seconds=1))
    early = await RemoveExports(world.transactions, world.files)(_nobody)
    await DropOrphans(world.transactions, world.files)(_nobody)
    kept = world.files.kept(sha256)
    world.clock.move(timedelta(seconds=1))
    late = await RemoveExports(world.transactions, world.files)(_nobody)

    assert (early, kept is None, late, world.files.kept(sha256)) == (0, False, 1, None)
    assert (await world.known(asker)).state is State.REMOVED


async def test_one_that_is_overtaken_by_an_erasure_publishes_nothing_and_leaves_no_file() -> None:
    world = Exports()
    asker = await world.full()
    export = await world.asked(asker)
    read = world.files.read

    async def erased_meanwhile(sha256: str) -> AsyncIterator[bytes]:
        if not list(world.store.erasures.rows()):
            async with world.transactions() as work:
                erasure = Erasure(
                    ErasureId(world.ids.new()),
                    owned(asker),
                    asker.account_id,
                    Because.ASKED,
                    None,
                    asked_at=work.now,
                    due_at=work.now,
                )
                erasure.begin(work.now)
                await work.erasures.add(erasure)
        async for piece in read(sha256):
            yield piece

    world.files.read = erased_meanwhile  # type: ignore[method-assign]
    before = {one async for one in world.files.kept_before(world.clock.now() + A_DAY)}
    await world.make(export.id)

    assert {one async for one in world.files.kept_before(world.clock.now() + A_DAY)} == before
    assert (await world.known(asker)).state is State.MAKING
    assert "export.ready.v1" not in [event.tag for event in await world.events()]


async def test_a_large_file_passes_through_a_piece_at_a_time() -> None:
    world, largest, total = World(), 0, 0

    async def content() -> AsyncIterator[bytes]:
        for _ in range(500):
            yield bytes(10_000)

    async def entries() -> AsyncIterator[Entry]:
        yield Entry("large.bin", content())

    async for piece in zipped(entries(), world.clock.now()):
        largest, total = max(largest, len(piece)), total + len(piece)

    assert total > 5_000_000
    assert largest < 50_000


async def _nobody(done: int) -> Any:
    """Hear how much is done."""
