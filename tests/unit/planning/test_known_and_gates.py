"""What is answered already, and what should be known before something that cannot be undone."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

import pytest

from higherstudy.adapters.bundled.packs import bundled_rulebook
from higherstudy.domain.planning.known import Known, known_steps
from higherstudy.domain.planning.schedule import PlannedStep, Report, State, reason
from higherstudy.domain.planning.scheduling import make_schedule
from higherstudy.domain.profile.profile import Passport, Profile, TestResult
from higherstudy.domain.rulebook.pack import Rulebook
from higherstudy.domain.rulebook.pathways import DEGREE, PASSPORT, Pathway
from higherstudy.domain.shared.errors import Reason
from networks import TODAY, situation, step, target, way
from study_builders import bachelor, profile

PATHWAY = way(
    step("PASS", documents_out=("passport",), answered_by=(PASSPORT,)),
    step("TEST", documents_out=("language_certificate",), answered_by=("IELTS_AC",)),
    step("FINISH", answered_by=(DEGREE,)),
    step("VISA", "PASS", "TEST", "FINISH", days=60, documents_in=("passport", "language_certificate")),
    step("END", "VISA", days=5),
)


@cache
def rules() -> Rulebook:
    return bundled_rulebook()


def planned(student: Profile, pathway: Pathway = PATHWAY, **changes: object) -> dict[str, PlannedStep]:
    known = known_steps((pathway,), student, (), rules(), TODAY)
    plan = make_schedule(situation(known=known, **changes), pathway, rules(), "")
    return {found.key: found for found in plan.steps}


def taken(on: date) -> tuple[TestResult, ...]:
    return (TestResult("IELTS_AC", on, Decimal("7.0")),)


def test_a_test_a_passport_and_a_degree_on_record_are_done_and_say_why() -> None:
    student = profile(tests=taken(date(2026, 9, 1)), passport=Passport("A1", date(2026, 1, 5), date(2036, 1, 4)))

    found = planned(student)

    states = {key: (one.state, one.answered.code if one.answered else None) for key, one in found.items()}
    assert states == {
        "PASS": (State.DONE, "known.passport"),
        "TEST": (State.DONE, "known.test"),
        "FINISH": (State.DONE, "known.degree"),
        "VISA": (State.TO_DO, None),
        "END": (State.TO_DO, None),
    }
    assert found["TEST"].finish == date(2026, 9, 1)
    assert found["VISA"].start == TODAY


def test_what_is_not_known_of_a_profile_answers_nothing() -> None:
    found = planned(Profile())

    assert {one.state for one in found.values()} == {State.TO_DO}


@pytest.mark.parametrize(
    ("good_until", "state"),
    [(TODAY + timedelta(days=10), State.DONE), (TODAY + timedelta(days=9), State.TO_DO)],
)
def test_an_answer_counts_only_while_it_is_good_on_the_last_day_of_its_use(good_until: date, state: State) -> None:
    known = Known(Report(finished_on=TODAY), reason("known.passport", "PASS"), good_until)

    plan = make_schedule(situation(known={"PASS": known}), PATHWAY, rules(), "")

    step_ = plan.step("PASS")
    assert step_ is not None
    assert step_.state is state  # the visa begins after ten days of the test
    assert (step_.answered is not None and step_.answered.code == "known.runs_out") is (state is State.TO_DO)


def test_a_test_that_has_run_out_answers_nothing() -> None:
    assert planned(profile(tests=taken(date(2024, 11, 22))))["TEST"].state is State.TO_DO


@pytest.mark.parametrize(("taken_on", "state"), [(date(2024, 12, 2), State.TO_DO), (date(2024, 12, 3), State.DONE)])
def test_a_test_that_runs_out_between_application_and_visa_has_to_be_taken_again(taken_on: date, state: State) -> None:
    """Two years from the day of the test: the visa papers go in on 3 December 2026, when the passport is there."""
    found = planned(profile(tests=taken(taken_on), passport=None))

    assert found["TEST"].state is state


def test_a_report_goes_before_what_the_profile_answers() -> None:
    student = profile(passport=Passport("A1", date(2026, 1, 5), date(2036, 1, 4)))

    renewing = planned(student, reports={"PASS": Report(started_on=TODAY)})
    not_done = planned(student, reports={"PASS": Report()})

    assert (renewing["PASS"].state, not_done["PASS"].state) == (State.IN_PROGRESS, State.TO_DO)


def test_a_degree_that_is_still_to_be_finished_answers_nothing() -> None:
    student = profile(qualifications=(replace(bachelor(), finished_on=date(2027, 6, 1)),))

    assert planned(student)["FINISH"].state is State.TO_DO


GATED = way(
    step("OFFER", days=20),
    step("VISA", "OFFER", days=60),
    step("QUIT", days=0, irreversible=True, known_first=("VISA",)),
    step("PAY", "OFFER", days=3, irreversible=True, known_first=("money_proof",)),
    step("END", "VISA", "QUIT", "PAY", days=5),
)


def gates(**changes: object) -> dict[str, str]:
    plan = make_schedule(situation(**changes), GATED, rules(), "")
    return {found.key: found.gate.code for found in plan.steps if found.gate}


DONE = Report(finished_on=TODAY)


def test_a_job_is_not_given_up_before_the_visa_is_there() -> None:
    assert gates() == {"QUIT": "gate.not_yet", "PAY": "gate.not_yet"}
    assert gates(reports={"OFFER": DONE, "VISA": DONE})["QUIT"] == "gate.safe_now"


def test_nothing_is_paid_before_what_must_be_known_is_stated() -> None:
    assert gates(reports={"OFFER": DONE})["PAY"] == "gate.not_known"
    assert gates(reports={"OFFER": DONE}, circumstances={"money_proof": "scholarship"})["PAY"] == "gate.safe_now"


@pytest.mark.parametrize(("begins_in", "gate"), [(5, "gate.safe_now"), (4, "gate.too_late")])
def test_nothing_that_cannot_be_undone_is_safe_for_studies_for_which_one_comes_too_late(
    begins_in: int, gate: str
) -> None:
    known = {"reports": {"OFFER": DONE, "VISA": DONE}, "circumstances": {"money_proof": "scholarship"}}
    made = make_schedule(situation(target(begins_in=begins_in + 3), **known), GATED, rules(), "")

    paying = next(one for one in made.steps if one.key == "PAY")
    assert paying.gate == Reason(gate, {} if gate == "gate.safe_now" else {"days": 1}, "PAY")


def test_what_is_done_or_can_be_undone_has_no_gate() -> None:
    assert gates(reports={"OFFER": DONE, "PAY": DONE}) == {"QUIT": "gate.not_yet"}


def test_the_gate_names_what_it_waits_for() -> None:
    plan = make_schedule(situation(target()), GATED, rules(), "")

    quitting = plan.step("QUIT")
    assert quitting is not None
    assert quitting.gate is not None
    assert quitting.gate.params["waits_for"] == "VISA"
