"""Making the finding of one requirement."""

from __future__ import annotations

from collections.abc import Iterable

from ..catalogue.requirement import Leaf, Stated
from ..rulebook.pack import weakest
from ..shared.errors import Params, Reason
from ..shared.sources import Confidence
from .entry import NO_PAGE
from .verdict import Change, Finding, Standing, Used, Validity

NOWHERE = Stated(NO_PAGE, Confidence.HIGH)
"""Where a leaf stands that is looked at without its page; what is found on it is as trustworthy as the tables."""


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


def restated(found: Finding, stated: Stated) -> Finding:
    """Return a finding that was made of a leaf without its page as that of a leaf on this one."""
    return Finding(
        found.standing,
        found.code,
        found.params,
        weakest((stated.confidence, found.confidence)),
        stated.source.id,
        stated.source.url,
        found.rests_on,
        found.distance,
        found.flip,
        found.parts,
        found.used,
        found.validity,
        found.notices,
    )
