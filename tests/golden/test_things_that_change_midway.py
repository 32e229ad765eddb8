"""What happens between the beginning of a plan and its end: a new passport, a test that runs out, a way that is shut.

Sources: the pack of Dhaka (SiGBa 2025; appointment system of the missions; British Council) and the stop of study visas
in the United Kingdom from 26 March 2026 (several pages, M), each as the packs name them.
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from builders import a_document, a_version
from higherstudy.adapters.bundled.catalogue import bundled_programmes
from higherstudy.adapters.bundled.messages import Messages
from higherstudy.adapters.bundled.packs import bundled_rulebook
from higherstudy.adapters.system.zones import SystemZones
from higherstudy.domain.catalogue.requirement import TestNeeded
from higherstudy.domain.documents.checklist import CheckedItem, check_items
from higherstudy.domain.documents.document import Document
from higherstudy.domain.documents.document import Stated as OnPaper
from higherstudy.domain.documents.judging import Usability
from higherstudy.domain.matching.evidence import Days, Evidence
from higherstudy.domain.matching.judging import judge_programme
from higherstudy.domain.matching.verdict import Finding, Layer, Standing, Validity
from higherstudy.domain.planning.making import Surroundings, schedule_for
from higherstudy.domain.planning.renewal import renewal_notices
from higherstudy.domain.planning.schedule import PlannedStep, Report, Schedule, State
from higherstudy.domain.planning.target import Target, target_of
from higherstudy.domain.planning.target_case import cases_of
from higherstudy.domain.profile.profile import Passport, Profile
from higherstudy.domain.rulebook.conditions import Circumstances
from networks import target
from study_builders import STATED, ielts, profile, programme

RULES, ZONES = bundled_rulebook(), SystemZones()
TODAY = date(2026, 11, 23)
OLD, NEW = Passport("A1", date(2018, 3, 1), date(2028, 2, 28)), Passport("B2", date(2026, 11, 20), date(2036, 11, 19))
# She joined the queue with the old passport in June 2025: 570 days on, it calls on 30 December 2026.
QUEUED = {"DE2": Report(date(2025, 6, 8))}
STUDIES = target(begins_in=(date(2027, 10, 1) - TODAY).days)


def plan(student: Profile, *papers: Document, **reports: Report) -> Schedule:
    around = Surroundings(documents=papers)
    return schedule_for([STUDIES], student, RULES, TODAY, "", reports={**QUEUED, **reports}, around=around)


def step(found: Schedule, key: str) -> PlannedStep:
    one = found.step(key)
    assert one is not None
    return one


def checked(circumstances: Circumstances, *papers: Document, on: date) -> dict[str, CheckedItem]:
    pack = RULES.checklists["de-dhaka-master-sigba"]
    return {one.item.code: one for one in check_items(pack, circumstances, papers, RULES.document_kinds, on)}


def passport_paper(passport: Passport, number: int) -> Document:
    stated = OnPaper(passport.issued_on, passport.expires_on)
    return a_document("passport", a_version(stated=stated), number=number)


# -------------------------------------------------------- a passport that is renewed while she waits in the queue


def test_a_passport_that_ends_before_its_last_use_has_to_be_made_anew_and_the_plan_says_since_when() -> None:
    short = replace(OLD, expires_on=date(2027, 3, 1))

    found = plan(profile(passport=short))

    passport = step(found, "DE1")
    assert passport.state is State.TO_DO
    assert passport.answered is not None
    assert (passport.answered.code, passport.answered.params) == ("known.runs_out", {"good_until": "2027-03-01"})
    assert step(found, "DE18").start > date(2027, 3, 1)  # settling in is the last step that takes a passport


def test_the_new_passport_answers_the_step_on_the_day_on_which_it_was_issued() -> None:
    passport = step(plan(profile(passport=NEW)), "DE1")

    assert (passport.state, passport.finish) == (State.DONE, date(2026, 11, 20))
    assert passport.answered is not None
    assert passport.answered.params == {"expires_on": "2036-11-19"}


def test_a_renewal_under_way_is_work_to_finish_though_the_old_passport_is_still_good() -> None:
    found = plan(profile(passport=OLD), DE1=Report(date(2026, 11, 10)))

    assert (step(found, "DE1").state, step(found, "DE1").answered) == (State.IN_PROGRESS, None)
    assert step(found, "DE2").state is State.IN_PROGRESS  # her place in the queue stays


def test_the_place_in_the_queue_names_that_it_needs_the_number_of_the_new_passport() -> None:
    queue = step(plan(profile(passport=NEW)), "DE2").task.step

    assert "de.waiting_list.dhaka.exact_match" in queue.facts
    fact = RULES.fact("de.waiting_list.dhaka.exact_match")
    assert fact.value is True
    assert "renewed passport makes the place worthless until the entry is put right" in fact.note
    assert "correct the entry if your passport changes" in queue.advice


def test_everything_that_was_made_with_the_old_passport_can_be_told_from_the_pathway() -> None:
    made_with_it = [one.code for one in RULES.pathways["de-dhaka-master"].steps if "passport" in one.documents_in]

    assert made_with_it == ["DE2", "DE9", "DE10", "DE10B", "DE11", "DE12", "DE13", "DE14", "DE15", "DE18"]
    rules = {rule.code: rule.text for rule in RULES.checklists["de-dhaka-master-sigba"].rules}
    assert "passport" in rules["newest_passport_number_everywhere"].lower()


def test_at_the_counter_the_new_passport_serves_and_the_older_ones_come_along() -> None:
    old, new = passport_paper(replace(OLD, expires_on=date(2027, 1, 1)), 1), passport_paper(NEW, 2)
    visit = date(2027, 1, 11)

    with_both = checked({"several_passports": True}, old, new, on=visit)["passport"]
    with_the_old = checked({"several_passports": False}, old, on=visit)["passport"]

    assert (with_both.judgement.usability, with_both.judgement.document) == (Usability.USABLE, new)
    assert with_both.adds == ("older_passports",)
    assert (with_the_old.judgement.usability, with_the_old.adds) == (Usability.EXPIRED, ())


def told(student: Profile, *papers: Document, **reports: Report) -> dict[str, str]:
    """What is said of each paper that names the passport, by its kind; nothing for the older passports themselves."""
    found = plan(student, *papers, **reports)
    notices = renewal_notices(cases_of(found, RULES), found, student, papers, RULES)
    return {str(one.params["document"]): one.code.removeprefix("passport_renewed.") for one in notices}


STOOD = {"DE7": Report(None, date(2026, 11, 1)), "DE10": Report(date(2026, 11, 3)), "DE12": Report(date(2026, 11, 5))}


def test_each_paper_that_bears_the_old_number_is_named_with_what_becomes_of_it() -> None:
    assert told(profile(passport=NEW), **STOOD) == {
        "waiting_list_reference": "put_right",
        "blocked_account_contract": "ask",
        "blocked_account": "ask",
        "visa_form": "make_anew",
        "declaration_consent": "make_anew",
        "older_passports": "take_along",
    }


def test_what_was_made_with_the_newest_passport_is_not_named() -> None:
    first = replace(OLD, issued_on=date(2018, 3, 1))
    since = {"DE10": Report(date(2026, 11, 20)), "DE12": Report(date(2026, 11, 21))}

    assert told(profile(passport=first), **STOOD) == {}
    assert set(told(profile(passport=NEW), **since)) == {"waiting_list_reference", "older_passports"}


def test_a_renewal_that_is_under_way_or_has_to_come_is_told_of_before() -> None:
    soon_over = replace(OLD, expires_on=date(2027, 3, 1))

    under_way = told(profile(passport=OLD), DE1=Report(date(2026, 11, 10)))
    to_come = told(profile(passport=soon_over))
    expired = told(profile(passport=replace(OLD, expires_on=date(2026, 11, 22))))

    assert under_way == to_come == expired == {"waiting_list_reference": "put_right", "older_passports": "take_along"}


def test_a_paper_at_hand_is_told_of_by_its_own_day_and_not_once_it_is_issued_again() -> None:
    form = a_document("visa_form", a_version(stated=OnPaper(date(2026, 10, 1))), number=1)
    again = a_document("visa_form", a_version(stated=OnPaper(date(2026, 11, 21))), number=2)
    entry = a_document("waiting_list_reference", a_version(stated=OnPaper(date(2026, 11, 22))), number=3)

    assert told(profile(passport=NEW), form)["visa_form"] == "make_anew"
    assert "visa_form" not in told(profile(passport=NEW), form, again)
    assert told(profile(passport=NEW), entry) == {}


def test_nothing_is_said_where_no_day_of_the_passport_is_known() -> None:
    undated = told(profile(passport=replace(NEW, issued_on=None)))

    assert undated == told(profile(passport=None)) == {}


def test_the_notice_names_paper_and_step_in_words() -> None:
    found = plan(profile(passport=NEW))
    first, *_ = renewal_notices(cases_of(found, RULES), found, profile(passport=NEW), (), RULES)

    assert first.where == "DE2"
    said = Messages(rulebook=lambda: RULES).reason(first)
    assert said.startswith("New passport: Mail with the reference number of the waiting list bears the number")


# -------------------------------------------------------- an IELTS of 13 September 2025: it counts to that day of 2027

LAST, APPLIED, VISIT = date(2027, 9, 13), date(2027, 5, 31), date(2027, 10, 20)
NEEDED = TestNeeded(STATED, "IELTS_AC", Decimal("6.5"))


def verdict(days: Days) -> Finding:
    return judge_programme(programme(NEEDED), Evidence(profile(tests=(ielts(),)), TODAY, days=days), RULES).finding


CASES: dict[str, tuple[Days, Standing, str, str]] = {
    # application, enrolment, appointment: standing, what is said, how long the result had run out
    "in time for both": (Days(APPLIED, date(2027, 8, 1), LAST), Standing.MET, "test.good_enough", ""),
    "a day too late for the visit": (
        Days(APPLIED, date(2027, 10, 1), date(2027, 9, 14)), Standing.NOT_MET, "test.run_out_for_mission", "1 day",
    ),
    "37 days too late for the visit": (
        Days(APPLIED, date(2027, 10, 1), VISIT), Standing.NOT_MET, "test.run_out_for_mission", "37 days",
    ),
    "enrolled while it counted": (Days(APPLIED, date(2027, 9, 1), VISIT), Standing.MET, "test.good_enough", ""),
    "enrolment not known": (Days(APPLIED, None, VISIT), Standing.UNKNOWN, "test.enrolment_day_decides", ""),
    "too late for the application": (
        Days(date(2027, 9, 14), date(2027, 9, 1), VISIT), Standing.NOT_MET, "test.run_out", "1 day",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_an_ielts_is_held_against_the_day_of_the_visit(case: str) -> None:
    days, standing, code, distance = CASES[case]

    found = verdict(days)

    assert (found.standing, found.code, found.distance) == (standing, code, distance)
    if code == "test.run_out_for_mission":
        assert days.appointment is not None
        assert found.validity == Validity(Layer.MISSION, days.appointment, LAST)
        assert [change.code for change in found.flip or ()] == ["retake_test"]


def test_an_ielts_that_ran_out_after_enrolment_needs_the_embassys_statement_on_the_list_too() -> None:
    notices = verdict(Days(APPLIED, date(2027, 9, 1), VISIT)).notices
    ran_out = checked({"test_expired_after_enrolment": True}, on=VISIT)["ielts"]
    counts = checked({"test_expired_after_enrolment": False}, on=VISIT)["ielts"]

    assert [one.params["document"] for one in notices] == ["embassy_ielts_statement"]
    assert (ran_out.adds, counts.adds) == (("embassy_ielts_statement",), ())


@pytest.mark.parametrize(("day", "usability"), [(LAST, Usability.USABLE), (date(2027, 9, 14), Usability.EXPIRED)])
def test_the_certificate_is_good_for_the_visit_until_its_last_day(day: date, usability: Usability) -> None:
    certificate = a_document("language_certificate", a_version(stated=OnPaper(date(2025, 9, 13))), number=3)

    assert checked({}, certificate, on=day)["ielts"].judgement.usability is usability


def test_the_plan_asks_for_the_test_again_where_the_visit_comes_after_its_last_day() -> None:
    """The queue called late: joined on 1 May 2026, it calls 570 days on, on 22 November 2027."""
    late = {"DE2": Report(date(2026, 5, 1))}

    again = step(plan(profile(tests=(ielts(),)), **late), "DE3")
    not_again = step(plan(profile(tests=(ielts(),))), "DE3")

    assert (again.state, not_again.state) == (State.TO_DO, State.DONE)
    assert again.answered is not None
    assert again.answered.code == "known.runs_out"
    assert again.answered.params["good_until"] == LAST.isoformat()  # the day that the verdict names too


# -------------------------------------------------------- a stop that begins while she prepares


def british(citizenship: str, today: date) -> Schedule:
    """A plan for the United Kingdom of somebody who holds the CAS and has only to apply for the visa."""
    offer = next(one for one in bundled_programmes() if one.institution.country == "GB" and one.intakes)
    intake = offer.intakes[0]
    start = next(day for year in range(2026, 2030) if (day := intake.starts_in(year)) is not None)
    aim: Target = replace(target_of(offer, intake, start, ZONES.named, "Asia/Dhaka"), apply_by=None)
    left = ("UK9", "UK10", "UK11", "UK12")
    done = {
        f"{one.code}@{aim.key}" if one.scope.value == "target" else one.code: Report(date(2026, 3, 1), date(2026, 3, 1))
        for one in RULES.pathways["gb-student"].steps
        if one.code not in left
    }
    return schedule_for([aim], Profile(citizenships=(citizenship,)), RULES, today, ZONES.version, reports=done)


# citizenship, the day on which the plan is looked at: the day of handing in, and the day since when the way is shut
STOPS = {
    "Sudan, a day before": ("SD", date(2026, 3, 25), date(2026, 3, 25), False),
    "Sudan, on the day": ("SD", date(2026, 3, 26), date(2026, 3, 26), True),
    "Sudan, a month later": ("SD", date(2026, 4, 26), date(2026, 4, 26), True),
    "Bangladesh, a month later": ("BD", date(2026, 4, 26), date(2026, 4, 26), False),
}


@pytest.mark.parametrize("case", STOPS)
def test_a_plan_made_before_a_stop_says_so_once_the_papers_would_be_handed_in_under_it(case: str) -> None:
    citizenship, today, handed_in, shut = STOPS[case]

    found = british(citizenship, today)

    assert found.lodged_on() == handed_in
    stops = [one for one in found.outlook.reasons if one.code.startswith("closure.")]
    assert [one.code for one in stops] == (["closure.suspended_at_lodgement"] if shut else [])
