"""Stops of study visas by nationality: United Kingdom from 26 March 2026, United States from 1 January 2026 (M)."""

from dataclasses import replace
from datetime import date

import pytest

from higherstudy.adapters.bundled.catalogue import bundled_programmes
from higherstudy.adapters.bundled.packs import bundled_rulebook
from higherstudy.adapters.system.zones import SystemZones
from higherstudy.domain.matching.evidence import Evidence
from higherstudy.domain.matching.judging import judge_programme
from higherstudy.domain.matching.verdict import Finding, Standing
from higherstudy.domain.planning.closures import closure_reasons
from higherstudy.domain.planning.making import schedule_for
from higherstudy.domain.planning.schedule import Outcome, Report, Schedule
from higherstudy.domain.planning.target import Target, target_of
from higherstudy.domain.profile.profile import Profile

RULES, ZONES = bundled_rulebook(), SystemZones()
GB, US = "gb.study_visas.stopped.2026-03", "us.proclamation-10998.2026-01"

# country, citizenships, day: the stop that meets such a person, and whether it does so for certain
CASES: dict[str, tuple[str, tuple[str, ...] | None, str, str | None, bool | None]] = {
    "the day before it begins": ("GB", ("SD",), "2026-03-25", None, None),
    "the day on which it begins": ("GB", ("SD",), "2026-03-26", GB, True),
    "Afghanistan": ("GB", ("AF",), "2026-09-01", GB, True),
    "Cameroon": ("GB", ("CM",), "2026-09-01", GB, True),
    "Myanmar": ("GB", ("MM",), "2026-09-01", GB, True),
    "Bangladesh and the United Kingdom": ("GB", ("BD",), "2026-09-01", None, None),
    "two citizenships, one of them stopped": ("GB", ("BD", "SD"), "2026-09-01", GB, None),
    "a citizenship that nobody stated": ("GB", None, "2026-09-01", GB, None),
    "no citizenship at all": ("GB", (), "2026-09-01", None, None),
    "the last day before the proclamation": ("US", ("NG",), "2025-12-31", None, None),
    "Nigeria under the proclamation": ("US", ("NG",), "2026-01-01", US, True),
    "Bangladesh under the proclamation": ("US", ("BD",), "2026-09-01", None, None),
    "India under the proclamation": ("US", ("IN",), "2026-09-01", None, None),
    "Pakistan under the proclamation": ("US", ("PK",), "2026-09-01", None, None),
    "a country that may be on the list": ("US", ("KE",), "2026-09-01", US, None),
    "another country": ("DE", ("SD",), "2026-09-01", None, None),
}


@pytest.mark.parametrize("case", CASES)
def test_a_stop_meets_whom_its_source_names_from_its_day_on(case: str) -> None:
    country, citizenships, day, closure, surely = CASES[case]

    found = RULES.closures_for(country, "master", citizenships, date.fromisoformat(day))

    assert [one.id for one in found] == ([closure] if closure else [])
    assert [one.shuts_out(citizenships) for one in found] == ([surely] if closure else [])


def verdict_on(day: str, *citizenships: str, stated: bool = True) -> tuple[Standing, list[Finding]]:
    """The standing of a programme in the United Kingdom, and what is said of stops."""
    programme = next(one for one in bundled_programmes() if one.institution.country == "GB")
    profile = Profile(citizenships=citizenships if stated else None)
    verdict = judge_programme(programme, Evidence(profile, date.fromisoformat(day)), RULES)
    return verdict.standing, [leaf for leaf in verdict.finding.leaves() if leaf.code.startswith("closure.")]


def test_a_stop_that_begins_between_two_dates_makes_the_later_verdict_not_met() -> None:
    _, before = verdict_on("2026-03-25", "SD")
    standing, after = verdict_on("2026-03-26", "SD")

    assert before == []
    assert (standing, [one.code for one in after]) == (Standing.NOT_MET, ["closure.suspended"])
    assert (after[0].rests_on, after[0].flip, after[0].confidence.value) == ((GB,), None, "M")


def test_while_no_citizenship_is_stated_a_stop_is_unknown_and_says_what_to_state() -> None:
    _, found = verdict_on("2026-09-01", stated=False)

    assert [(one.code, one.standing) for one in found] == [("closure.citizenship_not_stated", Standing.UNKNOWN)]
    assert [change.params for change in found[0].flip or ()] == [{"field": "citizenships"}]


def test_one_of_two_citizenships_makes_it_unknown() -> None:
    _, found = verdict_on("2026-09-01", "BD", "SD")

    assert [(one.code, one.standing) for one in found] == [("closure.perhaps", Standing.UNKNOWN)]


def plan(citizenship: str, today: date, applied_on: date) -> Schedule:
    """A plan for the United Kingdom that has come to biometrics on the day."""
    programme = next(one for one in bundled_programmes() if one.institution.country == "GB" and one.intakes)
    intake = programme.intakes[0]
    start = next(day for year in range(2027, 2030) if (day := intake.starts_in(year)) is not None)
    target: Target = replace(target_of(programme, intake, start, ZONES.named, "Asia/Dhaka"), apply_by=None)
    pathway = RULES.pathways["gb-student"]
    done = {
        f"{step.code}@{target.key}" if step.scope.value == "target" else step.code: Report(applied_on, applied_on)
        for step in pathway.steps
        if step.code not in ("UK11", "UK12")
    }
    return schedule_for([target], Profile(citizenships=(citizenship,)), RULES, today, ZONES.version, reports=done)


def test_a_plan_whose_papers_are_handed_in_under_a_stop_is_at_risk_and_says_so() -> None:
    under = plan("SD", date(2026, 4, 2), date(2026, 4, 1)).outlook
    before = plan("SD", date(2026, 3, 21), date(2026, 3, 20)).outlook

    assert (under.outcome, [one.code for one in under.reasons]) == (
        Outcome.AT_RISK,
        ["closure.suspended_at_lodgement"],
    )
    assert under.reasons[0].params["on"] == "2026-04-01"
    assert (before.outcome, before.reasons) == (Outcome.ON_TIME, ())


def test_a_list_that_was_not_read_whole_is_a_perhaps_in_a_plan() -> None:
    found = closure_reasons("US", "master", ("KE",), date(2026, 9, 1), RULES)

    assert [one.code for one in found] == ["closure.perhaps_at_lodgement"]
