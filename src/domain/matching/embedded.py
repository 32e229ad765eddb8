"""Matching programmes at hand, without a store: the embedded library's way, and the command line's with a file."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from ..catalogue.programme import Programme
from ..rulebook.pack import Rulebook
from .answers import unanswered
from .asking import Apart
from .entry import entry_of
from .evidence import Evidence
from .listing import Listing
from .ranking import Matches, Matching
from .unlocking import Unlocks, gains, rows_of, tried_steps, unlock_of
from .verdict import Standing
from .wanted import Wanted, Wishes
from .whole import Whole

_ALL = Wanted()


def match_all(
    programmes: Iterable[Programme],
    evidence: Evidence,
    rulebook: Rulebook,
    size: int,
    *,
    wanted: Wanted = _ALL,
    only: Collection[Standing] = (),
    missing: int = 0,
    start: int = 0,
) -> Matches:
    """Return how many of the programmes stand how, and a page of the best; what has expired is left out.

    ``only`` lists these standings alone; ``missing`` (of Lack) counts and lists only those that lack something, and
    nothing else than this.
    """
    offered = {programme.id: programme for programme in programmes if not programme.expired}
    listing = Listing(map(entry_of, offered.values()), Apart.of(rulebook, evidence.days))
    chosen = listing.select(wanted.for_student(evidence, rulebook))
    whole = Whole(listing.trees, evidence, rulebook, chosen.leaves)
    standings = chosen.standings(whole.leaves)
    order = whole.order(chosen.counts, standings, start + size, only=only, missing=missing)
    ids = chosen.page(order.ranks, Wishes.of(evidence, rulebook), start, size)
    judge = Matching(evidence, rulebook).match
    page = tuple(judge(offered[id_]) for id_ in ids)
    return Matches(order.counts, order.total, start, page)


def unlock(
    programmes: Iterable[Programme],
    evidence: Evidence,
    rulebook: Rulebook,
    size: int,
    *,
    wanted: Wanted = _ALL,
    shown: int = 5,
) -> Unlocks:
    """Return the ``size`` changes that open most of the programmes for their effort, each with up to ``shown`` ids."""
    offered = (programme for programme in programmes if not programme.expired)
    listing = Listing(map(entry_of, offered), Apart.of(rulebook, evidence.days))
    chosen = listing.select(wanted.for_student(evidence, rulebook))
    whole = Whole(listing.trees, evidence, rulebook, chosen.leaves)
    tried = tried_steps(whole)
    openings = chosen.openings(rows_of(whole, tried))
    best, wishes = gains(tried, openings, chosen.counts)[:size], Wishes.of(evidence, rulebook)
    items = [unlock_of(gain, chosen.page(gain.ranks, wishes, 0, shown)) for gain in best]
    total, is_open = sum(chosen.counts), openings[0].programmes
    return Unlocks(evidence.on, rulebook.edition, total, is_open, tuple(items), unanswered(whole))
