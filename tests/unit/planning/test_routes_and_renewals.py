"""What is told of other citizenships and of a renewed passport: each notice whole, at the edges of its days."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from plan_builders import schedule
from plan_builders import step as planned
from unit.planning.test_small_plans import on, plan

from higherstudy.domain.documents.document import Document, Stated, Version
from higherstudy.domain.planning.making import find_pathways
from higherstudy.domain.planning.renewal import renewal_notices
from higherstudy.domain.planning.routes import is_passport_unsure, visa_notices
from higherstudy.domain.planning.schedule import PlannedStep, State, reason
from higherstudy.domain.planning.target import Target
from higherstudy.domain.planning.target_case import cases_of
from higherstudy.domain.profile.profile import Passport, Profile
from higherstudy.domain.rulebook.facts import Fact, Scope
from higherstudy.domain.rulebook.free_entry import VISA_NEEDED
from higherstudy.domain.rulebook.pack import Rulebook, RulePack
from higherstudy.domain.rulebook.papers import Checklist, ChecklistItem, DocumentKind, WithNewPassport
from higherstudy.domain.shared.errors import Reason, RuleBroken
from higherstudy.domain.shared.ids import AccountId, DocumentId, StudentId
from higherstudy.domain.shared.sources import Confidence
from networks import step, target, way
from study_builders import PAGE, profile

UNTIL = date(2028, 12, 31)


def free(country: str, *people: str, url: str = PAGE.url) -> Fact:
    """Return that these people need no visa in the country until the end of 2028."""
    name, scope = f"free.{country}.{'.'.join(people)}", Scope(country=country, nationality=people)
    return Fact(name, VISA_NEEDED, False, replace(PAGE, url=url), Confidence.HIGH, scope=scope, valid_to=UNTIL)


FREE = replace(way(step("A")), id="free", nationality=("FR", "IT"))
DHAKA = replace(way(step("A")), id="dhaka", nationality=("BD",))
BRITISH = replace(way(step("A")), id="gb", country="GB")
FACTS = (free("DE", "FR", "IT"), free("GB", "IE"), free("GB", "FR"), free("GB", "NO", url=""))
RULES = Rulebook((RulePack("p", "P", "1", date(2099, 1, 1), "0", FACTS, pathways=(FREE, DHAKA, BRITISH)),))


def aim(country: str, year: int = 2027, level: str = "master") -> Target:
    return target(country=country, starts_on=date(year, 10, 1), level=level)


@pytest.mark.parametrize(
    ("country", "people", "code", "params"),
    [
        ("DE", ("FR", "IT"), "no_visa", {"nationality": "FR, IT"}),
        ("DE", ("BD", "FR", "NP"), "no_visa_but_passport",
         {"nationality": "FR", "held": "BD, NP", "pathway": "dhaka"}),
        ("GB", ("IE", "FR"), "visa_steps_not_needed",
         {"nationality": "IE, FR", "source": "The programme's page (https://www.example.org/msc)"}),
        ("GB", ("GB", "NO"), "visa_steps_not_needed", {"nationality": "GB, NO", "source": "The programme's page"}),
        ("GB", ("GB",), "visa_steps_at_home", {}),
    ],
)  # fmt: skip
def test_what_follows_from_a_citizenship_that_needs_no_visa_is_told_in_full(
    country: str, people: tuple[str, ...], code: str, params: dict[str, str]
) -> None:
    student = profile(citizenships=people)

    found = visa_notices([aim(country)], find_pathways([aim(country)], student, RULES), student, RULES)

    assert found == (Reason(f"route.{code}", {"country": country, **params}, "targets"),)


def test_nothing_follows_from_it_for_studies_that_begin_once_it_holds_no_longer() -> None:
    student, later = profile(citizenships=("FR",)), aim("DE", 2029)

    assert visa_notices([later], {later.key: FREE}, student, RULES) == ()


@pytest.mark.parametrize(
    ("people", "year", "unsure"),
    [(("BD", "FR"), 2027, True), (("BD", "FR"), 2029, False), (("FR", "IT"), 2027, False)],
)
def test_whose_passport_it_takes_is_unsure_only_where_one_of_several_needs_no_visa(
    people: tuple[str, ...], year: int, unsure: bool
) -> None:
    assert is_passport_unsure(aim("DE", year), FREE, profile(citizenships=people), RULES) is unsure


def test_without_any_pathway_the_refusal_names_everything_and_the_page() -> None:
    def refused(*people: str) -> tuple[Reason, ...]:
        with pytest.raises(RuleBroken) as broken:
            find_pathways([aim("GB", level="phd")], profile(citizenships=people), without)
        return broken.value.reasons

    without = Rulebook((RulePack("p", "P", "1", date(2099, 1, 1), "0", FACTS, pathways=(FREE, DHAKA)),))
    said = {"country": "GB", "level": "phd"}
    page = "The programme's page (https://www.example.org/msc)"
    assert refused("BD", "IE") == (
        Reason("plan.no_pathway_without_visa", {**said, "nationality": "BD, IE", "source": page}, "targets"),
    )
    assert refused("GB") == (Reason("plan.no_pathway", {**said, "nationality": "GB"}, "targets"),)


def test_a_way_without_a_visa_asks_for_no_money() -> None:
    (case,) = cases_of(plan(FREE, aim("DE")), RULES)

    assert case.money(None, RULES) == ()


KINDS = tuple(
    DocumentKind(how.value or "diploma", how.value, PAGE, Confidence.HIGH, with_new_passport=how)
    for how in WithNewPassport
)
AGAIN = WithNewPassport.MAKE_ANEW
PAPERS = Rulebook((RulePack("p", "P", "1", date(2099, 1, 1), "0", document_kinds=KINDS),))
MADE_BEFORE = (reason(f"passport_renewed.{AGAIN.value}", f"documents.{AGAIN.value}", document=AGAIN.value),)


def paper(kind: str, *issued: int | None) -> Document:
    """Return a paper whose versions were issued so many days from today, or on no day that is stated."""
    versions = tuple(
        Version(number, "0" * 64, 1, "application/pdf", "a.pdf", datetime(2026, 1, 1, tzinfo=UTC),
                AccountId(UUID(int=1)), Stated(None if day is None else on(day)))
        for number, day in enumerate(issued, 1)
    )  # fmt: skip
    return Document(DocumentId(UUID(int=1)), StudentId(UUID(int=1)), kind, versions=versions)


def told(passport: Passport, *papers: Document, steps: tuple[PlannedStep, ...] = ()) -> tuple[Reason, ...]:
    return renewal_notices((), schedule(*steps), Profile(passport=passport), papers, PAPERS)


def issued(day: int, until: int = 900) -> Passport:
    return Passport("A1", on(day), on(until))


@pytest.mark.parametrize(
    ("passport", "paper_of", "is_told"),
    [
        (issued(0), -1, True),
        (issued(0), 0, False),
        (issued(1), 0, False),  # it is still to be issued, as she says, and nobody knows of an earlier one
        (issued(-3), -4, True),
        (issued(-3), -3, False),
        (issued(-900, until=-1), 0, True),  # it has run out, so whatever there is was made with it
        (issued(-900, until=0), 0, False),
    ],
)
def test_a_paper_that_was_made_before_the_newest_passport_is_told(
    passport: Passport, paper_of: int, is_told: bool
) -> None:
    assert told(passport, paper(AGAIN.value, paper_of)) == (MADE_BEFORE if is_told else ())


def test_a_paper_of_the_very_day_of_the_passport_stands_for_an_older_one_of_its_kind() -> None:
    assert told(issued(-3), paper(AGAIN.value, -9), paper(AGAIN.value, -3)) == ()


def test_papers_of_which_no_day_or_no_kind_is_known_are_passed_over() -> None:
    papers = paper(AGAIN.value), paper(AGAIN.value, None), paper("unheard_of", -9), paper("diploma", -9)

    assert told(issued(-3), *papers) == ()


def test_what_came_out_of_a_step_was_made_on_the_day_on_which_the_step_was_done() -> None:
    def of_step(state: State, start: int, days: int) -> tuple[Reason, ...]:
        one = planned("FORM", state=state, start=start, days=days)
        gives = replace(one.task, step=replace(one.task.step, documents_out=(AGAIN.value,)))
        return told(issued(-2), steps=(replace(one, task=gives),))

    before = (replace(MADE_BEFORE[0], where="FORM"),)
    assert of_step(State.DONE, -9, 6) == before
    assert of_step(State.DONE, -9, 7) == ()
    assert of_step(State.IN_PROGRESS, -9, 12) == before
    assert of_step(State.TO_DO, -9, 6) == ()


def test_what_a_mission_wants_to_see_of_earlier_passports_is_told_with_its_place() -> None:
    along = WithNewPassport.TAKE_ALONG.value
    item = ChecklistItem("1", 1, "Passports", (along,), Confidence.HIGH)
    papers = Checklist("papers", "Papers", "1", "", "", "A", (item,), (), PAGE, Confidence.HIGH)
    rules = Rulebook((RulePack("p", "P", "1", date(2099, 1, 1), "0", document_kinds=KINDS, checklists=(papers,)),))
    made = plan(replace(way(step("A"), step("END", "A")), checklist="papers"))

    found = renewal_notices(cases_of(made, rules), made, Profile(passport=issued(-3)), (paper(AGAIN.value, -9),), rules)

    wanted = reason(f"passport_renewed.{along}", f"documents.{along}", document=along)
    assert found == (*MADE_BEFORE, wanted)
