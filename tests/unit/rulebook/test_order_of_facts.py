"""What must hold for the order of any facts that a rulebook takes."""

from datetime import date, timedelta
from itertools import product
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from higherstudy.domain.rulebook.errors import BrokenPack
from higherstudy.domain.rulebook.facts import Fact, Scope
from higherstudy.domain.rulebook.layers import Layer
from higherstudy.domain.rulebook.overlaps import without_order
from higherstudy.domain.rulebook.pack import Rulebook, RulePack
from higherstudy.domain.shared.sources import Confidence, Source, SourceKind
from laws import cases

FIRST = date(2024, 1, 1)
DAYS = [FIRST + timedelta(days=days) for days in range(8)]
PAGE = Source("page", "A page", SourceKind.OFFICIAL, date(2026, 11, 1))
SCOPES = st.builds(
    Scope,
    country=st.sampled_from(["", "DE"]),
    nationality=st.sampled_from([(), ("BD",), ("IN",), ("BD", "IN")]),
    institution=st.sampled_from(["", "RWTH"]),
)
ENDS = st.none() | st.sampled_from(DAYS)
PLACES = st.sampled_from(list(Layer))
CASES = [
    Scope(country=country, nationality=people, institution=institution)
    for country, people, institution in product(
        ("DE", "NL"), ((), ("BD",), ("BD", "IN"), ("IN", "BD")), ("", "RWTH", "TUM")
    )
]


@st.composite
def facts(draw: st.DrawFn) -> list[tuple[Fact, Layer]]:
    count = draw(st.integers(1, 7))
    found = []
    for number in range(count):
        begin, end = draw(ENDS), draw(ENDS)
        if begin and end and end < begin:
            begin, end = end, begin
        one = Fact(f"f{number}", "rate", True, PAGE, Confidence.HIGH, "", draw(SCOPES), begin, end)
        found.append((one, draw(PLACES)))
    return found


def taken(placed: list[tuple[Fact, Layer]]) -> list[tuple[Fact, Layer]]:
    """Return those that a rulebook takes one after the other: what has no order with an earlier one is left out."""
    kept: list[tuple[Fact, Layer]] = []
    for fact, layer in placed:
        beside = [one for one, where in kept if where is layer]
        if not list(without_order([*beside, fact])):
            kept.append((fact, layer))
    return kept


def rulebook_of(placed: list[tuple[Fact, Layer]]) -> Rulebook:
    """Return the facts as a rulebook of one pack a layer."""
    by_layer = {layer: tuple(fact for fact, where in placed if where is layer) for layer in Layer}
    packs = [RulePack(layer, "A", "1", FIRST, "0" * 64, facts=held, layer=layer) for layer, held in by_layer.items()]
    return Rulebook(tuple(packs))


@cases(300)
@given(facts(), st.randoms(use_true_random=False))
def test_facts_that_are_taken_answer_alike_in_whatever_order_they_come(
    placed: list[tuple[Fact, Layer]], order: Random
) -> None:
    kept = taken(placed)
    turned = list(kept)
    order.shuffle(turned)

    rulebook, again = rulebook_of(kept), rulebook_of(turned)

    for day, case in product(DAYS, CASES):
        assert rulebook.in_force("rate", day, case) == again.in_force("rate", day, case)


@cases(300)
@given(facts())
def test_the_fact_that_counts_holds_covers_and_is_as_narrow_as_any(placed: list[tuple[Fact, Layer]]) -> None:
    kept = taken(placed)

    rulebook = rulebook_of(kept)

    for day, case in product(DAYS, CASES):
        fitting = [fact for fact, _ in kept if fact.holds_on(day) and fact.scope.covers(case)]
        found = rulebook.in_force("rate", day, case)
        assert (found is None) == (not fitting)
        assert found is None or found.scope.narrowness == max(fact.scope.narrowness for fact in fitting)


@cases(300)
@given(facts())
def test_one_layer_refuses_facts_in_one_pack_and_in_several_alike(placed: list[tuple[Fact, Layer]]) -> None:
    flat = [fact for fact, _ in placed]
    packs = [RulePack(fact.id, "A", "1", FIRST, "0" * 64, facts=(fact,)) for fact in flat]

    try:
        Rulebook(tuple(packs))
        refused = False
    except BrokenPack:
        refused = True

    assert refused == bool(list(without_order(flat)))
