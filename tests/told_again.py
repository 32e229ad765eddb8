"""Tells cases in a process of its own: reads them pickled, writes one hash for each thing that is told of each."""

import hashlib
import pickle
import sys
from datetime import UTC, datetime
from typing import Any

from higherstudy.adapters.bundled.messages import Messages
from higherstudy.adapters.bundled.packs import bundled_rulebook
from higherstudy.adapters.icalendar.feed import feed
from higherstudy.adapters.svg.timeline import timeline_picture
from higherstudy.adapters.system.zones import SystemZones
from higherstudy.domain.funding.case import MoneyCase
from higherstudy.domain.funding.proving import money_proofs
from higherstudy.domain.matching.evidence import Evidence
from higherstudy.domain.matching.judging import judge
from higherstudy.domain.planning.calendar_entries import calendar_of
from higherstudy.domain.planning.scheduling import make_schedule
from higherstudy.domain.planning.sent_calendar import tell
from higherstudy.domain.planning.timeline import timeline_of
from higherstudy.domain.rulebook.comparing import compare_packs
from higherstudy.domain.rulebook.pack import Rulebook
from higherstudy.domain.rulebook.reading import read_pack

AT, ZONES = datetime(2026, 11, 23, tzinfo=UTC), SystemZones()


def told(kind: str, given: Any) -> bytes:
    """Return all that is told of the case."""
    match kind:
        case "plan":
            situation, pathway = given
            plan = make_schedule(situation, pathway, Rulebook(()), "2026a")
            calendar = tell(calendar_of(plan, "plan", ZONES.named, "Asia/Dhaka"), {}, AT)
            picture = timeline_picture(timeline_of(plan), Messages())
            return b"\n".join((repr(plan).encode(), picture, feed("A plan", calendar, Messages())))
        case "verdict":
            profile, tree = given
            return repr(judge(tree, Evidence(profile, AT.date()), bundled_rulebook(), "RWTH")).encode()
        case "money":
            case: MoneyCase = given
            return repr(money_proofs(case, bundled_rulebook())).encode()
        case "diff":
            one, other = (read_pack(text, "one.toml") for text in given)
            return repr(compare_packs([one], [other])).encode()
    raise ValueError(kind)


def hashes(cases: list[tuple[str, Any]]) -> list[str]:
    """Return one hash for each case."""
    return [f"{kind} {hashlib.sha256(told(kind, given)).hexdigest()}" for kind, given in cases]


if __name__ == "__main__":
    sys.stdout.write("\n".join(hashes(pickle.load(sys.stdin.buffer))))
