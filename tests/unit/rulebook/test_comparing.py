"""What differs between two versions of packs."""

import pytest

from higherstudy.adapters.bundled.packs import bundled_rulebook
from higherstudy.domain.rulebook.comparing import FieldChange, How, PackDiff, RecordChange, compare_packs
from higherstudy.domain.rulebook.fact_words import fact_says, figure_of
from higherstudy.domain.rulebook.layers import replaced_by
from higherstudy.domain.rulebook.pack import RulePack
from higherstudy.domain.rulebook.reading import read_pack

from .everything import EVERYTHING, as_pack
from .pack_texts import fact, pack_of

SINCE_2024 = fact("rate.2024", "934", more='unit = "EUR/month"\nvalid_from = 2024-01-01')
SINCE_2026 = fact("rate.2026", "992", more='unit = "EUR/month"\nvalid_from = 2026-10-01')


def changes(before: RulePack, after: RulePack) -> list[tuple[str, str, str]]:
    found = compare_packs([before], [after]).changes
    return [(change.kind, change.name, change.how.value) for change in found]


def fields(old: str, new: str) -> list[FieldChange]:
    """Return what changes in the one record that differs when the text of a whole pack is changed so."""
    text = as_pack(EVERYTHING)
    assert text.count(old) >= 1
    [change] = compare_packs([read_pack(text, "a")], [read_pack(text.replace(old, new), "b")]).changes
    return list(change.fields)


def test_a_pack_compared_with_itself_differs_in_nothing() -> None:
    packs = bundled_rulebook().packs

    assert compare_packs(packs, packs).changes == ()


def test_a_remark_changes_the_hash_and_no_record() -> None:
    found = compare_packs([pack_of(SINCE_2024)], [pack_of(SINCE_2024 + "# a remark\n")])

    assert found.before != found.after
    assert found.changes == ()


def test_records_are_told_by_kind_and_id_as_added_removed_or_changed() -> None:
    before = pack_of(fact("gone", key="a") + fact("kept", key="b") + fact("other", key="c"))
    after = pack_of(fact("other", "2", key="c") + fact("kept", key="b") + fact("new", key="d"))

    assert changes(before, after) == [
        ("facts", "gone", "removed"),
        ("facts", "new", "added"),
        ("facts", "other", "changed"),
    ]
    assert compare_packs([before], [after]).count(How.ADDED) == 1


def test_a_new_fact_says_what_was_said_before_of_its_key_and_scope() -> None:
    [change] = compare_packs([pack_of(SINCE_2024)], [pack_of(SINCE_2024 + SINCE_2026)]).changes

    assert change.fact is not None
    assert change.was is not None
    assert (figure_of(change.fact), fact_says(change.fact).params["from"]) == ("992 EUR/month", "2026-10-01")
    assert figure_of(change.was) == "934 EUR/month"


def test_a_changed_fact_says_its_own_former_figure() -> None:
    [change] = compare_packs([pack_of(SINCE_2024)], [pack_of(SINCE_2024.replace("934", "940"))]).changes

    assert change.was is not None
    assert figure_of(change.was) == "934 EUR/month"
    assert change.fields == (FieldChange("value", "934", "940"),)


def test_a_fact_of_another_scope_is_not_what_was_said_before() -> None:
    other = SINCE_2026 + 'scope = { country = "DE" }\n'

    [change] = compare_packs([pack_of(SINCE_2024)], [pack_of(SINCE_2024 + other)]).changes

    assert change.was is None


@pytest.mark.parametrize(
    ("old", "new", "place", "before", "after"),
    [
        ('"2.00"', '"2.50"', "lowest_pass", "2.00", "2.50"),
        ('level = "master", institution = "RWTH"}', 'level = "bachelor"}', "scope.institution", "RWTH", None),
        ('starts_each = "10-01"', 'starts_each = "09-15"', "starts_each", "10-01", "09-15"),
        (", months = 12,", ", months = 11,", "months", "12", "11"),
        ('from = "7", to = "6.5"', 'from = "7", to = "7"', "rows[7].to_score", "6.5", "7"),
        ("copies = 2", "copies = 3", "items[passport].copies", "2", "3"),
        ('"Nothing is stapled."', '"Staple it."', "rules[no_staples].text", "Nothing is stapled.", "Staple it."),
        ('"B", title = "B"', '"B", title = "Bee"', "steps[B].title", "B", "Bee"),
    ],
)
def test_a_changed_field_is_told_by_its_place_with_both_values(
    old: str, new: str, place: str, before: str | None, after: str | None
) -> None:
    [change] = [one for one in fields(old, new) if one.field == place]

    assert (change.before, change.after) == (before, after)


def test_a_step_that_is_new_is_told_once_and_not_field_by_field() -> None:
    text = as_pack(EVERYTHING)
    more = {**EVERYTHING["pathways"][0]["steps"][1], "code": "C", "after": ["B"]}
    way = {**EVERYTHING["pathways"][0], "steps": [*EVERYTHING["pathways"][0]["steps"], more]}
    longer = as_pack({**EVERYTHING, "pathways": [way]})

    [change] = compare_packs([read_pack(text, "a")], [read_pack(longer, "b")]).changes

    assert change.fields == (FieldChange("steps", "A, B", "A, B, C"),)


def test_a_condition_that_changes_is_told_in_words() -> None:
    way = EVERYTHING["pathways"][0]
    other = {**way, "lead_times": [{**way["lead_times"][0], "when": {"circumstance": "employed", "is": False}}]}
    changed = as_pack({**EVERYTHING, "pathways": [other]})

    [change] = compare_packs([read_pack(as_pack(EVERYTHING), "a")], [read_pack(changed, "b")]).changes

    [field] = change.fields
    assert field.field == "lead_times[A].when"
    assert field.before == "all of (employed is true; any of (nationality is BD or IN; not (employed is true)))"
    assert field.after == "employed is false"


def test_the_order_of_packs_and_of_their_records_makes_no_difference() -> None:
    one, other = pack_of(SINCE_2024, "one"), pack_of(fact("fee", key="fee"), "other")
    turned = pack_of(SINCE_2026 + SINCE_2024, "one"), pack_of(fact("fee", key="fee"), "other")

    assert compare_packs([one, other], turned) == compare_packs([other, one], turned[::-1])
    assert compare_packs(turned, [pack_of(SINCE_2024 + SINCE_2026, "one"), other]).changes == ()


def test_what_a_higher_layer_puts_over_a_record_is_a_change_of_it() -> None:
    base, school = pack_of(SINCE_2024, "base"), pack_of(SINCE_2024.replace("934", "1"), "school", "institution")

    [change] = compare_packs([base], replaced_by([base], [school])).changes

    assert (change.how, change.before, change.after) == (How.CHANGED, "base", "school")


def test_a_newer_version_takes_the_place_of_the_pack_with_its_id() -> None:
    old, other, new = pack_of(SINCE_2024), pack_of("", "other"), pack_of(SINCE_2026)

    assert replaced_by([old, other], [new]) == (other, new)


def test_a_difference_tells_the_packs_and_of_each_record_all_that_is_known() -> None:
    before = pack_of(SINCE_2024 + fact("gone", key="a"), "own")
    after = pack_of(SINCE_2024.replace("934", "940") + SINCE_2026, "own")
    (old, gone), (now, new) = before.facts, after.facts

    assert compare_packs([before], [after]) == PackDiff(
        before=(f"own@1:{before.sha256}",),
        after=(f"own@1:{after.sha256}",),
        changes=(
            RecordChange("facts", "gone", How.REMOVED, "own", "", (), gone, None),
            RecordChange(
                "facts", "rate.2024", How.CHANGED, "own", "own", (FieldChange("value", "934", "940"),), now, old
            ),
            RecordChange("facts", "rate.2026", How.ADDED, "", "own", (), new, old),
        ),
    )


@pytest.mark.parametrize(
    ("earlier", "was"),
    [
        (["valid_from = 2026-10-01"], "f0"),
        (["valid_from = 2026-10-02"], None),
        (["valid_to = 2025-12-31"], "f0"),
        (["valid_from = 2024-01-01\nvalid_to = 2025-12-31", "valid_from = 2026-01-01", "valid_to = 2023-12-31"], "f1"),
    ],
)
def test_a_new_fact_takes_the_place_of_the_latest_that_began_no_later(earlier: list[str], was: str | None) -> None:
    known = "".join(fact(f"f{number}", more=days) for number, days in enumerate(earlier))
    new = fact("new", more="valid_from = 2026-10-01")

    [change] = compare_packs([pack_of(known)], [pack_of(new, "school", "institution"), pack_of(known)]).changes

    assert (change.name, change.was and change.was.id) == ("new", was)


def test_a_new_fact_without_a_beginning_takes_the_place_of_whatever_was_said() -> None:
    known = pack_of(fact("old", more="valid_from = 2199-01-01"))
    new = pack_of(fact("new", more="valid_to = 2030-01-01"), "school", "institution")

    [change] = compare_packs([known], [known, new]).changes

    assert change.was == known.facts[0]


def test_of_a_part_that_is_gone_nothing_is_told_but_its_name() -> None:
    way = EVERYTHING["pathways"][0]
    first, last = way["steps"]
    changed = {**way, "steps": [{**first, "days": {"typical": 2}}, last], "lead_times": []}

    [change] = compare_packs(
        [read_pack(as_pack(EVERYTHING), "a")], [read_pack(as_pack({**EVERYTHING, "pathways": [changed]}), "b")]
    ).changes

    assert change.fields == (
        FieldChange("lead_times", "A", None),
        FieldChange("steps[A].duration.least", "1", None),
        FieldChange("steps[A].duration.most", "3", None),
    )


def test_a_fact_that_begins_later_than_it_did_says_its_own_former_figure_and_not_that_of_another() -> None:
    other = fact("other", more="valid_from = 2025-01-01")
    before = pack_of(fact("own", more="valid_from = 2024-01-01") + other)
    after = pack_of(fact("own", more="valid_from = 2026-01-01") + other)

    [change] = compare_packs([before], [after]).changes

    assert (change.fact, change.was) == (after.facts[0], before.facts[0])
