"""What a change does to a plan is told in one sentence, in both languages."""

from datetime import date

import pytest

from higherstudy.adapters.bundled.messages import Messages
from higherstudy.adapters.bundled.told_change import told_what_if
from higherstudy.domain.planning.schedule import Outcome, Report
from higherstudy.domain.planning.what_if import Assumed, Move, OutlookChange, PlanDiff

RETAKEN = Assumed(reports={"DE3": Report(finished_on=date(2027, 3, 6))})
TITLES = {"DE3": "Take the language test"}
ON_TIME, LATE, AT_RISK = Outcome.ON_TIME, Outcome.LATE, Outcome.AT_RISK


def change(key: str, before: Outcome | None, after: Outcome | None, slack: tuple[int, int]) -> OutlookChange:
    return OutlookChange(key, key, before, after, slack[0], slack[1], None)


def diff(*changes: OutlookChange) -> PlanDiff:
    return PlanDiff(changes, (Move("DE3", "Take the language test", date(2026, 12, 1), date(2027, 3, 6)),), (), ())


LOSES_TWO = diff(
    change("a", ON_TIME, LATE, (30, -20)), change("b", AT_RISK, LATE, (5, -40)), change("c", ON_TIME, ON_TIME, (90, 12))
)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "en",
            'If "Take the language test" is done on 6 March 2027: 2 targets lost, 1 safe, slack 12 days instead of 90.',
        ),
        (
            "bn",
            (
                'যদি "Take the language test" ৬ মার্চ ২০২৭ তারিখে শেষ হয়: ২টি লক্ষ্য হাতছাড়া, ১টি নিরাপদ, '
                "হাতে থাকে ১২ দিন, আগে ছিল ৯০।"
            ),
        ),
    ],
)
def test_a_retaken_test_is_told_by_what_it_loses_and_leaves(language: str, told: str) -> None:
    assert told_what_if(LOSES_TWO, Messages(language, steps=TITLES), RETAKEN) == told


def test_a_change_that_was_made_is_told_without_an_if() -> None:
    told = told_what_if(diff(change("a", LATE, ON_TIME, (-5, 3))), Messages())

    assert told == "By this change: 1 target saved, 1 safe, slack 3 days."


def test_what_stays_out_of_reach_is_told_with_the_days_that_are_lacking() -> None:
    told = told_what_if(diff(change("a", LATE, LATE, (-9, -5))), Messages(), Assumed(durations={"DE2": 5}))

    assert told.endswith("1 target out of reach, 5 days too late.")


def test_a_change_that_changes_nothing_says_so() -> None:
    nothing = PlanDiff((change("a", ON_TIME, ON_TIME, (5, 5)),), (), (), ())

    assert told_what_if(nothing, Messages(), Assumed()) == "If all stays as it is: nothing changes."


def test_everything_that_can_be_assumed_is_named() -> None:
    assumed = Assumed(
        reports={"DE1": Report(started_on=date(2027, 1, 4)), "DE4": Report()},
        durations={"DE2": 1},
        add=("Informatics, Munich",),
        drop=("Robotics, Delft",),
        today=date(2027, 2, 1),
    )

    told = told_what_if(LOSES_TWO, Messages(), assumed)

    assert told.startswith(
        "If DE1 begins on 4 January 2027, DE4 is still to do, DE2 takes 1 day, you also aim at Informatics, Munich, "
        "you no longer aim at Robotics, Delft and today is 1 February 2027: "
    )
