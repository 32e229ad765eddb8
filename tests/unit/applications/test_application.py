"""The life of an application."""

import json
from dataclasses import FrozenInstanceError, replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from builders import ACCOUNT, NOW, a_case, a_deadline, a_document, a_programme, a_transcript, a_version, an_application
from higherstudy.domain.applications.application import (
    ENDED,
    MOVES,
    Action,
    Application,
    Condition,
    Offer,
    Side,
    State,
    side_of,
)
from higherstudy.domain.applications.submitting import submit
from higherstudy.domain.shared.canonical import sha256_of
from higherstudy.domain.shared.errors import Conflict, RuleBroken
from higherstudy.domain.shared.ids import ApplicationId


def submitted() -> Application:
    application = an_application()
    submit(application, a_case(), NOW, ACCOUNT)
    return application


def test_submitting_gives_a_receipt_with_the_hash_of_what_was_sent_and_the_time_to_spare() -> None:
    application = an_application()

    event, content = submit(application, a_case(), NOW, ACCOUNT)

    receipt = application.receipt
    assert receipt is not None
    assert receipt.submitted_at == NOW
    assert receipt.snapshot_sha256 == sha256_of(content) == event.snapshot_sha256
    assert receipt.deadline == datetime(2027, 5, 31, 21, 59, 59, 999999, tzinfo=UTC)
    assert receipt.deadline_zone == "Europe/Berlin"
    assert receipt.spare_seconds == int((receipt.deadline - NOW).total_seconds())
    assert receipt.number.startswith("HS-20270104-")
    assert application.state is State.SUBMITTED


def test_the_snapshot_names_every_paper_by_its_hash_and_the_rules_it_was_judged_by() -> None:
    _, content = submit(an_application(), a_case(), NOW, ACCOUNT)

    sent = json.loads(content)
    assert sent["profile"]["name"] == "SAMPLE STUDENT"
    assert sent["intake"] == {"starts_on": "2027-10-01", "term": "winter"}
    assert [(paper["kind"], paper["version"]["sha256"]) for paper in sent["documents"]] == [
        ("passport", f"{1:064x}"),
        ("transcript", f"{1:064x}"),
    ]
    assert sent["rulebook"] == [f"papers@2026.11.1:{'0' * 64}"]
    assert sent["programme"]["institution"]["name"] == "Technical University of Munich"


def test_equal_cases_give_equal_bytes_whatever_the_order_of_the_papers() -> None:
    case = a_case()
    turned = replace(case, documents=case.documents[::-1])

    _, one = submit(an_application(), case, NOW, ACCOUNT)
    _, other = submit(an_application(), turned, NOW, ACCOUNT)

    assert one == other


def test_a_refused_submission_changes_nothing() -> None:
    application, before = an_application(), an_application()

    with pytest.raises(RuleBroken) as refused:
        submit(application, a_case(documents=[]), NOW, ACCOUNT)

    assert [reason.where for reason in refused.value.reasons] == ["documents.passport", "documents.transcript"]
    assert application == before


def test_what_was_sent_cannot_be_sent_again() -> None:
    application = submitted()
    receipt = application.receipt

    with pytest.raises(Conflict) as refused:
        submit(application, a_case(), NOW + timedelta(seconds=1), ACCOUNT)

    assert refused.value.reasons[0].code == "application.submitted_already"
    assert application.receipt == receipt


def test_a_receipt_cannot_be_changed() -> None:
    receipt = submitted().receipt
    assert receipt is not None

    with pytest.raises(FrozenInstanceError):
        receipt.number = "HS-1"  # type: ignore[misc]


def test_a_later_version_of_a_paper_leaves_the_snapshot_as_it_was() -> None:
    transcript = a_transcript()
    case = a_case(documents=[*a_case().documents[:1], transcript])
    _, content = submit(an_application(), case, NOW, ACCOUNT)

    transcript.upload(a_version(2))

    assert f"{2:064x}".encode() not in content


def test_without_a_known_deadline_the_receipt_says_nothing_about_spare_time() -> None:
    application = an_application()
    no_deadline = replace(a_programme(), intakes=(replace(a_programme().intakes[0], deadlines=()),))

    submit(application, a_case(no_deadline), NOW, ACCOUNT)

    assert application.receipt is not None
    assert (application.receipt.deadline, application.receipt.spare_seconds) == (None, None)


def test_an_offer_with_conditions_becomes_one_without_and_is_accepted() -> None:
    application = submitted()
    condition = Condition("Bachelor's certificate", date(2027, 9, 1))

    application.receive_offer(Offer((condition,), date(2027, 7, 1)), NOW, ACCOUNT)
    application.receive_offer(Offer(), NOW, ACCOUNT)
    application.act(Action.ACCEPT, NOW, ACCOUNT, "With joy.")

    assert application.state is State.ACCEPTED
    assert [(entry.action, entry.side) for entry in application.history] == [
        (Action.SUBMIT, Side.STUDENT),
        (Action.OFFER_WITH_CONDITIONS, Side.INSTITUTION),
        (Action.OFFER, Side.INSTITUTION),
        (Action.ACCEPT, Side.STUDENT),
    ]


def test_an_action_that_the_table_does_not_have_names_what_is_possible() -> None:
    with pytest.raises(RuleBroken) as refused:
        an_application().act(Action.ACCEPT, NOW, ACCOUNT)

    assert refused.value.reasons[0].code == "application.action_not_possible"
    assert refused.value.reasons[0].params["possible"] == "submit, withdraw"


def test_submitting_has_only_one_way() -> None:
    with pytest.raises(RuleBroken) as refused:
        an_application().act(Action.SUBMIT, NOW, ACCOUNT)

    assert refused.value.reasons[0].code == "application.action_needs_more"


@pytest.mark.parametrize("state", [*sorted(ENDED), State.ENROLLED])
def test_nothing_comes_after_the_end(state: State) -> None:
    application = replace_state(an_application(), state)

    assert application.possible == ()


def test_every_state_can_be_reached_from_a_draft() -> None:
    reached = {State.DRAFT}
    for _ in State:
        reached |= {move.target for move in MOVES if reached & set(move.sources)}

    assert reached == set(State)


def test_every_action_belongs_to_one_side() -> None:
    for action in Action:
        assert {move.by for move in MOVES if move.action is action} == {side_of(action)}


def test_a_withdrawn_draft_makes_room_for_another() -> None:
    application = an_application()

    application.act(Action.WITHDRAW, NOW, ACCOUNT)

    assert not application.is_live


def test_two_applications_never_share_a_receipt_number() -> None:
    one, other = an_application(), an_application()
    other.id = ApplicationId(UUID(int=other.id.int + 1))
    for application in (one, other):
        submit(application, a_case(a_programme(a_deadline())), NOW, ACCOUNT)

    assert one.receipt is not None
    assert other.receipt is not None
    assert one.receipt.number != other.receipt.number


def replace_state(application: Application, state: State) -> Application:
    application.state = state
    return application


def test_a_paper_without_a_version_is_in_the_snapshot_as_such() -> None:
    case = a_case()
    more = replace(case, documents=(*case.documents, a_document("cv", number=9)))

    _, content = submit(an_application(), more, NOW, ACCOUNT)

    assert json.loads(content)["documents"][-1] == {
        "answer": None,
        "id": "00000000-0000-0000-0000-000000000009",
        "kind": "cv",
        "label": "",
        "version": None,
    }
