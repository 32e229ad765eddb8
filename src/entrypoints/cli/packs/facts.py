"""The command ``pack facts``: which fact holds on a day for a case, and everything that was ever said under its key."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.console import RenderableType
from rich.text import Text

from ....adapters.system.clock import SystemClock
from ....domain.rulebook.fact_words import begin_of
from ....domain.rulebook.facts import Fact, Scope
from ....domain.rulebook.leaning import warnings_for
from ....domain.rulebook.pack import Rulebook
from ..bundle import day_option
from ..errors import NEGATIVE, CommandFailed, told
from ..screen import address, heading, indented, item, print_json, show
from ..words import Words, day, say
from .reading import rulebook_with


@dataclass(frozen=True, slots=True)
class DatedView:
    """One dated record of the key; ``valid_from`` is as exact as its source."""

    id: str
    says: str
    figure: str
    valid_from: str
    valid_from_precision: str
    valid_to: date | None
    scope: dict[str, object]
    applies_by: str
    confidence: str
    pack: str
    source_title: str
    source_url: str
    read_on: date
    note: str


def facts(
    key: Annotated[str | None, Parameter(show_default=False)] = None,
    /,
    *,
    on: str | None = None,
    country: str = "",
    mission: str = "",
    level: str = "",
    institution: str = "",
    nationality: Annotated[tuple[str, ...], Parameter(negative=(), consume_multiple=True)] = (),
    packs: Annotated[list[Path] | None, Parameter(negative=(), consume_multiple=True)] = None,
    json: Annotated[bool, Parameter(negative=())] = False,
) -> int:
    """Say which fact holds on a day, with the whole history of its key. Exits with 1 where none holds.

    Parameters
    ----------
    key
        What is asked, such as de.blocked_account.monthly; without it, the keys that there are.
    on
        The day that is asked about, as YYYY-MM-DD; today if left out.
    country
        The case's country, as ISO 3166-1 alpha-2; the one that the key is about, if it is about one alone.
    mission
        The mission where the papers are handed in, such as DE/DHAKA.
    level
        The level of study, such as master.
    institution
        The institution.
    nationality
        A citizenship; one or several, the first goes before the others.
    packs
        Packs, or folders of packs, to be put in beside those that ship.
    json
        Print everything as JSON.
    """
    rulebook = rulebook_with(packs or ())
    if key is None:
        _print_keys(rulebook.fact_keys(), json=json)
        return 0
    if not rulebook.facts(key):
        raise CommandFailed(_no_such_key(key, rulebook.fact_keys(), Words(rulebook)))
    asked = day_option(on, "--on") or SystemClock().now().date()
    case = Scope(country or _only_country(rulebook.facts(key)), mission, nationality, level, institution)
    found = rulebook.in_force(key, asked, case)
    words = Words(rulebook)
    history = [_view(fact, rulebook, words) for fact in sorted(rulebook.facts(key), key=_age)]
    warned = [_sentence(one, words) for one in warnings_for(rulebook, (found.id,) if found else (), asked)]
    in_force = next((one for one in history if found and one.id == found.id), None)
    if json:
        holding = asdict(in_force) if in_force else None
        past = [asdict(one) for one in history]
        print_json({"key": key, "on": asked, "in_force": holding, "warnings": warned, "history": past})
    else:
        show(_page(key, asked, in_force, warned, history))
    return 0 if found else NEGATIVE


def _print_keys(keys: tuple[str, ...], *, json: bool) -> None:
    if json:
        print_json({"keys": keys})
    else:
        show(Text(key, no_wrap=True) for key in keys)


def _only_country(facts: Iterable[Fact]) -> str:
    """Return the country that all of the facts are about, or nothing where they are about several or none."""
    countries = {fact.scope.country for fact in facts}
    return countries.pop() if len(countries) == 1 else ""


def _no_such_key(key: str, keys: tuple[str, ...], words: Words) -> str:
    near = difflib.get_close_matches(key, keys, n=1)
    hint = f" {told('did_you_mean', given=near[0])}" if near else ""
    return f"{words.sentence('fact.no_such_key', {'given': key})}{hint}"


def _sentence(warning: str, words: Words) -> str:
    code, _, about = warning.partition(":")
    return words.sentence(code, {"about": about})


def _age(fact: Fact) -> tuple[date, str]:
    return fact.valid_from or date.min, fact.id


def _view(fact: Fact, rulebook: Rulebook, words: Words) -> DatedView:
    scope = fact.scope
    named = {
        "country": scope.country,
        "mission": scope.mission,
        "nationality": list(scope.nationality),
        "level": scope.level,
        "institution": scope.institution,
    }
    return DatedView(
        id=fact.id,
        says=words.fact(fact),
        figure=words.figure(fact),
        valid_from=begin_of(fact),
        valid_from_precision=fact.valid_from_precision.value,
        valid_to=fact.valid_to,
        scope={name: value for name, value in named.items() if value},
        applies_by=fact.applies_by.value if fact.applies_by else "",
        confidence=fact.confidence.value,
        pack=rulebook.pack_of("facts", fact.id).named,
        source_title=words.text(fact.source),
        source_url=fact.source.url,
        read_on=fact.source.retrieved_on,
        note=words.text(fact, "note"),
    )


def _page(
    key: str, asked: date, in_force: DatedView | None, warned: list[str], history: list[DatedView]
) -> Iterator[RenderableType]:
    if in_force is None:
        yield Text(say("fact_none", id=key, on=day(asked)), style="bold")
    else:
        yield Text(say("fact_in_force", id=key, on=day(asked), figure=in_force.figure), style="bold")
    for warning in warned:
        yield item("!", Text(warning, style="yellow"))
    yield heading(say("fact_history"), say("fact_history_days"))
    for one in history:
        yield from _lines(one, holds=one is in_force)


def _lines(one: DatedView, *, holds: bool) -> Iterator[RenderableType]:
    trust = f" [{one.confidence}: {say(f'trust_{one.confidence.lower()}')}]"
    yield item("*" if holds else "-", Text.assemble((one.says, "bold" if holds else ""), trust))
    yield indented(say("fact_of_pack", id=one.id, known=one.pack.partition(":")[0], given=_for(one)), 4)
    yield indented(say("fact_read_on", known=one.source_title, on=day(one.read_on)), 4)
    if one.source_url:
        yield address(one.source_url, 4)
    if one.note:
        yield indented(one.note, 4)


def _for(one: DatedView) -> str:
    if not one.scope:
        return say("fact_for_all")
    said = (", ".join(value) if isinstance(value, list) else str(value) for value in one.scope.values())
    return say("fact_for", known=", ".join(said))
