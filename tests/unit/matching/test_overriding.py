"""A counsellor's word over the rules: what it changes, what it leaves, and when it counts no longer."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from higherstudy.adapters.bundled.packs import bundled_rulebook
from higherstudy.domain.catalogue.programme import Programme
from higherstudy.domain.catalogue.requirement import AllOf, AnyOf, DocumentNeeded, StatedOnly, TestNeeded
from higherstudy.domain.matching.evidence import Evidence
from higherstudy.domain.matching.judging import judge_programme
from higherstudy.domain.matching.override import Override, State, TakenBack
from higherstudy.domain.matching.overriding import basis_of, places_to_override, with_overrides
from higherstudy.domain.matching.verdict import Standing, Verdict
from higherstudy.domain.profile.profile import Profile
from higherstudy.domain.shared.ids import AccountId, OverrideId, ProgrammeId, StudentId
from higherstudy.domain.shared.sources import Confidence
from study_builders import PAGE, STATED, ielts, profile, programme

ON = date(2026, 11, 23)
AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
IELTS_7 = TestNeeded(STATED, "IELTS_AC", Decimal(7))
OFFER = programme(AllOf((IELTS_7, AnyOf((DocumentNeeded(STATED, "cv"), StatedOnly(STATED, "An interview decides."))))))
PAPERS = {"cv": False}


def evidence(student: Profile | None = None, on: date = ON) -> Evidence:
    return Evidence(student or profile(), on, PAPERS)


def override(place: str, standing: Standing = Standing.MET, offer: Programme = OFFER, number: int = 1) -> Override:
    """Return an override that was made on the usual student's evidence."""
    leaf = places_to_override(offer)[place]
    return Override(
        OverrideId(UUID(int=number)),
        StudentId(UUID(int=7)),
        ProgrammeId(UUID(int=2)),
        place,
        standing,
        "The faculty confirmed it by mail.",
        AccountId(UUID(int=9)),
        AT + timedelta(hours=number),
        basis_of(leaf, evidence()),
    )


def judged(*overrides: Override, student: Profile | None = None, on: date = ON, offer: Programme = OFFER) -> Verdict:
    shown = evidence(student, on)
    return with_overrides(judge_programme(offer, shown, bundled_rulebook()), offer, shown, overrides)


def test_every_requirement_has_a_place() -> None:
    assert list(places_to_override(OFFER)) == ["/0", "/1/0", "/1/1"]
    assert list(places_to_override(programme(IELTS_7))) == ["/"]
    assert places_to_override(programme(None)) == places_to_override(programme(IELTS_7, expired=True)) == {}


def test_an_override_is_folded_in_and_what_the_rule_said_stays_beside_it() -> None:
    one = override("/0")

    verdict = judged(one)
    finding = verdict.finding.parts[0]

    assert (verdict.standing, verdict.ruled) == (Standing.UNKNOWN, Standing.NOT_MET)
    assert (finding.standing, finding.ruled, finding.code) == (Standing.MET, Standing.NOT_MET, "test.too_low")
    assert (finding.override, finding.flip) == (one, ())
    assert verdict.overrides == ((one, State.IN_FORCE),)


def test_overrides_of_every_deciding_requirement_open_the_programme() -> None:
    verdict = judged(override("/0"), override("/1/1", Standing.PROBABLY_MET, number=2))

    assert verdict.standing is Standing.PROBABLY_MET


def test_what_a_counsellor_doubts_is_worse_and_says_whom_to_ask() -> None:
    offer = programme(TestNeeded(STATED, "IELTS_AC", Decimal(6)))

    verdict = judged(override("/", Standing.NOT_MET, offer), offer=offer)

    assert (verdict.standing, verdict.ruled) == (Standing.NOT_MET, Standing.MET)
    assert [change.code for change in verdict.finding.flip or ()] == ["ask_counsellor"]


def test_an_override_is_outdated_once_the_evidence_it_was_made_on_changes() -> None:
    one = override("/0")

    verdict = judged(one, student=profile(tests=(ielts("6.0"),)))

    assert (verdict.standing, verdict.ruled) == (Standing.NOT_MET, None)
    assert verdict.overrides == ((one, State.OUTDATED),)


def test_other_parts_of_the_profile_and_a_page_read_anew_leave_an_override_alone() -> None:
    read_anew = replace(STATED, source=replace(PAGE, id="newer"), confidence=Confidence.MEDIUM)
    offer = replace(OFFER, requirement=AllOf((replace(IELTS_7, stated=read_anew), *OFFER.requirement.parts[1:])))  # type: ignore[union-attr]

    verdict = judged(override("/0"), student=profile(qualifications=()), offer=offer)

    assert verdict.finding.parts[0].override is not None


@pytest.mark.parametrize(
    "offer",
    [
        programme(AllOf((replace(IELTS_7, total=Decimal("7.5")),))),
        programme(AllOf((DocumentNeeded(STATED, "cv"), IELTS_7))),
        programme(None),
    ],
)
def test_an_override_is_outdated_once_the_programme_requires_something_else_there(offer: Programme) -> None:
    one = override("/0")

    assert judged(one, offer=offer).overrides == ((one, State.OUTDATED),)


def test_an_override_counts_up_to_its_last_day() -> None:
    one = replace(override("/0"), until=ON)

    assert judged(one).overrides == ((one, State.IN_FORCE),)
    assert judged(one, on=ON + timedelta(days=1)).overrides == ((one, State.ENDED),)


def test_of_several_at_one_place_the_newest_counts_until_it_is_taken_back() -> None:
    older, newer = override("/0", Standing.MET), override("/0", Standing.PROBABLY_MET, number=2)
    back = replace(newer, taken_back=TakenBack(AccountId(UUID(int=9)), AT + timedelta(days=1), "A mistake."))

    assert judged(older, newer).overrides == ((newer, State.IN_FORCE), (older, State.REPLACED))
    assert judged(older, newer).finding.parts[0].standing is Standing.PROBABLY_MET
    assert judged(older, back).overrides == ((back, State.TAKEN_BACK), (older, State.IN_FORCE))
    assert judged(older, back).finding.parts[0].standing is Standing.MET


def test_without_overrides_a_verdict_is_the_same_object() -> None:
    verdict = judge_programme(OFFER, evidence(), bundled_rulebook())

    assert with_overrides(verdict, OFFER, evidence(), ()) is verdict
