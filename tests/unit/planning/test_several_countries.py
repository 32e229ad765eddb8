"""Plans with targets in several countries: what is common is done once, and each stands for itself."""

from dataclasses import replace
from datetime import UTC, date, timedelta, tzinfo
from decimal import Decimal

import pytest

from higherstudy.domain.catalogue.intake import Audience, Basis, Day
from higherstudy.domain.planning.case import read_case
from higherstudy.domain.planning.making import find_pathways, find_target, schedule_for, situation_of
from higherstudy.domain.planning.schedule import Outcome, Report, Schedule, State
from higherstudy.domain.planning.scheduling import make_schedule
from higherstudy.domain.planning.target import ApplyBy, LaterStart, Target, TargetRef
from higherstudy.domain.planning.views import todays_actions
from higherstudy.domain.rulebook.conditions import AllOf
from higherstudy.domain.rulebook.facts import Fact, Scope
from higherstudy.domain.rulebook.free_entry import VISA_NEEDED, needs_visa
from higherstudy.domain.rulebook.pack import Rulebook, RulePack
from higherstudy.domain.rulebook.pathways import LeadTime, Pathway, StepScope
from higherstudy.domain.shared.sources import Confidence
from networks import TODAY, situation, step, target, way
from study_builders import PAGE, deadline, profile, programme, winter

GERMAN = way(
    step("DE1", days=20, common="passport"),
    step("DE2", days=40, common="language_test"),
    step("DE3", "DE2", days=0, scope=StepScope.TARGET),
    step("DE4", "DE1", "DE3", days=50, scope=StepScope.ONCE),
    step("DE5", "DE4", days=5, scope=StepScope.ONCE),
    id="german", application_step="DE3", admission_step="DE3", decision_step="DE4",
)  # fmt: skip
BRITISH = way(
    step("UK1", days=70, common="language_test"),
    step("UK2", days=9),
    step("UK3", "UK1", "UK2", days=0, scope=StepScope.TARGET),
    step("UK4", "UK3", days=21, scope=StepScope.ONCE),
    step("UK5", "UK4", days=4, scope=StepScope.ONCE),
    id="british", country="GB", application_step="UK3", admission_step="UK3", decision_step="UK4",
)  # fmt: skip
IN_GERMANY, IN_BRITAIN = target(1, 300), target(2, 310, "GB")


def plan(**changes: object) -> Schedule:
    found = situation(IN_GERMANY, IN_BRITAIN, pathways={"t2": BRITISH}, **changes)
    return make_schedule(found, GERMAN, Rulebook(()), "")


def test_what_is_common_is_laid_out_once_and_what_is_of_one_country_beside_it() -> None:
    steps = {found.key: found.task for found in plan().steps}

    assert list(steps) == ["DE1", "DE2", "DE3@t1", "DE4", "DE5", "UK2", "UK3@t2"]
    assert steps["DE2"].also == ("UK1",)
    assert steps["UK3@t2"].after == ("DE2", "UK2")


def test_each_country_is_arrived_in_by_its_own_pathway() -> None:
    found = {outlook.target.key: outlook for outlook in plan().outlooks}

    assert found["t1"].chain == ("DE2", "DE3@t1", "DE4", "DE5")
    assert found["t2"].chain == ("UK1", "UK3@t2", "UK4", "UK5")
    assert found["t2"].arrives_on == TODAY + timedelta(days=95)


def test_a_report_on_a_common_step_counts_under_whichever_name_it_was_made() -> None:
    reported = {"UK1": Report(finished_on=TODAY)}

    shared = plan(reports=reported).step("DE2")

    assert shared is not None
    assert shared.state is State.DONE


def rulebook(*facts: Fact) -> Rulebook:
    pack = RulePack("pack", "Pack", "1", date(2027, 1, 1), "0", facts, pathways=(GERMAN, BRITISH))
    return Rulebook((pack,))


def test_each_target_finds_the_pathway_of_its_country_and_keeps_a_pinned_one() -> None:
    student = profile()

    found = find_pathways((IN_GERMANY, IN_BRITAIN), student, rulebook())
    pinned = find_pathways((IN_GERMANY,), student, rulebook(), {"t1": "british"})

    assert {key: way_.id for key, way_ in found.items()} == {"t1": "german", "t2": "british"}
    assert pinned["t1"].id == "british"


def test_the_situation_of_two_countries_knows_both_pathways() -> None:
    ways = find_pathways((IN_GERMANY, IN_BRITAIN), profile(), rulebook())

    found = situation_of((IN_GERMANY, IN_BRITAIN), ways["t1"], profile(), rulebook(), TODAY, {}, {})

    assert {key: way_.id for key, way_ in found.pathways.items()} == {"t2": "british"}


NO_VISA = Fact(
    "free", VISA_NEEDED, False, PAGE, Confidence.HIGH, scope=Scope(country="DE", nationality=("FR", "AT"))
)  # fmt: skip


OFFERED = programme(
    intakes=(winter(deadlines=(deadline(), deadline(day=Day(each=(5, 31)), audience=Audience.NON_EU))),)
)


@pytest.mark.parametrize(
    ("citizenships", "starts_on", "month"),
    [('["FR"]', date(2027, 10, 1), 7), ('["BD"]', date(2027, 10, 1), 5), ('["FR"]', date(2029, 10, 1), 5)],
)
def test_a_case_is_read_with_the_deadline_of_those_who_need_a_visa_on_the_day_or_do_not(
    citizenships: str, starts_on: date, month: int
) -> None:
    text = f"""
[profile]
name = "X"
citizenships = {citizenships}
[[targets]]
programme = "own"
term = "winter"
starts_on = {starts_on}
"""
    until = replace(NO_VISA, valid_to=date(2028, 12, 31))

    (found,) = read_case(text, "case.toml", rulebook(until), {"own": OFFERED}, _utc).targets

    assert found.ref == TargetRef(OFFERED.id, "winter", starts_on)
    assert found.apply_by is not None
    assert found.apply_by.last_day.month == month


def test_whoever_needs_no_visa_has_the_deadline_for_everybody() -> None:
    student, other, offered = profile(citizenships=("BD", "FR")), profile(), OFFERED
    ref = TargetRef(offered.id, "winter", date(2027, 10, 1))
    found = {
        name: find_target(
            offered, ref, _utc, "UTC", visa_required=needs_visa("DE", who.citizenships, rulebook(NO_VISA), TODAY)
        )
        for name, who in (("french", student), ("other", other))
    }

    days = {name: one.apply_by.last_day.month if one.apply_by else None for name, one in found.items()}
    assert days == {"french": 7, "other": 5}
    assert find_target(offered, ref, _utc, "UTC") == found["other"]
    assert needs_visa("DE", student.citizenships, rulebook(), TODAY)


def _utc(name: str) -> tzinfo:
    return UTC


def test_the_time_that_papers_take_counts_before_deadlines_by_which_they_must_have_arrived() -> None:
    days = Fact("weeks", "post.weeks", Decimal(2), PAGE, Confidence.HIGH, unit="weeks")
    posted = way(*GERMAN.steps, id="posted", application_step="DE3", admission_step="DE3", decision_step="DE4",
                 lead_times=(LeadTime("DE3", "post.weeks", AllOf(()), "received"),))  # fmt: skip
    rules = Rulebook((RulePack("p", "P", "1", date(2027, 1, 1), "0", (days,), pathways=(posted,)),))

    found = {
        basis: situation_of((due_by(basis),), posted, profile(), rules, TODAY, {}, {}).lead_days for basis in Basis
    }

    assert {basis: sum(early.values()) for basis, early in found.items()} == {
        Basis.SUBMITTED: 0,
        Basis.RECEIVED: 14,
        Basis.POSTMARK: 0,
        Basis.NOT_STATED: 14,
    }


def test_the_time_that_papers_take_is_that_of_the_pathways_own_mission_citizens_and_level() -> None:
    here = Scope(country="DE", mission="Dhaka", nationality=("BD",), level="master")
    days = Fact("weeks", "post.weeks", Decimal(2), PAGE, Confidence.HIGH, unit="weeks", scope=here)
    posted = way(*GERMAN.steps, mission="Dhaka", nationality=("BD",), lead_times=(
        LeadTime("DE3", "post.weeks", AllOf(()), "received"),))  # fmt: skip

    def early(fact: Fact, pathway: Pathway) -> list[int]:
        rules = Rulebook((RulePack("p", "P", "1", date(2027, 1, 1), "0", (fact,), pathways=(pathway,)),))
        there = situation_of((due_by(Basis.RECEIVED),), pathway, profile(), rules, TODAY, {}, {})
        return list(there.lead_days.values())

    assert early(days, posted) == [14]
    assert early(replace(days, scope=replace(here, mission="Chattogram")), posted) == []
    assert early(replace(days, value="two to three"), posted) == []


def due_by(basis: Basis) -> Target:
    last = TODAY + timedelta(days=100)
    return target(1, 300, apply_by=ApplyBy(last, str(last), "Europe/Berlin", basis, Confidence.HIGH, False, PAGE))


def test_pathways_of_one_country_share_steps_of_the_same_code() -> None:
    other = way(*GERMAN.steps, id="second", application_step="DE3", admission_step="DE3", decision_step="DE4")

    made = make_schedule(situation(IN_GERMANY, target(3, 400), pathways={"t3": other}), GERMAN, Rulebook(()), "")

    assert [one.key for one in made.steps] == ["DE1", "DE2", "DE3@t1", "DE4", "DE5", "DE3@t3"]


def told_of(today: date, **reports: Report) -> Schedule:
    """A plan for Germany, whose deadline was three days ago in her days, and for Britain, which can wait."""
    last = TODAY - timedelta(days=3)
    by = ApplyBy(last, str(last), "Europe/Berlin", Basis.RECEIVED, Confidence.HIGH, False, PAGE, ends_on=last + DAY)
    germany = target(1, 300, "DE", apply_by=by)
    targets = (germany, target(2, 400, "GB"))
    return schedule_for(targets, profile(), rulebook(), today, "", reports=reports)


DAY = timedelta(days=1)


def test_a_target_whose_deadline_has_passed_is_lost_and_makes_nothing_of_the_others_late() -> None:
    found = told_of(TODAY)

    german = next(one for one in found.outlooks if one.target.country == "DE")
    (why,) = german.reasons
    assert (found.lead.country, found.outlook.outcome, german.outcome) == ("GB", Outcome.ON_TIME, Outcome.LOST)
    assert (why.code, why.params) == ("lost.deadline_passed", {"on": (TODAY - 2 * DAY).isoformat()})
    assert min(step.slack for step in found.steps if step.slack is not None) > 0
    assert all("DE3" not in action.step.key for action in todays_actions(found).ready)


def test_on_the_day_within_which_the_last_moment_lies_nothing_is_lost_yet() -> None:
    outcomes = {days: {one.outcome for one in told_of(TODAY - days * DAY).outlooks} for days in (1, 2)}

    assert Outcome.LOST in outcomes[1]
    assert Outcome.LOST not in outcomes[2]


def test_an_application_that_was_sent_in_time_is_reported_later_and_brings_the_target_back() -> None:
    key = next(step.key for step in told_of(TODAY).steps if step.task.step.code == "DE3")

    found = told_of(TODAY, **{"DE2": Report(finished_on=TODAY - 9 * DAY), key: Report(finished_on=TODAY - 4 * DAY)})

    assert Outcome.LOST not in {one.outcome for one in found.outlooks}


def test_a_plan_for_that_target_alone_is_lost_too_and_names_what_comes_after() -> None:
    last = TODAY - 9 * DAY
    by = ApplyBy(last, str(last), "Europe/Berlin", Basis.RECEIVED, Confidence.HIGH, False, PAGE)
    later = LaterStart("winter", TODAY + 500 * DAY, None)

    found = schedule_for(
        (target(1, 300, "DE", apply_by=by, later_starts=(later,)),), profile(), rulebook(), TODAY, ""
    )  # fmt: skip

    assert (found.outlook.outcome, found.outlook.next_safe) == (Outcome.LOST, later)
