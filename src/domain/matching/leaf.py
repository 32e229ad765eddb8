"""Making the finding of one requirement."""

from __future__ import annotations

from collections.abc import Iterable

from ..catalogue.requirement import Leaf
from ..rulebook.pack import weakest
from ..shared.errors import Params, Reason
from ..shared.sources import Confidence, Source
from .verdict import Change, Finding, Standing, Used, Validity


def finding(
    leaf: Leaf,
    standing: Standing,
    code: str,
    params: Params,
    *,
    flip: tuple[Change, ...] | None = (),
    rests_on: tuple[str, ...] = (),
    leans_on: Iterable[Confidence] = (),
    distance: str = "",
    used: tuple[Used, ...] = (),
    validity: Validity | None = None,
    notices: tuple[Reason, ...] = (),
) -> Finding:
    """Return a finding on the leaf, no more trustworthy than the page and the tables behind it."""
    return Finding(
        standing=standing,
        code=code,
        params=params,
        confidence=weakest([leaf.stated.confidence, *leans_on]),
        source_id=leaf.stated.source.id,
        source_url=leaf.stated.source.url,
        rests_on=rests_on,
        distance=distance,
        flip=flip,
        used=used,
        validity=validity,
        notices=notices,
    )


def with_flip(found: Finding, flip: tuple[Change, ...] | None) -> Finding:
    """Return the finding on a leaf with other changes that would make it met."""
    return _copied(found, found.source_id, found.source_url, flip)


def on_page(found: Finding, source: Source) -> Finding:
    """Return the finding as that of a leaf that asks for the same, as trustworthily, on another page."""
    if (found.source_id, found.source_url) == (source.id, source.url):
        return found
    return _copied(found, source.id, source.url, found.flip)


def _copied(found: Finding, source_id: str, source_url: str, flip: tuple[Change, ...] | None) -> Finding:
    return Finding(  # a third of the time that ``dataclasses.replace`` takes, for each leaf of a page
        found.standing,
        found.code,
        found.params,
        found.confidence,
        source_id,
        source_url,
        found.rests_on,
        found.distance,
        flip,
        used=found.used,
        validity=found.validity,
        notices=found.notices,
    )
