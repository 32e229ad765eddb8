"""What to do today, in which order and why; and the board."""

from datetime import timedelta
from itertools import permutations

import pytest
from plan_builders import TODAY, application, schedule, step, window

from higherstudy.domain.planning.schedule import PlannedStep, State, reason
from higherstudy.domain.planning.views import Action, Today, board_of, todays_actions
from higherstudy.domain.rulebook.pathways import StepKind


def first_to_last(*steps: PlannedStep) -> list[str]:
    today = todays_actions(schedule(*steps))
    return [action.step.key for action in ((today.next,) if today.next else ()) + today.ready]


def test_what_can_wait_least_comes_first() -> None:
    assert first_to_last(step("CV", slack=30), step("BANK", slack=4), step("COVER")) == ["BANK", "CV", "COVER"]


def test_of_equal_slack_a_queue_comes_first_since_nothing_shortens_a_wait() -> None:
    queue = step("EMBASSY", slack=9, kind=StepKind.QUEUE)

    assert first_to_last(step("BANK", slack=9), queue) == ["EMBASSY", "BANK"]
    assert first_to_last(step("BANK", slack=8), queue) == ["BANK", "EMBASSY"]


def test_a_window_that_was_opened_comes_above_all_even_above_what_is_late() -> None:
    assert first_to_last(step("BANK", slack=-20), window(slack=2)) == ["ANSWER", "BANK"]


def test_the_order_is_the_same_however_the_steps_stand() -> None:
    steps = (window(), step("A", slack=3), step("B", slack=3), step("C"), step("Q", slack=3, kind=StepKind.QUEUE))

    assert {tuple(first_to_last(*order)) for order in permutations(steps)} == {("ANSWER", "Q", "A", "B", "C")}


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (window(), "why.window_is_open"),
        (step("A"), "why.nothing_due"),
        (step("A", slack=-1), "why.overdue"),
        (step("A", slack=0, kind=StepKind.QUEUE), "why.queue_runs_only_once_joined"),
        (step("A", slack=5, critical=True), "why.critical"),
        (step("A", slack=5), "why.least_slack"),
    ],
)
def test_the_next_thing_says_why_it_is_next(found: PlannedStep, why: str) -> None:
    today = todays_actions(schedule(found))

    assert today.next is not None
    assert today.next.why == why


def test_only_the_next_thing_is_said_to_be_what_can_wait_least() -> None:
    today = todays_actions(schedule(step("A", slack=5), step("B", slack=6), step("C", slack=7)))

    assert [action.why for action in today.ready] == ["why.has_room", "why.has_room"]


def test_what_others_are_at_is_waited_for_and_is_nothing_to_do() -> None:
    wait = step("DECISION", slack=0, kind=StepKind.WAIT, state=State.IN_PROGRESS)

    today = todays_actions(schedule(wait))

    assert today.next is None
    assert [(action.step.key, action.why) for action in today.waiting] == [("DECISION", "why.others_are_at_it")]


def test_what_waits_for_another_step_or_for_its_day_cannot_be_done_today() -> None:
    assert first_to_last(step("A"), step("B", after=("A",)), step("C", start=1)) == ["A"]


def test_a_step_names_what_it_holds_up_as_far_as_that_is_open() -> None:
    today = todays_actions(schedule(step("A"), step("B", after=("A",)), step("C", after=("A", "B"))))

    assert today.next is not None
    assert today.next.holds_up == ("B", "C")


def test_an_application_whose_last_day_has_passed_is_not_asked_for() -> None:
    late = application(latest_finish=TODAY - timedelta(days=1), slack=-1)

    assert todays_actions(schedule(late)).next is None


def test_the_board_shows_steps_of_a_state_in_the_order_in_which_they_come() -> None:
    steps = (step("C", start=3), step("B"), step("A"), step("D", state=State.DONE), step("E", state=State.IN_PROGRESS))

    board = board_of(schedule(*steps))

    assert [found.key for found in board.to_do] == ["A", "B", "C"]
    assert [found.key for found in board.in_progress] == ["E"]
    assert [found.key for found in board.done] == ["D"]


def test_today_is_told_in_full() -> None:
    queue = step("EMBASSY", slack=2, kind=StepKind.QUEUE, state=State.IN_PROGRESS)
    bank, paper = step("BANK", slack=1), step("CV", slack=1)
    visit = step("VISIT", after=("EMBASSY", "BANK"))

    assert todays_actions(schedule(visit, queue, bank, paper)) == Today(
        next=Action(bank, "why.least_slack", ("VISIT",)),
        ready=(Action(paper, "why.has_room", ()),),
        waiting=(Action(queue, "why.others_are_at_it", ("VISIT",)),),
    )


def test_an_application_may_be_handed_in_on_its_last_day_and_what_has_begun_goes_on() -> None:
    assert first_to_last(application(latest_finish=TODAY, slack=0)) == ["APPLY@munich"]
    assert first_to_last(step("A", start=3, state=State.IN_PROGRESS)) == ["A"]
    late = step("B", slack=-9, due=reason("due.studies_begin", "munich", on="2026-11-21"))
    assert first_to_last(late) == ["B"]
