"""What applications, deadlines and days that have gone by say of targets: each answer whole, with its place."""

from dataclasses import replace
from datetime import date, time, timedelta
from uuid import UUID

import pytest
from unit.planning.test_applied import CLERK, HERE, HOME, NOW, SENT
from unit.planning.test_routes_and_renewals import paper
from unit.planning.test_small_plans import APPLYING, due, on, plan, told

from higherstudy.domain.applications.application import Action, Application, Offer, Submission
from higherstudy.domain.catalogue.intake import Day, Intake
from higherstudy.domain.planning.applied import known_from_applications, lost_by_applications, passed_deadlines
from higherstudy.domain.planning.calendars import WorkingCalendar
from higherstudy.domain.planning.known import Known, known_steps
from higherstudy.domain.planning.making import find_target, has_begun, situation_of
from higherstudy.domain.planning.schedule import Report, reason
from higherstudy.domain.planning.target import TargetRef
from higherstudy.domain.profile.profile import Profile, WorkPeriod
from higherstudy.domain.rulebook.pack import Rulebook, RulePack
from higherstudy.domain.rulebook.papers import DocumentKind
from higherstudy.domain.rulebook.pathways import DayCount, Place
from higherstudy.domain.shared.errors import Reason
from higherstudy.domain.shared.ids import ApplicationId, StudentId
from higherstudy.domain.shared.sources import Confidence
from networks import TODAY, step, target, way
from study_builders import PAGE, deadline, profile, programme, winter


def sent_for(of: TargetRef, *, admitted: bool) -> Application:
    """Return the application for the target, sent two days before the 22nd, with an offer on that day or without."""
    made = Application(ApplicationId(UUID(int=5)), StudentId(UUID(int=7)), of.programme_id, of.term, of.starts_on, SENT)
    made.submit(Submission(SENT, "0" * 64), CLERK)
    if admitted:
        made.receive_offer(Offer(), NOW, CLERK)
    return made


def test_an_admission_that_was_declined_is_no_admission_any_more() -> None:
    aim, day = target(1, 300), date(2026, 11, 24)
    declined = sent_for(aim.ref, admitted=True)
    declined.act(Action.DECLINE, NOW, CLERK)

    found = known_from_applications((aim,), {"t1": APPLYING}, (declined,), HOME, day)

    sent = reason("known.sent", "APPLY@t1", on="2026-11-21")
    assert found == {"APPLY@t1": Known(Report(finished_on=date(2026, 11, 21)), sent)}
    gone = {"t1": reason("lost.declined", "t1", on="2026-11-22")}
    assert lost_by_applications((aim,), (declined,), HOME, day) == gone


def test_an_admission_answers_its_step_by_the_key_that_it_has_in_the_plan() -> None:
    aim = target(1, 300)

    found = known_from_applications(
        (aim,), {"t1": APPLYING}, (sent_for(aim.ref, admitted=True),), HOME, date(2026, 11, 24)
    )

    assert {key: one.reason.code for key, one in found.items()} == {
        "APPLY@t1": "known.sent",
        "ANSWER": "known.admitted",
    }


def test_a_draft_to_which_nothing_has_happened_says_nothing() -> None:
    aim = target(1, 300)
    ref = aim.ref
    draft = Application(
        ApplicationId(UUID(int=5)), StudentId(UUID(int=7)), ref.programme_id, ref.term, ref.starts_on, SENT
    )

    assert known_from_applications((aim,), {"t1": APPLYING}, (draft,), HOME, TODAY) == {}
    assert lost_by_applications((aim,), (draft,), HOME, TODAY) == {}


def test_each_target_whose_deadline_has_passed_is_told_unless_somebody_says_that_it_was_applied_for() -> None:
    closed = {f"t{number}": target(number, 300, apply_by=due(-number)) for number in (1, 2, 3, 4)}
    targets = (target(9, 300), target(8, 300, apply_by=due(0)), *closed.values())
    reports = {"APPLY@t2": Report(finished_on=on(-9)), "APPLY@t4": Report(started_on=on(-9))}
    known = {"APPLY@t3": Known(Report(finished_on=on(-9)), reason("known.sent", "APPLY@t3"))}

    found = passed_deadlines(targets, {one.key: APPLYING for one in targets}, reports, known, TODAY)

    assert found == {
        "t1": reason("lost.deadline_passed", "t1", on=told(-1)),
        "t4": reason("lost.deadline_passed", "t4", on=told(-4)),
    }


@pytest.mark.parametrize(("today", "coming"), [((10, 1), 2026), ((10, 2), 2027)])
def test_an_intake_that_has_begun_is_told_with_the_next_from_today_on(today: tuple[int, int], coming: int) -> None:
    offered = programme(intakes=(Intake("winter", Day(each=(10, 1))), Intake("once", Day(on=date(2029, 1, 1)))))
    ref = TargetRef(offered.id, "winter", date(2025, 10, 1))

    found = has_begun(offered, ref, date(2026, *today), "targets[0]")

    said = {"starts_on": "2025-10-01", "next": f"{coming}-10-01"}
    assert found == Reason("plan.intake_has_begun_next", said, "targets[0]")
    only_once = replace(offered, intakes=offered.intakes[1:])
    assert has_begun(only_once, ref, date(2026, 12, 31), "x") == Reason(
        "plan.intake_has_begun", {"starts_on": "2025-10-01"}, "x"
    )
    assert has_begun(only_once, ref, date(2027, 1, 1), "x").params["next"] == "2029-01-01"


def test_whether_she_works_is_known_for_the_day_of_the_plan() -> None:
    work = WorkPeriod("Clerk", date(2024, 1, 1), TODAY)
    pack = RulePack("p", "P", "1", date(2099, 1, 1), "0", pathways=(APPLYING,))

    def employed(day: date) -> object:
        there = situation_of((target(),), APPLYING, profile(work=(work,)), Rulebook((pack,)), day, {}, {})
        return there.circumstances["employed"]

    assert [employed(TODAY + timedelta(days=days)) for days in (-1, 2)] == [True, False]


def test_a_step_of_so_many_working_days_is_decided_by_what_it_waits_for_even_where_that_ends_today() -> None:
    office = {"home": WorkingCalendar("XX", "1", 2026, 2027, {}, frozenset({5, 6}))}

    def chain(days: int) -> tuple[str, ...]:
        bank = step("BANK", "A", days=3, counts=DayCount.WORKING, calendar=Place.HOME)
        return plan(way(step("A", days=days), bank, step("END", "BANK")), calendars=office).outlook.chain

    assert chain(0) == chain(5) == ("A", "BANK", "END")


def test_a_paper_that_never_runs_out_answers_its_step_for_good() -> None:
    kinds = DocumentKind("form", "Form", PAGE, Confidence.HIGH), DocumentKind("copy", "Copy", PAGE, Confidence.HIGH)
    rules = Rulebook((RulePack("p", "P", "1", date(2099, 1, 1), "0", document_kinds=kinds),))
    filing = way(step("FILE", documents_out=("form", "copy")), step("END", "FILE"))

    found = known_steps((filing,), Profile(), (paper("form", -9), paper("copy", -9)), rules, TODAY)

    why = reason("known.papers", "FILE", papers="form, copy")
    assert found == {"FILE": Known(Report(finished_on=TODAY), why, None)}


@pytest.mark.parametrize(
    ("at", "last", "ends_on"),
    [(None, date(2027, 7, 15), None), (time(12), date(2027, 7, 14), date(2027, 7, 15))],
)
def test_a_deadline_within_a_day_names_that_day_beside_the_last_that_is_whole(
    at: time | None, last: date, ends_on: date | None
) -> None:
    offered = programme(intakes=(winter(deadlines=(deadline(at=at),)),))
    ref = TargetRef(offered.id, "winter", date(2027, 10, 1))

    found = find_target(offered, ref, HERE.named, "Europe/Berlin").apply_by

    assert found is not None
    assert (found.last_day, found.ends_on) == (last, ends_on)
