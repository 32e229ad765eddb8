"""Reading rule packs, and saying what is wrong with one."""

import pytest

from higherstudy.adapters.bundled.packs import bundled_rulebook
from higherstudy.domain.rulebook.errors import BrokenPack
from higherstudy.domain.rulebook.pack import Rulebook
from higherstudy.domain.rulebook.reading import read_pack

HEAD = """
[pack]
id = "sample"
title = "Sample"
version = "1"
review_by = 2027-01-01

[[sources]]
id = "page"
title = "A page"
kind = "official"
retrieved_on = 2026-11-01
"""

STEP = """
[[pathways.steps]]
code = "{code}"
title = "{code}"
after = {after}
scope = "shared"
kind = "task"
owner = "student"
days = {{ typical = 3 }}
source = "page"
confidence = "M"
"""

PATHWAY = """
[[pathways]]
id = "way"
title = "Way"
country = "DE"
application_step = "A"
admission_step = "A"
decision_step = "B"
arrival_step = "B"
"""


def problems_of(text: str) -> list[str]:
    with pytest.raises(BrokenPack) as caught:
        read_pack(HEAD + text, "sample.toml")
    return [str(reason) for reason in caught.value.reasons]


def test_a_pack_without_anything_but_its_head_is_a_pack() -> None:
    pack = read_pack(HEAD, "sample.toml")

    assert (pack.id, pack.version, len(pack.sha256)) == ("sample", "1", 64)


def test_equal_texts_have_equal_hashes_and_one_letter_more_makes_another() -> None:
    assert read_pack(HEAD, "a").sha256 == read_pack(HEAD, "b").sha256
    assert read_pack(HEAD, "a").sha256 != read_pack(HEAD + "\n", "a").sha256


def test_text_that_is_no_toml_is_refused_with_its_file_and_line() -> None:
    found = problems_of("[[facts]\n")

    assert found[0].startswith("sample.toml: pack.not_toml")
    assert "line" in found[0]


def test_every_problem_is_named_at_once_with_line_and_place() -> None:
    found = problems_of(
        '[[facts]]\nid = "f"\nkey = "k"\nvalue = "1"\nsource = "nowhere"\nconfidence = "X"\nsurprise = 1\n'
    )

    assert [problem.partition(" (")[0] for problem in found] == [
        "sample.toml:17: data.unknown_source",
        "sample.toml:18: data.unknown_word",
        "sample.toml:19: data.unknown_key",
    ]
    assert "place=facts[0].source" in found[0]


def test_a_figure_written_as_a_binary_float_is_refused() -> None:
    text = '[[grade_scales]]\nid="X"\ntitle="X"\ncountry="DE"\nbest=1.0\nworst="5"\nsource="page"\nconfidence="M"\n'

    assert "data.not_decimal" in problems_of(text)[0]


def test_steps_that_wait_for_one_another_in_a_circle_are_refused() -> None:
    circle = PATHWAY + STEP.format(code="A", after='["B"]') + STEP.format(code="B", after='["A"]')

    assert any("pathway.circle" in problem and "A, B" in problem for problem in problems_of(circle))


def test_a_step_that_waits_for_one_that_does_not_exist_is_refused() -> None:
    lost = PATHWAY + STEP.format(code="A", after='["Z"]') + STEP.format(code="B", after='["A"]')

    assert any("pathway.unknown_step" in problem and "given=Z" in problem for problem in problems_of(lost))


def test_two_facts_of_one_key_that_begin_together_are_refused() -> None:
    fact = '[[facts]]\nid="{id}"\nkey="k"\nvalue="1"\nvalid_from=2024-01-01\nsource="page"\nconfidence="M"\n'

    assert any("fact.two_begin_together" in p for p in problems_of(fact.format(id="a") + fact.format(id="b")))


def test_facts_that_hold_together_without_an_order_are_refused() -> None:
    fact = '[[facts]]\nid="{id}"\nkey="k"\nvalue="1"\n{days}\nsource="page"\nconfidence="M"\n'
    earlier = fact.format(id="a", days="valid_from=2024-01-01\nvalid_to=2025-06-30")
    later = fact.format(id="b", days="valid_from=2025-01-01")

    assert any("fact.overlaps" in problem for problem in problems_of(earlier + later))


def test_a_condition_over_a_circumstance_that_nobody_knows_is_refused() -> None:
    step = STEP.format(code="A", after="[]") + 'only_if = { circumstance = "left_handed", is = true }\n'

    found = problems_of(PATHWAY + step + STEP.format(code="B", after='["A"]'))

    assert any("condition.unknown_circumstance" in problem for problem in found)


@pytest.mark.parametrize(
    ("condition", "problem"),
    [
        ('{ circumstance = "money_proof", is = "blocked account" }', "data.unknown_word"),
        ('{ circumstance = "employed", is = "yes" }', "data.not_true_or_false"),
        ('{ circumstance = "nationality", in = ["BD", "India"] }', "country.unknown"),
        ('{ circumstance = "nationality", in = [] }', "data.missing"),
        ("{ any = [] }", "requirement.empty"),
    ],
)
def test_a_condition_that_could_never_hold_is_refused(condition: str, problem: str) -> None:
    step = STEP.format(code="A", after="[]") + f"only_if = {condition}\n"

    found = problems_of(PATHWAY + step + STEP.format(code="B", after='["A"]'))

    assert any(problem in one for one in found)


def test_a_scale_whose_lowest_pass_is_its_best_grade_is_refused() -> None:
    text = '[[grade_scales]]\nid="X"\ntitle="X"\ncountry="DE"\nbest="4"\nworst="0"\nlowest_pass="{}"\n'
    rest = 'source="page"\nconfidence="M"\n'

    assert "grade.pass_not_below_best" in problems_of(text.format("4") + rest)[0]
    assert "grade.pass_not_below_best" in problems_of(text.format("5") + rest)[0]


@pytest.mark.parametrize("days", ["typical = 3651", "typical = 3, max = 100000000", "typical = 9, min = 3651"])
def test_a_step_that_takes_longer_than_the_calendar_lasts_is_refused(days: str) -> None:
    step = STEP.format(code="A", after="[]").replace("typical = 3", days)

    found = problems_of(PATHWAY + step + STEP.format(code="B", after='["A"]'))

    assert any("data.number_too_large" in one for one in found)


def test_the_same_pack_twice_is_no_rulebook() -> None:
    pack = read_pack(HEAD, "sample.toml")

    with pytest.raises(BrokenPack):
        Rulebook((pack, pack))


def test_the_bundled_packs_are_whole() -> None:
    rulebook = bundled_rulebook()

    assert {pack.id for pack in rulebook.packs} >= {"de-dhaka-master", "germany", "tests", "grades"}


def test_every_fact_that_a_bundled_step_leans_on_exists() -> None:
    rulebook = bundled_rulebook()
    known = {fact.id for key in rulebook.fact_keys() for fact in rulebook.facts(key)} | set(rulebook.fact_keys())

    lost = [
        (step.code, fact)
        for pathway in rulebook.pathways.values()
        for step in pathway.steps
        for fact in step.facts
        if fact not in known
    ]

    assert lost == []


def test_every_paper_of_a_bundled_checklist_or_step_is_a_known_kind() -> None:
    rulebook = bundled_rulebook()
    named = {code for c in rulebook.checklists.values() for item in c.items for code in item.documents}
    named |= {code for p in rulebook.pathways.values() for s in p.steps for code in (*s.documents_in, *s.documents_out)}

    assert named - set(rulebook.document_kinds) == set()


def test_the_visa_pack_has_its_24_papers_in_the_order_of_the_list() -> None:
    checklist = bundled_rulebook().checklists["de-dhaka-master-sigba"]

    assert [item.order for item in checklist.items] == list(range(1, 25))
    assert [item.code for item in checklist.items][:5] == [
        "vfs_confirmation",
        "vfs_checklist",
        "visa_form",
        "declaration_consent",
        "passport",
    ]
