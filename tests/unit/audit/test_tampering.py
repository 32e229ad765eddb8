"""Whatever a hostile owner of the database does to the trail is found, and named."""

import asyncio
from copy import deepcopy
from dataclasses import replace
from random import Random

import pytest
from audited import SIGNATURES, findings, sealed
from hypothesis import given
from hypothesis import strategies as st
from tampering import ACTS, FIELDS, Trail

from higherstudy.adapters.memory.anchors import MemoryAnchors
from higherstudy.adapters.memory.transactions import MemoryTransactions, Store
from higherstudy.domain.audit.chain import Kept, digest_of
from higherstudy.domain.audit.checking import Flaw
from higherstudy.domain.audit.entry import Entry
from higherstudy.domain.audit.use_cases.sealing import AnchorHead, SealEntries
from laws import cases

STORE, ANCHORS = Store(), MemoryAnchors()
asyncio.run(sealed(MemoryTransactions(store=STORE), ANCHORS))


def trail_of(store: Store) -> Trail:
    audit = store.audit
    return Trail(
        {one.place: one.entry for one in audit.entries.rows()},
        set(audit.waiting.rows()),
        {seal.number: seal for seal in audit.seals.rows()},
    )


def as_store(trail: Trail) -> Store:
    store = Store()
    for place, entry in trail.entries.items():
        store.audit.entries.put(place, Kept(place, entry))
    for place in trail.waiting:
        store.audit.waiting.put(place, place)
    for number, seal in trail.seals.items():
        store.audit.seals.put(number, seal)
    store.audit.keep()
    return store


@given(st.sampled_from(sorted(ACTS)), st.integers(0, 2**32))
@cases(200)
def test_whatever_is_done_to_the_rows_is_found_and_named(act: str, seed: int) -> None:
    trail = trail_of(STORE)
    expected = list(ACTS[act](trail, Random(seed)))

    found = asyncio.run(findings(MemoryTransactions(store=as_store(trail)), ANCHORS))

    assert [one for one in expected if not any(map(one.is_met_by, found))] == [], found


def test_nothing_is_found_where_nothing_was_done() -> None:
    assert asyncio.run(findings(MemoryTransactions(store=as_store(trail_of(STORE))), ANCHORS)) == []


@pytest.mark.parametrize("since", [1, 2, 4, 5, 9])
def test_a_verification_may_begin_at_any_seal(since: int) -> None:
    assert asyncio.run(findings(MemoryTransactions(store=STORE), ANCHORS, since)) == []


async def test_what_lies_before_its_beginning_is_not_looked_at() -> None:
    trail = trail_of(STORE)
    place = trail.seals[1].entries[0].place
    trail.entries[place] = FIELDS["actor"](trail.entries[place])
    transactions = MemoryTransactions(store=as_store(trail))

    assert await findings(transactions, ANCHORS, 2) == []
    assert [one.flaw for one in await findings(transactions, ANCHORS)] == [Flaw.ENTRY_CHANGED]


async def test_words_that_were_forgotten_break_no_seal() -> None:
    trail = trail_of(STORE)
    forgotten = {place: _without_words(entry) for place, entry in trail.entries.items()}

    found = await findings(MemoryTransactions(store=as_store(Trail(forgotten, trail.waiting, trail.seals))), ANCHORS)

    assert found == []


async def test_a_cut_end_shows_although_the_chain_goes_on_honestly() -> None:
    trail, anchors = trail_of(STORE), deepcopy(ANCHORS)
    trail.drop_seal(4)
    transactions = MemoryTransactions(store=as_store(trail))
    await SealEntries(transactions, SIGNATURES)()

    told = await AnchorHead(transactions, SIGNATURES, anchors)()
    found = await findings(transactions, anchors)

    assert [(one.flaw, one.seal) for one in told] == [(Flaw.ANCHOR_DIFFERS, 4)]
    assert [(one.flaw, one.seal) for one in found] == [(Flaw.ANCHOR_DIFFERS, 4)]


def test_every_field_of_an_entry_is_tried() -> None:
    assert FIELDS.keys() == set(Entry.__dataclass_fields__)


@given(st.sampled_from(sorted(FIELDS.keys() - {"address", "reason"})))
@cases(20)
def test_a_changed_field_changes_the_digest(name: str) -> None:
    entry = next(iter(trail_of(STORE).entries.values()))

    assert digest_of(FIELDS[name](entry)) != digest_of(entry)


def _without_words(entry: Entry) -> Entry:
    return replace(entry, address=None, reason=None)
