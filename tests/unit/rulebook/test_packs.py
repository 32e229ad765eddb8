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


def test_a_lodgement_by_a_step_that_does_not_exist_is_refused() -> None:
    lost = PATHWAY + 'lodgement_step = "Z"\n' + STEP.format(code="A", after="[]") + STEP.format(code="B", after='["A"]')

    assert any("pathway.unknown_step" in problem and "lodgement_step" in problem for problem in problems_of(lost))


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


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('code = "B"', 'only_if = { circumstance = "employed", is = true }\ncode = "B"', "pathway.arrival_left_out"),
        ('scope = "once"', 'scope = "target"', "pathway.step_of_each_target"),
        ("after = ['A']", "after = []", "pathway.leads_nowhere"),
    ],
)
def test_a_pathway_without_one_sure_arrival_to_which_all_leads_is_refused(old: str, new: str, problem: str) -> None:
    arrival = STEP.format(code="B", after="['A']").replace('scope = "shared"', 'scope = "once"')
    assert old in arrival

    found = problems_of(PATHWAY + STEP.format(code="A", after="[]") + arrival.replace(old, new))

    assert any(problem in one for one in found)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('counts = "working"', "sample.toml:36: days.whose_working_days"),
        ('kind = "window"\ncalendar = "home"', "sample.toml:37: days.window_keeps_no_calendar"),
        ('counts = "lunar"', "sample.toml:36: data.unknown_word"),
        ('calendar = "moon"', "sample.toml:36: data.unknown_word"),
        ('known_first = ["Z"]', "sample.toml:36: pathway.unknown_step"),
    ],
)
def test_days_that_a_step_cannot_count_and_gates_that_lead_nowhere_are_refused(line: str, problem: str) -> None:
    first = STEP.format(code="A", after="[]")
    step = first.replace('kind = "task"\n', f"{line}\n") if line.startswith("kind") else f"{first}{line}\n"

    found = problems_of(PATHWAY + step + STEP.format(code="B", after="['A']"))

    assert [one for one in found if problem.partition(": ")[2] in one], found


def test_a_step_says_what_it_is_common_with_what_answers_it_and_whose_days_it_counts() -> None:
    more = 'counts = "working"\ncalendar = "both"\ncommon = "passport"\nanswered_by = ["passport"]\n'
    gate = 'irreversible = true\nknown_first = ["A", "money_proof"]\n'
    steps = STEP.format(code="A", after="[]") + more + STEP.format(code="B", after="['A']") + gate

    (way,) = read_pack(HEAD + PATHWAY + steps, "sample.toml").pathways

    first, last = way.steps
    assert (first.counts.value, first.calendar.value, first.common) == ("working", "both", "passport")
    assert (first.answered_by, last.known_first) == (("passport",), ("A", "money_proof"))


def test_a_lead_time_is_for_a_basis_that_there_is() -> None:
    lead = '[[pathways.lead_times]]\nstep = "A"\nfact = "lead"\nbasis = "hoped"\nwhen = { all = [] }\n'
    steps = STEP.format(code="A", after="[]") + STEP.format(code="B", after="['A']")

    assert any("data.unknown_word" in one for one in problems_of(PATHWAY + lead + steps))


def test_a_pathway_of_thousands_of_steps_is_refused() -> None:
    steps = [STEP.format(code="A", after="[]")]
    steps += [STEP.format(code=f"S{number}", after="['A']") for number in range(200)]

    assert any("data.too_many" in one for one in problems_of(PATHWAY + "".join(steps)))


WHOLE = """
[[facts]]
id = "rate.1"
key = "rate"
value = "992"
unit = "EUR/month"
source = "page"
confidence = "M"
[[facts]]
id = "lead.1"
key = "lead"
value = "8"
unit = "weeks"
source = "page"
confidence = "M"
[[document_kinds]]
code = "passport"
title = "Passport"
source = "page"
confidence = "M"
[[grade_scales]]
id = "OF_FIVE"
title = "Of five"
country = "DE"
best = "5"
worst = "0"
source = "page"
confidence = "M"
[[grade_conversions]]
id = "to-five"
title = "To five"
method = "linear"
factor = "1"
from_scale = "*"
to_scale = "OF_FIVE"
source = "page"
confidence = "M"
[[tests]]
code = "ONE"
title = "One"
minimum = "0"
maximum = "9"
step = "1"
total = "as_given"
source = "page"
confidence = "M"
[[concordances]]
id = "one-to-one"
publisher = "Nobody"
from_test = "ONE"
to_test = "ONE"
part = "total"
rows = [{ from = "5", to = "6" }]
source = "page"
confidence = "M"
[[checklists]]
id = "papers"
title = "Papers"
version = "1"
mission = "DE"
authority = "official"
used_at = "B"
source = "page"
confidence = "M"
[[checklists.items]]
code = "passport"
order = 1
title = "Passport"
document = "passport"
confidence = "M"
[[money_rules]]
id = "money"
kind = "monthly_rate"
country = "DE"
rate = "rate"
months = 12
proofs = ["passport"]
source = "page"
confidence = "M"
[[pathways]]
id = "way"
title = "Way"
country = "DE"
checklist = "papers"
application_step = "A"
admission_step = "A"
decision_step = "B"
arrival_step = "B"
lead_times = [{ step = "A", fact = "lead", when = { all = [] } }]
"""
WHOLE += STEP.format(code="A", after="[]") + 'facts = ["rate.1"]\ndocuments_in = ["passport"]\n'
WHOLE += STEP.format(code="B", after='["A"]')


def test_a_pack_in_which_every_name_leads_somewhere_makes_a_rulebook() -> None:
    assert Rulebook((read_pack(HEAD + WHOLE, "whole.toml"),)).has_fact("rate.1")


@pytest.mark.parametrize(
    ("old", "new", "place", "problem"),
    [
        ('facts = ["rate.1"]', 'facts = ["rate.2"]', "pathways[0].steps[0].facts", "fact.unknown"),
        ('in = ["passport"]', 'in = ["seal"]', "pathways[0].steps[0].documents_in", "document.unknown_kind"),
        ('checklist = "papers"', 'checklist = "lost"', "pathways[0].checklist", "checklist.unknown"),
        ('fact = "lead"', 'fact = "led"', "pathways[0].lead_times[0].fact", "fact.no_such_key"),
        ('unit = "weeks"', 'unit = "fortnights"', "pathways[0].lead_times[0].fact", "fact.no_days"),
        ('value = "8"', 'value = "99999"', "pathways[0].lead_times[0].fact", "fact.no_days"),
        ('rate = "rate"', 'rate = "rates"', "money_rules[0].rate", "fact.no_such_key"),
        ('unit = "EUR/month"', 'unit = "a lot"', "money_rules[0].rate", "fact.no_money_a_month"),
        ('kind = "monthly_rate"', 'kind = "guess"', "money_rules[0].kind", "data.unknown_word"),
        ('proofs = ["passport"]', 'proofs = ["gold"]', "money_rules[0].proofs", "document.unknown_kind"),
        ('document = "passport"', 'document = "seal"', "checklists[0].items[0]", "document.unknown_kind"),
        ('used_at = "B"', 'used_at = "Z"', "checklists[0].used_at", "pathway.unknown_step"),
        ('from_test = "ONE"', 'from_test = "TWO"', "concordances[0].from_test", "test.unknown"),
        ('code = "B"', 'code = "B"\nanswered_by = ["SONG"]', "pathways[0].steps[1].answered_by", "test.unknown"),
        ('code = "B"', 'code = "B"\nnot_before = "led"', "pathways[0].steps[1].not_before", "fact.no_such_key"),
        ('code = "B"', 'code = "B"\nnot_before = "rate"', "pathways[0].steps[1].not_before", "fact.no_days"),
        ('part = "total"', 'part = "dancing"', "concordances[0].part", "test.unknown_section"),
        ('to = "6"', 'to = "6.5"', "concordances[0].rows", "test.not_on_scale"),
        ('to_scale = "OF_FIVE"', 'to_scale = "OF_SIX"', "grade_conversions[0].to_scale", "grade.unknown_scale"),
        ('id = "lead.1"', 'id = "lead.1"\nsupersedes = "x"', "facts[1].supersedes", "fact.unknown"),
    ],
)
def test_a_name_that_leads_nowhere_is_named_with_file_line_and_place(
    old: str, new: str, place: str, problem: str
) -> None:
    assert old in WHOLE
    text = HEAD + WHOLE.replace(old, new, 1)

    with pytest.raises(BrokenPack) as caught:
        Rulebook((read_pack(text, "whole.toml"),))

    reason = next(one for one in caught.value.reasons if one.params["place"] == place)
    file, _, line = reason.where.partition(":")
    assert (file, reason.code) == ("whole.toml", problem)
    assert 0 < int(line) <= len(text.splitlines())


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


def test_the_whole_way_from_dhaka_can_be_read_in_bangla() -> None:
    rules = bundled_rulebook()
    pathway, checklists = rules.pathways["de-dhaka-master"], rules.checklists.values()
    papers = {code for step in pathway.steps for code in (*step.documents_in, *step.documents_out)}

    assert [step.code for step in pathway.steps if not (step.title_bn and step.advice_bn)] == []
    assert [step.code for step in pathway.steps if bool(step.note) != bool(step.note_bn)] == []
    assert [code for code in sorted(papers) if not rules.document_kinds[code].title_bn] == []
    for checklist in (one for one in checklists if one.id.startswith("de-dhaka")):
        assert checklist.title_bn
        assert [
            item.code for item in checklist.items if not item.title_bn or bool(item.note) != bool(item.note_bn)
        ] == []
        assert [rule.code for rule in checklist.rules if not rule.text_bn] == []


TEST = """
[[tests]]
code = "OWN"
title = "Own"
minimum = "0"
maximum = "10"
step = "1"
passes_from = "5"
sections = [
  { name = "one", minimum = "0", maximum = "10", step = "1" },
  { name = "two", minimum = "0", maximum = "10", step = "1" },
  { name = "both", minimum = "0", maximum = "10", step = "1", derived = true, mean_of = ["one", "two"] },
]
total = "as_given"
source = "page"
confidence = "H"
"""


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('passes_from = "5"', 'passes_from = "11"', "scale.pass_not_on_scale"),
        ('mean_of = ["one", "two"]', 'mean_of = ["one", "three"]', "test.unknown_section"),
        ('mean_of = ["one", "two"]', 'mean_of = ["one", "both"]', "test.unknown_section"),
    ],
)
def test_a_test_whose_pass_or_whose_means_cannot_be_is_refused(old: str, new: str, problem: str) -> None:
    assert read_pack(HEAD + TEST, "sample.toml").tests[0].pass_marks() == {"total": 5}
    (found,) = problems_of(TEST.replace(old, new))

    assert problem in found


FACT = """
[[facts]]
id = "own"
key = "{key}"
value = {value}
source = "page"
confidence = "M"
"""


@pytest.mark.parametrize(
    ("key", "value", "problem"),
    [
        ("institution.test.valid_months", '"12"', ""),
        ("institution.test.valid_months", '"12.5"', "fact.no_months"),
        ("institution.test.valid_months", '"0"', "fact.no_months"),
        ("institution.test.valid_months", '"a year"', "fact.no_months"),
        ("institution.test.valid_at", '"enrolment"', ""),
        ("institution.test.valid_at", '"arrival"', "data.unknown_word"),
        ("visa.test.held_against", "true", "data.unknown_word"),
        ("visa.test.expired_after_enrolment.ielts_ac", '"embassy_ielts_statement"', ""),
        ("visa.test.expired_after_enrolment.ielts_ac", '"a letter"', "document.unknown_kind"),
    ],
)
def test_a_fact_about_how_long_a_result_counts_says_something_that_can_be_reckoned_with(
    key: str, value: str, problem: str
) -> None:
    pack = read_pack(HEAD + FACT.format(key=key, value=value), "sample.toml")
    try:
        Rulebook((*bundled_rulebook().packs, pack))
        found = [""]
    except BrokenPack as broken:
        found = [reason.code for reason in broken.reasons]

    assert found == [problem]
