"""The commands ``match``, ``unlock`` and ``verdict``: how a case stands against what programmes require."""

from __future__ import annotations

import difflib
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from ....domain.matching.evidence import Days, Evidence
from ....domain.matching.ranking import matched
from ..bundle import Bundle, day_option, documents_of
from ..connection import asked_of_server
from ..errors import NEGATIVE, refused
from ..plans.target_days import days_of_target
from ..screen import print_json, show
from ..words import Words, day
from .asked import asked
from .match_of_case import evidence_of, match_view, matches_view, unlocks_view
from .match_text import matches_page, unlocks_page, verdict_page
from .match_view import MatchView
from .remote_match import remote_matches, remote_unlocks, remote_verdict

Levels = Literal["bachelor", "master", "doctorate", "diploma", "other"]
Standings = Literal["met", "probably_met", "unknown", "not_met"]
Lacks = Literal[
    "requirement", "test", "grade", "degree", "document", "experience", "citizenship", "money", "stated", "visa"
]
Listed = Parameter(negative=(), consume_multiple=True)
Flag = Parameter(negative=())


def match(
    file: Annotated[Path | None, Parameter(show_default=False)] = None,
    /,
    *,
    text: str | None = None,
    country: Annotated[list[str] | None, Listed] = None,
    level: Annotated[list[Levels] | None, Listed] = None,
    field: Annotated[list[str] | None, Listed] = None,
    language: Annotated[list[str] | None, Listed] = None,
    max_tuition: str | None = None,
    starts_from: str | None = None,
    starts_until: str | None = None,
    deadline_ahead: Annotated[bool, Flag] = False,
    standing: Annotated[list[Standings] | None, Listed] = None,
    missing: Annotated[list[Lacks] | None, Listed] = None,
    limit: int = 20,
    catalogue: Path | None = None,
    today: str | None = None,
    server: str | None = None,
    json: Annotated[bool, Flag] = False,
) -> int:
    """Hold a case against every programme of a catalogue, best first, each with its reasons.

    What stands best comes first, then what costs least to reach, then what fits field, budget and deadlines best.

    Parameters
    ----------
    file
        A case file such as examples/dhaka-master-germany.toml; without one, the record of the student who is signed
        in is held against the server's catalogue.
    text
        Only programmes with these words in their name or their institution's.
    country
        Only these countries, by their two letters, such as DE NL.
    level
        Only these levels.
    field
        Only these fields, by ISCED-F 2013 code or its beginning, such as 061.
    language
        Only these languages of instruction, such as en de.
    max_tuition
        Only what costs no more than this a year, such as "12000 EUR"; amounts in other currencies do not count.
    starts_from
        Only what begins on this day or later, as YYYY-MM-DD.
    starts_until
        Only what begins on this day or earlier.
    deadline_ahead
        Only where one can still apply for the next beginning.
    standing
        List only these standings.
    missing
        Only programmes that lack something, and nothing else than this.
    limit
        How many to show, 1 to 1000.
    catalogue
        A catalogue file in place of the bundled one.
    today
        The day to judge for, as YYYY-MM-DD.
    server
        The server to ask without a case file; otherwise that of the last sign-in, or the one kept on this machine.
    json
        Print everything as JSON.
    """
    wanted = asked(
        limit=limit,
        text=text,
        country=country,
        level=level,
        field=field,
        language=language,
        max_tuition=max_tuition,
        starts_from=starts_from,
        starts_until=starts_until,
        open_only=deadline_ahead,
        standing=standing,
        missing=missing,
    )
    if file is None:
        view = asked_of_server(server, lambda api: remote_matches(api, wanted, day_option(today, "--today")))
    else:
        bundle, evidence = _evidence(file, catalogue, today)
        view = matches_view(bundle.programmes.values(), evidence, bundle.rulebook, wanted)
    if json:
        print_json(asdict(view))
    else:
        show(matches_page(view))
    return 0


def unlock(
    file: Annotated[Path | None, Parameter(show_default=False)] = None,
    /,
    *,
    text: str | None = None,
    country: Annotated[list[str] | None, Listed] = None,
    level: Annotated[list[Levels] | None, Listed] = None,
    field: Annotated[list[str] | None, Listed] = None,
    language: Annotated[list[str] | None, Listed] = None,
    max_tuition: str | None = None,
    starts_from: str | None = None,
    starts_until: str | None = None,
    deadline_ahead: Annotated[bool, Flag] = False,
    limit: int = 10,
    catalogue: Path | None = None,
    today: str | None = None,
    server: str | None = None,
    json: Annotated[bool, Flag] = False,
) -> int:
    """Say which changes would open how many more programmes of a catalogue, most for the effort first.

    A programme is open that is met or probably met.

    Parameters
    ----------
    file
        A case file such as examples/dhaka-master-germany.toml; without one, the record of the student who is signed
        in is held against the server's catalogue.
    text
        Only programmes with these words in their name or their institution's.
    country
        Only these countries, by their two letters, such as DE NL.
    level
        Only these levels.
    field
        Only these fields, by ISCED-F 2013 code or its beginning, such as 061.
    language
        Only these languages of instruction, such as en de.
    max_tuition
        Only what costs no more than this a year, such as "12000 EUR"; amounts in other currencies do not count.
    starts_from
        Only what begins on this day or later, as YYYY-MM-DD.
    starts_until
        Only what begins on this day or earlier.
    deadline_ahead
        Only where one can still apply for the next beginning.
    limit
        How many changes to show, 1 to 1000; a server shows at most 100.
    catalogue
        A catalogue file in place of the bundled one.
    today
        The day to judge for, as YYYY-MM-DD.
    server
        The server to ask without a case file; otherwise that of the last sign-in, or the one kept on this machine.
    json
        Print everything as JSON.
    """
    wanted = asked(
        limit=limit,
        text=text,
        country=country,
        level=level,
        field=field,
        language=language,
        max_tuition=max_tuition,
        starts_from=starts_from,
        starts_until=starts_until,
        open_only=deadline_ahead,
    )
    if file is None:
        view = asked_of_server(server, lambda api: remote_unlocks(api, wanted, day_option(today, "--today")))
    else:
        bundle, evidence = _evidence(file, catalogue, today)
        view = unlocks_view(bundle.programmes.values(), evidence, bundle.rulebook, wanted)
    if json:
        print_json(asdict(view))
    else:
        show(unlocks_page(view))
    return 0


def verdict(
    file_or_programme: Annotated[str | None, Parameter(name="FILE", show_default=False)] = None,
    programme: Annotated[str | None, Parameter(show_default=False)] = None,
    /,
    *,
    catalogue: Path | None = None,
    today: str | None = None,
    application: str | None = None,
    enrolment: str | None = None,
    appointment: str | None = None,
    server: str | None = None,
    json: Annotated[bool, Flag] = False,
) -> int:
    """Explain how a case stands against one programme, requirement by requirement.

    Exits with 1 when a requirement is not met.

    Parameters
    ----------
    file_or_programme
        A case file such as examples/dhaka-master-germany.toml; leave it out to ask about the student who is signed in.
    programme
        The programme's key, as `higherstudy match` shows it.
    catalogue
        A catalogue file in place of the bundled one.
    today
        The day to judge for, as YYYY-MM-DD.
    application
        The day of the application, as YYYY-MM-DD: a test result must count then.
    enrolment
        The day of the enrolment, as YYYY-MM-DD.
    appointment
        The day of the visa appointment, as YYYY-MM-DD: a test result must count then too.
    server
        The server to ask without a case file; otherwise that of the last sign-in, or the one kept on this machine.
    json
        Print everything as JSON.
    """
    days = _days(application, enrolment, appointment)
    if file_or_programme is None:
        raise refused("verdict", "name_a_programme")
    if programme is None:
        key = file_or_programme
        _refuse_file(key)
        found = asked_of_server(server, lambda api: remote_verdict(api, key, day_option(today, "--today"), days))
        if found is None:
            raise refused("verdict", "no_programme_there", given=key)
        view, on, rulebook = found
    else:
        view, on, rulebook = _verdict(Path(file_or_programme), programme, catalogue, today, days)
    if json:
        print_json({"on": on, "rulebook": rulebook, **asdict(view)})
    else:
        show(verdict_page(view, day(on)))
    return NEGATIVE if view.standing == "not_met" else 0


def _refuse_file(given: str) -> None:
    """Refuse a case file that stands where the programme's key is expected."""
    file = Path(given)
    if file.exists():
        raise refused(file, "name_a_programme_too")
    if file.suffix == ".toml" or file.name != given:
        raise refused(file, "no_file")


def _verdict(
    file: Path, programme: str, catalogue: Path | None, today: str | None, days: Days | None
) -> tuple[MatchView, date, tuple[str, ...]]:
    bundle, evidence = _evidence(file, catalogue, today, days)
    found = bundle.programmes.get(programme)
    if found is None:
        near = difflib.get_close_matches(programme, bundle.programmes, n=3, cutoff=0.4)
        code = "no_programme_but" if near else "no_programme"
        raise refused("verdict", code, given=programme, any_of=", ".join(near))
    if days is None:
        case = bundle.case(file)
        evidence = replace(evidence, days=days_of_target(found, case, documents_of(case), bundle, evidence.on))
    judged = matched(found, evidence, bundle.rulebook)
    return match_view(judged, Words(bundle.rulebook)), evidence.on, judged.verdict.rulebook


def _days(application: str | None, enrolment: str | None, appointment: str | None) -> Days | None:
    """Return the days of the case that were named, or None where none was."""
    found = Days(
        day_option(application, "--application"),
        day_option(enrolment, "--enrolment"),
        day_option(appointment, "--appointment"),
    )
    return None if found == Days() else found


def _evidence(
    file: Path, catalogue: Path | None, today: str | None, days: Days | None = None
) -> tuple[Bundle, Evidence]:
    bundle = Bundle(catalogue)
    asked = day_option(today, "--today")
    case = bundle.case(file)
    on = bundle.day_of(case, asked)
    return bundle, evidence_of(case, documents_of(case), bundle.rulebook, on, days)
