"""What a student does with her papers."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import fields, replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from worlds import PDF, World, letting, owned, pieces, staff

from higherstudy.domain.documents.document import Answer, Check, Document, Stated, Verification
from higherstudy.domain.documents.errors import FileRefused
from higherstudy.domain.documents.events import VersionOpened, VersionUploaded
from higherstudy.domain.documents.eyes import KindsByTwo
from higherstudy.domain.documents.judging import Usability
from higherstudy.domain.documents.use_cases.direct_upload import UploadVersion
from higherstudy.domain.documents.use_cases.papers import (
    AddDocument,
    AnswerDocument,
    CheckVersion,
    DocumentPage,
    GetDocument,
    JudgeDocument,
    LinkToVersion,
    ListDocuments,
)
from higherstudy.domain.documents.use_cases.sealed import version_content
from higherstudy.domain.identity.scopes import Scope
from higherstudy.domain.shared.errors import Conflict, Forbidden, Invalid, NotFound, RuleBroken
from higherstudy.domain.shared.ids import AccountId

PASSPORT = Stated(date(2022, 6, 1), date(2032, 5, 31))
DOCX = b"PK\x03\x04\x14\x00\x06\x00" + bytes(500)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


async def contents(world: World, document: Document) -> list[bytes]:
    """Return what each version of the paper holds."""
    keys = await world.vault.keys_of(document.student_id)
    return [
        b"".join([piece async for piece in version_content(world.files, keys, document.id, version)])
        for version in document.versions
    ]


async def nothing_is_kept(world: World) -> bool:
    return not [name async for name in world.files.kept_before(world.clock.now() + timedelta(days=2))]


async def test_an_upload_is_kept_by_its_hash_under_a_harmless_name() -> None:
    world = World()
    owner = await world.student()
    passport = await AddDocument(world.transactions, world.ids, world.rule_packs)(owner, owned(owner), "passport")

    after = await UploadVersion(world.transactions, world.files, world.vault)(
        owner, passport.id, pieces(PDF), "../cv\u202efdp.exe", PASSPORT
    )

    version = after.newest
    assert version is not None
    assert (version.sha256, version.size, version.content_type) == (sha256(PDF), len(PDF), "application/pdf")
    assert (version.file_name, version.uploaded_at) == ("cvfdp.exe.pdf", world.clock.now())
    assert await contents(world, after) == [PDF]


async def test_events_of_papers_carry_no_name_and_no_date_of_a_person() -> None:
    world = World()
    owner = await world.student()

    await world.paper(owner, "passport", Stated(date(2022, 6, 1), date(2032, 5, 31), "SAMPLE STUDENT"))

    [uploaded] = [event for event in await world.events() if isinstance(event, VersionUploaded)]
    assert {field.name for field in fields(uploaded)} == {"document_id", "student_id", "number", "sha256"}


async def test_a_word_file_under_the_name_of_a_pdf_is_refused_and_gone() -> None:
    world = World()
    owner = await world.student()
    cv = await AddDocument(world.transactions, world.ids, world.rule_packs)(owner, owned(owner), "transcript")

    with pytest.raises(FileRefused):
        await UploadVersion(world.transactions, world.files, world.vault)(owner, cv.id, pieces(DOCX), "transcript.pdf")

    assert await nothing_is_kept(world)
    assert (await GetDocument(world.transactions)(owner, cv.id)).versions == ()


async def test_a_file_that_is_too_large_is_refused_and_gone() -> None:
    world = World()
    owner = await world.student()
    cv = await AddDocument(world.transactions, world.ids, world.rule_packs)(owner, owned(owner), "transcript")

    with pytest.raises(RuleBroken) as refused:
        await UploadVersion(world.transactions, world.files, world.vault, largest=1000)(
            owner, cv.id, pieces(PDF), "marks.pdf"
        )

    assert refused.value.reasons[0].code == "file.too_large"
    assert await nothing_is_kept(world)


async def test_nobody_uploads_to_somebody_elses_paper_and_not_a_byte_is_read() -> None:
    world = World()
    owner, stranger = await world.student(), await world.student("another@example.org")
    passport = await world.paper(owner, "passport", PASSPORT)

    begun = []

    async def watched() -> AsyncIterator[bytes]:
        begun.append("once")
        yield PDF

    with pytest.raises(NotFound):
        await UploadVersion(world.transactions, world.files, world.vault)(stranger, passport.id, watched(), "mine.pdf")

    assert begun == []


async def answering(world: World, asker: object, document: object, content: bytes) -> AsyncIterator[bytes]:
    """Yield the content, and change the document from another tab on the way."""
    yield content
    await AnswerDocument(world.transactions)(asker, document, Answer.DOES_NOT_APPLY, "In another tab.")  # type: ignore[arg-type]


async def test_a_paper_that_changed_during_the_upload_is_a_conflict() -> None:
    world = World()
    owner = await world.student()
    cv = await AddDocument(world.transactions, world.ids, world.rule_packs)(owner, owned(owner), "transcript")

    with pytest.raises(Conflict):
        await UploadVersion(world.transactions, world.files, world.vault)(
            owner, cv.id, answering(world, owner, cv.id, PDF), "marks.pdf", expected_version=cv.version
        )

    assert (await GetDocument(world.transactions)(owner, cv.id)).versions == ()


async def test_after_a_refusal_the_bytes_stay_while_another_paper_has_the_same() -> None:
    world = World()
    owner, stranger = await world.student(), await world.student("another@example.org")
    passport = await world.paper(stranger, "passport", PASSPORT)
    cv = await AddDocument(world.transactions, world.ids, world.rule_packs)(owner, owned(owner), "transcript")

    with pytest.raises(Conflict):
        await UploadVersion(world.transactions, world.files, world.vault)(
            owner, cv.id, answering(world, owner, cv.id, PDF), "marks.pdf", expected_version=cv.version
        )

    assert await contents(world, passport) == [PDF]


async def test_a_renewed_passport_is_a_second_version_and_the_old_one_stays() -> None:
    world = World()
    owner = await world.student()
    old = await world.paper(owner, "passport", Stated(date(2017, 6, 1), date(2027, 5, 31)))

    new = await UploadVersion(world.transactions, world.files, world.vault)(
        owner, old.id, pieces(PDF + b"new"), "passport.pdf", Stated(date(2027, 2, 1), date(2037, 1, 31))
    )

    assert new.versions[0] == old.versions[0]
    judge = JudgeDocument(world.transactions, world.rule_packs)
    assert (await judge(owner, new.id, date(2027, 9, 1))).usability is Usability.USABLE


async def test_a_paper_is_judged_on_the_day_it_is_used_or_else_today() -> None:
    world = World()
    owner = await world.student()
    passport = await world.paper(owner, "passport", Stated(date(2017, 6, 1), date(2027, 5, 31)))
    judge = JudgeDocument(world.transactions, world.rule_packs)

    today, at_the_mission = await judge(owner, passport.id), await judge(owner, passport.id, date(2027, 8, 2))

    assert (today.usability, today.on) == (Usability.USABLE, world.clock.now().date())
    assert at_the_mission.usability is Usability.EXPIRED


@pytest.mark.parametrize("day", [date.min, date.max])
async def test_a_day_beyond_all_papers_is_refused(day: date) -> None:
    world = World()
    owner = await world.student()
    passport = await world.paper(owner, "passport", PASSPORT)

    with pytest.raises(Invalid):
        await JudgeDocument(world.transactions, world.rule_packs)(owner, passport.id, day)
    with pytest.raises(Invalid):
        Stated(issued_on=day)


async def test_a_kind_that_no_pack_knows_cannot_be_added() -> None:
    world = World()
    owner = await world.student()

    with pytest.raises(Invalid) as refused:
        await AddDocument(world.transactions, world.ids, world.rule_packs)(owner, owned(owner), "amulet")

    assert (refused.value.reasons[0].code, refused.value.reasons[0].where) == ("document.unknown_kind", "kind")


async def test_a_link_ends_after_a_minute_and_who_got_it_is_on_record() -> None:
    world = World()
    owner = await world.student()
    passport = await world.paper(owner, "passport", PASSPORT)

    link = await LinkToVersion(world.transactions, world.files, world.links)(owner, passport.id, 1)

    assert link.until == world.clock.now() + timedelta(seconds=60)
    linked = world.links.opened(link.url.rpartition("/")[2], link.until)
    assert (linked.sha256, linked.file_name, linked.content_type) == (sha256(PDF), "paper.pdf", "application/pdf")
    assert (await world.events())[-1] == VersionOpened(passport.id, owned(owner), 1)


async def test_nobody_sees_somebody_elses_papers() -> None:
    world = World()
    owner, stranger = await world.student(), await world.student("another@example.org")
    passport = await world.paper(owner, "passport", PASSPORT)

    with pytest.raises(NotFound):
        await ListDocuments(world.transactions)(stranger, owned(owner))
    with pytest.raises(NotFound):
        await GetDocument(world.transactions)(stranger, passport.id)
    with pytest.raises(NotFound):
        await LinkToVersion(world.transactions, world.files, world.links)(stranger, passport.id, 1)
    assert await ListDocuments(world.transactions)(owner, owned(owner)) == DocumentPage([passport], None)


async def test_papers_come_in_pages() -> None:
    world = World()
    owner = await world.student()
    add = AddDocument(world.transactions, world.ids, world.rule_packs)
    added = [await add(owner, owned(owner), "transcript", f"of {year}") for year in (2021, 2022, 2023)]
    show = ListDocuments(world.transactions)

    first = await show(owner, owned(owner), limit=2)
    second = await show(owner, owned(owner), after=first.next, limit=2)

    assert [*first.items, *second.items] == added
    assert (first.next, second.next) == (added[1].id, None)


async def test_an_answer_stands_until_it_is_taken_back() -> None:
    world = World()
    owner = await world.student()
    cv = await AddDocument(world.transactions, world.ids, world.rule_packs)(owner, owned(owner), "transcript")
    answer = AnswerDocument(world.transactions)

    given = await answer(owner, cv.id, Answer.CANNOT_OBTAIN, "Not issued before July.")
    standing = given.answer
    taken_back = await answer(owner, cv.id, None, expected_version=given.version)

    assert standing is not None
    assert standing.reason == "Not issued before July."
    assert taken_back.answer is None


async def test_staff_check_papers_and_the_student_does_not() -> None:
    world = World()
    owner = await world.student()
    passport = await world.paper(owner, "passport", PASSPORT)
    check = CheckVersion(world.transactions)

    with pytest.raises(Forbidden):
        await check(owner, passport.id, 1, Check.VERIFY)
    for who in (staff(), letting(owner, owner), letting(staff(), owner, Scope.READ_PLAN, Scope.UPLOAD)):
        with pytest.raises((NotFound, Forbidden)):
            await check(who, passport.id, 1, Check.VERIFY)
    checked = await check(letting(staff(), owner, Scope.READ_PAPERS), passport.id, 1, Check.VERIFY)

    assert checked.version_numbered(1).verification is Verification.VERIFIED


async def test_where_the_organisation_wants_two_to_verify_a_kind_the_second_is_another_person() -> None:
    world = World()
    owner = await world.student()
    passport = await world.paper(owner, "passport", PASSPORT)
    check = CheckVersion(world.transactions, KindsByTwo(frozenset({"passport"})))
    one, other = (letting(staff(), owner, Scope.READ_PAPERS) for _ in range(2))
    other = replace(other, account_id=AccountId(UUID(int=0xB2)))

    half = await check(one, passport.id, 1, Check.VERIFY)
    with pytest.raises(RuleBroken):
        await check(one, passport.id, 1, Check.VERIFY)
    whole = await check(other, passport.id, 1, Check.VERIFY)

    assert half.version_numbered(1).is_half_verified
    assert whole.version_numbered(1).verification is Verification.VERIFIED
