"""Packs upon packs: which record counts, which pack it came from, and the name of the whole."""

from datetime import date
from decimal import Decimal

import pytest

from higherstudy.domain.rulebook.errors import BrokenPack
from higherstudy.domain.rulebook.facts import Scope
from higherstudy.domain.rulebook.kinds import KINDS
from higherstudy.domain.rulebook.pack import Rulebook, RulePack
from higherstudy.domain.shared.canonical import sha256_of
from higherstudy.domain.shared.errors import NotFound

from .pack_texts import fact, pack_of

DAY = date(2026, 11, 23)
BASE = pack_of(fact("rate.all", "900"), "base")
COUNTRY = pack_of(fact("rate.all", "950"), "country", "country")


def rate(*packs: RulePack, on: date = DAY, case: Scope | None = None) -> Decimal | None:
    found = Rulebook(packs).in_force("rate", on, case)
    return found.number if found else None


def test_a_record_of_a_higher_layer_takes_the_place_of_the_one_with_its_id_below() -> None:
    rulebook = Rulebook((COUNTRY, BASE))

    assert rulebook.fact("rate.all").number == 950
    assert len(rulebook.facts("rate")) == 1


def test_each_record_in_force_names_the_pack_that_it_came_from() -> None:
    rulebook = Rulebook((BASE, COUNTRY, pack_of(fact("fee.all", key="fee"), "more")))

    assert rulebook.pack_of("facts", "rate.all").id == "country"
    assert rulebook.pack_of("facts", "fee.all").id == "more"
    with pytest.raises(NotFound):
        rulebook.pack_of("facts", "moon.tax")


def test_on_a_common_day_the_higher_of_two_facts_with_one_scope_counts_however_long_the_lower_has_held() -> None:
    lower = pack_of(fact("rate.2026", "900", more="valid_from = 2026-06-01"), "base")
    higher = pack_of(
        fact("rate.own", "800", more="valid_from = 2026-01-01\nvalid_to = 2026-12-31"), "school", "institution"
    )

    rates = [rate(lower, higher, on=day) for day in (date(2026, 5, 31), DAY, date(2027, 1, 1))]

    assert rates == [800, 800, 900]


def test_a_narrower_fact_goes_before_a_wider_one_of_a_higher_layer() -> None:
    narrow = pack_of(fact("rate.dhaka", "900", more='scope = { country = "DE", mission = "DE/DHAKA" }'), "base")
    wide = pack_of(fact("rate.de", "950", more='scope = { country = "DE" }'), "country", "country")

    assert rate(narrow, wide, case=Scope(country="DE", mission="DE/DHAKA")) == 900
    assert rate(narrow, wide, case=Scope(country="DE", mission="DE/KARACHI")) == 950


def test_for_two_citizenships_the_fact_for_the_one_that_is_named_first_counts() -> None:
    packs = pack_of(
        fact("rate.bd", "1", more='scope = { nationality = ["BD"] }')
        + fact("rate.in", "2", more='scope = { nationality = ["IN"] }')
    )

    assert rate(packs, case=Scope(nationality=("BD", "IN"))) == 1
    assert rate(packs, case=Scope(nationality=("IN", "BD"))) == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("valid_from = 2024-01-01", "valid_from = 2024-01-01"),
        ("valid_from = 2024-01-01\nvalid_to = 2025-06-30", "valid_from = 2025-01-01"),
        ('scope = { nationality = ["BD"] }', 'scope = { institution = "RWTH" }'),
        ('scope = { country = "DE", level = "master" }', 'scope = { country = "DE", mission = "DE/DHAKA" }'),
        ('scope = { nationality = ["BD", "IN"] }', 'scope = { nationality = ["IN", "PK"] }'),
    ],
)
def test_facts_of_one_layer_that_could_both_answer_are_refused_with_file_line_and_both_ids(
    one: str, other: str
) -> None:
    facts = fact("one", more=one), fact("other", more=other)

    with pytest.raises(BrokenPack) as within:
        pack_of("".join(facts))
    with pytest.raises(BrokenPack) as between:
        Rulebook((pack_of(facts[0], "a"), pack_of(facts[1], "b")))

    line = 11 + len(facts[0].splitlines())
    [found], [between_them] = within.value.reasons, between.value.reasons
    assert (found.where, found.code) == (f"sample.toml:{line}", "fact.no_order")
    assert (found.params["id"], found.params["other"]) == ("other", "one")
    assert (between_them.where, between_them.params["id"], between_them.params["other"]) == (
        "b.toml:11",
        "other",
        "one",
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("valid_from = 2024-01-01", "valid_from = 2025-01-01"),
        ("valid_to = 2024-12-31", "valid_from = 2025-01-01"),
        ('scope = { country = "DE" }', 'scope = { country = "NL" }'),
        ('scope = { country = "DE" }', 'scope = { country = "DE", level = "master" }'),
        ('scope = { nationality = ["BD"] }', 'scope = { nationality = ["IN"] }'),
    ],
)
def test_facts_that_follow_one_another_or_are_for_different_cases_have_an_order(one: str, other: str) -> None:
    pack = pack_of(fact("one", more=one) + fact("other", more=other))

    assert len(Rulebook((pack,)).facts("rate")) == 2


def test_one_name_in_two_packs_of_one_layer_is_refused_with_file_and_line() -> None:
    with pytest.raises(BrokenPack) as caught:
        Rulebook((BASE, pack_of(fact("rate.all", key="other"), "twin")))

    [reason] = caught.value.reasons
    assert (reason.code, reason.where, reason.params["id"]) == ("pack.id_twice", "twin.toml:11", "rate.all")


def test_what_a_higher_layer_has_replaced_need_not_fit_any_more() -> None:
    lost = pack_of(fact("rate.all", more='supersedes = "rate.lost"'), "base")

    assert rate(lost, COUNTRY) == 950
    with pytest.raises(BrokenPack):
        Rulebook((lost,))


@pytest.mark.parametrize("other", [{"key": "fee"}, {"more": 'scope = { institution = "RWTH" }'}])
def test_a_fact_that_would_take_the_answer_from_others_cannot_replace_the_one_below(other: dict[str, str]) -> None:
    with pytest.raises(BrokenPack) as caught:
        Rulebook((BASE, pack_of(fact("rate.all", **other), "school", "institution")))

    [reason] = caught.value.reasons
    assert (reason.code, reason.where) == ("fact.replaces_another", "school.toml:13")
    assert (reason.params["id"], reason.params["pack"]) == ("rate.all", "base")


def test_equal_sets_of_packs_are_one_edition_in_whatever_order_they_come() -> None:
    one, other = Rulebook((BASE, COUNTRY)), Rulebook((COUNTRY, BASE))

    assert one.edition == other.edition == (f"base@1:{BASE.sha256}", f"country@1:{COUNTRY.sha256}")
    assert one.edition_id == other.edition_id == sha256_of(f"{BASE.sha256}\n{COUNTRY.sha256}".encode())
    assert one.edition_id != Rulebook((BASE,)).edition_id


def test_every_list_of_records_in_a_pack_is_a_kind_that_layers_and_comparisons_know() -> None:
    lists = {name for name, value in RulePack.__annotations__.items() if str(value).startswith("tuple[")}

    assert {kind.list for kind in KINDS} == lists


RULE = (
    '[[money_rules]]\nid = "shown"\nkind = "monthly_rate"\ncountry = "DE"\nrate = "rate"\nmonths = 12\n'
    'source = "page"\nconfidence = "M"\n'
)
A_MONTH, A_YEAR = 'unit = "EUR/month"', 'unit = "EUR/year"'
SCALE = (
    '[[grade_scales]]\nid = "S"\ntitle = "S"\ncountry = "DE"\nbest = "{}"\nworst = "0"\n'
    'lowest_pass = "0"\ndecimals = 2\nsource = "page"\nconfidence = "M"\n'
)
TABLE = (
    '[[grade_conversions]]\nid = "t"\ntitle = "T"\nmethod = "table"\nfrom_scale = "S"\nto_scale = "S"\n'
    'rows = [{ from = "4", to = "4" }]\nsource = "page"\nconfidence = "M"\n'
)


def refused_with(*packs: RulePack) -> list[tuple[str, str, str]]:
    """Return each reason with its file and, where another record needs it otherwise, the file of that one."""
    with pytest.raises(BrokenPack) as caught:
        Rulebook(packs)
    needed = ((one, str(one.params.get("needed_by", ""))) for one in caught.value.reasons)
    return [(one.code, one.where.partition(":")[0], by.partition(":")[0]) for one, by in needed]


def test_a_contradiction_between_layers_is_named_at_the_layer_that_brought_it() -> None:
    rate_and_rule = pack_of(fact("rate.de", key="rate", more=A_MONTH) + RULE, "shipped")
    figure = fact("rate.own", key="rate", more=f'{A_YEAR}\nscope = {{ institution = "X" }}')
    scale_and_table = pack_of(SCALE.format(5) + TABLE, "shipped")

    by_figure = refused_with(rate_and_rule, pack_of(figure, "own", "institution"))
    by_scale = refused_with(scale_and_table, pack_of(SCALE.format(3), "own", "country"))

    assert by_figure == [("fact.no_money_a_month", "own.toml", "shipped.toml")]
    assert by_scale == [("grade.out_of_range", "own.toml", "shipped.toml")]


def test_a_rule_that_fits_no_figure_of_its_own_or_a_lower_layer_is_itself_to_blame() -> None:
    shipped = pack_of(fact("rate.de", key="rate", more=A_YEAR), "shipped")

    above, beside = (refused_with(shipped, pack_of(RULE, "own", layer)) for layer in ("country", "base"))

    assert above == beside == [("fact.no_money_a_month", "own.toml", "")]
