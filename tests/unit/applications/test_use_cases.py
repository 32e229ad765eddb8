"""From the first draft to the receipt, and what came back."""

import asyncio
import hashlib
import json
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from builders import NOW, a_deadline, a_programme
from worlds import PDF, World, owned, pieces, staff

from higherstudy.domain.applications.application import Action, Condition, Receipt, State
from higherstudy.domain.applications.events import ApplicationStarted, ApplicationSubmitted
from higherstudy.domain.applications.use_cases import (
    GetApplication,
    GetReceipt,
    GetSnapshot,
    ListApplications,
    RecordOutcome,
    StartApplication,
    WhatIsMissing,
    Withdraw,
)
from higherstudy.domain.documents.document import Stated
from higherstudy.domain.documents.use_cases import ListDocuments, UploadVersion
from higherstudy.domain.profile.profile import Profile
from higherstudy.domain.shared.errors import Conflict, Forbidden, Invalid, NotFound, RuleBroken
from higherstudy.domain.shared.ids import ProgrammeId

BEGIN = date(2027, 10, 1)


async def test_the_whole_way_from_a_draft_to_the_receipt() -> None:
    world = World()
    nadia = await world.student()
    draft = await world.draft(nadia)
    missing = WhatIsMissing(world.transactions, world.rule_packs, world.zones)

    before = await missing(nadia, draft.id)
    await world.papers(nadia)
    after = await missing(nadia, draft.id)
    receipt = await world.submit(nadia, draft.id, NOW, draft.version)

    assert [reason.where for reason in before] == ["documents.passport", "documents.transcript"]
    assert after == ()
    assert receipt == await GetReceipt(world.transactions)(nadia, draft.id)
    snapshot = await GetSnapshot(world.transactions)(nadia, draft.id)
    assert receipt.snapshot_sha256 == hashlib.sha256(snapshot).hexdigest()
    assert [type(event) for event in await world.events() if "application" in event.tag] == [
        ApplicationStarted,
        ApplicationSubmitted,
    ]


async def test_two_tabs_submit_and_one_receipt_comes_of_it() -> None:
    world = World()
    nadia = await world.student()
    draft = await world.draft(nadia)
    await world.papers(nadia)

    answers = await asyncio.gather(
        *(world.submit(nadia, draft.id, NOW, expected) for expected in (draft.version, draft.version, None)),
        return_exceptions=True,
    )

    assert sorted(type(answer).__name__ for answer in answers) == ["Conflict", "Conflict", "Receipt"]
    [receipt] = [answer for answer in answers if isinstance(answer, Receipt)]
    submitted = [event for event in await world.events() if isinstance(event, ApplicationSubmitted)]
    assert [event.receipt for event in submitted] == [receipt.number]


async def test_a_change_in_another_tab_is_a_conflict_for_who_has_not_seen_it() -> None:
    world = World()
    nadia = await world.student()
    draft = await world.draft(nadia)
    await world.papers(nadia)

    with pytest.raises(Conflict) as refused:
        await world.submit(nadia, draft.id, NOW, draft.version + 1)

    assert refused.value.reasons[0].code == "version.stale"


async def test_what_arrived_in_time_counts_although_it_was_carried_out_later() -> None:
    world = World()
    nadia = await world.student()
    draft = await world.draft(nadia)
    await world.papers(nadia)
    last = datetime(2027, 5, 31, 21, 59, 59, 999999, tzinfo=UTC)
    world.clock.set(last + timedelta(minutes=2))

    receipt = await world.submit(nadia, draft.id, last)

    assert (receipt.submitted_at, receipt.spare_seconds) == (last, 0)


async def test_what_arrived_too_late_is_refused_and_the_draft_stays_a_draft() -> None:
    world = World()
    nadia = await world.student()
    draft = await world.draft(nadia)
    await world.papers(nadia)

    with pytest.raises(RuleBroken) as refused:
        await world.submit(nadia, draft.id, datetime(2027, 5, 31, 22, 0, tzinfo=UTC))

    assert [reason.code for reason in refused.value.reasons] == ["application.deadline_passed"]
    assert await GetApplication(world.transactions)(nadia, draft.id) == draft
    with pytest.raises(NotFound):
        await GetSnapshot(world.transactions)(nadia, draft.id)


async def test_a_refusal_names_everything_at_once() -> None:
    world = World()
    nadia = await world.student(profile=Profile())
    draft = await world.draft(nadia)

    with pytest.raises(RuleBroken) as refused:
        await world.submit(nadia, draft.id, datetime(2027, 6, 1, tzinfo=UTC))

    assert [reason.code for reason in refused.value.reasons] == [
        "profile.no_name",
        "profile.no_qualification",
        "application.deadline_passed",
        "document.missing",
        "document.missing",
    ]


async def test_a_passport_renewed_afterwards_leaves_what_was_sent_as_it_was() -> None:
    world = World()
    nadia = await world.student()
    draft = await world.draft(nadia)
    await world.papers(nadia)
    receipt = await world.submit(nadia, draft.id, NOW)
    passport = (await ListDocuments(world.transactions)(nadia, owned(nadia)))[0]

    await UploadVersion(world.transactions, world.files)(
        nadia, passport.id, pieces(PDF + b"renewed"), "new.pdf", Stated(date(2027, 2, 1), date(2037, 1, 31))
    )

    snapshot = await GetSnapshot(world.transactions)(nadia, draft.id)
    assert receipt.snapshot_sha256 == hashlib.sha256(snapshot).hexdigest()
    sent = json.loads(snapshot)["documents"][0]["version"]
    assert (sent["number"], sent["sha256"]) == (1, hashlib.sha256(PDF).hexdigest())


async def test_a_programme_is_applied_for_only_in_an_intake_that_it_has() -> None:
    world = World()
    nadia = await world.student()
    programme = await world.programme()
    start = StartApplication(world.transactions, world.ids)

    for term, begin in (("summer", BEGIN), ("winter", date(2027, 4, 1))):
        with pytest.raises(Invalid) as refused:
            await start(nadia, owned(nadia), programme.id, term, begin)
        assert refused.value.reasons[0].code == "application.intake_unknown"
        assert refused.value.reasons[0].params["known"] == "winter"


async def test_a_programme_that_nobody_knows_is_not_found() -> None:
    world = World()
    nadia = await world.student()

    with pytest.raises(NotFound):
        await StartApplication(world.transactions, world.ids)(
            nadia, owned(nadia), ProgrammeId(UUID(int=1)), "winter", BEGIN
        )


async def test_a_second_live_application_for_the_same_intake_is_a_conflict_until_the_first_is_withdrawn() -> None:
    world = World()
    nadia = await world.student()
    first = await world.draft(nadia)

    with pytest.raises(Conflict):
        await world.draft(nadia)
    withdrawn = await Withdraw(world.transactions)(nadia, first.id, "Another country.", first.version)
    second = await world.draft(nadia)

    assert withdrawn.state is State.WITHDRAWN
    assert second.id != first.id


async def test_nobody_sees_or_submits_somebody_elses_application() -> None:
    world = World()
    nadia, karim = await world.student(), await world.student("karim@example.org")
    draft = await world.draft(nadia)

    with pytest.raises(NotFound):
        await GetApplication(world.transactions)(karim, draft.id)
    with pytest.raises(NotFound):
        await world.submit(karim, draft.id, NOW)
    with pytest.raises(NotFound):
        await RecordOutcome(world.transactions)(karim, draft.id, Action.WITHDRAW)
    with pytest.raises(NotFound):
        await ListApplications(world.transactions)(karim, owned(nadia))


async def test_an_offer_with_conditions_is_recorded_and_accepted() -> None:
    world = World()
    nadia = await world.student()
    draft = await world.draft(nadia)
    await world.papers(nadia)
    await world.submit(nadia, draft.id, NOW)
    record = RecordOutcome(world.transactions)
    condition = Condition("Bachelor's certificate", date(2027, 9, 1))

    offered = await record(
        staff(), draft.id, Action.OFFER_WITH_CONDITIONS, conditions=(condition,), answer_by=date(2027, 7, 1)
    )
    accepted = await record(nadia, draft.id, Action.ACCEPT, expected_version=offered.version)

    assert offered.offer is not None
    assert offered.offer.conditions == (condition,)
    assert accepted.state is State.ACCEPTED
    assert [entry.recorded_by for entry in accepted.history] == [
        nadia.account_id,
        staff().account_id,
        nadia.account_id,
    ]


async def test_staff_do_not_decide_for_the_student() -> None:
    world = World()
    nadia = await world.student()
    draft = await world.draft(nadia)

    with pytest.raises(Forbidden) as refused:
        await RecordOutcome(world.transactions)(staff(), draft.id, Action.WITHDRAW)

    assert refused.value.reasons[0].code == "application.student_decides"


@pytest.mark.parametrize(
    ("action", "conditions"),
    [(Action.OFFER_WITH_CONDITIONS, ()), (Action.OFFER, (Condition("Degree"),)), (Action.REJECT, (Condition("x"),))],
)
async def test_conditions_belong_to_a_conditional_offer_and_to_nothing_else(
    action: Action, conditions: tuple[Condition, ...]
) -> None:
    world = World()
    nadia = await world.student()
    draft = await world.draft(nadia)

    with pytest.raises(Invalid) as refused:
        await RecordOutcome(world.transactions)(nadia, draft.id, action, conditions=conditions)

    assert refused.value.reasons[0].where == "conditions"


async def test_a_list_comes_in_pages() -> None:
    world = World()
    nadia = await world.student()
    await world.programme(a_programme(a_deadline(date(2030, 5, 31))))
    start = StartApplication(world.transactions, world.ids)
    started = [
        await start(nadia, owned(nadia), a_programme().id, "winter", date(year, 10, 1)) for year in (2027, 2028, 2029)
    ]
    show = ListApplications(world.transactions)

    first = await show(nadia, owned(nadia), limit=2)
    second = await show(nadia, owned(nadia), after=first.next, limit=2)

    assert [*first.items, *second.items] == started
    assert (first.next, second.next) == (started[1].id, None)
