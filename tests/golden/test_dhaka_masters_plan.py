"""The whole way of one student from Dhaka to a German Master's, every day of it worked out by hand.

She begins on Monday 23 November 2026 with nothing done, aims at Informatics in Munich from 1 October 2028, and shows a
blocked account. Days of steps: the pack (embassy of Dhaka, SiGBa 2025, defaults of this project); applications from
1 February to 31 May: the programme's page, tum.de. In Bangladesh Friday and Saturday are closed, in Germany Saturday
and Sunday, 1 May and the days of Easter; the embassy's visa centre keeps the week of Dhaka and the holidays of both.
"""

from datetime import date
from functools import cache

import pytest

from higherstudy.adapters.bundled.catalogue import bundled_programmes
from higherstudy.adapters.bundled.packs import bundled_rulebook
from higherstudy.adapters.holidays.calendars import HolidaysCalendars
from higherstudy.adapters.system.zones import SystemZones
from higherstudy.domain.planning.making import Surroundings, schedule_for
from higherstudy.domain.planning.schedule import Outcome, Schedule
from higherstudy.domain.planning.target import target_of
from higherstudy.domain.profile.profile import Profile, Residence

TODAY, STUDIES = date(2026, 11, 23), date(2028, 10, 1)
LEAD = "tum-informatics-msc/winter-2028"


@cache
def plan() -> Schedule:
    (programme,) = [one for one in bundled_programmes() if one.key == "tum-informatics-msc"]
    intake = programme.intake("winter", STUDIES)
    assert intake is not None
    zones = SystemZones()
    target = target_of(programme, intake, STUDIES, zones.named, "Asia/Dhaka")
    student = Profile(
        citizenships=("BD",),
        residence=Residence("BD", "Asia/Dhaka", "Dhaka"),
        circumstances={"money_proof": "blocked_account", "uni_assist": False},
    )
    around = Surroundings(HolidaysCalendars().closed_days)
    return schedule_for([target], student, bundled_rulebook(), TODAY, zones.version, around=around)


Row = tuple[str, str, str | None, int | None]
# step: first day, last day, latest last day, slack. Beside each: how the days come about, first forward, then backward
DAYS: dict[str, Row] = {
    # passport: today + 21; the queue has to begin 570 days before 14 August 2028
    "DE1": ("2026-11-23", "2026-12-14", "2027-01-22", 39),
    # waiting list: 365 days to 14 December 2027, 17 + 31 + 29 + 31 + 30 + 31 + 30 to 30 June 2028, and 6;
    # its window takes 7 days and has to be over on 21 August, 3 days before the visit is booked
    "DE2": ("2026-12-14", "2028-07-06", "2028-08-14", 39),
    # language test: today + 75; needed to apply on 16 April 2028
    "DE3": ("2026-11-23", "2027-02-06", "2028-04-16", 435),
    # transcripts: today + 30; needed to apply on 16 April 2028
    "DE4": ("2026-11-23", "2026-12-23", "2028-04-16", 480),
    # application: opens on 1 February 2028; 60 days of waiting before 15 June, which is sooner than 31 May
    f"DE6@{LEAD}": ("2028-02-01", "2028-02-01", "2028-04-16", 75),
    # decision: + 60 is Saturday 1 April, so Monday; the bank file has to begin on 15 June
    f"DE7@{LEAD}": ("2028-02-01", "2028-04-03", "2028-06-15", 73),
    # accept and pay: + 14; papers are complete when the window closes on 13 July
    "DE8": ("2028-04-03", "2028-04-17", "2028-07-13", 87),
    # student file at the bank: + 7, a Monday; the account takes 21 days before 13 July
    "DE9": ("2028-04-03", "2028-04-10", "2028-06-22", 73),
    # blocked account: + 21 is 1 May, closed, so 2 May; the window closes on 13 July
    "DE10": ("2028-04-10", "2028-05-02", "2028-07-13", 72),
    # two days for the insurances, beside the rest
    "DE11": ("2028-04-03", "2028-04-05", "2028-07-13", 99),
    # letter, curriculum, forms: + 10
    "DE12": ("2028-04-03", "2028-04-13", "2028-07-13", 91),
    # the mail of 6 July opens seven days, and nobody gets more
    "DE13": ("2028-07-06", "2028-07-13", "2028-07-13", 0),
    # booking at VFS: + 3, Sunday; the visit takes a day that ends on 27 August, and 25 and 26 August are closed
    "DE14": ("2028-07-13", "2028-07-16", "2028-08-24", 39),
    # visit: Sunday 16 July is open in Dhaka, + 1; 28 days before 24 September
    "DE15": ("2028-07-16", "2028-07-17", "2028-08-27", 41),
    # decision: + 28, a Monday; 7 days before 1 October, both of them Sundays and open
    "DE16": ("2028-07-17", "2028-08-14", "2028-09-24", 41),
    # passport back, and journey: + 7, a Monday; studies begin on 1 October
    "DE17": ("2028-08-14", "2028-08-21", "2028-10-01", 41),
    # settling in: + 30, a Wednesday; nothing is due after it
    "DE18": ("2028-08-21", "2028-09-20", None, None),
}


def test_the_plan_has_these_steps_and_no_others() -> None:
    assert [step.key for step in plan().steps] == list(DAYS)


@pytest.mark.parametrize("key", DAYS)
def test_the_days_of_a_step_are_those_worked_out_by_hand(key: str) -> None:
    step = plan().step(key)

    assert step is not None
    latest = step.latest_finish.isoformat() if step.latest_finish else None
    assert (step.start.isoformat(), step.finish.isoformat(), latest, step.slack) == DAYS[key]


def test_the_queue_decides_when_she_arrives() -> None:
    outlook = plan().outlook

    assert (outlook.arrives_on, outlook.slack) == (date(2028, 8, 21), 41)
    assert outlook.chain == ("DE1", "DE2", "DE13", "DE14", "DE15", "DE16", "DE17")


def test_at_worst_she_comes_78_days_late_and_is_told_so_now() -> None:
    """60 days to the passport: 22 January 2027. 570 of queue: 14 August 2028. 7, 14 and 1: 5 September. 90: 4 December.

    14 more: Monday 18 December, 78 days after 1 October.
    """
    outlook = plan().outlook

    assert outlook.outcome is Outcome.AT_RISK
    assert [(one.code, one.params) for one in outlook.reasons] == [
        ("risk.late_at_worst", {"days": 78, "arrives_on": "2028-12-18"})
    ]


def test_the_one_holiday_that_hangs_on_the_moon_is_named_where_it_may_move_a_day() -> None:
    named = {step.key: [one.params["on"] for one in step.estimates] for step in plan().steps if step.estimates}

    assert named == {"DE16": ["2028-08-04"]}
