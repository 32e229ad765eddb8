"""Everything that stands against sending an application, at once."""

from dataclasses import replace
from datetime import UTC, date, datetime

from builders import (
    NOW,
    STATED,
    a_case,
    a_deadline,
    a_document,
    a_passport,
    a_profile,
    a_programme,
    a_transcript,
    a_version,
    an_application,
)
from higherstudy.domain.applications.policies import Case, has_all_documents, kinds_asked, missing
from higherstudy.domain.catalogue.requirement import AllOf, AnyOf, DocumentNeeded, TestNeeded
from higherstudy.domain.documents.document import Answer
from higherstudy.domain.profile.profile import Profile


def codes(case: Case, at: datetime = NOW) -> list[str]:
    return [reason.code for reason in missing(an_application(), case, at)]


def test_a_complete_case_misses_nothing() -> None:
    assert codes(a_case()) == []


def test_all_reasons_come_at_once() -> None:
    case = a_case(
        a_programme(a_deadline(date(2027, 1, 3))), documents=[a_passport(date(2026, 12, 31))], profile=Profile()
    )

    assert codes(case) == [
        "profile.no_name",
        "profile.no_qualification",
        "application.deadline_passed",
        "document.expired",
        "document.missing",
    ]


def test_an_intake_that_went_from_the_catalogue_is_named_with_those_that_are_left() -> None:
    summer_only = replace(a_programme(), intakes=())

    reasons = missing(an_application(), a_case(summer_only), NOW)

    assert [reason.code for reason in reasons] == ["application.intake_unknown"]
    assert reasons[0].params["term"] == "winter"


def test_a_passport_that_runs_out_on_the_day_serves_that_day_in_the_zone_of_the_institution() -> None:
    case = a_case(documents=[a_passport(date(2027, 1, 4)), a_transcript()])

    assert has_all_documents(case, datetime(2027, 1, 4, 22, 59, tzinfo=UTC))
    assert not has_all_documents(case, datetime(2027, 1, 4, 23, 0, tzinfo=UTC))  # midnight in Berlin


def test_a_standing_answer_goes_along_in_place_of_the_paper() -> None:
    transcript = a_document("transcript", number=2)
    transcript.give_answer(Answer.CANNOT_OBTAIN, "The archive was lost in a flood.", NOW)

    assert codes(a_case(documents=[a_passport(), transcript])) == []


def test_of_several_papers_one_is_enough() -> None:
    either = AnyOf((DocumentNeeded(STATED, "transcript"), DocumentNeeded(STATED, "language_certificate")))
    case = a_case(a_programme(needs=AllOf((either,))), documents=[a_transcript()])

    assert codes(case) == []


def test_a_paper_that_a_test_may_replace_is_not_asked_for() -> None:
    tree = AllOf(
        (
            DocumentNeeded(STATED, "passport"),
            AnyOf((TestNeeded(STATED, "IELTS_AC"), DocumentNeeded(STATED, "moi_letter"))),
            DocumentNeeded(STATED, "passport"),
        )
    )

    assert kinds_asked(tree) == (("passport",),)


def test_a_programme_without_any_requirement_asks_for_no_papers() -> None:
    assert kinds_asked(None) == ()


def test_one_more_usable_paper_never_adds_a_reason() -> None:
    before = codes(a_case(documents=[a_passport()]))

    after = codes(a_case(documents=[a_passport(), a_transcript(), a_document("amulet", a_version(), number=3)]))

    assert set(after) < set(before)


def test_a_blank_name_is_no_name() -> None:
    assert codes(a_case(profile=replace(a_profile(), name="   "))) == ["profile.no_name"]
