"""Whether a country gives the student a visa at all while a stop by nationality holds."""

from __future__ import annotations

from ..rulebook.closures import Closure
from ..rulebook.free_entry import needs_visa
from ..rulebook.pack import Rulebook
from ..shared.errors import Params
from .evidence import Evidence
from .verdict import Change, Finding, Standing


def closure_findings(country: str, level: str, evidence: Evidence, rulebook: Rulebook) -> tuple[Finding, ...]:
    """Return a finding for each stop of study visas in the country on the evidence's day that meets the student, or
    may meet her; none where she needs no visa."""
    held = evidence.profile.citizenships
    closures = rulebook.closures_for(country, level, held, evidence.on)
    if not closures or not needs_visa(country, held, rulebook, evidence.on):
        return ()
    return tuple(_finding(closure, held) for closure in closures)


def _finding(closure: Closure, held: tuple[str, ...] | None) -> Finding:
    said: Params = {
        "country": closure.country,
        "nationality": ", ".join(closure.nationality),
        "since": closure.valid_from.isoformat() if closure.valid_from else "",
        "held": ", ".join(held or ()),
    }
    standing, code, flip = Standing.NOT_MET, f"closure.{closure.what.value}", None
    if held is None:
        standing, code, flip = Standing.UNKNOWN, "closure.citizenship_not_stated", _state_citizenships()
    elif not closure.shuts_out(held):
        standing, code, flip = Standing.UNKNOWN, "closure.perhaps", (Change("ask_mission", {}, 1),)
    return Finding(
        standing=standing,
        code=code,
        params=said,
        confidence=closure.confidence,
        source_id=closure.source.id,
        source_url=closure.source.url,
        rests_on=(closure.id,),
        flip=flip,
    )


def _state_citizenships() -> tuple[Change, ...]:
    return (Change("complete_profile", {"field": "citizenships"}, 1),)
