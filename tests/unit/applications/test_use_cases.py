"""From the first draft to the receipt, and what came back."""

import asyncio
import hashlib
import json
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from worlds import PDF, World, letting, owned, pieces, staff

from builders import NOW, a_deadline, a_programme
from higherstudy.adapters.memory.reading import MemoryApplicationList
from higherstudy.domain.applications.application import Action, Condition, Receipt, State
from higherstudy.domain.applications.events import ApplicationStarted, ApplicationSubmitted
from higherstudy.domain.applications.use_cases.keeping import (
    GetApplication,
    GetReceipt,
    GetSnapshot,
    RecordOutcome,
    StartApplication,
    WhatIsMissing,
    Withdraw,
)
from higherstudy.domain.applications.use_cases.listing import ListApplications
from higherstudy.domain.documents.document import Stated
from higherstudy.domain.documents.use_cases.direct_upload import UploadVersion
from higherstudy.domain.documents.use_cases.papers import ListDocuments
from higherstudy.domain.identity.scopes import Kind
from higherstudy.domain.profile.profile import Profile
from higherstudy.domain.shared.errors import Conflict, Forbidden, Invalid, NotFound, RuleBroken
from higherstudy.domain.shared.ids import ProgrammeId

BEGIN = date(2027, 10, 1)


async def test_the_whole_way_from_a_draft_to_the_receipt() -> None:
    world = World()
    owner = await world.student()
    draft = await world.draft(owner)
    missing = WhatIsMissing(world.transactions, world.rule_packs, world.zones)

    before = await missing(owner, draft.id)
    await world.papers(owner)
    after = await missing(owner, draft.id)
    receipt = await world.submit(owner, draft.id, NOW, draft.version)

    assert [reason.where for reason in before] == ["documents.passport", "documents.transcript"]
    assert after == ()
    assert receipt == await GetReceipt(world.transactions)(owner, draft.id)
    snapshot = await GetSnapshot(world.transactions, world.vault)(owner, draft.id)
    assert receipt.snapshot_sha256 == hashlib.sha256(snapshot).hexdigest()
    assert [type(event) for event in await world.events() if "application" in event.tag] == [
        ApplicationStarted,
        ApplicationSubmitted,
    ]


async def test_two_tabs_submit_and_one_receipt_comes_of_it() -> None:
    world = World()
    owner = await world.student()
    draft = await world.draft(owner)
    await world.papers(owner)

    answers = await asyncio.gather(
        *(world.submit(owner, draft.id, NOW, expected) for expected in (draft.version, draft.version, None)),
        return_exceptions=True,
    )

    assert sorted(type(answer).__name__ for answer in answers) == ["Conflict", "Conflict", "Receipt"]
    [receipt] = [answer for answer in answers if isinstance(answer, Receipt)]
    submitted = [event for event in await world.events() if isinstance(event, ApplicationSubmitted)]
    assert [event.receipt for event in submitted] == [receipt.number]


async def test_a_change_in_another_tab_is_a_conflict_for_who_has_not_seen_it() -> None:
    world = World()
    owner = await world.student()
    draft = await world.draft(owner)
    await world.papers(owner)

    with pytest.raises(Conflict) as refused:
        await world.submit(owner, draft.id, NOW, draft.version + 1)

    assert refused.value.reasons[0].code == "version.stale"


async def test_what_arrived_in_time_counts_although_it_was_carried_out_later() -> None:
    world = World()
    owner = await world.student()
    draft = await world.draft(owner)
    await world.papers(owner)
    last = datetime(2027, 5, 31, 21, 59, 59, 999999, tzinfo=UTC)
    world.clock.set(last + timedelta(minutes=2))

    receipt = await world.submit(owner, draft.id, last)

    assert (receipt.submitted_at, receipt.spare_seconds) == (last, 0)


async def test_what_arrived_too_late_is_refused_and_the_draft_stays_a_draft() -> None:
    world = World()
    owner = await world.student()
    draft = await world.draft(owner)
    await world.papers(owner)

    with pytest.raises(RuleBroken) as refused:
        await world.submit(owner, draft.id, datetime(2027, 5, 31, 22, 0, tzinfo=UTC))

    assert [reason.code for reason in refused.value.reasons] == ["application.deadline_passed"]
    assert await GetApplication(world.transactions)(owner, draft.id) == draft
    with pytest.raises(NotFound):
        await GetSnapshot(world.transactions, world.vault)(owner, draft.id)


async def test_a_refusal_names_everything_at_once() -> None:
    world = World()
    owner = await world.student(profile=Profile())
    draft = await world.draft(owner)

    with pytest.raises(RuleBroken) as refused:
        await world.submit(owner, draft.id, datetime(2027, 6, 1, tzinfo=UTC))

    assert [reason.code for reason in refused.value.reasons] == [
        "profile.no_name",
        "profile.no_qualification",
        "application.deadline_passed",
        "document.missing",
        "document.missing",
    ]


async def test_a_passport_renewed_afterwards_leaves_what_was_sent_as_it_was() -> None:
    world = World()
    owner = await world.student()
    draft = await world.draft(owner)
    await world.papers(owner)
    receipt = await world.submit(owner, draft.id, NOW)
    passport = (await ListDocuments(world.transactions)(owner, owned(owner))).items[0]

    await UploadVersion(world.transactions, world.files, world.vault)(
        owner, passport.id, pieces(PDF + b"renewed"), "new.pdf", Stated(date(2027, 2, 1), date(2037, 1, 31))
    )

    snapshot = await GetSnapshot(world.transactions, world.vault)(owner, draft.id)
    assert receipt.snapshot_sha256 == hashlib.sha256(snapshot).hexdigest()
    sent = json.loads(snapshot)["documents"][0]["version"]
    assert (sent["number"], sent["sha256"]) == (1, hashlib.sha256(PDF).hexdigest())


async def test_a_programme_is_applied_for_only_in_an_intake_that_it_has() -> None:
    world = World()
    owner = await world.student()
    programme = await world.programme()
    start = StartApplication(world.transactions, world.ids)

    for term, begin in (("summer", BEGIN), ("winter", date(2027, 4, 1))):
        with pytest.raises(Invalid) as refused:
            await start(owner, owned(owner), programme.id, term, begin)
        assert refused.value.reasons[0].code == "application.intake_unknown"
        assert refused.value.reasons[0].params["known"] == "winter"


@pytest.mark.parametrize(
    ("starts_on", "code"),
    [
        (date(2026, 10, 1), "application.intake_has_begun"),
        (date(1, 10, 1), "application.intake_has_begun"),
        (date(9999, 10, 1), "application.intake_too_far"),
    ],
)
async def test_studies_begin_in_the_years_to_come(starts_on: date, code: str) -> None:
    world = World()
    owner = await world.student()
    programme = await world.programme()

    with pytest.raises(Invalid) as refused:
        await StartApplication(world.transactions, world.ids)(owner, owned(owner), programme.id, "winter", starts_on)

    assert [reason.code for reason in refused.value.reasons] == [code]


async def test_a_programme_that_nobody_knows_is_not_found() -> None:
    world = World()
    owner = await world.student()

    with pytest.raises(NotFound):
        await StartApplication(world.transactions, world.ids)(
            owner, owned(owner), ProgrammeId(UUID(int=1)), "winter", BEGIN
        )


async def test_a_second_live_application_for_the_same_intake_is_a_conflict_until_the_first_is_withdrawn() -> None:
    world = World()
    owner = await world.student()
    first = await world.draft(owner)

    with pytest.raises(Conflict):
        await world.draft(owner)
    withdrawn = await Withdraw(world.transactions)(owner, first.id, "Another country.", first.version)
    second = await world.draft(owner)

    assert withdrawn.state is State.WITHDRAWN
    assert second.id != first.id


async def test_nobody_sees_or_submits_somebody_elses_application() -> None:
    world = World()
    owner, stranger = await world.student(), await world.student("another@example.org")
    draft = await world.draft(owner)

    with pytest.raises(NotFound):
        await GetApplication(world.transactions)(stranger, draft.id)
    with pytest.raises(NotFound):
        await world.submit(stranger, draft.id, NOW)
    with pytest.raises(NotFound):
        await RecordOutcome(world.transactions)(stranger, draft.id, Action.WITHDRAW)
    with pytest.raises(NotFound):
        await ListApplications(MemoryApplicationList(world.transactions), world.transactions)(stranger, owned(owner))


async def test_an_offer_with_conditions_is_recorded_and_accepted() -> None:
    world = World()
    owner = await world.student()
    draft = await world.draft(owner)
    await world.papers(owner)
    await world.submit(owner, draft.id, NOW)
    record = RecordOutcome(world.transactions)
    condition = Condition("Bachelor's certificate", date(2027, 9, 1))

    offered = await record(
        letting(staff(), owner),
        draft.id,
        Action.OFFER_WITH_CONDITIONS,
        conditions=(condition,),
        answer_by=date(2027, 7, 1),
    )
    accepted = await record(owner, draft.id, Action.ACCEPT, expected_version=offered.version)

    assert offered.offer is not None
    assert offered.offer.conditions == (condition,)
    assert accepted.state is State.ACCEPTED
    assert [entry.recorded_by for entry in accepted.history] == [
        owner.account_id,
        staff().account_id,
        owner.account_id,
    ]


async def test_staff_do_not_decide_for_the_student() -> None:
    world = World()
    owner = await world.student()
    draft = await world.draft(owner)

    with pytest.raises(Forbidden) as refused:
        await RecordOutcome(world.transactions)(letting(staff(), owner, kind=Kind.TAKEN), draft.id, Action.WITHDRAW)

    assert refused.value.reasons[0].code == "application.student_decides"


@pytest.mark.parametrize(
    ("action", "conditions"),
    [(Action.OFFER_WITH_CONDITIONS, ()), (Action.OFFER, (Condition("Degree"),)), (Action.REJECT, (Condition("x"),))],
)
async def test_conditions_belong_to_a_conditional_offer_and_to_nothing_else(
    action: Action, conditions: tuple[Condition, ...]
) -> None:
    world = World()
    owner = await world.student()
    draft = await world.draft(owner)

    with pytest.raises(Invalid) as refused:
        await RecordOutcome(world.transactions)(owner, draft.id, action, conditions=conditions)

    assert refused.value.reasons[0].where == "conditions"


async def test_a_list_comes_in_pages() -> None:
    world = World()
    owner = await world.student()
    await world.programme(a_programme(a_deadline(date(2030, 5, 31))))
    start = StartApplication(world.transactions, world.ids)
    started = [
        await start(owner, owned(owner), a_programme().id, "winter", date(year, 10, 1)) for year in (2027, 2028, 2029)
    ]
    show = ListApplications(MemoryApplicationList(world.transactions), world.transactions)

    first = await show(owner, owned(owner), limit=2)
    second = await show(owner, owned(owner), after=first.next, limit=2)

    assert [one.id for one in (*first.items, *second.items)] == [one.id for one in started]
    assert (first.next, second.next) == (started[1].id, None)
