"""An upload's life: announced, handed over, looked at, accepted or refused, or given up."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from uploading import STATED, WORM, Uploading, nobody
from worlds import PDF, owned, pieces

from higherstudy.domain.documents.document import MOST_VERSIONS
from higherstudy.domain.documents.events import VersionUploaded
from higherstudy.domain.documents.upload import LIFE, TICKET_LASTS, Announced, UploadState
from higherstudy.domain.documents.upload_events import UploadAccepted, UploadReceived, UploadRefused
from higherstudy.domain.documents.use_cases.direct_upload import UploadVersion
from higherstudy.domain.documents.use_cases.scanning import LOOKED_AT_WITHIN, ScanForgotten, ScanUpload
from higherstudy.domain.documents.use_cases.sweeping import DropLeftovers, DropOrphans, ExpireUploads
from higherstudy.domain.documents.use_cases.uploads import (
    MOST_WAITING,
    CompleteUpload,
    GetUpload,
    IssueTicket,
    RequestUpload,
)
from higherstudy.domain.shared.errors import Conflict, Forbidden, Invalid, NotFound, RuleBroken
from higherstudy.ports.errors import Unavailable


async def test_a_file_that_was_handed_over_becomes_a_version_once_it_was_looked_at() -> None:
    world = Uploading()
    owner, passport = await world.begin()

    upload = await world.received(owner, passport)
    before = await world.document(owner, passport)
    world.clock.move(timedelta(minutes=3))
    after = await world.scanned(upload)

    version = (await world.document(owner, passport)).newest
    assert version is not None
    assert before.versions == ()
    assert (after.state, after.number) == (UploadState.ACCEPTED, 1)
    assert (version.sha256, version.size, version.file_name) == (upload.announced.sha256, len(PDF), "cvfdp.exe.pdf")
    assert (version.stated, version.uploaded_by) == (STATED, owner.account_id)
    assert version.uploaded_at == upload.received_at  # when the last byte was reported, not when it was looked at
    assert await world.kept(owner, passport) == [PDF]
    assert await world.left() == []
    assert [type(event) for event in (await world.events())[-2:]] == [VersionUploaded, UploadAccepted]


async def test_looking_at_it_again_changes_nothing() -> None:
    world = Uploading()
    owner, passport = await world.begin()
    upload = await world.received(owner, passport)

    first = await world.scanned(upload)
    events = await world.events()
    second = await world.scanned(upload)

    assert first == second
    assert await world.events() == events
    assert len((await world.document(owner, passport)).versions) == 1


@pytest.mark.parametrize(
    ("content", "content_type", "code"),
    [
        (WORM, "application/pdf", "file.harmful"),
        (b"PK\x03\x04" + bytes(400), "application/pdf", "file.type_not_accepted"),
        (PDF, "image/png", "file.not_as_announced"),
    ],
)
async def test_what_may_not_stay_is_refused_with_its_reason_and_gone(
    content: bytes, content_type: str, code: str
) -> None:
    world = Uploading()
    owner, passport = await world.begin()

    after = await world.scanned(await world.received(owner, passport, content, content_type))

    assert (after.state, [reason.code for reason in after.reasons]) == (UploadState.REFUSED, [code])
    assert (await world.document(owner, passport)).versions == ()
    assert await world.kept(owner, passport) == []
    assert await world.left() == []
    assert (await world.events())[-1] == UploadRefused(after.id, passport.id, owned(owner), (code,))


async def test_bytes_that_changed_after_they_were_taken_are_refused() -> None:
    world = Uploading()
    owner, passport = await world.begin()
    upload = await world.received(owner, passport)
    world.incoming._arrived[upload.name] = (PDF[:-1] + b"?", world.clock.now())

    after = await world.scanned(upload)

    assert [(reason.code, reason.where) for reason in after.reasons] == [("file.not_as_announced", "sha256")]


async def test_bytes_that_are_gone_are_refused() -> None:
    world = Uploading()
    owner, passport = await world.begin()
    upload = await world.received(owner, passport)
    await world.incoming.drop(upload.name)

    after = await world.scanned(upload)

    assert [reason.code for reason in after.reasons] == ["upload.bytes_gone"]


async def test_while_the_scanner_is_away_nothing_is_accepted_and_it_is_looked_at_later() -> None:
    world = Uploading()
    owner, passport = await world.begin()
    upload = await world.received(owner, passport)
    world.scanner.away = True

    with pytest.raises(Unavailable):
        await world.scanned(upload)
    meanwhile = await GetUpload(world.transactions)(owner, upload.id)
    world.scanner.away = False
    after = await world.scanned(upload)

    assert (meanwhile.state, after.state) == (UploadState.RECEIVED, UploadState.ACCEPTED)


async def test_what_a_scanner_that_was_away_for_long_has_missed_is_found() -> None:
    world = Uploading()
    owner, passport = await world.begin()
    upload, worm = await world.received(owner, passport), await world.received(owner, passport, WORM)
    scan = ScanUpload(world.transactions, world.incoming, world.files, world.vault, world.scanner)
    forgotten = ScanForgotten(world.transactions, scan)

    at_once = await forgotten(nobody)
    world.clock.move(LOOKED_AT_WITHIN + timedelta(seconds=1))
    world.scanner.away = True
    with pytest.raises(Unavailable):
        await forgotten(nobody)
    world.scanner.away = False
    later = await forgotten(nobody)

    states = [(await GetUpload(world.transactions)(owner, one.id)).state for one in (upload, worm)]
    assert (at_once, later, states) == (0, 2, [UploadState.ACCEPTED, UploadState.REFUSED])


class HastyScanner:
    """Says that all is well after the first piece."""

    async def scan(self, content: AsyncIterator[bytes]) -> str | None:
        await anext(content)
        return None


async def test_a_verdict_about_a_part_is_no_verdict() -> None:
    world = Uploading()
    owner, passport = await world.begin()
    upload = await world.received(owner, passport, PDF * 100)

    with pytest.raises(Unavailable):
        await ScanUpload(world.transactions, world.incoming, world.files, world.vault, HastyScanner()).decide(upload.id)


async def test_bytes_that_are_not_there_yet_are_asked_for() -> None:
    world = Uploading()
    owner, passport = await world.begin()
    upload = await world.requested(owner, passport)
    complete = CompleteUpload(world.transactions, world.incoming)

    with pytest.raises(Conflict) as missing:
        await complete(owner, upload.id)
    await world.handed_over(owner, upload, PDF)
    received = await complete(owner, upload.id)
    again = await complete(owner, upload.id)

    assert missing.value.reasons[0].code == "upload.not_arrived"
    assert (received.state, again) == (UploadState.RECEIVED, received)
    assert sum(isinstance(event, UploadReceived) for event in await world.events()) == 1


async def test_a_ticket_is_given_for_an_hour_and_again_when_asked() -> None:
    world = Uploading()
    owner, passport = await world.begin()
    upload = await world.requested(owner, passport)
    issue = IssueTicket(world.transactions, world.incoming)

    first, second = await issue(owner, upload.id), await issue(owner, upload.id)
    world.clock.move(TICKET_LASTS)
    late = await issue(owner, upload.id)

    assert first == second
    assert late == (upload, None)
    assert first[1] is not None
    with pytest.raises(Forbidden):
        world.incoming.put(first[1].parts[0].url, first[1].parts[0].headers, PDF)


async def test_nobody_uploads_to_somebody_elses_paper() -> None:
    world = Uploading()
    owner, passport = await world.begin()
    stranger = await world.student("another@example.org")
    upload = await world.requested(owner, passport)

    for asked in (
        world.requested(stranger, passport),
        GetUpload(world.transactions)(stranger, upload.id),
        IssueTicket(world.transactions, world.incoming)(stranger, upload.id),
        CompleteUpload(world.transactions, world.incoming)(stranger, upload.id),
    ):
        with pytest.raises(NotFound):
            await asked


@pytest.mark.parametrize(
    ("size", "content_type", "sha256", "where"),
    [
        (0, "application/pdf", "a" * 64, {"size"}),
        (-1, "text/html", "A" * 64, {"size", "content_type", "sha256"}),
        (10, "application/pdf; charset=x", "a" * 63, {"content_type", "sha256"}),
    ],
)
def test_everything_wrong_with_an_announcement_is_named(
    size: int, content_type: str, sha256: str, where: set[str]
) -> None:
    with pytest.raises(Invalid) as refused:
        Announced(size, content_type, sha256)

    assert {reason.where for reason in refused.value.reasons} == where


async def test_too_large_a_file_is_refused_before_a_byte_is_sent() -> None:
    world = Uploading()
    owner, passport = await world.begin()
    request = RequestUpload(world.transactions, world.ids, largest=1000)

    with pytest.raises(Invalid) as refused:
        await request(owner, passport.id, Announced(1001, "application/pdf", "a" * 64), "a.pdf")

    assert refused.value.reasons[0].code == "file.too_large"


async def test_only_so_many_uploads_wait_at_once() -> None:
    world = Uploading()
    owner, passport = await world.begin()

    results = await asyncio.gather(
        *(world.requested(owner, passport, PDF + bytes([n])) for n in range(MOST_WAITING + 3)), return_exceptions=True
    )

    refused = [result for result in results if isinstance(result, RuleBroken)]
    assert [one.reasons[0].code for one in refused] == ["upload.too_many_waiting"] * 3


async def test_two_uploads_of_the_same_bytes_become_two_versions_of_one_file() -> None:
    world = Uploading()
    owner, passport = await world.begin()
    first, second = await world.received(owner, passport), await world.received(owner, passport)

    await asyncio.gather(world.scanned(first), world.scanned(second), world.scanned(first))

    versions = (await world.document(owner, passport)).versions
    assert [(version.number, version.sha256) for version in versions] == [
        (1, first.announced.sha256),
        (2, first.announced.sha256),
    ]


async def test_a_paper_that_is_full_refuses_with_its_reason() -> None:
    world = Uploading()
    owner, passport = await world.begin()
    upload = await world.received(owner, passport, PDF + b"last")
    direct = UploadVersion(world.transactions, world.files, world.vault)
    for number in range(MOST_VERSIONS):
        await direct(owner, passport.id, pieces(PDF + str(number).encode()), "a.pdf")

    after = await world.scanned(upload)

    assert [reason.code for reason in after.reasons] == ["document.too_many_versions"]
    assert len((await world.document(owner, passport)).versions) == MOST_VERSIONS


async def test_an_upload_that_nobody_completes_is_given_up_after_a_day_and_its_bytes_go() -> None:
    world = Uploading()
    owner, passport = await world.begin()
    upload = await world.requested(owner, passport)
    await world.handed_over(owner, upload, PDF)
    expire = ExpireUploads(world.transactions, world.incoming)

    world.clock.move(LIFE - timedelta(seconds=1))
    early = await expire(nobody)
    world.clock.move(timedelta(seconds=1))
    late, again = await expire(nobody), await expire(nobody)

    after = await GetUpload(world.transactions)(owner, upload.id)
    assert (early, late, again) == (0, 1, 0)
    assert (after.state, after.reasons[0].code) == (UploadState.EXPIRED, "upload.expired")
    assert await world.left() == []
    assert await CompleteUpload(world.transactions, world.incoming)(owner, upload.id) == after


async def test_leftovers_go_after_a_day_and_what_is_still_to_be_looked_at_stays() -> None:
    world = Uploading()
    owner, passport = await world.begin()
    waiting, decided = await world.received(owner, passport), await world.received(owner, passport, PDF + b"1")
    content = world.incoming._arrived[decided.name]
    await world.scanned(decided)
    nobodys = "0198c0de-5f3a-7c11-9d5b-2f6a1d0c4b7e"
    world.incoming._arrived |= {decided.name: content, nobodys: content}
    drop = DropLeftovers(world.transactions, world.incoming)

    early = await drop(nobody)
    world.clock.move(LIFE + timedelta(seconds=1))
    late = await drop(nobody)

    assert (early, late, await world.left()) == (0, 2, [waiting.name])


async def test_a_kept_file_that_no_version_has_goes_after_a_day() -> None:
    world = Uploading()
    owner, passport = await world.begin()
    await world.scanned(await world.received(owner, passport))
    await world.files.store(pieces(WORM), at_most=10**6)
    drop = DropOrphans(world.transactions, world.files)

    early = await drop(nobody)
    world.clock.move(LIFE + timedelta(seconds=1))
    late = await drop(nobody)

    assert (early, late, await world.kept(owner, passport)) == (0, 1, [PDF])


async def test_a_sweep_that_is_late_takes_nothing_away_that_a_version_has_begun_to_count_on() -> None:
    world = Uploading()
    owner, passport = await world.begin()
    await world.files.store(pieces(PDF), at_most=10**6)
    world.clock.move(LIFE + timedelta(seconds=1))
    moment = world.clock.now() - LIFE
    async with world.transactions() as work:  # the sweep finds that nobody counts on it, and is held up
        [unused] = await work.documents.unused([sha256 async for sha256 in world.files.kept_before(moment)])

    await world.scanned(await world.received(owner, passport))
    world.clock.move(timedelta(hours=1))
    await world.files.delete(unused, stored_before=moment)

    assert await world.kept(owner, passport) == [PDF]


async def test_what_was_stored_long_before_it_would_count_has_to_be_uploaded_again() -> None:
    world = Uploading()
    owner, passport = await world.begin()

    async def slow() -> AsyncIterator[bytes]:
        yield PDF
        world.clock.move(timedelta(hours=13))

    with pytest.raises(RuleBroken) as refused:
        await UploadVersion(world.transactions, world.files, world.vault)(owner, passport.id, slow(), "a.pdf")

    assert refused.value.reasons[0].code == "file.upload_again"


async def test_bytes_that_come_through_us_are_scanned_before_they_are_kept() -> None:
    world = Uploading()
    owner, passport = await world.begin()
    upload = UploadVersion(world.transactions, world.files, world.vault, world.scanner)

    with pytest.raises(RuleBroken) as refused:
        await upload(owner, passport.id, pieces(WORM), "a.pdf")
    world.scanner.away = True
    with pytest.raises(Unavailable):
        await upload(owner, passport.id, pieces(PDF), "a.pdf")

    assert (refused.value.reasons[0].code, refused.value.reasons[0].params["found"]) == ("file.harmful", "A worm")
    assert await world.kept(owner, passport) == []
