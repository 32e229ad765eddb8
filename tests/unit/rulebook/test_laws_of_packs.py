"""What must hold for any pack that is written, right or wrong, and for any packs upon one another."""

from copy import deepcopy
from datetime import date
from itertools import permutations
from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from random_packs import DATA, FIRST, PACKS, SEEDS, layered
from toml_writing import Data, as_pack, as_tables

from higherstudy.domain.rulebook.comparing import How, PackDiff, compare_packs
from higherstudy.domain.rulebook.errors import BrokenPack
from higherstudy.domain.rulebook.facts import Scope
from higherstudy.domain.rulebook.kinds import KINDS
from higherstudy.domain.rulebook.pack import Rulebook, RulePack
from higherstudy.domain.rulebook.reading import read_pack
from higherstudy.domain.shared.errors import Reason
from laws import cases

from .everything import EVERYTHING

NAME = "one.toml"
MOST_DAYS = 4380
SCOPES = (Scope(), Scope(country="DE"), Scope("DE", "DE/DHAKA", ("BD",), "master"))
HOSTILE: list[Any] = [
    *(
        "",
        " ",
        "ONE_0",
        "ONE_END",
        "one.paper0",
        "NaN",
        "1e9999",
        "-1",
        "0",
        "9" * 40,
        "x" * 5000,
        "\u202e",
        "2026-02-30",
    ),
    *(0, -1, 1, 10**6, 10**30, 1.5, True, False, [], ["ONE_0"], [[]], {}, {"a": 1}, [{}], None),
]


def records(pack: RulePack) -> dict[str, tuple[object, ...]]:
    """Return all that the pack says, without the text that says it."""
    return {kind.list: tuple(kind.of(pack)) for kind in KINDS}


@cases(100)
@given(DATA)
def test_a_pack_says_the_same_however_it_is_laid_out(data: Data) -> None:
    turned = {name: data[name] for name in reversed(data)}

    one, other, again = (read_pack(text, NAME) for text in (as_pack(data), as_tables(turned), as_pack(data)))

    assert records(one) == records(other)
    assert compare_packs([one], [other]).changes == ()
    assert one.sha256 != other.sha256
    assert (again, again.sha256, again.text) == (one, one.sha256, as_pack(data))


@st.composite
def spoilt_data(draw: st.DrawFn) -> str:
    """Return a pack in which one value is another, is gone, or is there twice."""
    data = deepcopy(draw(st.one_of(DATA, st.just(EVERYTHING))))
    random = Random(draw(SEEDS))
    holder: Any = data
    while True:
        keys = list(holder) if isinstance(holder, dict) else range(len(holder))
        key = random.choice(keys)
        inner = holder[key]
        if not isinstance(inner, dict | list) or not inner or random.random() < 0.15:
            break
        holder = inner
    match draw(st.sampled_from(["other", "gone", "twice", "more"])):
        case "gone":
            del holder[key]
        case "twice" if isinstance(holder, list):
            holder.append(holder[key])
        case "more" if isinstance(holder, dict):
            holder["more"] = inner
        case _:
            holder[key] = draw(st.sampled_from(HOSTILE))
    return as_pack(data)


@st.composite
def spoilt_text(draw: st.DrawFn) -> str:
    """Return the text of a pack into which somebody's hand has slipped."""
    text = as_tables(draw(st.one_of(DATA, st.just(EVERYTHING))))
    at = draw(st.integers(0, len(text)))
    until = min(len(text), at + draw(st.integers(0, 60)))
    return (
        text[:at] + draw(st.text(max_size=8) | st.sampled_from(['"', "]", "=", "\n[[facts]]\n", "\x00"])) + text[until:]
    )


def refusal(text: str) -> tuple[Reason, ...]:
    """Return why the text is no pack, at least one reason; nothing where it is one."""
    try:
        Rulebook((read_pack(text, NAME),))
    except BrokenPack as refused:
        return refused.reasons or (Reason("none given"),)
    return ()


@cases(400)
@given(st.one_of(spoilt_data(), spoilt_text()))
def test_a_broken_pack_is_refused_whole_with_a_place_and_never_otherwise(text: str) -> None:
    for reason in refusal(text):
        name, _, line = reason.where.partition(":")
        assert name == NAME
        assert reason.code == "pack.not_toml" or 1 <= int(line) <= len(text.splitlines()) + 1


@cases(60)
@given(layered(), st.integers(0, MOST_DAYS))
def test_the_order_in_which_packs_are_given_makes_no_difference(packs: tuple[RulePack, ...], days: int) -> None:
    day = date.fromordinal(FIRST.toordinal() + days)

    rulebooks = [Rulebook(order) for order in permutations(packs)]

    first = rulebooks[0]
    for other in rulebooks[1:]:
        assert (other.edition, other.edition_id, other.packs) == (first.edition, first.edition_id, first.packs)
        for kind in KINDS:
            if kind.list != "facts":
                assert list(getattr(other, kind.list).items()) == list(getattr(first, kind.list).items())
        for key in first.fact_keys():
            assert other.facts(key) == first.facts(key)
            assert [other.in_force(key, day, s) for s in SCOPES] == [first.in_force(key, day, s) for s in SCOPES]


@cases(100)
@given(layered())
def test_of_records_with_one_name_that_of_the_highest_layer_is_in_force(packs: tuple[RulePack, ...]) -> None:
    rulebook = Rulebook(packs)

    for kind in KINDS:
        named: dict[str, list[RulePack]] = {}
        for pack in packs:
            for record in kind.of(pack):
                named.setdefault(kind.name_of(record), []).append(pack)
        for name, holders in named.items():
            highest = max(holders, key=lambda pack: pack.layer.rank)
            assert rulebook.pack_of(kind.list, name) is highest


MIRRORED = {How.ADDED: How.REMOVED, How.REMOVED: How.ADDED, How.CHANGED: How.CHANGED}


def told(diff: PackDiff) -> dict[tuple[str, str], tuple[How, tuple[tuple[str, str | None, str | None], ...]]]:
    return {
        (change.kind, change.name): (change.how, tuple((f.field, f.before, f.after) for f in change.fields))
        for change in diff.changes
    }


@cases(100)
@given(PACKS, PACKS)
def test_a_difference_seen_from_the_other_side_is_its_mirror(one: RulePack, other: RulePack) -> None:
    there, back, again = compare_packs([one], [other]), compare_packs([other], [one]), compare_packs([one], [other])

    mirrored = {
        name: (MIRRORED[how], tuple((field, after, before) for field, before, after in fields))
        for name, (how, fields) in told(back).items()
    }
    assert told(there) == mirrored
    assert repr(there) == repr(again)
    for kind in KINDS:
        names = [{kind.name_of(record): record for record in kind.of(pack)} for pack in (one, other)]
        differ = {name for name in {*names[0], *names[1]} if names[0].get(name) != names[1].get(name)}
        assert {name for where, name in told(there) if where == kind.list} == differ
