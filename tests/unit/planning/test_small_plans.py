"""Plans small enough to be worked out by hand: every day, every reason, and the days on either side of a limit."""

from datetime import date, timedelta
from typing import Any

import pytest

from higherstudy.domain.catalogue.intake import Basis
from higherstudy.domain.planning.explaining import Explanation, Link, explain
from higherstudy.domain.planning.schedule import Outcome, Outlook, Report, Schedule, State, reason
from higherstudy.domain.planning.scheduling import make_schedule
from higherstudy.domain.planning.situation import Situation
from higherstudy.domain.planning.target import ApplyBy, LaterStart, Target
from higherstudy.domain.rulebook.conditions import Is, Not
from higherstudy.domain.rulebook.pack import Rulebook
from higherstudy.domain.rulebook.pathways import Duration, Pathway, StepKind, StepScope
from higherstudy.domain.shared.errors import NotFound, Reason
from higherstudy.domain.shared.sources import Confidence
from networks import TODAY, step, target, way
from study_builders import PAGE

Row = tuple[int, int, int | None, int | None, bool]
"""A step's first and last day and the last day on which it may end, counted from today; its slack; is it critical."""


def on(day: int) -> date:
    return TODAY + timedelta(days=day)


def told(day: int) -> str:
    return on(day).isoformat()


def due(day: int, opens: int | None = None) -> ApplyBy:
    opens_on = None if opens is None else on(opens)
    return ApplyBy(on(day), told(day), "Europe/Berlin", Basis.RECEIVED, Confidence.HIGH, False, PAGE, opens_on)


def plan(pathway: Pathway, *targets: Target, begins: int = 50, **changes: object) -> Schedule:
    """Return the plan on days that are all open, for one target without a deadline where none is given."""
    parts: dict[str, object] = {"reports": {}, "circumstances": {}, "durations": {}, "lead_days": {}, **changes}
    now = Situation(today=TODAY, targets=targets or (target(begins_in=begins),), **parts)  # type: ignore[arg-type]
    return make_schedule(now, pathway, Rulebook(()), "zones")


def rows(made: Schedule) -> dict[str, Row]:
    found: dict[str, Row] = {}
    for one in made.steps:
        latest = None if one.latest_finish is None else (one.latest_finish - TODAY).days
        start, finish = (one.start - TODAY).days, (one.finish - TODAY).days
        found[one.key] = start, finish, latest, one.slack, one.critical
    return found


DIAMOND = way(step("A"), step("B", "A", days=5), step("C", "A", days=20), step("D", "B", "C", days=7))


def test_each_plan_follows_its_own_pathways_and_circumstances_though_another_was_made_just_before() -> None:
    one, other = target(begins_in=90), target(2, 95)
    long, short = way(step("A"), step("END", "A", days=40)), way(step("A"), step("END", "A", days=2))
    german = Is("nationality", ("DE",))
    asked = way(step("A", only_if=Not(german)), step("END", "A", days=2))

    def ends(pathway: Pathway, at: int = 0, **changes: Any) -> int:
        return (plan(pathway, one, other, **changes).outlooks[at].arrives_on - TODAY).days

    assert [ends(pathway) for pathway in (long, short, long)] == [50, 12, 50]
    assert [ends(long, at=1, pathways={"t2": theirs}) for theirs in (long, short, long)] == [50, 12, 50]
    people = ({"nationality": "BD"}, {"nationality": "DE"}, {"nationality": "BD"})
    assert [ends(asked, circumstances=whose) for whose in people] == [12, 2, 12]


def test_the_longer_way_decides_and_the_shorter_one_has_the_difference_as_room() -> None:
    made = plan(DIAMOND)

    assert rows(made) == {
        "A": (0, 10, 23, 13, True),
        "B": (10, 15, 43, 28, False),
        "C": (10, 30, 43, 13, True),
        "D": (30, 37, 50, 13, True),
    }
    assert made.outlooks == (Outlook(made.lead, Outcome.ON_TIME, on(37), 13, ("A", "C", "D"), ()),)
    assert [one.due for one in made.steps] == [None, None, None, reason("due.studies_begin", "t1", on=told(50))]
    assert (made.today, made.pathway, made.zones, made.calendars, made.unverified) == (TODAY, "way", "zones", (), ())


@pytest.mark.parametrize(("begins", "outcome"), [(36, Outcome.LATE), (37, Outcome.ON_TIME), (38, Outcome.ON_TIME)])
def test_arriving_on_the_day_on_which_studies_begin_is_in_time_and_a_day_later_is_not(
    begins: int, outcome: Outcome
) -> None:
    outlook = plan(DIAMOND, begins=begins).outlook

    late = reason("late.arrival", "D", days=1, arrives_on=told(37), starts_on=told(36))
    assert (outlook.outcome, outlook.slack) == (outcome, begins - 37)
    assert outlook.reasons == ((late,) if outcome is Outcome.LATE else ())


def test_of_two_steps_that_end_on_one_day_the_chain_takes_the_last_by_name() -> None:
    made = plan(way(step("A"), step("B"), step("END", "B", "A", days=1)))

    assert made.outlook.chain == ("B", "END")


def test_what_nothing_waits_for_has_no_last_day() -> None:
    made = plan(way(step("A"), step("ASIDE", "A", days=400), step("END", "A", days=1)))

    assert rows(made) == {
        "A": (0, 10, 49, 39, True),
        "ASIDE": (10, 410, None, None, False),
        "END": (10, 11, 50, 39, True),
    }


def test_what_is_done_stays_on_its_days_has_no_slack_and_asks_nothing_of_what_came_before() -> None:
    made = plan(
        DIAMOND,
        reports={"A": Report(on(-30), on(-20)), "B": Report(finished_on=on(-3)), "C": Report(started_on=on(-9))},
    )

    assert rows(made) == {
        "A": (-30, -20, 43, None, False),
        "B": (-3, -3, 43, None, False),
        "C": (-9, 11, 43, 32, True),
        "D": (11, 18, 50, 32, True),
    }
    assert [one.state for one in made.steps] == [State.DONE, State.DONE, State.IN_PROGRESS, State.TO_DO]
    assert made.outlook.chain == ("C", "D")


@pytest.mark.parametrize(("began", "ends"), [(-19, 1), (-20, 0), (-21, 0)])
def test_what_is_under_way_ends_after_its_days_and_never_before_today(began: int, ends: int) -> None:
    made = plan(DIAMOND, reports={"A": Report(finished_on=on(-30)), "C": Report(started_on=on(began))})

    assert rows(made)["C"] == (began, ends, 43, 43 - ends, False)  # B decides now


def test_what_began_before_its_predecessor_was_done_ends_no_earlier_than_it() -> None:
    made = plan(DIAMOND, reports={"C": Report(started_on=on(-30))})

    assert rows(made)["C"] == (-30, 10, 43, 33, False)
    assert made.outlook.chain == ("A", "B", "D")


def test_an_end_that_was_reported_before_its_beginning_takes_one_day() -> None:
    made = plan(DIAMOND, reports={"A": Report(on(-4), on(-7))})

    assert rows(made)["A"][:2] == (-7, -7)


def test_a_wait_begins_by_itself_when_what_it_comes_after_is_done() -> None:
    waiting = way(step("ASK"), step("ANSWER", "ASK", days=30, kind=StepKind.WAIT), step("END", "ANSWER", days=5))

    begun = plan(waiting, reports={"ASK": Report(finished_on=on(-12))})
    over = plan(waiting, reports={"ASK": Report(finished_on=on(-31))})
    not_yet = plan(waiting)

    assert rows(begun)["ANSWER"] == (-12, 18, 45, 27, True)
    assert rows(over)["ANSWER"] == (-31, 0, 45, 45, True)
    assert rows(not_yet)["ANSWER"] == (10, 40, 45, 5, True)
    states = [made.step("ANSWER").state for made in (begun, over, not_yet)]  # type: ignore[union-attr]
    assert states == [State.IN_PROGRESS, State.IN_PROGRESS, State.TO_DO]
    assert begun.outlook.chain == ("ANSWER", "END")


def test_days_of_ones_own_replace_the_typical_and_the_longest_ones() -> None:
    uncertain = way(step("A", duration=Duration(10, 5, 90)), step("END", "A", days=5))

    usual, own = plan(uncertain), plan(uncertain, durations={"A": 20, "GONE": 3})

    at_worst = reason("risk.late_at_worst", "END", days=45, arrives_on=told(95))
    assert (usual.outlook.slack, usual.outlook.outcome, usual.outlook.reasons) == (35, Outcome.AT_RISK, (at_worst,))
    assert (own.outlook.slack, own.outlook.outcome, own.outlook.reasons) == (25, Outcome.ON_TIME, ())


@pytest.mark.parametrize(("most", "reasons"), [(45, ()), (46, ("risk.late_at_worst",))])
def test_being_there_in_time_even_at_worst_is_no_risk(most: int, reasons: tuple[str, ...]) -> None:
    made = plan(way(step("A", duration=Duration(10, 5, most)), step("END", "A", days=5)))

    assert tuple(one.code for one in made.outlook.reasons) == reasons


APPLYING = way(
    step("PASS"),
    step("APPLY", "PASS", days=5, scope=StepScope.TARGET),
    step("ANSWER", "APPLY", days=20, scope=StepScope.ONCE),
    step("END", "ANSWER", days=3),
    application_step="APPLY",
    admission_step="ANSWER",
    decision_step="ANSWER",
)  # fmt: skip


def test_an_application_is_due_before_its_deadline_by_as_many_days_as_its_papers_take() -> None:
    made = plan(APPLYING, target(begins_in=60, apply_by=due(40)), lead_days={("APPLY", "t1"): 14})

    assert rows(made) == {
        "PASS": (0, 10, 21, 11, True),
        "APPLY@t1": (10, 15, 26, 11, True),
        "ANSWER": (15, 35, 57, 22, True),
        "END": (35, 38, 60, 22, True),
    }
    assert made.steps[1].due == reason("due.application_deadline", "t1", on=told(26), days_early=14)


@pytest.mark.parametrize(("last", "over"), [(14, 1), (15, 0), (16, 0)])
def test_an_application_on_the_last_day_is_in_time_and_a_day_later_is_late(last: int, over: int) -> None:
    later = LaterStart("winter", on(400), due(200))
    outlook = plan(APPLYING, target(begins_in=60, apply_by=due(last), later_starts=(later,))).outlook

    missed = reason("late.application_deadline", "APPLY@t1", days=1, on=told(14))
    assert outlook.reasons == ((missed,) if over else ())
    assert outlook.outcome is (Outcome.LATE if over else Outcome.ON_TIME)
    assert outlook.next_safe == (later if over else None)


def test_an_application_that_was_handed_in_has_missed_nothing() -> None:
    made = plan(
        APPLYING,
        target(begins_in=60, apply_by=due(-10)),
        reports={"PASS": Report(finished_on=on(-9)), "APPLY@t1": Report(finished_on=on(-9))},
    )

    assert (made.outlook.outcome, made.outlook.reasons) == (Outcome.ON_TIME, ())


def test_an_application_waits_until_it_may_be_handed_in() -> None:
    made = plan(APPLYING, target(begins_in=60, apply_by=due(50, opens=25)))

    assert rows(made)["PASS"] == (0, 10, 32, 22, False)
    assert rows(made)["APPLY@t1"] == (25, 30, 37, 7, True)
    assert made.outlook.chain == ("APPLY@t1", "ANSWER", "END")


@pytest.mark.parametrize(("opens", "start", "chain"), [(9, 10, 4), (10, 10, 4), (11, 11, 3)])
def test_the_day_from_which_one_may_apply_decides_only_where_it_comes_last(opens: int, start: int, chain: int) -> None:
    made = plan(APPLYING, target(begins_in=60, apply_by=due(50, opens=opens)))

    assert (rows(made)["APPLY@t1"][0], len(made.outlook.chain)) == (start, chain)


def test_the_next_safe_beginning_is_the_first_that_is_reached_with_its_application() -> None:
    too_soon = LaterStart("summer", on(37), None)
    closed = LaterStart("autumn", on(200), due(14))
    safe = LaterStart("winter", on(300), due(15))
    later_still = LaterStart("spring", on(500), None)
    ways = (too_soon, closed, safe, later_still)

    made = plan(APPLYING, target(begins_in=20, later_starts=ways))

    assert made.outlook.next_safe == safe
    assert plan(APPLYING, target(begins_in=20, later_starts=ways[:2])).outlook.next_safe is None
    exactly = LaterStart("summer", on(38), None)
    assert plan(APPLYING, target(begins_in=20, later_starts=(exactly,))).outlook.next_safe == exactly


def test_what_was_reported_for_a_lost_intake_does_not_count_for_a_later_one() -> None:
    reports = {"PASS": Report(finished_on=on(-1)), "APPLY@t1": Report(finished_on=on(-1))}
    applied_again = LaterStart("summer", on(27), None), LaterStart("winter", on(28), None)

    made = plan(APPLYING, target(begins_in=10, later_starts=applied_again), reports=reports)

    assert rows(made)["END"][1] == 23  # 20 days of waiting and 3 more
    assert made.outlook.next_safe == applied_again[1]  # 5 + 20 + 3


CALLED = way(
    step("QUEUE", days=30, kind=StepKind.QUEUE),
    step("MONEY", days=20),
    step("VISIT", "QUEUE", "MONEY", days=3, kind=StepKind.WINDOW, hard_days=7),
    step("END", "VISIT", days=10),
)


def test_a_window_lasts_from_the_call_until_it_closes_and_its_papers_are_due_by_then() -> None:
    made = plan(CALLED, begins=60)

    assert rows(made) == {
        "QUEUE": (0, 30, 47, 17, True),
        "MONEY": (0, 20, 37, 17, False),
        "VISIT": (30, 33, 37, 4, True),
        "END": (33, 43, 60, 17, True),
    }
    assert made.outlook.reasons == ()


@pytest.mark.parametrize(("money", "ends"), [(34, 37), (35, 37), (37, 37)])
def test_a_window_that_can_be_kept_ends_no_later_than_it_closes(money: int, ends: int) -> None:
    made = plan(CALLED, durations={"MONEY": money}, begins=60)

    assert rows(made)["VISIT"][:2] == (money, ends)
    assert made.outlook.reasons == ()
    assert made.outlook.outcome is Outcome.ON_TIME


def test_a_window_that_would_close_before_the_papers_are_there_is_a_risk_and_says_what_it_waits_for() -> None:
    made = plan(CALLED, durations={"MONEY": 39}, begins=60)

    missed = reason("risk.window_missed", "VISIT", days=2, closes_on=told(37), waits_for="MONEY")
    assert rows(made)["VISIT"][:2] == (39, 42)
    assert (made.outlook.outcome, made.outlook.reasons) == (Outcome.AT_RISK, (missed,))


def test_of_several_papers_a_window_waits_for_the_last_though_another_window_was_kept() -> None:
    twice = way(
        step("CALL", days=30, kind=StepKind.QUEUE),
        step("FIRST", "CALL", days=3, kind=StepKind.WINDOW, hard_days=7),
        step("QUEUE", days=30, kind=StepKind.QUEUE),
        step("MONEY", days=45),
        step("LETTER", days=40),
        step("VISIT", "QUEUE", "MONEY", "LETTER", "FIRST", days=3, kind=StepKind.WINDOW, hard_days=7),
        step("END", "VISIT", days=10),
    )
    kept = {"CALL": Report(on(-40), on(-10)), "FIRST": Report(on(-9), on(-8))}

    missed = reason("risk.window_missed", "VISIT", days=8, closes_on=told(37), waits_for="MONEY")
    assert plan(twice, begins=80, reports=kept).outlook.reasons == (missed,)


@pytest.mark.parametrize(("called", "lost"), [(-6, 0), (-7, 0), (-8, 1), (-9, 2)])
def test_a_window_whose_queue_has_called_is_lost_from_the_day_after_it_closed(called: int, lost: int) -> None:
    done = {"QUEUE": Report(on(-99), on(called)), "MONEY": Report(finished_on=on(-40))}
    later = LaterStart("summer", on(400), None)

    made = plan(CALLED, target(begins_in=60, later_starts=(later,)), reports=done)

    missed = reason("late.window_missed", "VISIT", days=lost, closes_on=told(called + 7), waits_for="MONEY")
    assert made.outlook.reasons == ((missed,) if lost else ())
    assert made.outlook.outcome is (Outcome.LATE if lost else Outcome.ON_TIME)
    assert made.outlook.next_safe is None  # nothing of that helps: a new queue has to be joined first
    assert rows(made)["VISIT"][:2] == (0, 3 if lost else min(3, called + 7))


def test_a_window_that_needs_nothing_but_the_call_names_itself_when_it_is_lost() -> None:
    alone = way(
        step("QUEUE", days=30, kind=StepKind.QUEUE),
        step("VISIT", "QUEUE", days=3, kind=StepKind.WINDOW, hard_days=7),
        step("END", "VISIT", days=10),
    )

    made = plan(alone, reports={"QUEUE": Report(finished_on=on(-10))})

    missed = reason("late.window_missed", "VISIT", days=3, closes_on=told(-3), waits_for="VISIT")
    assert made.outlook.reasons == (missed,)
    assert (
        plan(alone, reports={"QUEUE": Report(finished_on=on(-10)), "VISIT": Report(finished_on=TODAY)}).outlook.reasons
        == ()
    )


def test_papers_that_may_come_too_late_for_a_window_are_named_as_a_risk_at_worst() -> None:
    money = step("MONEY", duration=Duration(20, 10, 45))
    made = plan(way(CALLED.steps[0], money, *CALLED.steps[2:]), begins=60)

    at_worst = reason("risk.window_missed_at_worst", "VISIT", days=8, closes_on=told(37), waits_for="MONEY")
    assert (made.outlook.outcome, made.outlook.reasons) == (Outcome.AT_RISK, (at_worst,))


def test_a_visit_that_was_begun_lasts_its_days() -> None:
    reports = {"QUEUE": Report(finished_on=on(-3)), "MONEY": Report(finished_on=on(-3)), "VISIT": Report(on(-2))}

    assert rows(plan(CALLED, reports=reports))["VISIT"] == (-2, 1, 4, 3, True)


def test_each_target_stands_for_itself_and_the_first_to_begin_leads() -> None:
    first, second = target(1, 60, apply_by=due(40)), target(2, 34, apply_by=due(12))

    made = plan(APPLYING, first, second)

    missed = reason("late.application_deadline", "APPLY@t2", days=3, on=told(12))
    late = reason("late.arrival", "END", days=4, arrives_on=told(38), starts_on=told(34))
    assert made.lead is second
    assert made.outlooks == (
        Outlook(second, Outcome.LATE, on(38), -4, ("PASS", "APPLY@t2", "ANSWER", "END"), (late, missed)),
        Outlook(first, Outcome.ON_TIME, on(38), 22, ("PASS", "APPLY@t1", "ANSWER", "END"), ()),
    )
    assert rows(made)["APPLY@t1"] == (10, 15, 40, 25, False)
    assert made.step("APPLY@t1").due == reason("due.application_deadline", "t1", on=told(40), days_early=0)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("changes", "leads"),
    [
        ({"begins_in": 30}, "t2"),
        ({"begins_in": 100}, "t1"),
        ({"begins_in": 60}, "t1"),  # of two that begin on one day, the first by its key
        ({"begins_in": 0}, "t2"),
        ({"begins_in": -1}, "t1"),
        ({"begins_in": 30, "apply_by": 0}, "t2"),
        ({"begins_in": 30, "apply_by": -1}, "t1"),
    ],
)
def test_the_first_to_begin_leads_unless_it_is_lost(changes: dict[str, int], leads: str) -> None:
    last = changes.get("apply_by")
    second = target(2, changes["begins_in"], apply_by=None if last is None else due(last))

    assert plan(APPLYING, second, target(1, 60)).lead.key == leads


@pytest.mark.parametrize(("early", "leads"), [(10, "t2"), (11, "t1")])
def test_a_target_is_lost_once_its_papers_cannot_be_there_in_time(early: int, leads: str) -> None:
    second = target(2, 30, apply_by=due(10))

    assert plan(APPLYING, second, target(1, 60), lead_days={("APPLY", "t2"): early}).lead.key == leads


def test_what_is_furthest_leads_and_what_was_applied_for_is_not_lost() -> None:
    applied = {"APPLY@t2": Report(finished_on=on(-9))}
    late = target(2, 300, apply_by=due(-5))

    assert plan(APPLYING, target(1, 60), late, reports=applied).lead.key == "t2"
    assert plan(APPLYING, target(1, 60), late, reports={"PASS": Report(finished_on=on(-9))}).lead.key == "t1"


def test_a_step_says_on_what_chain_it_hangs_and_what_it_holds_up() -> None:
    made = plan(DIAMOND)

    assert explain(made, "C") == Explanation(
        key="C",
        links=(
            Link("A", "Step A", on(0), on(10), (
                reason("because.today", "A", on=told(0)), reason("because.lasts", "A", days=10))),
            Link("C", "Step C", on(10), on(30), (
                reason("because.after", "C", step="A", on=told(10)), reason("because.lasts", "C", days=20))),
        ),
        latest_finish=on(43),
        holds_up=("D",),
        due=reason("due.studies_begin", "t1", on=told(50)),
    )  # fmt: skip
    assert explain(made, "A").holds_up == ("C", "D")
    assert explain(made, "D").holds_up == ()


def test_a_target_is_explained_by_the_chain_to_its_arrival_and_its_verdict() -> None:
    made = plan(DIAMOND, begins=36)

    found = explain(made, "t1")

    assert (found.key, [link.key for link in found.links]) == ("t1", ["A", "C", "D"])
    assert (found.latest_finish, found.holds_up) == (on(36), ())
    assert found.due == reason("due.studies_begin", "t1", on=told(36))
    assert found.verdict == made.outlook.reasons != ()


def test_what_is_reported_assumed_or_runs_by_itself_is_explained_by_that() -> None:
    waiting = way(step("ASK"), step("ANSWER", "ASK", days=30, kind=StepKind.WAIT), step("END", "ANSWER", days=5))
    done = {"ASK": Report(finished_on=on(-12))}

    asked = explain(plan(waiting, reports=done), "ASK").links[-1]
    runs = explain(plan(waiting, reports=done), "ANSWER").links[-1]
    begun = explain(plan(waiting, reports={**done, "ANSWER": Report(started_on=on(-9))}), "ANSWER").links[-1]
    assumed = explain(plan(waiting, reports=done, durations={"END": 9}), "END").links[-1]

    assert asked.reasons == (reason("because.reported_done", "ASK", on=told(-12)),)
    assert runs.reasons == (
        reason("because.runs_since", "ANSWER", step="ASK", on=told(-12)),
        reason("because.lasts", "ANSWER", days=30),
    )
    assert begun.reasons == (
        reason("because.reported_begun", "ANSWER", on=told(-9)),
        reason("because.lasts", "ANSWER", days=30),
    )
    assert assumed.reasons == (
        reason("because.after", "END", step="ANSWER", on=told(18)),
        reason("because.assumed", "END", days=9),
    )


def test_a_wait_for_two_things_runs_since_the_later_of_them() -> None:
    waiting = way(step("ASK"), step("PAY"), step("ANSWER", "ASK", "PAY", days=30, kind=StepKind.WAIT))
    done = {"ASK": Report(finished_on=on(-3)), "PAY": Report(finished_on=on(-12))}

    runs = explain(plan(waiting, reports=done), "ANSWER").links[-1]

    assert runs.reasons[0] == reason("because.runs_since", "ANSWER", step="ASK", on=told(-3))


@pytest.mark.parametrize(("began", "held"), [(-29, False), (-30, True), (-31, True)])
def test_what_should_be_over_already_is_said_to_end_today_at_the_earliest(began: int, held: bool) -> None:
    waiting = way(step("ANSWER", days=30, kind=StepKind.WAIT), step("END", "ANSWER", days=5))

    link = explain(plan(waiting, reports={"ANSWER": Report(started_on=on(began))}), "ANSWER").links[-1]

    today = (reason("because.not_before_today", "ANSWER", on=told(0)),)
    assert link.reasons[2:] == (today if held else ())


def test_a_window_is_explained_by_the_day_on_which_it_closes_and_an_application_by_that_on_which_it_opens() -> None:
    visit = explain(plan(CALLED, durations={"MONEY": 36}, begins=60), "VISIT").links[-1]
    apply = explain(plan(APPLYING, target(begins_in=60, apply_by=due(50, opens=25))), "APPLY@t1").links[-1]

    assert visit == Link("VISIT", "Step VISIT", on(36), on(37), (
        reason("because.after", "VISIT", step="MONEY", on=told(36)),
        reason("because.lasts", "VISIT", days=3),
        reason("because.window_closes", "VISIT", on=told(37)),
    ))  # fmt: skip
    assert apply.reasons == (
        reason("because.opens", "APPLY@t1", on=told(25)),
        reason("because.lasts", "APPLY@t1", days=5),
    )


def test_what_a_plan_does_not_have_cannot_be_explained() -> None:
    with pytest.raises(NotFound) as missing:
        explain(plan(DIAMOND), "E" * 90)

    assert missing.value.reasons == (Reason("plan.unknown_step", {"step": "E" * 80}, "step"),)


def test_an_explanation_of_what_cannot_be_undone_says_whether_it_is_safe() -> None:
    job = way(step("VISA"), step("QUIT", days=0, irreversible=True, known_first=("VISA",)), step("END", "VISA", "QUIT"))

    assert explain(plan(job), "QUIT").gate == reason("gate.not_yet", "QUIT", waits_for="VISA", steps=1)
    done = plan(job, reports={"VISA": Report(finished_on=TODAY)})
    assert explain(done, "QUIT").gate == reason("gate.safe_now", "QUIT")
    money = way(step("PAY", irreversible=True, known_first=("money_proof", "employed")), step("END", "PAY"))
    assert plan(money).steps[0].gate == reason("gate.not_known", "PAY", unknown="money_proof, employed")
    one = plan(money, target(circumstances={"employed": True}), circumstances={"money_proof": "x"})
    assert one.steps[0].gate == reason("gate.safe_now", "PAY")
    two = way(
        step("A"), step("B"), step("QUIT", "B", irreversible=True, known_first=("A", "GONE")), step("END", "QUIT")
    )
    assert plan(two).steps[2].gate == reason("gate.not_yet", "QUIT", waits_for="A, B", steps=2)
