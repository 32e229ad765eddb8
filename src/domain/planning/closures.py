"""Whether a stop of study visas by nationality holds on the day on which the papers are handed in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ..rulebook.closures import Closure
from ..rulebook.pack import Rulebook
from ..shared.errors import Reason


def closure_reasons(
    country: str, level: str, nationalities: Sequence[str] | None, lodged_on: date, rulebook: Rulebook
) -> tuple[Reason, ...]:
    """Return a reason for each stop that meets an applicant of these citizenships on the day, or may meet her."""
    found = rulebook.closures_for(country, level, nationalities, lodged_on)
    return tuple(_reason(closure, nationalities, lodged_on) for closure in found)


def _reason(closure: Closure, nationalities: Sequence[str] | None, lodged_on: date) -> Reason:
    code = "closure.perhaps_at_lodgement"
    if closure.shuts_out(nationalities):
        code = f"closure.{closure.what.value}_at_lodgement"
    return Reason(
        code,
        {
            "country": closure.country,
            "nationality": ", ".join(closure.nationality),
            "since": closure.valid_from.isoformat() if closure.valid_from else "",
            "on": lodged_on.isoformat(),
            "closure": closure.id,
        },
    )
