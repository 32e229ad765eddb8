"""Targets of one plan beside one another, worked out by hand: who leads, what is shared, whose papers run out."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from plan_builders import schedule
from plan_builders import step as planned
from unit.planning.test_small_plans import APPLYING, due, on, plan, told

from higherstudy.domain.planning.calendars import Holiday, WorkingCalendar
from higherstudy.domain.planning.known import Known
from higherstudy.domain.planning.schedule import Outcome, Report, Schedule, State, reason
from higherstudy.domain.planning.scheduling import make_schedule
from higherstudy.domain.planning.target import Target
from higherstudy.domain.planning.target_case import cases_of
from higherstudy.domain.planning.tasks import lay_out
from higherstudy.domain.planning.timeline import timeline_of
from higherstudy.domain.planning.within_reach import reach_notices
from higherstudy.domain.rulebook.closures import Closing, Closure
from higherstudy.domain.rulebook.conditions import Is
from higherstudy.domain.rulebook.facts import Scope
from higherstudy.domain.rulebook.pack import Rulebook, RulePack
from higherstudy.domain.rulebook.papers import Checklist
from higherstudy.domain.rulebook.pathways import Pathway, StepKind, StepScope
from higherstudy.domain.shared.errors import Reason
from higherstudy.domain.shared.sources import Confidence
from networks import TODAY, situation, step, target, way
from study_builders import PAGE

BRITISH = way(
    step("TEST_GB", common="test"),
    step("SEND", "TEST_GB", days=5, scope=StepScope.TARGET),
    step("ARRIVE", "SEND", days=3, scope=StepScope.ONCE),
    id="british", country="GB", application_step="SEND", admission_step="SEND", decision_step="SEND",
)  # fmt: skip
GERMAN = way(
    step("TEST_DE", common="test"),
    step("APPLY", "TEST_DE", days=5, scope=StepScope.TARGET),
    step("END", "APPLY", days=3, scope=StepScope.ONCE),
    id="german", application_step="APPLY", admission_step="APPLY", decision_step="APPLY",
)  # fmt: skip
IN_GERMANY, IN_BRITAIN = target(1, 60), target(2, 70, "GB")
BOTH: dict[str, Any] = {"pathways": {"t2": BRITISH}}


def answer(name: str, until: int | None = None, done: int = -9) -> Known:
    """Return that something else than a report says that a step is done, good until so many days from today."""
    return Known(Report(finished_on=on(done)), reason("known.test", name), None if until is None else on(until))


def test_the_target_that_is_furthest_on_its_own_pathway_leads() -> None:
    sent = {"SEND@t2": Report(finished_on=on(-9))}

    assert plan(GERMAN, IN_GERMANY, IN_BRITAIN, **BOTH).lead.key == "t1"
    assert plan(GERMAN, IN_GERMANY, IN_BRITAIN, reports=sent, **BOTH).lead.key == "t2"
    closed = replace(IN_BRITAIN, apply_by=due(-1))
    assert plan(GERMAN, IN_GERMANY, closed, **BOTH).lead.key == "t1"
    assert plan(GERMAN, IN_GERMANY, closed, reports=sent, **BOTH).lead.key == "t2"


def test_a_step_of_one_target_that_is_known_by_its_code_brings_that_target_further() -> None:
    tested = {"SEND": answer("SEND")}

    assert plan(GERMAN, IN_GERMANY, IN_BRITAIN, known=tested, **BOTH).lead.key == "t2"


def test_the_deadline_of_each_target_is_that_of_the_application_on_its_own_pathway() -> None:
    made = plan(GERMAN, replace(IN_GERMANY, apply_by=due(30)), replace(IN_BRITAIN, apply_by=due(40)), **BOTH)

    dues = {one.key: one.due for one in made.steps}
    assert dues == {
        "TEST_DE": None,
        "APPLY@t1": reason("due.application_deadline", "t1", on=told(30), days_early=0),
        "END": reason("due.studies_begin", "t1", on=told(60)),
        "SEND@t2": reason("due.application_deadline", "t2", on=told(40), days_early=0),
    }


def test_a_window_that_one_country_alone_asks_for_is_no_risk_for_the_other() -> None:
    called = way(
        step("QUEUE", days=10, kind=StepKind.QUEUE),
        step("MONEY", days=30),
        step("VISIT", "QUEUE", "MONEY", days=1, kind=StepKind.WINDOW, hard_days=7),
        step("END", "VISIT"),
    )

    made = plan(called, IN_GERMANY, IN_BRITAIN, **BOTH)

    missed = reason("risk.window_missed", "VISIT", days=13, closes_on=told(17), waits_for="MONEY")
    assert [(one.outcome, one.reasons) for one in made.outlooks] == [
        (Outcome.AT_RISK, (missed,)),
        (Outcome.ON_TIME, ()),
    ]
    assert made.days["t2"].network.keys == ("TEST_GB", "SEND@t2", "ARRIVE")


def test_an_answer_has_to_be_good_as_long_as_the_target_that_is_followed_uses_it_and_no_longer() -> None:
    using = way(
        step("PASS", documents_out=("passport",)),
        step("APPLY", "PASS", days=1, scope=StepScope.TARGET, documents_in=("passport",)),
        step("END", "APPLY"),
        application_step="APPLY",
    )
    soon, late = target(1, 100, apply_by=due(99, opens=20)), target(2, 200, apply_by=due(99, opens=60))

    def state(lead: int, until: int) -> State:
        first = (replace(soon, starts_on=on(90 if lead == 1 else 300)), late)
        made = plan(using, *first, known={"PASS": answer("PASS", until)})
        assert made.lead.key == f"t{lead}"
        return made.steps[0].state

    assert [state(1, until) for until in (19, 20, 59)] == [State.TO_DO, State.DONE, State.DONE]
    assert [state(2, until) for until in (20, 59, 60)] == [State.TO_DO, State.TO_DO, State.DONE]


def test_an_answer_that_runs_out_because_another_one_did_is_no_answer_either() -> None:
    using = way(
        step("PASS", days=50, documents_out=("passport",)),
        step("TEST", documents_out=("certificate",)),
        step("WAIT", days=30),
        step("VISA", "PASS", "TEST", "WAIT", documents_in=("passport", "certificate")),
        step("END", "VISA"),
    )

    def states(passport: int, test: int) -> tuple[State, ...]:
        made = plan(using, begins=200, known={"PASS": answer("PASS", passport), "TEST": answer("TEST", test)})
        return tuple(one.state for one in made.steps[:2])

    assert states(30, 30) == (State.DONE, State.DONE)  # both are used on day 30
    assert states(29, 50) == (State.TO_DO, State.DONE)  # without the passport on day 50
    assert states(29, 49) == (State.TO_DO, State.TO_DO)


@pytest.mark.parametrize("known_as", ["TEST_DE", "TEST_GB"])
@pytest.mark.parametrize(("until", "state"), [(90, State.DONE), (4, State.TO_DO)])
def test_a_common_step_is_answered_under_any_of_its_codes(known_as: str, until: int, state: State) -> None:
    steps = (replace(GERMAN.steps[0], documents_out=("test",)), replace(GERMAN.steps[1], documents_in=("test",)))
    using = replace(GERMAN, steps=(*steps, step("WAIT", days=5), replace(GERMAN.steps[2], after=("APPLY", "WAIT"))))
    opens = replace(IN_GERMANY, apply_by=due(50, opens=5))
    found = answer(known_as, until)

    made = plan(using, opens, IN_BRITAIN, known={known_as: found}, **BOTH)

    runs_out = reason("known.runs_out", "TEST_DE", good_until=told(until))
    assert (made.steps[0].key, made.steps[0].state, made.is_answered("TEST_DE")) == ("TEST_DE", state, True)
    assert made.steps[0].answered == (found.reason if state is State.DONE else runs_out)
    assert not made.is_answered("APPLY@t1")


@pytest.mark.parametrize("known_as", ["CHECK", "CHECK@t1"])
def test_a_step_of_each_target_is_answered_by_its_code_or_by_its_key(known_as: str) -> None:
    checked = way(
        step("CHECK", scope=StepScope.TARGET, documents_out=("check",)),
        step("APPLY", "CHECK", scope=StepScope.TARGET, documents_in=("check",)),
        step("END", "APPLY"),
        application_step="APPLY",
    )

    def made(until: int) -> Schedule:
        opens = target(begins_in=60, apply_by=due(50, opens=5))
        return plan(checked, opens, known={known_as: answer("CHECK", until)})

    good, bad = made(5), made(4)
    assert (good.steps[0].state, good.steps[0].answered) == (State.DONE, reason("known.test", "CHECK"))
    assert (bad.steps[0].state, bad.steps[0].answered) == (
        State.TO_DO, reason("known.runs_out", "CHECK", good_until=told(4))
    )  # fmt: skip
    assert (good.is_answered("CHECK@t1"), good.is_answered("APPLY@t1")) == (True, False)


def test_a_report_under_the_steps_own_name_goes_before_one_under_another_name() -> None:
    both = {"TEST_GB": Report(finished_on=on(-3)), "TEST_DE": Report(finished_on=on(-8))}

    made = plan(GERMAN, IN_GERMANY, IN_BRITAIN, reports=both, **BOTH)

    assert (made.steps[0].key, made.steps[0].finish) == ("TEST_DE", on(-8))


def test_a_common_step_has_the_code_of_every_other_pathway_once() -> None:
    american = replace(BRITISH, id="us", country="US", steps=(step("TEST_US", common="test"), *BRITISH.steps[1:]))
    american = replace(american, steps=(american.steps[0], replace(american.steps[1], after=("TEST_US",)), step("END")))
    targets = (IN_GERMANY, target(4, 65), IN_BRITAIN, target(3, 80, "GB"), target(5, 90, "US"))
    ways: dict[str, Pathway] = {"t2": BRITISH, "t3": BRITISH, "t5": american}

    tasks = {task.key: task.also for task in lay_out(GERMAN, targets, IN_GERMANY, {}, ways)}

    assert tasks.pop("TEST_DE") == ("TEST_GB", "TEST_US")
    assert set(tasks.values()) == {()}


def test_a_step_of_which_nobody_knows_whether_it_applies_names_what_should_be_known() -> None:
    asked = Is("university_sector", ("private",))
    lending = way(step("LOAN", only_if=asked), step("A"), step("END", "LOAN", "A"))

    def unknown(**known: str) -> dict[str, tuple[str, ...]]:
        one = target(circumstances=dict(known))
        return {task.key: task.depends_on_unknown for task in lay_out(lending, (one,), one, {})}

    assert unknown() == {"LOAN": ("university_sector",), "A": (), "END": ()}
    assert unknown(university_sector="private") == {"LOAN": (), "A": (), "END": ()}
    assert unknown(university_sector="public") == {"A": (), "END": ()}


def stop(**changes: object) -> Rulebook:
    usual = Closure("stop", "DE", ("SD",), Closing.SUSPENDED, PAGE, Confidence.HIGH, valid_from=on(20))
    closure = replace(usual, **changes)  # type: ignore[arg-type]
    return Rulebook((RulePack("p", "P", "1", date(2099, 1, 1), "0", closures=(closure,)),))


def test_a_stop_meets_the_targets_of_its_level_whose_own_papers_go_in_while_it_holds() -> None:
    soon, late = target(1, 100), target(2, 110, apply_by=due(90, opens=30))

    waiting = replace(APPLYING, lodgement_step="ANSWER")
    there = situation(soon, late, circumstances={"nationality": "SD"}, calendars={})
    made = make_schedule(there, waiting, stop(), "")
    lodged = [made.lodged_on(key) for key in ("t1", "t2")]
    assert lodged == [on(15), on(35)]
    assert [[one.code for one in outlook.reasons] for outlook in made.outlooks] == [
        [],
        ["closure.suspended_at_lodgement"],
    ]
    assert make_schedule(there, waiting, stop(level="bachelor"), "").outlooks[1].reasons == ()
    assert make_schedule(there, waiting, stop(level="master"), "") == made
    stateless = make_schedule(replace(there, circumstances={}), waiting, stop(), "").outlooks[1]
    assert [one.code for one in stateless.reasons] == ["closure.perhaps_at_lodgement"]
    assert stateless.outcome is Outcome.AT_RISK


def test_each_case_has_its_own_outcome_and_days_and_is_used_today_where_the_step_of_use_is_not_in_the_plan() -> None:
    papers = Checklist("papers", "Papers", "1", "", "", "ANSWER", (), (), PAGE, Confidence.HIGH)
    elsewhere = replace(papers, id="elsewhere", used_at="GONE")
    rulebook = Rulebook((RulePack("p", "P", "1", date(2099, 1, 1), "0", checklists=(papers, elsewhere)),))
    late, soon = target(1, 100, apply_by=due(90, opens=30)), target(2, 20)

    def told_of(checklist: str) -> list[tuple[object, ...]]:
        made = plan(replace(APPLYING, checklist=checklist), late, soon)
        return [
            (case.target.key, case.outcome, case.days.application, case.days.enrolment, case.checklist, case.used_on)
            for case in cases_of(made, rulebook)
        ]

    leading, other = ("t2", Outcome.LATE, on(15), on(20)), ("t1", Outcome.ON_TIME, on(35), on(100))
    assert told_of("papers") == [(*leading, papers, on(15)), (*other, papers, on(35))]
    assert told_of("elsewhere") == [(*leading, elsewhere, TODAY), (*other, elsewhere, TODAY)]
    assert told_of("") == [(*leading, None, None), (*other, None, None)]


def test_the_figures_of_a_case_are_those_for_her_citizenships_its_mission_and_its_institution() -> None:
    there = target(begins_in=60, institution="Lake School")

    (case,) = cases_of(plan(replace(APPLYING, mission="DE/DHAKA"), there, citizenships=("BD", "IN")), Rulebook(()))

    assert case.scope == Scope("DE", "DE/DHAKA", ("BD", "IN"), "master", "Lake School")


def test_a_way_on_which_nobody_applies_has_no_day_of_application() -> None:
    made = plan(way(step("A"), step("END", "A")), target(begins_in=60))

    assert [case.days.application for case in cases_of(made, Rulebook(()))] == [None]


def test_the_holidays_of_every_place_are_drawn_once_with_all_their_names() -> None:
    def closed(*holidays: Holiday) -> WorkingCalendar:
        return WorkingCalendar("XX", "1", 2026, 2027, {one.on.toordinal(): one for one in holidays}, frozenset())

    before, last = Holiday(on(-1), "Yesterday"), Holiday(on(60), "First Day")
    home = closed(before, Holiday(on(3), "Eid"), Holiday(on(9), "Victory Day"), Holiday(on(61), "After"))
    there = closed(Holiday(on(3), "Unity Day", estimated=True), Holiday(on(5), "Moon", estimated=True), last)
    made = plan(GERMAN, IN_GERMANY, calendars={"home": home, "target:DE": there})

    found = timeline_of(made)

    assert (found.first, found.last) == (TODAY, on(60))
    assert found.closed == (
        Holiday(on(3), "Eid, Unity Day", estimated=True),
        Holiday(on(5), "Moon", estimated=True),
        Holiday(on(9), "Victory Day"),
        Holiday(on(60), "First Day"),
    )


def test_a_bar_says_of_what_cannot_be_undone_whether_it_is_safe() -> None:
    gate = Reason("gate.safe_now", {}, "QUIT")

    bars = timeline_of(schedule(planned("QUIT", gate=gate), planned("A"))).bars

    assert {bar.key: bar.gate for bar in bars} == {"QUIT": gate, "A": None}


def test_a_letter_that_another_target_brought_is_no_paper_of_this_one() -> None:
    """A letter of admission does not say on its list whose it is: the steps that were done say it."""
    asking = way(
        step("APPLY", days=5, scope=StepScope.TARGET, documents_out=("receipt",)),
        step("WAIT", "APPLY", days=9, scope=StepScope.TARGET, documents_out=("admission_letter",)),
        step("END", "WAIT", days=3, scope=StepScope.ONCE, documents_out=("visa",)),
    )

    def of_others(*done: str) -> list[set[str]]:
        reports = {key: Report(finished_on=on(-9)) for key in done}
        made = plan(asking, target(1, 60), target(2, 70), reports=reports)
        return [set(case.of_others) for case in sorted(cases_of(made, Rulebook(())), key=lambda one: one.target.key)]

    assert of_others() == [set(), set()]  # nobody knows whose it is
    assert of_others("APPLY@t1", "WAIT@t1") == [set(), {"receipt", "admission_letter"}]
    assert of_others("APPLY@t1", "WAIT@t1", "APPLY@t2") == [set(), {"admission_letter"}]
    assert of_others("APPLY@t1", "WAIT@t1", "APPLY@t2", "WAIT@t2") == [set(), set()]
    assert of_others("APPLY@t1", "WAIT@t1", "END") == [set(), {"receipt", "admission_letter"}]


def test_a_plan_that_follows_what_comes_too_late_names_what_is_still_within_reach() -> None:
    late, later, fine = target(1, 10), target(2, 11), target(3, 90)

    def told_of(*targets: Target) -> tuple[Reason, ...]:
        return reach_notices(plan(GERMAN, *targets))

    said = Reason("reach.lead_too_late", {"target": "Target 1", "others": "“Target 3”"}, "t1")
    assert told_of(late, fine) == (said,)
    assert told_of(late, later, fine) == (said,)
    both = Reason("reach.lead_too_late", {"target": "Target 1", "others": "“Target 3”; “Target 4”"}, "t1")
    assert told_of(late, fine, target(4, 95)) == (both,)
    assert told_of(late, later) == ()
    assert told_of(fine) == ()
    assert told_of(target(1, 60), fine) == ()
