"""Verdicts and outlooks are told as a whole, so that nobody has to put codes together."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from higherstudy.adapters.bundled.catalogue import bundled_programmes
from higherstudy.adapters.bundled.messages import Messages
from higherstudy.adapters.bundled.packs import bundled_rulebook
from higherstudy.adapters.bundled.told import told_next_safe, told_outlook, told_verdict
from higherstudy.adapters.svg.words import TimelineWords
from higherstudy.adapters.system.zones import SystemZones
from higherstudy.domain.catalogue.requirement import AllOf, AnyOf, CitizenshipNeeded, GradeNeeded, Requirement
from higherstudy.domain.catalogue.requirement import TestNeeded as NeededTest
from higherstudy.domain.matching.evidence import Evidence
from higherstudy.domain.matching.judging import judge
from higherstudy.domain.planning.making import find_target, schedule_for
from higherstudy.domain.planning.schedule import Outcome, Schedule
from higherstudy.domain.planning.target import LaterStart, TargetRef
from higherstudy.domain.planning.timeline import timeline_of
from higherstudy.domain.shared.errors import Reason
from study_builders import STATED, ielts, profile

ON = date(2026, 11, 23)
ENGLISH, BANGLA = Messages(rulebook=bundled_rulebook), Messages("bn", rulebook=bundled_rulebook)
IELTS_65 = NeededTest(STATED, "IELTS_AC", Decimal("6.5"))
IELTS_70 = NeededTest(STATED, "IELTS_AC", Decimal("7.0"))
GERMAN_25 = GradeNeeded(STATED, "bachelor", "DE_5", Decimal("2.5"))
OF_NEPAL = CitizenshipNeeded(STATED, any_of=("NP",))


def told(requirement: Requirement, messages: Messages = ENGLISH) -> str:
    evidence = Evidence(profile(tests=(ielts("6.5"),)), ON, None)
    return told_verdict(judge(requirement, evidence, bundled_rulebook()), messages)


def test_what_is_met_needs_no_change() -> None:
    assert told(IELTS_65) == "Met: IELTS Academic 6.5 is required; you have 6.5. Nothing has to change."


def test_what_is_not_met_is_told_with_the_change_that_flips_it() -> None:
    assert told(IELTS_70) == (
        "Not met: IELTS Academic 7.0 is required; you have 6.5: short by overall +0.5. "
        "To change it: raise your IELTS Academic score (overall +0.5)."
    )
    assert told(IELTS_70, BANGLA) == (
        "শর্ত পূরণ হয়নি: IELTS Academic 7.0 লাগবে; আপনার আছে 6.5: ঘাটতি মোট +0.5। "
        "যা করলে বদলাবে: আপনার IELTS Academic স্কোর বাড়ান (মোট +0.5)।"
    )


def test_an_estimate_says_by_which_formula_and_from_which_lowest_pass() -> None:
    whole = told(GERMAN_25)

    assert whole.startswith("Probably met: Your grade ")
    assert "This is an estimate by the modified Bavarian formula (lowest pass 2.00)" in whole
    assert whole.endswith("To change it: have your grade converted by whom the institution names.")


def test_only_what_decides_is_told_and_of_alternatives_the_best() -> None:
    both = told(AllOf((IELTS_65, IELTS_70)))
    either = told(AnyOf((OF_NEPAL, IELTS_70)))

    assert both.count("is required") == 1
    assert "Nepal" in either or "IELTS Academic 7.0" in either
    assert either.endswith("To change it: raise your IELTS Academic score (overall +0.5).")


def test_what_nobody_can_change_is_said_to_be_so() -> None:
    assert told(OF_NEPAL) == (
        "Not met: This is for citizens of Nepal; you are a citizen of Bangladesh. "
        "Nothing that you could do would make it met."
    )


@pytest.fixture(scope="module")
def schedule() -> Schedule:
    programme = next(one for one in bundled_programmes() if one.key == "rwth-software-systems-engineering-msc")
    zones = SystemZones()
    target = find_target(programme, TargetRef(programme.id, "winter", date(2027, 10, 1)), zones.named, "Asia/Dhaka")
    return schedule_for([target], profile(), bundled_rulebook(), ON, zones.version)


def test_who_is_late_reads_by_how_much_why_and_what_decides(schedule: Schedule) -> None:
    english, bangla = (told_outlook(schedule.outlook, schedule, words) for words in (ENGLISH, BANGLA))

    assert english.startswith(f"Late by {-schedule.outlook.slack} days: you arrive on ")
    assert "What decides: Get the passport right" in english
    assert "Register in the embassy's waiting list, and wait (570 days) → " in english
    assert english.count("you arrive on") == 1
    assert "দিন দেরি: আপনি পৌঁছাবেন" in bangla
    assert "দূতাবাসের অপেক্ষার তালিকায় নাম লেখান, আর অপেক্ষা করুন (৫৭০ দিন) → " in bangla


@pytest.mark.parametrize(
    ("outcome", "slack", "beginning"),
    [
        (Outcome.ON_TIME, 1, "On time: you arrive on 1 September 2027, 1 day before studies begin on 1 October 2027."),
        (Outcome.ON_TIME, 0, "On time: you arrive on 1 September 2027, the very day"),
        (Outcome.AT_RISK, 30, "In time if all goes as usual, but at risk: you arrive on 1 September 2027, 30 days"),
        (Outcome.AT_RISK, 0, "In time if all goes as usual, but at risk: you arrive on 1 September 2027, the very day"),
        (Outcome.LATE, -1, "Late by 1 day: you arrive on 1 September 2027"),
        (Outcome.LATE, 30, "Too late, although you would arrive on 1 September 2027"),
    ],
)
def test_every_outcome_has_its_words(schedule: Schedule, outcome: Outcome, slack: int, beginning: str) -> None:
    arrives = date(2027, 9, 1)
    outlook = replace(schedule.outlook, outcome=outcome, slack=slack, arrives_on=arrives, reasons=(), chain=())

    assert told_outlook(outlook, schedule, ENGLISH).startswith(beginning)


def test_a_window_that_is_missed_as_things_stand_is_never_told_as_in_time(schedule: Schedule) -> None:
    missed = Reason("risk.window_missed", {"days": 117, "closes_on": "2027-01-06", "waits_for": "DE10"}, "DE13")
    outlook = replace(schedule.outlook, outcome=Outcome.AT_RISK, slack=103, reasons=(missed,))

    said = told_outlook(outlook, schedule, ENGLISH)
    assert said.startswith("Not in time as things stand: you would arrive on ")
    assert "The embassy's window closes on 6 January 2027" in said
    assert told_outlook(outlook, schedule, BANGLA).startswith("এখনকার হিসাবে সময়মতো নয়: ")
    drawn = TimelineWords(replace(timeline_of(schedule), outlook=outlook), ENGLISH)
    assert drawn.outcome.startswith("Not in time as things stand: the embassy's window is missed.")


def test_the_next_safe_intake_is_named_or_said_not_to_be_known(schedule: Schedule) -> None:
    later = LaterStart("summer", date(2028, 4, 1), schedule.lead.apply_by)

    assert told_next_safe(replace(later, apply_by=None), ENGLISH) == (
        "The next safe intake: summer 2028, from 1 April 2028."
    )
    assert told_next_safe(replace(later, apply_by=None), BANGLA) == (
        "এর পরের নিরাপদ ইনটেক: গ্রীষ্মকালীন ২০২৮, শুরু ১ এপ্রিল ২০২৮।"
    )
    assert "; apply by " in told_next_safe(later, ENGLISH)
    assert told_next_safe(None, ENGLISH).startswith("No later intake of this programme is known")


def test_a_step_of_no_schedule_keeps_its_name(schedule: Schedule) -> None:
    outlook = replace(schedule.outlook, chain=("ZZ9@nowhere",))

    assert "What decides: ZZ9@nowhere." in told_outlook(outlook, schedule, ENGLISH)
