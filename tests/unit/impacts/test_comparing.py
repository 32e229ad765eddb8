"""Each thing that other packs may change for a student is named, with how bad it is."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from rule_worlds import WINTER, bundled_text, germany, slower

from builders import a_passport
from higherstudy.adapters.bundled.messages import Messages
from higherstudy.adapters.bundled.packs import bundled_rulebook
from higherstudy.adapters.system.zones import SystemZones
from higherstudy.domain.catalogue.requirement import Requirement, TestNeeded
from higherstudy.domain.documents.document import Document
from higherstudy.domain.impacts.changes import ImpactChange
from higherstudy.domain.impacts.comparing import impact_of
from higherstudy.domain.impacts.working_out import PlanCase, StudentCase
from higherstudy.domain.planning.making import find_target
from higherstudy.domain.planning.target import TargetRef
from higherstudy.domain.rulebook.pack import Rulebook
from higherstudy.domain.rulebook.reading import read_pack
from higherstudy.domain.shared.ids import PlanId, StudentId
from laws import cases
from study_builders import STATED, profile, programme

TODAY = date(2026, 11, 24)
PLAN = PlanId(UUID(int=5))
DHAKA = bundled_text("de-dhaka-master.toml")


def with_packs(*texts: str) -> Rulebook:
    """Return the bundled packs with these over them."""
    return bundled_rulebook().with_packs(read_pack(text, "changed.toml") for text in texts)


def a_case(*documents: Document, requirement: Requirement | None = None, today: date = TODAY) -> StudentCase:
    """Return a student who aims at one programme, and has these papers."""
    one, zones = programme(requirement), SystemZones()
    target = find_target(one, TargetRef(one.id, "winter", WINTER), zones.named, "Asia/Dhaka")
    plan = PlanCase(PLAN, (target,), {}, {}, {target.key: None})
    return StudentCase(StudentId(UUID(int=6)), profile(), today, zones.version, (plan,), (one,), documents)


def changes(before: Rulebook, after: Rulebook, case: StudentCase) -> tuple[ImpactChange, ...]:
    return tuple(change for found in impact_of(before, after, [case]) for change in found.changes)


def codes(found: Sequence[ImpactChange]) -> set[str]:
    return {change.code for change in found}


def test_nobody_is_affected_by_packs_that_say_the_same() -> None:
    assert list(impact_of(bundled_rulebook(), with_packs(DHAKA + "# a remark\n"), [a_case()])) == []


def test_a_lower_amount_is_told_and_is_no_loss() -> None:
    [money] = changes(bundled_rulebook(), with_packs(germany(monthly="900")), a_case())

    assert (money.code, money.badness, money.top_up_by) == ("impact.money_less", 0, None)
    assert (money.params["before"], money.params["after"]) == ("EUR 11,904.00", "EUR 10,800.00")


def test_an_amount_that_is_asked_for_anew_is_to_be_topped_up_from_nothing() -> None:
    without = with_packs(re.sub(r"(?s)\[\[money_rules\]\].*?\n\n", "", bundled_text("germany.toml"), count=1))

    [new] = changes(without, bundled_rulebook(), a_case())
    [gone] = changes(bundled_rulebook(), without, a_case())

    assert (new.code, new.params["top_up"]) == ("impact.money_new", "EUR 11,904.00")
    assert new.top_up_by is not None
    assert (gone.code, gone.badness) == ("impact.money_gone", 0)


def test_a_plan_to_which_no_pathway_leads_any_more_is_the_worst() -> None:
    head, pathway = DHAKA.split("[[pathways]]", 1)
    elsewhere = with_packs(head + "[[pathways]]" + pathway.replace('level = "master"', 'level = "doctorate"', 1))

    lost = changes(bundled_rulebook(), elsewhere, a_case())
    found = changes(elsewhere, bundled_rulebook(), a_case())

    assert [(change.code, change.params, change.plan_id) for change in lost] == [
        ("impact.plan_lost", {"because": "plan.no_pathway"}, PLAN)
    ]
    assert lost[0].badness > max(
        change.badness for change in changes(bundled_rulebook(), with_packs(slower(2)), a_case())
    )
    assert codes(found) == {"impact.plan_found"}


def test_another_pathway_is_named_with_the_one_before() -> None:
    [pathway] = (one.id for one in read_pack(DHAKA, "de-dhaka-master.toml").pathways)
    head, way = DHAKA.split("[[pathways]]", 1)
    renamed = with_packs(head + "[[pathways]]" + way.replace(f'id = "{pathway}"', 'id = "another-way"', 1))

    found = changes(bundled_rulebook(), renamed, a_case())

    assert ("impact.pathway_changed", {"pathway_before": pathway, "pathway": "another-way"}) in [
        (change.code, change.params) for change in found
    ]


def test_a_test_that_is_good_for_less_long_lowers_the_verdict() -> None:
    needed = TestNeeded(STATED, "IELTS_AC", Decimal("6.5"))
    shorter = with_packs(bundled_text("tests.toml").replace("valid_months = 24", "valid_months = 6"))

    [falls] = changes(bundled_rulebook(), shorter, a_case(requirement=needed))
    [rises] = changes(shorter, bundled_rulebook(), a_case(requirement=needed))

    assert (falls.code, falls.params["before"], falls.plan_id) == ("impact.verdict_now_not_met", "met", None)
    assert falls.badness > 0
    assert (rises.code, rises.badness) == ("impact.verdict_now_met", 0)


def test_a_paper_that_cannot_be_used_any_more_is_named_with_the_day() -> None:
    text = bundled_text("papers.toml")
    kind = re.search(r'(?s)code = "passport".*?valid_months = \d+', text)
    assert kind is not None
    younger = with_packs(text.replace(kind[0], re.sub(r"\d+$", "12", kind[0])))

    found = changes(bundled_rulebook(), younger, a_case(a_passport()))

    papers = [change for change in found if change.code == "impact.paper_no_longer_good"]
    assert papers
    paper = papers[0]
    assert (paper.params["before"], paper.params["after"]) == ("usable", "expired")
    assert date.fromisoformat(str(paper.params["on"])) > TODAY


def test_a_paper_that_is_asked_for_anew_is_worse_than_one_that_is_not_needed_any_more() -> None:
    item = re.search(r'(?s)\[\[checklists\.items\]\]\ncode = "blocked_account".*?\n\n', DHAKA)
    assert item is not None
    without = with_packs(DHAKA.replace(item[0], ""))

    [needed] = changes(without, bundled_rulebook(), a_case())
    [not_needed] = changes(bundled_rulebook(), without, a_case())

    assert (needed.code, not_needed.code) == ("impact.paper_needed", "impact.paper_not_needed")
    assert Messages("bn").sentence(needed.code, needed.params) == "ব্লকড অ্যাকাউন্ট, অথবা টাকার অন্য প্রমাণ: এই কাগজটি এখন লাগবে।"
    assert needed.badness > not_needed.badness == 0


@cases(25)
@given(before=st.integers(1, 3000), after=st.integers(1, 3000), days=st.integers(0, 400))
def test_money_is_to_be_topped_up_exactly_where_more_is_asked_for(before: int, after: int, days: int) -> None:
    old, new = (with_packs(germany(monthly=str(amount))) for amount in (before, after))
    case = a_case(today=TODAY + timedelta(days))

    found = changes(old, new, case)

    assert ("impact.money_more" in codes(found)) == (after > before)
    assert ("impact.money_less" in codes(found)) == (after < before)
    assert changes(new, new, case) == ()
    assert found == changes(old, new, case)
