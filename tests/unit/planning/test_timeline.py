"""What is drawn of a schedule, before anybody draws."""

from dataclasses import replace
from datetime import date, timedelta

from plan_builders import BERLIN, TODAY, application, schedule, step, target, window

from higherstudy.domain.planning.schedule import PlannedStep, State
from higherstudy.domain.planning.timeline import Bar, timeline_of
from higherstudy.domain.rulebook.pathways import StepKind


def bar(found: PlannedStep) -> Bar:
    (only,) = timeline_of(schedule(found)).bars
    return only


def test_a_bar_has_its_steps_days_and_how_long_it_can_slip() -> None:
    found = bar(step("CV", start=2, days=3, slack=10, critical=True))

    assert (found.key, found.step.title) == ("CV", "Step CV")
    assert (found.start, found.finish, found.latest) == (
        date(2026, 11, 25), date(2026, 11, 28), date(2026, 12, 8),
    )  # fmt: skip
    assert (found.slack, found.critical, found.is_late) == (10, True, False)
    assert (found.due_on, found.opens_on) == (None, None)


def test_only_what_ends_after_its_last_day_is_late() -> None:
    assert [bar(step("A", slack=slack)).is_late for slack in (-1, 0, 1, None)] == [True, False, False, False]


def test_an_application_shows_when_it_opens_and_when_it_is_due() -> None:
    opens = target(apply_by=replace(BERLIN, opens_on=date(2027, 4, 15)))

    found = bar(application(target=opens))

    assert (found.opens_on, found.due_on) == (date(2027, 4, 15), date(2027, 7, 14))


def test_a_step_of_a_target_that_is_no_application_opens_on_no_day() -> None:
    opens = target(apply_by=replace(BERLIN, opens_on=date(2027, 4, 15)))

    assert bar(step("WAIT", target=opens, slack=3)).opens_on is None


def test_a_window_shows_the_day_on_which_it_closes() -> None:
    assert bar(window(slack=2)).due_on == TODAY + timedelta(days=9)
    assert bar(window(hard_days=None)).due_on is None


def test_what_is_done_is_neither_due_nor_can_it_slip() -> None:
    done = bar(application(state=State.DONE, slack=None))

    assert (done.latest, done.due_on, done.opens_on) == (None, None, None)


def test_waits_and_queues_are_others_work() -> None:
    waits = {kind: bar(step("A", kind=kind)).is_wait for kind in StepKind}

    assert {kind for kind, is_wait in waits.items() if is_wait} == {StepKind.WAIT, StepKind.QUEUE}


def test_what_serves_all_targets_comes_first_then_the_leading_one_then_the_sooner() -> None:
    later = target(key="a", title="Later", starts_on=date(2028, 10, 1))
    sooner = target(key="b", title="Sooner", starts_on=date(2027, 4, 1))
    steps = [step(f"S{at}", key=f"S@{one.key}", target=one) for at, one in enumerate((later, sooner, target()))]

    groups = timeline_of(schedule(*steps, step("ALL"))).groups

    assert [group.target.key if group.target else "" for group in groups] == ["", "munich", "b", "a"]


def test_bars_of_a_group_stand_in_the_order_in_which_they_come() -> None:
    steps = (step("C", start=3), step("B", days=9), step("A"), step("D", days=2))

    assert [found.key for found in timeline_of(schedule(*steps)).bars] == ["D", "A", "B", "C"]


def test_a_group_without_steps_is_not_there() -> None:
    assert [group.target for group in timeline_of(schedule(step("A"))).groups] == [None]


def test_the_ends_hold_every_day_that_is_drawn() -> None:
    begins = timeline_of(
        schedule(step("A"), application(target=target(apply_by=replace(BERLIN, opens_on=date(2026, 9, 1)))))
    )
    ends = timeline_of(schedule(step("A", slack=900)))

    assert begins.first == date(2026, 9, 1)
    assert begins.last == date(2027, 10, 1)
    assert ends.last == TODAY + timedelta(days=907)
    assert ends.today == TODAY


def test_the_chain_is_told_by_titles_in_its_order() -> None:
    steps = (step("A", title="Travel"), step("B", title="Queue"), step("C", title="Bank"))

    found = timeline_of(schedule(*steps, chain=("B", "A")))

    assert [decides.title for decides in found.chain] == ["Queue", "Travel"]


def test_a_bar_is_drawn_in_full() -> None:
    opens = date(2027, 2, 1)
    aim = target(apply_by=replace(BERLIN, opens_on=opens))
    found = application(target=aim, critical=True)

    last = date(2027, 7, 14)
    whole = Bar(
        "APPLY@munich", found.task.step, TODAY, TODAY, last, 233, State.TO_DO, StepKind.TASK, True, last, opens
    )  # fmt: skip
    assert bar(found) == whole
    done = replace(found, state=State.DONE, slack=None)
    assert bar(done) == replace(whole, state=State.DONE, slack=None, latest=None, due_on=None, opens_on=None)
