"""The commands ``match`` and ``verdict``: how a case stands against what programmes require."""

from __future__ import annotations

import difflib
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from ....domain.matching.evidence import Days, Evidence
from ....domain.matching.judging import judge_programme
from ....domain.matching.ranking import Match
from ..bundle import Bundle, day_option, documents_of
from ..connection import asked_of_server
from ..errors import NEGATIVE, CommandFailed
from ..plans.target_days import days_of_target
from ..screen import print_json, show
from ..words import Words, day
from .match_of_case import Wanted, evidence_of, match_view, matches_view
from .match_text import matches_page, verdict_page
from .match_view import MatchesView, MatchView
from .remote_match import remote_matches, remote_verdict

_MOST = 1000

Levels = Literal["bachelor", "master", "doctorate", "diploma", "other"]
Listed = Parameter(negative=(), consume_multiple=True)
Flag = Parameter(negative=())


def match(
    file: Annotated[Path | None, Parameter(show_default=False)] = None,
    /,
    *,
    country: Annotated[list[str] | None, Listed] = None,
    level: Annotated[list[Levels] | None, Listed] = None,
    field: Annotated[list[str] | None, Listed] = None,
    limit: int = 20,
    catalogue: Path | None = None,
    today: str | None = None,
    server: str | None = None,
    json: Annotated[bool, Flag] = False,
) -> int:
    """Hold a case against every programme of a catalogue, best first, each with its reasons.

    Parameters
    ----------
    file
        A case file such as examples/dhaka-master-germany.toml; without one, the record of the student who is signed
        in is held against the server's catalogue.
    country
        Only these countries, by their two letters, such as DE NL.
    level
        Only these levels.
    field
        Only these fields, by ISCED-F 2013 code or its beginning, such as 061.
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
    if not 1 <= limit <= _MOST:
        raise CommandFailed(f"--limit: A number from 1 to {_MOST} is expected; given was {limit}.")
    wanted = Wanted(_countries(country), tuple(level or ()), tuple(field or ()))
    if file is None:
        view = asked_of_server(server, lambda api: remote_matches(api, wanted, day_option(today, "--today"), limit))
    else:
        view = _matches(file, catalogue, today, wanted, limit)
    if json:
        print_json(asdict(view))
    else:
        show(matches_page(view))
    return 0


def _matches(file: Path, catalogue: Path | None, today: str | None, wanted: Wanted, limit: int) -> MatchesView:
    bundle, evidence = _evidence(file, catalogue, today)
    fitting = [programme for programme in bundle.programmes.values() if wanted.fits(programme)]
    return matches_view(fitting, evidence, bundle.rulebook, limit)


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
        raise CommandFailed("verdict: Name a programme by its key, as `higherstudy match` shows it.")
    if programme is None:
        key = file_or_programme
        _refuse_file(key)
        found = asked_of_server(server, lambda api: remote_verdict(api, key, day_option(today, "--today"), days))
        if found is None:
            raise CommandFailed(f'verdict: There is no programme "{key}" on the server.')
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
        raise CommandFailed(f"{file}: Name a programme by its key besides the case file.")
    if file.suffix == ".toml" or file.name != given:
        raise CommandFailed(f"{file}: There is no such file.")


def _verdict(
    file: Path, programme: str, catalogue: Path | None, today: str | None, days: Days | None
) -> tuple[MatchView, date, tuple[str, ...]]:
    bundle, evidence = _evidence(file, catalogue, today, days)
    found = bundle.programmes.get(programme)
    if found is None:
        near = difflib.get_close_matches(programme, bundle.programmes, n=3, cutoff=0.4)
        hint = f" Did you mean {' or '.join(near)}?" if near else ""
        raise CommandFailed(f'verdict: There is no programme "{programme}" in the catalogue.{hint}')
    if days is None:
        case = bundle.case(file)
        evidence = replace(evidence, days=days_of_target(found, case, documents_of(case, file), bundle, evidence.on))
    judged = Match(found, judge_programme(found, evidence, bundle.rulebook))
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
    on = bundle.today(case.profile, asked, case.today)
    return bundle, evidence_of(case, documents_of(case, file), bundle.rulebook, on, days)


def _countries(given: list[str] | None) -> tuple[str, ...]:
    found = tuple(code.upper() for code in given or ())
    for code in found:
        if len(code) != 2 or not code.isascii() or not code.isalpha():
            raise CommandFailed(f'--country: "{code}" is no country code; two letters are expected, such as DE.')
    return found
