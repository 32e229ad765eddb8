"""Making the finding of one requirement."""

from __future__ import annotations

from collections.abc import Iterable

from ..catalogue.requirement import Leaf
from ..rulebook.pack import weakest
from ..shared.errors import Params, Reason
from ..shared.sources import Confidence
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
