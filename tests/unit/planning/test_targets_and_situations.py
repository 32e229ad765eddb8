"""What a plan is made of: targets, their pathways, what rules and profile say of them. Whole values, by hand."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from plan_builders import application, schedule
from plan_builders import step as planned

from higherstudy.domain.catalogue.intake import Basis, Day, Intake
from higherstudy.domain.catalogue.programme import Sector
from higherstudy.domain.documents.document import Document, Version
from higherstudy.domain.documents.document import Stated as StatedOnPaper
from higherstudy.domain.funding.need import MoneyNeed
from higherstudy.domain.planning.chance import models_of
from higherstudy.domain.planning.closures import closure_reasons
from higherstudy.domain.planning.events import DurationsAssumed, PlanMade, StepReported, TargetsChanged
from higherstudy.domain.planning.known import Known, known_steps, used_last
from higherstudy.domain.planning.leaning import need_leans_on, plan_leans_on
from higherstudy.domain.planning.making import (
    Surroundings,
    find_pathways,
    find_target,
    schedule_for,
    situation_of,
)
from higherstudy.domain.planning.plan import MOST_TARGETS, Plan
from higherstudy.domain.planning.routes import pathway_changes
from higherstudy.domain.planning.schedule import Outcome, Report, Schedule, State, reason, reports_until
from higherstudy.domain.planning.scheduling import make_schedule
from higherstudy.domain.planning.situation import Situation
from higherstudy.domain.planning.target import ApplyBy, LaterStart, Target, TargetRef
from higherstudy.domain.planning.what_if import Change, Move, OutlookChange, PlanDiff, compare
from higherstudy.domain.profile.profile import Passport, Profile, Residence, TestResult
from higherstudy.domain.rulebook.closures import Closing, Closure
from higherstudy.domain.rulebook.conditions import AllOf, Is
from higherstudy.domain.rulebook.facts import Fact
from higherstudy.domain.rulebook.pack import Rulebook, RulePack
from higherstudy.domain.rulebook.papers import DocumentKind
from higherstudy.domain.rulebook.pathways import DEGREE, PASSPORT, LeadTime, Pathway, StepKind, StepScope
from higherstudy.domain.rulebook.scores import TestScale, TotalRule
from higherstudy.domain.shared.errors import NotFound, Reason, RuleBroken
from higherstudy.domain.shared.ids import AccountId, DocumentId, PlanId, ProgrammeId, StudentId
from higherstudy.domain.shared.money import Money
from higherstudy.domain.shared.sources import Confidence
from networks import TODAY, situation, step, target, way
from study_builders import PAGE, bachelor, deadline, institution, profile, programme, winter

OCTOBER = date(2027, 10, 1)


def on(days: int) -> date:
    return TODAY + timedelta(days=days)


def rules(*pathways: Pathway, facts: tuple[Fact, ...] = (), closures: tuple[Closure, ...] = ()) -> Rulebook:
    pack = RulePack("p", "P", "1", date(2099, 1, 1), "0", facts, pathways=pathways, closures=closures)
    return Rulebook((pack,))


def found_target(home: str = "Asia/Dhaka", **changes: object) -> Target:
    offered = programme(**changes)  # type: ignore[arg-type]
    return find_target(offered, TargetRef(offered.id, "winter", OCTOBER), ZoneInfo, home)


def test_a_target_holds_all_that_a_plan_has_to_know_of_a_programme() -> None:
    summer = Intake("summer", Day(each=(4, 1)))
    made = found_target(institution=institution(sector=Sector.PRIVATE), intakes=(winter(), summer))

    def by(year: int) -> ApplyBy:
        last, stated = date(year, 7, 15), f"{year}-07-15 23:59"  # which in Dhaka is within the 16th
        ends = date(year, 7, 16)
        return ApplyBy(last, stated, "Europe/Berlin", Basis.RECEIVED, Confidence.HIGH, False, PAGE, ends_on=ends)

    assert made == Target(
        key="sample-msc/winter-2027",
        ref=TargetRef(ProgrammeId(UUID(int=2)), "winter", OCTOBER),
        title="Informatics, Sample University",
        country="DE",
        level="master",
        starts_on=OCTOBER,
        apply_by=by(2027),
        later_starts=tuple(
            later
            for year in range(2028, 2033)
            for later in (
                LaterStart("summer", date(year, 4, 1), None), LaterStart("winter", date(year, 10, 1), by(year))
            )
        ),
        circumstances={"level": "master", "university_sector": "private", "programme_language": "en"},
        institution="Sample University",
    )  # fmt: skip


def test_what_nobody_stated_of_a_programme_is_no_circumstance() -> None:
    made = found_target(institution=institution(sector=None), languages=("de", "en"))

    assert made.circumstances == {"level": "master"}


@pytest.mark.parametrize(
    ("at", "home", "last"),
    [
        (None, "Asia/Dhaka", 15),  # four hours of the 16th are hers too, but the 15th is whole
        (None, "Europe/Berlin", 15),
        (None, "America/New_York", 14),  # her 15th ends six hours after the deadline
        (time(12, 0), "Europe/Berlin", 14),
        (time(23, 58), "Europe/Berlin", 14),
        (time(23, 59), "Europe/Berlin", 15),
        (time(20, 0), "Asia/Dhaka", 15),  # which is midnight there
        (time(19, 59), "Asia/Dhaka", 15),
        (time(19, 58), "Asia/Dhaka", 14),
    ],
)
def test_the_last_day_is_the_last_that_is_wholly_before_the_deadline(at: time | None, home: str, last: int) -> None:
    opens = Day(each=(2, 1))
    made = found_target(home, intakes=(winter(deadlines=(deadline(at=at, opens=opens),)),))

    assert made.apply_by is not None
    assert made.apply_by.last_day == date(2027, 7, last)
    assert made.apply_by.time_stated is (at is not None)
    assert made.apply_by.opens_on == date(2027, 2, 1)


def refused(ref: TargetRef, *intakes: Intake) -> tuple[Reason, ...]:
    with pytest.raises(RuleBroken) as caught:
        find_target(programme(intakes=intakes), ref, ZoneInfo, "UTC")
    return caught.value.reasons


def test_an_intake_that_there_is_not_is_refused_with_those_that_there_are() -> None:
    summer = Intake("summer", Day(each=(4, 1)))
    once = Intake("winter", Day(on=date(2028, 10, 4)))

    no_term = refused(TargetRef(ProgrammeId(UUID(int=2)), "m" * 50, OCTOBER), winter(), summer, winter())
    another_day = refused(TargetRef(ProgrammeId(UUID(int=2)), "winter", date(2027, 10, 2)), winter(), summer, once)

    known = {"term": "m" * 40, "known": "winter, summer"}
    assert no_term == (Reason("plan.no_such_intake", known, "targets.term"),)
    starts = {"given": "2027-10-02", "starts_on": "2027-10-01, 2028-10-04"}
    assert another_day == (Reason("plan.intake_starts_otherwise", starts, "targets.starts_on"),)


GERMAN = way(step("A"), step("END", "A", days=5), id="german")
FOR_NEPAL = replace(GERMAN, id="nepal", nationality=("NP",))


def test_without_targets_or_pathway_it_is_said_for_whom_there_is_none() -> None:
    with pytest.raises(RuleBroken) as nothing:
        find_pathways((), profile(), rules(GERMAN))
    with pytest.raises(RuleBroken) as nowhere:
        find_pathways((target(), target(2, country="FR")), profile(citizenships=("BD", "IN")), rules(GERMAN))

    assert nothing.value.reasons == (Reason("plan.no_target", {}, "targets"),)
    missing = {"country": "FR", "level": "master", "nationality": "BD, IN"}
    assert nowhere.value.reasons == (Reason("plan.no_pathway", missing, "targets"),)


@pytest.mark.parametrize("citizenships", [None, ()])
def test_whoever_has_not_said_her_citizenship_is_asked_for_it(citizenships: tuple[str, ...] | None) -> None:
    with pytest.raises(RuleBroken) as caught:
        find_pathways((target(),), profile(citizenships=citizenships), rules(FOR_NEPAL))

    wanted = {"country": "DE", "level": "master"}
    assert caught.value.reasons == (Reason("plan.citizenship_needed", wanted, "profile.citizenships"),)


def test_nobody_is_asked_for_a_citizenship_on_which_nothing_hangs() -> None:
    with pytest.raises(RuleBroken) as caught:
        find_pathways((target(country="SE"),), profile(citizenships=None), rules(FOR_NEPAL))

    nowhere = {"country": "SE", "level": "master"}
    assert caught.value.reasons == (Reason("plan.no_pathway_for_anybody", nowhere, "targets"),)


def test_a_change_of_pathway_is_told_with_the_one_that_would_be_now() -> None:
    def told(pinned: str, *people: str, ways: tuple[Pathway, ...] = (GERMAN, FOR_NEPAL)) -> tuple[Reason, ...]:
        return pathway_changes(
            (target(3), target(), target(2)), profile(citizenships=people), rules(*ways), {"t1": pinned}
        )

    said = {"target": "Target 1", "pathway": "german", "now": "nepal"}
    assert told("german", "NP") == (Reason("route.would_change", said, "t1"),)
    assert told("german", "BD") == ()
    gone = {"target": "Target 1", "pathway": "gone", "now": "german"}
    assert told("gone", "BD") == (Reason("route.is_gone", gone, "t1"),)
    nowhere = {"target": "Target 1", "pathway": "nepal", "now": ""}
    assert told("nepal", "BD", ways=(FOR_NEPAL,)) == (Reason("route.fits_no_more", nowhere, "t1"),)


def test_a_situation_brings_together_what_is_known_of_a_student_on_a_day() -> None:
    french = replace(GERMAN, id="french", country="FR")
    student = Profile(citizenships=("BD",), residence=Residence("BD", "Asia/Dhaka"))
    targets = (target(1), target(2, country="FR"))
    reports, durations = {"A": Report(on(-3))}, {"END": 4}

    made = situation_of(targets, GERMAN, student, rules(GERMAN, french), TODAY, reports, durations)

    assert made == Situation(
        today=TODAY,
        targets=targets,
        reports=reports,
        circumstances=student.known_circumstances(TODAY),
        durations=durations,
        lead_days={},
        calendars={},
        pathways={"t2": french},
        known={},
        citizenships=("BD",),
    )


WEEKS = Fact("w", "post.weeks", Decimal(2), PAGE, Confidence.HIGH, unit="weeks")


def early(*leads: LeadTime, facts: tuple[Fact, ...] = (WEEKS,), **circumstances: bool) -> dict[tuple[str, str], int]:
    posted = way(step("A"), step("END", "A", days=5), lead_times=leads)
    student = profile(circumstances=circumstances)
    return dict(situation_of((target(),), posted, student, rules(posted, facts=facts), TODAY, {}, {}).lead_days)


def test_how_early_a_step_has_to_be_done_is_the_most_that_any_rule_asks_for() -> None:
    days = Fact("d", "post.days", Decimal(15), PAGE, Confidence.HIGH, unit="days")
    by_weeks, by_days = LeadTime("A", "post.weeks", AllOf(())), LeadTime("A", "post.days", AllOf(()))

    assert early(by_weeks) == {("A", "t1"): 14}
    assert early(by_weeks, by_days, facts=(WEEKS, days)) == {("A", "t1"): 15}
    assert early(by_days, by_weeks, facts=(WEEKS, days)) == {("A", "t1"): 15}


def test_a_lead_time_counts_where_it_holds_or_may_and_can_be_read_as_days() -> None:
    uni_assist = LeadTime("A", "post.weeks", Is("uni_assist", (True,)))
    always = LeadTime("A", "post.weeks", AllOf(()))

    assert early(uni_assist, uni_assist=True) == {("A", "t1"): 14}
    assert early(uni_assist, uni_assist=False) == {}
    assert early(uni_assist) == {("A", "t1"): 14}  # while it is not known, the stricter day counts
    assert early(always, facts=(replace(WEEKS, valid_to=on(-1)),)) == {}
    past = replace(WEEKS, id="p", key="post.past", valid_to=on(-1))
    assert early(replace(always, fact="post.past"), always, facts=(WEEKS, past)) == {("A", "t1"): 14}
    assert early(replace(always, basis="received")) == {("A", "t1"): 14}  # a target without a deadline has no basis


def test_a_plan_takes_reports_days_and_targets_and_says_what_that_means_to_others() -> None:
    ref = target().ref
    plan = Plan(PlanId(UUID(int=5)), StudentId(UUID(int=6)), (ref,), datetime(2026, 11, 23, tzinfo=UTC), (), "")
    ids = plan.id, plan.student_id
    now = make_schedule(situation(), GERMAN, Rulebook(()), "")
    others = tuple(TargetRef(ProgrammeId(UUID(int=n)), "winter", TODAY) for n in range(MOST_TARGETS))

    assert plan.made() == PlanMade(*ids)
    assert plan.report("A", Report(TODAY), now) == StepReported(*ids, "A", "in_progress")
    assert plan.reports == {"A": Report(TODAY)}
    assert plan.report("A", Report(), now) == StepReported(*ids, "A", "to_do")
    assert plan.reports == {}
    assert plan.report("END", Report(), now) == StepReported(*ids, "END", "to_do")  # there was nothing to take back
    assert plan.assume({"A": 3}, now) == DurationsAssumed(*ids)
    assert plan.durations == {"A": 3}
    assert plan.aim_at(others) == TargetsChanged(*ids)
    assert plan.targets == others
    plan.follow({"t1": "german"})
    assert plan.pathways == {"t1": "german"}


def test_what_a_plan_refuses_it_refuses_with_every_reason_and_its_place() -> None:
    ref = target().ref
    plan = Plan(PlanId(UUID(int=5)), StudentId(UUID(int=6)), (), datetime(2026, 11, 23, tzinfo=UTC), (), "")
    now = make_schedule(
        situation(reports={"A": Report(TODAY, TODAY), "END": Report(TODAY, TODAY)}), GERMAN, rules(), ""
    )
    undone = make_schedule(situation(), GERMAN, rules(), "")

    def reasons(*given: object, of: object = plan.report) -> tuple[Reason, ...]:
        with pytest.raises(RuleBroken) as caught:
            of(*given)  # type: ignore[operator]
        return caught.value.reasons

    future = {"on": on(1).isoformat(), "today": TODAY.isoformat()}
    assert reasons(of=plan.made) == (Reason("plan.no_target", {}, "targets"),)
    assert reasons((ref,) * 2, of=plan.aim_at) == (Reason("plan.target_twice", {}, "targets"),)
    many = tuple(TargetRef(ProgrammeId(UUID(int=n)), "winter", TODAY) for n in range(MOST_TARGETS + 1))
    assert reasons(many, of=plan.aim_at) == (Reason("plan.too_many_targets", {"at_most": 20}, "targets"),)
    assert reasons("X", Report(TODAY), now) == (Reason("plan.unknown_step", {"step": "X"}, "step"),)
    assert reasons("A", Report(on(1)), undone) == (Reason("plan.day_in_future", future, "started_on"),)
    assert reasons("A", Report(on(-1), on(1)), undone) == (Reason("plan.day_in_future", future, "finished_on"),)
    assert reasons("A", Report(on(-1), on(-2)), undone) == (Reason("plan.ends_before_it_begins", {}, "finished_on"),)
    assert reasons("END", Report(TODAY, TODAY), undone) == (Reason("plan.waits_for", {"step": "A"}, "step"),)
    assert reasons("A", Report(TODAY), now) == (Reason("plan.follower_is_done", {"step": "END"}, "step"),)
    unknown = Reason("plan.unknown_step", {"step": "X"}, "durations.X")
    assert reasons({"A": 1, "X": 2}, now, of=plan.assume) == (unknown,)
    assert (plan.reports, plan.durations, plan.targets) == ({}, {}, ())


def test_reports_stand_on_a_day_as_they_stood_then() -> None:
    reports = {"begun": Report(on(-2)), "done": Report(on(-2), on(0)), "later": Report(on(1), on(2)),
               "today": Report(None, on(0)), "still to do": Report()}  # fmt: skip

    assert reports_until(reports, on(2)) == reports
    assert reports_until(reports, on(0)) == {key: one for key, one in reports.items() if key != "later"}
    assert reports_until(reports, on(-1)) == {
        "begun": Report(on(-2)), "done": Report(on(-2)), "still to do": Report()
    }  # fmt: skip


STOP = Closure(
    "stop", "DE", ("SD", "AF"), Closing.SUSPENDED, PAGE, Confidence.HIGH, valid_from=TODAY, not_nationality=("BD",)
)  # fmt: skip


def test_a_stop_of_visas_is_told_with_whom_it_meets_and_since_when() -> None:
    def told(*closures: Closure, people: tuple[str, ...] | None = ("SD",)) -> tuple[Reason, ...]:
        return closure_reasons("DE", "master", people, on(9), rules(closures=closures))

    said = {"country": "DE", "nationality": "SD, AF", "since": "2026-11-23", "on": "2026-12-02", "closure": "stop"}
    assert told(STOP) == (Reason("closure.suspended_at_lodgement", said),)
    assert told(STOP, people=None) == (Reason("closure.perhaps_at_lodgement", said),)
    assert told(replace(STOP, level="master")) == told(STOP)
    for_good = replace(STOP, what=Closing.CLOSED, valid_from=None)
    assert told(for_good) == (Reason("closure.closed_at_lodgement", {**said, "since": ""}),)
    assert (
        told(STOP, people=("BD",)) == told(replace(STOP, country="FR")) == told(replace(STOP, level="bachelor")) == ()
    )


@pytest.mark.parametrize(("begins", "outcome"), [(100, Outcome.AT_RISK), (10, Outcome.LATE)])
def test_a_plan_whose_papers_meet_a_stop_is_at_risk_unless_it_is_late_anyway(begins: int, outcome: Outcome) -> None:
    visa = way(step("A"), step("VISA", "A"), step("END", "VISA", days=1), decision_step="VISA")
    targets = target(begins_in=begins), target(2, begins_in=begins + 100, country="FR")
    there = situation(*targets, circumstances={"nationality": "SD"})

    def made(*closures: Closure) -> Schedule:
        return make_schedule(there, visa, rules(closures=closures), "")

    said = {"country": "DE", "nationality": "SD, AF", "since": on(0).isoformat(), "on": on(0).isoformat()}
    stopped, free = made(STOP), made()
    added = Reason("closure.suspended_at_lodgement", {**said, "closure": "stop"})
    assert stopped.outlook == replace(free.outlook, outcome=outcome, reasons=(*free.outlook.reasons, added))
    assert stopped.outlooks[1] == free.outlooks[1]
    assert made(replace(STOP, valid_from=on(1))).outlook == free.outlook


def test_a_plan_leans_on_its_pathway_the_facts_of_its_open_steps_and_its_money() -> None:
    facts = tuple(
        Fact(name, "k." + name, Decimal(1), PAGE, Confidence.HIGH, valid_to=end)
        for name, end in (("one", None), ("past", on(-1)), ("two", TODAY), ("done", None))
    )
    money = MoneyNeed("rule", Money(500, "EUR"), None, 12, None, (), TODAY, ("two", "amount"), Confidence.HIGH, "")
    leaning = way(
        step("DONE", facts=("done",)), step("A", facts=("one", "past", "two")), step("END", "A", facts=("one",)), id="w"
    )
    made = make_schedule(situation(reports={"DONE": Report(TODAY, TODAY)}), leaning, Rulebook(()), "")

    assert plan_leans_on(made, (money,), rules(facts=facts)) == ("w", "one", "two", "rule", "amount")
    assert need_leans_on(money) == ("rule", "two", "amount")


TEST = TestScale("TT", "Test", None, (), TotalRule.NONE, PAGE, Confidence.HIGH, valid_months=24)
PAPERS = way(
    step("PASS", answered_by=(PASSPORT,), documents_out=("passport",)),
    step("TEST", answered_by=("TT", "UU"), documents_out=("certificate",)),
    step("FINISH", answered_by=(DEGREE,)),
    step("COPY", documents_out=("copy", "stamp")),
    step("QUEUE", documents_out=("copy",), kind=StepKind.QUEUE),
    step("EACH", documents_out=("copy",), scope=StepScope.TARGET),
    step("VISA", "PASS", documents_in=("passport", "copy")),
    step("END", "VISA"),
)


def known(student: Profile, *papers: Document) -> dict[str, Known]:
    kinds = (
        DocumentKind("copy", "Copy", PAGE, Confidence.HIGH, uses_expiry_date=True),
        DocumentKind("stamp", "Stamp", PAGE, Confidence.HIGH, uses_expiry_date=True),
    )
    pack = RulePack("p", "P", "1", date(2099, 1, 1), "0", tests=(TEST,), document_kinds=kinds)
    return known_steps((PAPERS,), student, papers, Rulebook((pack,)), TODAY)


def paper(kind: str, until: date) -> Document:
    stated = StatedOnPaper(on(-99), until)
    version = Version(
        1, "0" * 64, 1, "application/pdf", "a.pdf", datetime(2026, 1, 1, tzinfo=UTC), AccountId(UUID(int=1)), stated
    )
    return Document(DocumentId(UUID(int=1)), StudentId(UUID(int=1)), kind, versions=(version,))


@pytest.mark.parametrize(
    ("taken_on", "until"),
    [
        (TODAY, date(2028, 11, 23)),
        (date(2024, 11, 23), TODAY),
        (date(2024, 11, 22), None),  # it ran out yesterday
        (on(1), None),  # it is still to be taken
    ],
)
def test_a_test_answers_its_step_from_its_day_until_it_runs_out(taken_on: date, until: date | None) -> None:
    answered = known(Profile(tests=(TestResult("TT", taken_on), TestResult("UU", TODAY))))

    why = reason("known.test", "TEST", test="TT", taken_on=taken_on.isoformat())
    assert answered == ({"TEST": Known(Report(finished_on=taken_on), why, until)} if until else {})


def test_of_several_results_the_one_that_counts_longest_answers() -> None:
    results = tuple(TestResult("TT", on(-days)) for days in (90, 30, 60))

    assert known(Profile(tests=results))["TEST"].report == Report(finished_on=on(-30))


@pytest.mark.parametrize(
    ("issued", "expires", "got"),
    [(on(-5), TODAY, on(-5)), (None, on(9), TODAY), (TODAY, on(9), TODAY), (on(1), on(9), None), (None, on(-1), None)],
)
def test_a_passport_answers_its_step_while_it_is_valid(issued: date | None, expires: date, got: date | None) -> None:
    answered = known(Profile(passport=Passport("1", issued, expires)))

    why = reason("known.passport", "PASS", expires_on=expires.isoformat())
    assert answered == ({} if got is None else {"PASS": Known(Report(finished_on=got), why, expires)})
    assert known(Profile(passport=Passport("1", issued, None))) == {}


def test_the_last_degree_that_is_finished_answers_its_step() -> None:
    degrees = [replace(bachelor(), finished_on=day) for day in (on(-400), TODAY, on(1), None)]

    answered = known(Profile(qualifications=tuple(degrees)))
    assert answered == {
        "FINISH": Known(
            Report(finished_on=TODAY), reason("known.degree", "FINISH", finished_on=TODAY.isoformat()), None
        )
    }
    assert known(Profile(qualifications=tuple(degrees[2:]))) == {}


def test_papers_at_hand_answer_a_task_of_all_targets_when_each_can_be_used() -> None:
    both = known(Profile(), paper("copy", on(20)), paper("stamp", on(10)))

    why = reason("known.papers", "COPY", papers="copy, stamp")
    assert both == {"COPY": Known(Report(finished_on=TODAY), why, on(10))}
    assert known(Profile(), paper("copy", on(20))) == {}
    assert known(Profile(), paper("copy", on(20)), paper("stamp", on(-1))) == {}


def test_what_comes_out_of_a_step_is_used_by_those_that_take_it_in() -> None:
    steps = {one.code: one for one in PAPERS.steps}

    assert [used_last(code, steps) for code in ("PASS", "COPY", "TEST", "VISA")] == [("VISA",), ("VISA",), (), ()]


LONG = way(step("A"), step("B", "A", days=30), step("END", "B", days=5), id="long")
LONGER = way(step("A"), step("C", days=60), step("B", "A", "C", days=20), step("END", "B", days=5), id="longer")


def test_a_difference_names_what_moves_appears_and_vanishes_and_how_each_target_stands() -> None:
    later = LaterStart("summer", on(400), None)
    first, second, third = target(1, 60, later_starts=(later,)), target(2, 99), target(3, 120)
    before = make_schedule(situation(first, second), LONG, Rulebook(()), "")
    after = make_schedule(situation(first, third), LONGER, Rulebook(()), "")

    assert compare(before, after) == PlanDiff(
        outlooks=(
            OutlookChange("t1", "Target 1", Outcome.ON_TIME, Outcome.LATE, 15, -25, later),
            OutlookChange("t2", "Target 2", Outcome.ON_TIME, None, 54, None, None),
            OutlookChange("t3", "Target 3", None, Outcome.ON_TIME, None, 35, None),
        ),
        moves=(Move("B", "Step B", on(40), on(80)), Move("END", "Step END", on(45), on(85))),
        appear=("C",),
        vanish=(),
    )
    assert compare(after, before).vanish == ("C",)
    assert [move.days for move in compare(after, before).moves] == [-40, -40]


def test_what_if_puts_the_change_over_what_there_is() -> None:
    now = situation(
        target(), target(2), reports={"A": Report(TODAY)}, durations={"A": 3, "END": 4}, calendars={}, known={}
    )
    change = Change({"END": Report(TODAY)}, {"A": 9}, (target(3),), ("t1",), on(7))

    then, pathway = change.applied_to(now, Profile(), rules(GERMAN))
    same, _ = Change().applied_to(now, Profile(), rules(GERMAN))

    assert pathway == GERMAN
    assert then == replace(
        now,
        today=on(7),
        targets=(now.targets[1], target(3)),
        reports={"A": Report(TODAY), "END": Report(TODAY)},
        durations={"A": 9, "END": 4},
    )
    assert same == now
    pinned = Surroundings(pinned={"t2": "nepal"})
    assert change.applied_to(now, Profile(), rules(GERMAN, FOR_NEPAL), pinned)[1] == FOR_NEPAL


def test_papers_are_handed_in_on_the_day_of_their_step_or_of_the_last_one_before_the_decision() -> None:
    visa = way(
        step("A"), step("B", days=20), step("VISA", "A", "B", days=60), step("END", "VISA"), decision_step="VISA"
    )
    done = {"B": Report(on(-9), on(-3))}

    def lodged(pathway: Pathway, reports: dict[str, Report] | None = None) -> date:
        return make_schedule(situation(reports=reports or {}), pathway, Rulebook(()), "").lodged_on()

    assert lodged(visa) == TODAY
    assert lodged(replace(visa, lodgement_step="VISA")) == on(20)
    assert lodged(replace(visa, lodgement_step="B"), done) == on(-3)
    assert lodged(visa, done) == TODAY
    assert lodged(replace(visa, lodgement_step="GONE")) == TODAY
    assert lodged(replace(visa, decision_step="GONE")) == TODAY


def test_the_steps_of_a_schedule_are_a_sequence() -> None:
    steps = make_schedule(situation(), LONG, Rulebook(()), "").steps

    assert [one.key for one in steps] == ["A", "B", "END"]
    assert (steps[-1].key, [one.key for one in steps[1:]], len(steps)) == ("END", ["B", "END"], 3)
    assert steps == tuple(steps)
    assert steps != tuple(steps)[:2]
    assert [steps.__eq__(other) for other in (list(steps), "A B END", 3)] == [True, False, False]
    assert repr(steps) == repr(tuple(steps))
    assert steps[0] is steps[0]


def test_whether_profile_or_papers_answer_a_step_is_known_of_a_plan() -> None:
    answer = Known(Report(finished_on=TODAY), reason("known.degree", "A"))
    made = make_schedule(situation(known={"A": answer}), LONG, Rulebook(()), "")

    assert [made.is_answered(key) for key in ("A", "B", "GONE")] == [True, False, False]
    assert (made.steps[0].state, made.steps[0].answered) == (State.DONE, answer.reason)
    assert not replace(made, days={}).is_answered("A")
    assert [made.step(key) is None for key in ("A", "GONE")] == [False, True]
    by_hand = schedule(planned("A"), application())
    assert (by_hand.step("APPLY@munich") is by_hand.steps[1], by_hand.step("GONE")) == (True, None)
    assert [
        one.key for one in replace(by_hand, outlooks=(replace(by_hand.outlook, chain=("A", "GONE")),)).critical_path
    ] == ["A"]


def test_an_answer_that_runs_out_before_its_use_is_told_with_its_day() -> None:
    used = way(
        step("PASS", documents_out=("passport",)),
        step("WAIT", days=30),
        step("VISA", "PASS", "WAIT", documents_in=("passport",)),
        step("END", "VISA"),
    )

    def made(until: int, **reports: Report) -> tuple[State, Reason | None]:
        answer = Known(Report(finished_on=TODAY), reason("known.passport", "PASS"), on(until))
        found = make_schedule(situation(known={"PASS": answer}, reports=reports), used, Rulebook(()), "").steps[0]
        return found.state, found.answered

    runs_out = reason("known.runs_out", "PASS", good_until=on(29).isoformat())
    assert made(30) == (State.DONE, reason("known.passport", "PASS"))
    assert made(29) == (State.TO_DO, runs_out)
    assert made(29, PASS=Report(TODAY)) == (State.IN_PROGRESS, None)
    assert made(29, VISA=Report(TODAY, TODAY)) == (State.DONE, reason("known.passport", "PASS"))


def test_a_schedule_without_its_days_has_no_chance_to_be_told() -> None:
    with pytest.raises(NotFound) as caught:
        models_of(schedule(planned("A")))

    assert caught.value.reasons == (Reason("plan.unknown_target", {"target": "munich"}),)


def test_the_one_call_of_the_embedded_library_makes_the_schedule_of_the_situation() -> None:
    reports, durations = {"A": Report(on(-3))}, {"END": 4}

    bare = schedule_for((target(),), profile(), rules(GERMAN), TODAY, "zones")
    made = schedule_for((target(),), profile(), rules(GERMAN), TODAY, "zones", reports=reports, durations=durations)

    there = situation_of((target(),), GERMAN, profile(), rules(GERMAN), TODAY, {}, {})
    assert bare == make_schedule(there, GERMAN, rules(GERMAN), "zones")
    reported = replace(there, reports=reports, durations=durations)
    assert made == make_schedule(reported, GERMAN, rules(GERMAN), "zones")
    pinned = Surroundings(pinned={"t1": "nepal"})
    other = schedule_for((target(),), profile(), rules(GERMAN, FOR_NEPAL), TODAY, "zones", around=pinned)
    assert other.pathway == "nepal"
