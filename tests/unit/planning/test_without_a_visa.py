"""Citizens who need no visa: which way they go, with which passport, and what does not concern them."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from worlds import World, owned

from builders import a_case, a_deadline, a_profile, a_programme, an_application
from higherstudy.adapters.bundled.messages import Messages
from higherstudy.adapters.bundled.packs import BundledRulePacks, bundled_rulebook
from higherstudy.adapters.memory.clock import MemoryClock
from higherstudy.domain.applications.policies import deadline_of
from higherstudy.domain.catalogue.intake import Audience
from higherstudy.domain.planning.making import find_pathways, schedule_for
from higherstudy.domain.planning.routes import visa_notices
from higherstudy.domain.planning.schedule import State
from higherstudy.domain.planning.target import Target, TargetRef
from higherstudy.domain.planning.target_case import cases_of
from higherstudy.domain.planning.use_cases.keeping import MakePlan
from higherstudy.domain.planning.use_cases.planned import PlanToday
from higherstudy.domain.profile.profile import Passport
from higherstudy.domain.rulebook.closures import Closing, Closure
from higherstudy.domain.rulebook.facts import Fact, Scope
from higherstudy.domain.rulebook.free_entry import VISA_NEEDED, leads_without_visa, needs_visa, pathway_of
from higherstudy.domain.rulebook.pack import Rulebook, RulePack
from higherstudy.domain.shared.errors import Reason, RuleBroken
from higherstudy.domain.shared.sources import Confidence
from networks import step, target, way
from study_builders import PAGE, profile, programme

RULES = bundled_rulebook()
WINTER = date(2028, 10, 1)
NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)


def in_(country: str, level: str = "master") -> Target:
    return replace(target(country=country), level=level)


def way_of(country: str, *people: str, level: str = "master") -> str:
    found = pathway_of(country, level, people, RULES, WINTER)
    return found.id if found else ""


def notices(aim: Target, *people: str) -> tuple[Reason, ...]:
    student = profile(citizenships=people)
    return visa_notices([aim], find_pathways([aim], student, RULES), student, RULES)


@pytest.mark.parametrize(
    ("country", "people", "expected"),
    [
        ("DE", ("IT",), "de-free-movement"),
        ("DE", ("BD", "IT"), "de-free-movement"),
        ("DE", ("CH",), "de-free-movement"),
        ("DE", ("DE", "IN"), "de-free-movement"),
        ("DE", ("BD",), "de-dhaka-master"),
        ("DE", ("US",), ""),  # who needs no visa to enter, but a permit afterwards
        ("NL", ("BD", "NO"), "nl-free-movement"),
        ("NL", ("BD",), "nl-master"),
        ("GB", ("IE",), "gb-common-travel-area"),
        ("GB", ("FR",), "gb-student"),
        ("IE", ("GB",), "ie-common-travel-area"),
        ("IE", ("BD",), ""),
        ("AU", ("NZ",), "au-new-zealand"),
        ("AU", ("NZ", "AU"), "au-citizen"),
        ("AU", ("GB",), "au-500"),
    ],
)
def test_of_several_citizenships_the_one_that_needs_no_visa_leads(
    country: str, people: tuple[str, ...], expected: str
) -> None:
    assert way_of(country, *people) == expected


def test_a_citizen_of_the_union_finds_a_way_to_every_level() -> None:
    ways = {way_of(country, "IT", level=level) for country in ("DE", "NL") for level in ("bachelor", "master", "phd")}

    assert ways == {"de-free-movement", "nl-free-movement"}


@pytest.mark.parametrize("country", sorted({one.country for one in RULES.pathways.values()}))
def test_a_student_in_her_own_country_has_a_way_to_every_level_and_hears_of_no_visa_step(country: str) -> None:
    for level in ("bachelor", "master", "phd"):
        at_home = pathway_of(country, level, [country], RULES, WINTER)

        assert at_home is not None
        assert leads_without_visa(at_home, RULES, WINTER)
        (said,) = notices(in_(country, level), country)
        assert said == Reason("route.no_visa_at_home", {"country": country, "nationality": country}, "targets")


def test_a_stop_of_study_visas_puts_nobody_at_risk_who_goes_without_one() -> None:
    def outlook(*people: str) -> set[str]:
        found = schedule_for([replace(in_("US"), starts_on=WINTER)], profile(citizenships=people), RULES, TODAY, "")
        return {one.code for one in found.outlook.reasons if one.code.startswith("closure.")}

    assert outlook("FR") == {"closure.perhaps_at_lodgement"}
    assert outlook("NG") == {"closure.suspended_at_lodgement"}
    assert outlook("US") == outlook("NG", "US") == set()


@pytest.mark.parametrize(
    ("begins", "risks", "to_know"),
    [
        (date(2028, 9, 30), [], []),
        (WINTER, ["closure.suspended_at_lodgement"], ["checklist.not_known"]),
    ],
)
def test_a_way_is_without_a_visa_only_for_studies_that_begin_while_none_is_needed(
    begins: date, risks: list[str], to_know: list[str]
) -> None:
    scope = Scope(country="DE", nationality=("IT",))
    free = Fact("free", VISA_NEEDED, False, PAGE, Confidence.HIGH, scope=scope, valid_to=date(2028, 9, 30))
    stop = Closure("stop", "DE", ("IT",), Closing.SUSPENDED, PAGE, Confidence.HIGH)
    for_italy = replace(way(step("A"), step("END", "A", days=5)), nationality=("IT",))
    parts = {"facts": (free,), "pathways": (for_italy,), "closures": (stop,)}
    rules = Rulebook((RulePack("p", "P", "1", date(2099, 1, 1), "0", **parts),))  # type: ignore[arg-type]

    aim, student = replace(in_("DE"), starts_on=begins), profile(citizenships=("IT",))
    made = schedule_for([aim], student, rules, TODAY, "")

    assert [one.code for one in made.outlook.reasons] == risks
    assert [one.code for case in cases_of(made, rules) for one in case.to_know(rules)] == to_know


@pytest.mark.parametrize(
    ("country", "citizen", "needed"),
    [("DE", "IT", False), ("NL", "IS", False), ("GB", "IE", False), ("AU", "NZ", False), ("US", "US", False),
     ("DE", "GB", True), ("DE", "BD", True), ("GB", "FR", True), ("US", "CA", True)],
)  # fmt: skip
def test_the_packs_say_who_needs_no_visa_and_nobody_needs_one_at_home(country: str, citizen: str, needed: bool) -> None:
    assert needs_visa(country, (citizen,), RULES, WINTER) is needed


def test_a_way_without_a_visa_has_no_step_for_one_and_rests_on_the_record_that_says_so() -> None:
    ways = [one for one in RULES.pathways.values() if leads_without_visa(one, RULES, WINTER)]
    steps = [step for one in ways for step in one.steps]

    papers = {paper for step in steps for paper in (*step.documents_in, *step.documents_out)}
    assert not papers & {"visa", "evisa", "visa_form", "vfs_confirmation", "mvv", "blocked_account", "payment_proof",
                         "cas", "coe", "i20", "bank_statement", "biometrics_receipt", "visa_fee_receipt"}  # fmt: skip
    assert {"mission"}.isdisjoint(step.owner for step in steps)
    records = {fact.id for pack in RULES.packs for fact in pack.facts if fact.key == VISA_NEEDED}
    assert len(records) == 5
    assert records <= {fact for step in steps for fact in step.facts}


def test_whoever_holds_several_citizenships_hears_which_passport_it_takes_and_what_the_other_way_would_be() -> None:
    (found,) = notices(in_("DE"), "BD", "IT")

    assert found.code == "route.no_visa_but_passport"
    assert found.params["nationality"] == "IT"
    assert (found.params["held"], found.params["pathway"]) == ("BD", "de-dhaka-master")
    said = Messages(rulebook=lambda: RULES).reason(found)
    assert "citizenship of Italy" in said
    assert "passport" in said
    assert '"From Dhaka to a Master' in said


def test_one_notice_stands_for_all_targets_in_a_country() -> None:
    student, aims = profile(citizenships=("BD", "IT")), [in_("DE"), replace(target(2, country="DE"), level="master")]

    found = visa_notices([*aims, in_("NL")], find_pathways([*aims, in_("NL")], student, RULES), student, RULES)

    assert [one.params["country"] for one in found] == ["DE", "NL"]


@pytest.mark.parametrize(("people", "state"), [(("IT",), State.DONE), (("BD", "IT"), State.TO_DO)])
def test_a_passport_answers_the_step_only_where_it_must_be_that_of_a_free_citizenship(
    people: tuple[str, ...], state: State
) -> None:
    student = profile(citizenships=people, passport=Passport("A1", date(2024, 3, 1), date(2034, 2, 28)))

    found = schedule_for([replace(in_("DE"), starts_on=WINTER)], student, RULES, date(2026, 11, 24), "")

    step = found.step("DF1")
    assert step is not None
    assert step.state is state


def test_where_only_free_citizenships_are_held_there_is_no_other_way_to_tell_of() -> None:
    (one,) = notices(in_("NL"), "IT")
    (two,) = notices(in_("NL"), "IT", "FR")

    assert {one.code, two.code} == {"route.no_visa"}
    assert two.params["nationality"] == "IT, FR"


def test_where_the_rules_have_no_way_without_a_visa_it_is_said_with_the_page_to_ask() -> None:
    def told(*people: str) -> tuple[Reason, ...]:
        aim, student = in_("DE"), profile(citizenships=people)
        return visa_notices([aim], find_pathways([aim], student, rules), student, rules)

    free = Fact("free", VISA_NEEDED, False, PAGE, Confidence.LOW, scope=Scope(country="DE", nationality=("IT",)))
    anybody = way(step("A"), step("END", "A", days=5))
    rules = Rulebook((RulePack("p", "P", "1", date(2099, 1, 1), "0", (free,), pathways=(anybody,)),))

    (italian,), (at_home,) = told("IT"), told("BD", "DE")

    assert italian.code == "route.visa_steps_not_needed"
    assert PAGE.title in str(italian.params["source"])
    assert at_home.code == "route.visa_steps_at_home"
    assert told("BD") == ()


def test_a_kept_way_for_other_nationalities_names_no_passport_of_hers() -> None:
    aim, student = in_("DE"), profile(citizenships=("IT",))
    facts = [
        Fact(one, VISA_NEEDED, False, PAGE, Confidence.LOW, scope=Scope(country="DE", nationality=(one,)))
        for one in ("IT", "NO")
    ]
    for_norway = replace(way(step("A"), step("END", "A", days=5)), nationality=("NO",))
    rules = Rulebook((RulePack("p", "P", "1", date(2099, 1, 1), "0", tuple(facts), pathways=(for_norway,)),))

    assert visa_notices([aim], {aim.key: for_norway}, student, rules) == ()


def test_without_any_way_the_refusal_names_the_page_that_says_that_no_visa_is_needed() -> None:
    scope = Scope(country="DE", nationality=("IT",))
    fact = Fact("free", VISA_NEEDED, False, PAGE, Confidence.LOW, scope=scope)
    dhaka = replace(way(step("A"), step("END", "A", days=5)), nationality=("BD",))
    rules = Rulebook((RulePack("p", "P", "1", date(2099, 1, 1), "0", (fact,), pathways=(dhaka,)),))

    with pytest.raises(RuleBroken) as caught:
        find_pathways([target()], profile(citizenships=("IT",)), rules)

    (why,) = caught.value.reasons
    assert why.code == "plan.no_pathway_without_visa"
    assert PAGE.title in str(why.params["source"])
    assert Messages("bn").reason(why) != Messages("en").reason(why)


async def made(*people: str) -> PlanToday:
    world = World(clock=MemoryClock(NOW))
    asker = await world.student(profile=profile(citizenships=people))
    one = await world.programme(programme())
    make = MakePlan(world.transactions, BundledRulePacks(), world.zones, world.ids)
    return await make(asker, owned(asker), (TargetRef(one.id, "winter", WINTER),))


async def test_a_plan_without_a_visa_asks_for_no_money_proof_and_no_papers_of_a_mission() -> None:
    both, only = await made("BD", "IT"), await made("BD")

    assert both.pathway.id == "de-free-movement"
    assert both.needs == ()
    assert both.case().checklist is None
    assert [one.code for one in both.notices if one.code.startswith("route.")] == ["route.no_visa_but_passport"]
    assert both.schedule.outlook.arrives_on < only.schedule.outlook.arrives_on
    assert only.needs
    assert not [one for one in only.notices if one.code.startswith("route.")]


def test_an_application_and_a_plan_know_the_same_deadline_for_whoever_needs_no_visa() -> None:
    early, late = a_deadline(date(2027, 1, 15)), a_deadline(date(2027, 5, 31))
    offered = a_programme(late, replace(early, audience=Audience.NON_EU))
    italian = replace(a_profile(), citizenships=("BD", "IT"))
    case = replace(a_case(offered, profile=italian), rulebook=RULES)

    found = deadline_of(an_application(), case)

    assert found is not None
    assert found.last.local.date() == date(2027, 5, 31)
