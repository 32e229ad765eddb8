"""Every bundled pathway makes a plan, for a programme of the bundled catalogue and a student whom it is made for."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from higherstudy.adapters.bundled.catalogue import bundled_programmes
from higherstudy.adapters.bundled.packs import bundled_rulebook
from higherstudy.adapters.system.zones import SystemZones
from higherstudy.domain.funding.need import money_needs
from higherstudy.domain.planning.leaning import papers_lean_on, plan_leans_on
from higherstudy.domain.planning.making import schedule_for
from higherstudy.domain.planning.schedule import Schedule
from higherstudy.domain.planning.target import target_of
from higherstudy.domain.planning.target_case import cases_of, check_papers
from higherstudy.domain.profile.profile import Profile, Residence
from higherstudy.domain.rulebook.conditions import Circumstance
from higherstudy.domain.rulebook.facts import Scope
from higherstudy.domain.rulebook.layers import Layer
from higherstudy.domain.rulebook.leaning import packs_leaned_on
from higherstudy.domain.rulebook.pack import Rulebook, RulePack
from higherstudy.domain.rulebook.pathways import Pathway

RULES, ZONES, TODAY = bundled_rulebook(), SystemZones(), date(2026, 11, 23)


def plan(pathway: Pathway, nationality: str = "BD", **circumstances: Circumstance) -> Schedule:
    """A plan along the pathway; a programme of another level or country serves where the catalogue has none with
    intakes of its own."""
    offered = [one for one in bundled_programmes() if one.intakes]
    country = [one for one in offered if one.institution.country == pathway.country] or offered
    programme = next((one for one in country if one.level.value == pathway.level), country[0])
    starts = (intake.starts_in(year) for intake in programme.intakes for year in range(2028, 2032))
    start = next(day for day in starts if day is not None)
    target = target_of(programme, programme.intakes[0], start, ZONES.named, "Asia/Dhaka")
    level = pathway.level or target.level
    circumstances_of_target = {**target.circumstances, "level": level}
    target = replace(target, country=pathway.country, level=level, apply_by=None, circumstances=circumstances_of_target)
    profile = Profile(
        citizenships=(nationality,), residence=Residence(nationality, "Asia/Dhaka"), circumstances=circumstances
    )
    return schedule_for([target], profile, RULES, TODAY, ZONES.version)


@pytest.mark.parametrize("name", sorted(RULES.pathways))
def test_a_pathway_makes_a_plan_that_ends_with_the_arrival(name: str) -> None:
    pathway = RULES.pathways[name]

    found = plan(pathway, *pathway.nationality[:1])

    assert found.pathway == name
    assert found.outlook.arrives_on > TODAY
    assert found.critical_path[-1].task.step.code == pathway.arrival_step


@pytest.mark.parametrize("name", sorted(RULES.pathways))
def test_passport_language_test_and_transcripts_are_known_as_the_same_in_every_country(name: str) -> None:
    steps = RULES.pathways[name].steps

    common = sorted(step.common.removesuffix("_without_visa") for step in steps if step.common)
    assert common == ["language_test", "passport", "transcripts"]


def codes(found: Schedule) -> set[str]:
    return {step.task.step.code for step in found.steps}


def test_a_tuberculosis_test_is_planned_for_residents_of_the_countries_that_are_known_to_need_one() -> None:
    found = plan(RULES.pathways["gb-student"], "BD", atas_needed=False)

    assert "UK7" in codes(found)
    assert "UK4" not in codes(found)


def test_while_it_is_not_known_whether_a_test_is_needed_it_stays_in_the_plan_and_says_so() -> None:
    step = plan(RULES.pathways["gb-student"], "NP").step("UK7")

    assert step is not None
    assert step.task.depends_on_unknown == ("tb_test_needed",)


@pytest.mark.parametrize(
    ("level", "sector", "needed"),
    [("bachelor", "public", True), ("master", "public", False), ("master", "private", True)],
)
def test_a_master_at_a_public_school_in_canada_needs_no_attestation_letter(
    level: str, sector: str, needed: bool
) -> None:
    condition = next(step for step in RULES.pathways["ca-study-permit"].steps if step.code == "CA2").only_if
    assert condition is not None

    assert condition.answer({"level": level, "university_sector": sector}).holds is needed


def test_an_aps_certificate_is_planned_from_india_and_not_from_pakistan_and_both_use_the_portal() -> None:
    india = {step.code for step in RULES.pathways["de-india-master"].steps}
    pakistan = {step.code for step in RULES.pathways["de-pakistan-master"].steps}

    assert ("DE5" in india, "DE5" in pakistan) == (True, False)
    assert {"DEP1", "DEP2"} <= india & pakistan
    assert "DE2" not in india | pakistan


@pytest.mark.parametrize(
    ("pathway", "step"),
    [("gb-student", "UK9"), ("us-f1", "US6"), ("ca-study-permit", "CA5"), ("au-500", "AU5"), ("nl-master", "NL4")],
)
def test_the_day_of_the_visa_application_is_that_of_the_step_by_which_one_applies(pathway: str, step: str) -> None:
    found = plan(RULES.pathways[pathway])
    applied = found.step(step)

    assert applied is not None
    assert found.lodged_on() == applied.start


@pytest.mark.parametrize("name", sorted(one.id for one in RULES.pathways.values() if one.checklist))
def test_the_papers_are_good_and_the_money_is_there_on_one_day_that_of_the_application(name: str) -> None:
    pathway = RULES.pathways[name]

    (case,) = cases_of(plan(pathway, *pathway.nationality[:1]), RULES)

    assert case.used_on == case.lodged_on


@pytest.mark.parametrize("name", sorted(set(RULES.pathways) - {"de-dhaka-master"}))
def test_a_plan_and_its_papers_lean_on_nothing_of_a_mission_where_the_student_does_not_apply(name: str) -> None:
    pathway = RULES.pathways[name]
    made = plan(pathway, *(pathway.nationality or ("IN",))[:1])

    (case,) = cases_of(made, RULES)

    checked = check_papers(case, (), RULES, TODAY)
    papers = papers_lean_on(checked.checklist, checked.items) if checked else ()
    steps = [one.task.step for one in made.steps]
    of_steps = [f"document:{code}" for step in steps for code in (*step.documents_in, *step.documents_out)]
    names = (*plan_leans_on(made, case.money(None, RULES), RULES), *papers, *of_steps)
    own = {pack.id for pack in RULES.packs if any(one.country == pathway.country for one in pack.pathways)}
    found = {pack.id for pack in packs_leaned_on(RULES, names)}
    assert found <= (own | {"papers"}) - {"de-dhaka-master"}


@pytest.mark.parametrize(
    ("country", "on", "amount", "a_month"),
    [
        ("GB", date(2026, 6, 1), "GBP 13,761.00", "GBP 1,529.00"),
        ("NL", date(2026, 6, 1), "EUR 13,572.00", "EUR 1,131.00"),
        ("AU", date(2026, 6, 1), "AUD 29,710.00", "None"),
        ("CA", date(2026, 6, 1), "CAD 22,895.00", "None"),
    ],
)
def test_a_plan_says_what_money_its_country_wants_to_see(country: str, on: date, amount: str, a_month: str) -> None:
    (found,) = money_needs(Scope(country, level="master"), on, {}, None, RULES)

    assert (str(found.amount), str(found.a_month)) == (amount, a_month)


def start_of(found: Schedule, key: str) -> date:
    return next(step.start for step in found.steps if step.key == key)


def test_a_british_visa_is_planned_for_the_last_six_months_before_studies_and_the_money_with_it() -> None:
    """GOV.UK: one applies at most six months before the course begins, and holds the money in the weeks before."""
    found = plan(RULES.pathways["gb-student"])

    starts = found.lead.starts_on
    opens = date(starts.year, starts.month - 6, starts.day)
    assert (starts, opens) == (date(2028, 9, 1), date(2028, 3, 1))
    assert start_of(found, "UK6") == opens
    assert opens < start_of(found, "UK9") == found.lodged_on() < starts


def test_nobody_enters_the_united_states_earlier_than_thirty_days_before_studies() -> None:
    found = plan(RULES.pathways["us-f1"])

    assert (found.lead.starts_on - start_of(found, "US8")).days == 30
    assert (found.lead.starts_on - start_of(found, "US6")).days == 365


def test_the_money_of_a_plan_is_what_the_school_itself_asks_for_where_it_asks_for_more() -> None:
    german = plan(RULES.pathways["de-dhaka-master"])
    school = german.lead.institution
    own = replace(
        RULES.fact("de.blocked_account.monthly.2024-09"),
        id="school",
        value=Decimal(1010),
        scope=Scope("DE", institution=school),
    )
    pack = RulePack("school", "School", "1", date(2099, 1, 1), "0", (own,), layer=Layer.INSTITUTION)
    rules = Rulebook((*RULES.packs, pack))

    (case,) = cases_of(german, rules)

    assert [need.rests_on for need in case.money(None, rules)] == [("school",)]
    assert [need.rests_on for need in case.money(None, RULES)] == [("de.blocked_account.monthly.2024-09",)]
