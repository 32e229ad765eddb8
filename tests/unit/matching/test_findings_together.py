"""What findings come to together: all of several, one of several, beside a visa, and the verdict of a programme."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from whole_findings import (
    HIGH,
    LEAF,
    LOW,
    MEDIUM,
    MET,
    NOT_MET,
    ON,
    UNKNOWN,
    UNTIL,
    at_mission,
    judged,
    own,
    part,
    rules,
    said,
    state,
)

from higherstudy.domain.catalogue.requirement import (
    AllOf,
    AnyOf,
    DocumentNeeded,
    StatedOnly,
    ValidAt,
)
from higherstudy.domain.matching.changes import joined
from higherstudy.domain.matching.evidence import Evidence
from higherstudy.domain.matching.judging import fold_all, fold_any, judge_programme
from higherstudy.domain.matching.verdict import Change, Finding, Layer, Part, Validity, Verdict
from higherstudy.domain.rulebook.closures import Closing, Closure
from higherstudy.domain.rulebook.facts import Fact, Scope
from higherstudy.domain.rulebook.free_entry import VISA_NEEDED
from higherstudy.domain.shared.errors import Reason
from higherstudy.domain.shared.sources import Confidence
from study_builders import PAGE, STATED, institution, profile, programme


def test_all_of_several_stand_as_the_least_and_need_what_each_needs() -> None:
    met, low = part(MET, confidence=MEDIUM), part(NOT_MET, 3, 4)

    both = fold_all([met, low])
    assert both == Finding(NOT_MET, "all_of", {}, MEDIUM, flip=low.flip, parts=(met, low))
    assert fold_all([low, part(UNKNOWN, impossible=True)]).flip is None
    assert fold_all([]).standing is MET


def test_one_of_several_stands_as_the_greatest_and_needs_the_cheapest() -> None:
    dear, cheap, none = part(NOT_MET, 5, 5), part(UNKNOWN, 9, confidence=LOW), part(NOT_MET, impossible=True)

    found = fold_any([dear, cheap, none])
    assert found == Finding(UNKNOWN, "any_of", {}, LOW, flip=cheap.flip, parts=(dear, cheap, none))
    assert fold_any([none, none]).flip is None
    assert fold_any([cheap, part(MET, confidence=MEDIUM)]).flip == ()
    assert fold_any([cheap, part(MET, confidence=MEDIUM)]).confidence is MEDIUM
    assert fold_any([]).standing is NOT_MET


def test_changes_of_one_thing_become_one_that_asks_for_the_most_of_each_part() -> None:
    def raise_by(test: str, *gaps: tuple[str, str]) -> Change:
        parts = tuple(Part(name, Decimal(size), f"{name} +{size}") for name, size in gaps)
        return Change("raise_score", {"test": test, "by": "-"}, 10 + len(parts), parts)

    one = raise_by("TT", ("writing", "0.5"), ("total", "1"))
    two = raise_by("TT", ("writing", "1.5"), ("reading", "2"))
    paper, again = Change("add_document", {"document": "a"}, 2), Change("add_document", {"document": "a"}, 4)
    foreign = raise_by("UU", ("total", "1"))

    found = joined([(one, paper), (two, again, foreign)])

    parts = Part("writing", Decimal("1.5"), "writing +1.5"), one.parts[1], two.parts[1]
    merged = Change("raise_score", {"test": "TT", "by": "total +1, writing +1.5, reading +2"}, 13, parts)
    assert found == (merged, again, foreign)
    assert joined([(again, paper)]) == (again,)
    budgets = [Change("raise_budget", {"amount": str(n)}, 30, (Part("budget", Decimal(n), str(n)),)) for n in (5, 9, 7)]
    assert joined([(one_,) for one_ in budgets]) == (budgets[1],)
    take = [
        Change("take_test", {"test": "TT", "needed": "-"}, 20, (Part("total", Decimal(n), str(n)),)) for n in (6, 7)
    ]
    assert joined([(take[1],), (take[0],)])[0].params == {"test": "TT", "needed": "7"}


def test_without_a_rule_of_the_mission_a_result_that_runs_out_before_the_appointment_is_only_noticed() -> None:
    found = at_mission(None)

    told = {"test": "TT", "until": "2027-09-13", "appointment": "2027-10-01"}
    assert (found.standing, found.validity) == (MET, Validity(Layer.OWNER, date(2027, 3, 1), UNTIL))
    assert found.notices == (Reason("test.runs_out_before_appointment", told),)
    assert at_mission(None, appointment=UNTIL).notices == ()


STOP = Closure("stop", "DE", ("SD", "AF"), Closing.SUSPENDED, PAGE, MEDIUM, valid_from=ON, not_nationality=("BD",))


def test_a_stop_of_visas_stands_beside_what_the_programme_requires() -> None:
    leaf = DocumentNeeded(STATED, "passport")

    def found(people: tuple[str, ...] | None, stop: Closure = STOP) -> Verdict:
        evidence = Evidence(profile(citizenships=people), ON, {"passport": True})
        return judge_programme(programme(leaf), evidence, rules(closures=(stop,)))

    params = {"country": "DE", "nationality": "SD, AF", "since": "2026-11-23", "held": "SD"}
    shut = said(NOT_MET, "closure.suspended", params, MEDIUM, rests_on=("stop",), flip=None)
    assert found(("SD",)).finding.parts[1:] == (shut,)
    assert found(("SD",)).standing is NOT_MET
    assert found(("SD",), replace(STOP, level="master")) == found(("SD",))
    assert found(("SD",), replace(STOP, level="bachelor")).finding.parts == ()
    unstated = replace(
        shut,
        standing=UNKNOWN,
        code="closure.citizenship_not_stated",
        params={**params, "held": ""},
        flip=state("citizenships"),
    )
    assert found(None).finding.parts[1:] == (unstated,)
    perhaps = found(("SD", "BD")).finding.parts[1]
    assert perhaps == replace(
        shut,
        standing=UNKNOWN,
        code="closure.perhaps",
        params={**params, "held": "SD, BD"},
        flip=(Change("ask_mission", {}, 1),),
    )
    assert found(("BD",)).finding.parts == ()
    undated = found(("SD",), replace(STOP, valid_from=None, what=Closing.CLOSED)).finding.parts[1]
    assert (undated.code, undated.params["since"]) == ("closure.closed", "")


def test_a_stop_of_visas_does_not_meet_whoever_needs_none() -> None:
    scope = Scope(country="DE", nationality=("FR",))
    free = Fact("free", VISA_NEEDED, False, PAGE, MEDIUM, scope=scope, valid_from=ON)
    known = rules(facts=(free,), closures=(replace(STOP, nationality=("SD", "DE", "FR")),))

    def parts(*people: str) -> int:
        evidence = Evidence(profile(citizenships=people), ON, {"passport": True})
        found = judge_programme(programme(DocumentNeeded(STATED, "passport")), evidence, known)
        return len([one for one in found.finding.parts if one.code.startswith("closure.")])

    assert [parts("SD"), parts("DE"), parts("FR"), parts("SD", "FR")] == [1, 0, 0, 0]


def test_a_programme_that_has_ended_or_of_which_nothing_is_known() -> None:
    evidence, known = Evidence(profile(), ON), rules()

    ended = judge_programme(programme(expired=True), evidence, known)
    nothing = judge_programme(programme(institution=institution(name="Old School")), evidence, known)

    assert ended.finding == Finding(NOT_MET, "programme.expired", {}, HIGH, "page", flip=None)
    ask = (Change("ask_institution", {"institution": "Old School"}, 1),)
    assert nothing.finding == said(UNKNOWN, "requirement.not_known", {}, flip=ask)
    assert nothing == Verdict(programme().id, ON, nothing.finding, known.edition, ())
    assert (nothing.effort, ended.effort, nothing.standing) == (1, None, UNKNOWN)


def test_a_verdict_warns_of_what_it_leans_on() -> None:
    unverified = Confidence.UNVERIFIED
    evidence = Evidence(profile(), ON)
    leaf = StatedOnly(replace(STATED, confidence=unverified), "x")

    assert judge_programme(programme(leaf, synthetic=True), evidence, rules()).warnings == (
        "programme.synthetic", "requirement.unverified"
    )  # fmt: skip
    assert judge_programme(programme(leaf, confidence=unverified), evidence, rules()).warnings == (
        "programme.unverified",
    )


def test_a_tree_names_its_leaves_and_all_that_they_rest_on_once() -> None:
    leaf = DocumentNeeded(STATED, "passport")
    tree = AllOf((leaf, AnyOf((LEAF, leaf))))

    found = judged(tree, profile(tests=(own("6.5", writing="6.0"),)), papers={"passport": True})

    assert [one.code for one in found.leaves()] == ["paper.usable", "test.good_enough", "paper.usable"]
    assert found.all_it_rests_on() == ("document:passport", "test:TT")
    assert (found.standing, found.code, found.parts[1].code) == (MET, "all_of", "any_of")
    assert ValidAt.ENROLMENT.value == "enrolment"
