"""Reading closures by nationality."""

from __future__ import annotations

from ..shared.reading import Record
from ..shared.sourced import Sources, source_of
from ..shared.sources import Confidence
from .closures import Closing, Closure
from .facts import AppliesBy
from .reading_whom import countries_of, country_of, level_of


def read_closure(r: Record, sources: Sources) -> Closure:
    """Return the closure in the record; what is wrong with it is noted."""
    closure = Closure(
        id=r.text("id"),
        country=country_of(r),
        level=level_of(r),
        nationality=countries_of(r, "nationality"),
        not_nationality=countries_of(r, "not_nationality"),
        complete=r.flag("complete", True),
        what=r.choice("what", Closing),
        valid_from=r.maybe_day("valid_from"),
        valid_to=r.maybe_day("valid_to"),
        applies_by=r.choice("applies_by", AppliesBy, AppliesBy.LODGEMENT_DATE),
        note=r.text("note", ""),
        source=source_of(r, sources),
        confidence=r.choice("confidence", Confidence),
    )
    if not closure.nationality and closure.complete:
        r.wrong("nationality", "data.missing")
    if closure.valid_from and closure.valid_to and closure.valid_to < closure.valid_from:
        r.wrong("valid_to", "closure.ends_before_it_begins")
    for both in sorted(set(closure.nationality) & set(closure.not_nationality)):
        r.wrong("not_nationality", "data.twice", given=both)
    r.done()
    return closure
