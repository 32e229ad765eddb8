"""Who may read the trail, and what is noted of those who do, who were refused, and who signed in."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from worlds import World

from higherstudy.adapters.memory.anchors import MemoryAnchors
from higherstudy.adapters.memory.signatures import MemorySignatures
from higherstudy.domain.audit.chain import Kept
from higherstudy.domain.audit.checking import Finding, Flaw
from higherstudy.domain.audit.deed import Deed
from higherstudy.domain.audit.query import Query
from higherstudy.domain.audit.use_cases.noting import ForgetAddresses, NoteRefusal
from higherstudy.domain.audit.use_cases.sealing import BATCH, WAITS_AT_MOST, AnchorHead, SealEntries
from higherstudy.domain.audit.use_cases.searching import PAGE, ExportTrail, ListActivity, SearchTrail
from higherstudy.domain.audit.use_cases.verifying import Mark, VerifyTrail
from higherstudy.domain.identity.account import Asker, Role
from higherstudy.domain.identity.errors import RefreshRefused, SignInRefused
from higherstudy.domain.identity.session import Lasting
from higherstudy.domain.identity.use_cases.accounts import GetAccount, Register, SignIn, asker_of
from higherstudy.domain.identity.use_cases.sessions import BeginSession, RefreshSession
from higherstudy.domain.shared.errors import Forbidden, NotFound
from higherstudy.domain.shared.events import Origin
from higherstudy.domain.shared.ids import AccountId, StudentId

AUDITOR = Asker(AccountId(uuid4()), frozenset({Role.AUDITOR}), request_id="an audit", address="192.0.2.1")
ADMIN = Asker(AccountId(uuid4()), frozenset({Role.ADMIN}))
STUDENT = Asker(AccountId(uuid4()), frozenset({Role.STUDENT}), StudentId(uuid4()))
PASSWORD = "a long enough password"


async def found(world: World, query: Query) -> list[Kept]:
    async with world.transactions() as work:
        return list(await work.audit_trail.search(query, 10_000))


@pytest.mark.parametrize("asker", [ADMIN, STUDENT])
async def test_nobody_but_an_auditor_reads_the_trail(asker: Asker) -> None:
    world = World()
    verify = VerifyTrail(world.transactions, MemorySignatures(), MemoryAnchors())

    for ask in (
        SearchTrail(world.transactions)(asker, Query(), 10),
        ExportTrail(world.transactions)(asker, Query()),
        verify(asker, Mark()),
    ):
        with pytest.raises(Forbidden):
            await ask

    assert await found(world, Query()) == []


async def test_each_reading_is_noted_with_what_was_asked_for() -> None:
    world = World()
    student = StudentId(uuid4())
    verify = VerifyTrail(world.transactions, MemorySignatures(), MemoryAnchors())

    await SearchTrail(world.transactions)(AUDITOR, Query(student_id=student), 10)
    await ExportTrail(world.transactions)(AUDITOR, Query(action="audit."))
    await verify(AUDITOR, Mark())

    noted = {one.entry.action: one.entry for one in await found(world, Query(actor=AUDITOR.account_id))}
    assert {action: dict(entry.details) for action, entry in noted.items()} == {
        "audit.searched": {"student": str(student)},
        "audit.exported": {"action": "audit."},
        "audit.verified": {"since": "1"},
    }
    assert noted["audit.searched"].student_id == student
    assert {entry.request_id for entry in noted.values()} == {"an audit"}


async def test_an_export_goes_on_page_by_page_to_the_end() -> None:
    world = World()
    async with world.transactions() as work:
        for number in range(PAGE + 1):
            work.note(Deed("session.begun", details={"number": str(number)}))

    pages = [page async for page in await ExportTrail(world.transactions)(AUDITOR, Query(action="session.begun"))]

    assert [len(page) for page in pages] == [PAGE, 1]
    assert len({one.entry.details["number"] for page in pages for one in page}) == PAGE + 1


async def test_an_export_ends_with_the_role_of_whoever_asked_for_it() -> None:
    world = World()
    async with world.transactions() as work:
        for _ in range(PAGE + 1):
            work.note(Deed("session.begun"))
    roles = iter([AUDITOR.roles, frozenset({Role.STUDENT})])

    async def asked_now() -> Asker:
        return replace(AUDITOR, roles=next(roles))

    pages = await ExportTrail(world.transactions)(AUDITOR, Query(action="session.begun"), asked_now)

    assert len(await anext(pages)) == PAGE
    with pytest.raises(Forbidden):
        await anext(pages)


@pytest.mark.parametrize("name", ["action", "subject", "request_id"])
async def test_what_somebody_typed_who_searched_is_not_kept_for_ever(name: str) -> None:
    world = World()

    await SearchTrail(world.transactions)(AUDITOR, Query(**{name: "Rahim Uddin, rahim@example.org"}), 10)  # type: ignore[arg-type]

    (noted,) = await found(world, Query(action="audit.searched"))
    assert list(noted.entry.details.values()) == ["?"]


async def test_a_student_sees_what_was_done_to_her_record_and_nobody_elses() -> None:
    world = World()
    assert STUDENT.student_id is not None
    await NoteRefusal(world.transactions)(ADMIN, "get_document", "document", uuid4(), STUDENT.student_id)
    await NoteRefusal(world.transactions)(ADMIN, "get_document", "document", uuid4(), StudentId(uuid4()))
    activity = ListActivity(world.transactions)

    seen = await activity(STUDENT, STUDENT.student_id, 10)

    assert [(one.entry.action, one.entry.actor) for one in seen.entries] == [("access.refused", ADMIN.account_id)]
    assert dict(seen.entries[0].entry.details) == {"operation": "get_document"}
    for somebody in (ADMIN, AUDITOR):
        with pytest.raises(NotFound):
            await activity(somebody, STUDENT.student_id, 10)


async def test_what_staff_see_of_a_student_is_noted_and_what_she_sees_of_her_own_is_not() -> None:
    world = World()
    account = await Register(world.transactions, world.ids, world.passwords, world.common)(
        "student@example.org", PASSWORD
    )
    get = GetAccount(world.transactions)

    await get(asker_of(account), account.id)
    await get(ADMIN, account.id)

    seen = [one.entry for one in await found(world, Query(action="account.seen"))]
    assert [(entry.actor, entry.subject_id, entry.student_id) for entry in seen] == [
        (ADMIN.account_id, account.id, account.student_id)
    ]


async def test_a_refused_sign_in_is_noted_by_the_account_and_never_by_what_was_typed() -> None:
    world = World()
    account = await Register(world.transactions, world.ids, world.passwords, world.common)(
        "student@example.org", PASSWORD
    )
    sign_in = SignIn(world.transactions, world.passwords)

    for email in ("student@example.org", "nobody@example.org"):
        with pytest.raises(SignInRefused):
            await sign_in(email, "not the password", origin=Origin(request_id="a try", address="192.0.2.9"))

    noted = [one.entry for one in await found(world, Query(action="session.refused"))]
    assert {entry.subject_id for entry in noted} == {account.id, None}
    assert all(entry.address is not None and entry.address.words == "192.0.2.9" for entry in noted)
    assert "example.org" not in repr(await found(world, Query()))


async def test_a_sign_in_and_a_copied_refresh_token_are_noted() -> None:
    world, lasting = World(), Lasting()
    account = await Register(world.transactions, world.ids, world.passwords, world.common)(
        "student@example.org", PASSWORD
    )
    session = await BeginSession(world.transactions, world.ids, lasting)(account, "A browser", "a request", "192.0.2.9")
    refresh = RefreshSession(world.transactions, lasting)
    await refresh(session.id, 1)
    world.clock.move(timedelta(minutes=5))

    with pytest.raises(RefreshRefused):
        await refresh(session.id, 1, "a stolen token", "192.0.2.66")

    noted = {one.entry.action: one.entry for one in await found(world, Query(subject_id=session.id))}
    assert noted["session.begun"].actor == account.id
    ended = noted["session.ended"]
    assert ended.address is not None
    assert (ended.details["because"], ended.address.words) == ("reused", "192.0.2.66")


async def test_sealing_takes_one_batch_after_the_other() -> None:
    world = World()
    async with world.transactions() as work:
        for _ in range(BATCH + 2):
            work.note(Deed("session.begun"))
    seal = SealEntries(world.transactions, MemorySignatures())

    assert [await seal(), await seal(), await seal()] == [BATCH, 2, 0]


async def test_an_entry_that_nobody_seals_is_told_of_where_the_end_is_noted() -> None:
    world = World()
    seal, anchor = (
        SealEntries(world.transactions, MemorySignatures()),
        AnchorHead(world.transactions, MemorySignatures(), MemoryAnchors()),
    )
    async with world.transactions() as work:
        work.note(Deed("session.begun"))
    (kept,) = await found(world, Query())

    soon = await anchor()
    world.clock.move(WAITS_AT_MOST + timedelta(seconds=1))
    late = await anchor()
    await seal()

    assert soon == ()
    assert late == (Finding(Flaw.ENTRY_UNSEALED, None, kept.place, kept.entry.id),)
    assert await anchor() == ()


async def test_addresses_are_forgotten_after_the_time_that_was_set() -> None:
    world, told = World(), list[int]()
    async with world.transactions(Origin(address="192.0.2.9")) as work:
        work.note(Deed("session.begun"))
    forget = ForgetAddresses(world.transactions, timedelta(days=40))

    async def report(number: int) -> None:
        told.append(number)

    assert await forget(report) == 0
    world.clock.move(timedelta(days=41))
    assert await forget(report) == 1

    [kept] = await found(world, Query())
    assert (kept.entry.address, kept.entry.address_digest != "") == (None, True)
    assert told == [1]


async def test_an_entry_holds_no_personal_data_of_whoever_registers() -> None:
    world = World()
    await Register(world.transactions, world.ids, world.passwords, world.common)(
        "student@example.org", PASSWORD, "AYESHA RAHMAN"
    )

    shown = repr(await found(world, Query()))

    assert [word for word in ("student@example.org", "AYESHA", PASSWORD) if word in shown] == []
