"""The command ``grade``: what a grade comes to on another scale, by every published way."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any

from cyclopts import Parameter
from rich.console import RenderableType
from rich.text import Text

from ....adapters.bundled.packs import bundled_rulebook
from ....domain.matching.converting import Converted, ConvertedGrade, convert_grade, plain
from ....domain.profile.grades import read_grade
from ....domain.rulebook.grades import Rounding
from ....domain.shared.errors import DomainError
from ..errors import CommandFailed
from ..screen import address, heading, item, print_json, show
from ..words import Words, day, say, sentences_of

_HOLDS = {None: "grade_only_for", False: "grade_not_yours"}


def grade(
    value: Annotated[str, Parameter(name="GRADE")],
    /,
    *,
    scale: str,
    to: str,
    lowest_pass: str | None = None,
    receiving: str = "",
    awarding: str = "",
    json: Annotated[bool, Parameter(negative=())] = False,
) -> int:
    """Convert a grade to another scale by every published conversion, side by side. All are estimates.

    Parameters
    ----------
    value
        The grade, such as 3.50.
    scale
        The scale that it is on, such as BD_UGC_4.
    to
        The scale that is wanted, such as DE_5.
    lowest_pass
        The lowest pass of the institution that gave the grade; it moves the result, so ask for it.
    receiving
        The institution that you apply to, whose own tables then count.
    awarding
        The institution that gave the grade, whose own formulas then count.
    json
        Print everything as JSON.
    """
    rulebook = bundled_rulebook()
    stated = {"scale": scale, "value": value, "lowest_pass": lowest_pass}
    try:
        found = convert_grade(read_grade(stated, rulebook), to, rulebook, receiving=receiving, awarding=awarding)
    except DomainError as error:
        raise CommandFailed(*sentences_of(error, "grade")) from error
    if json:
        print_json(_data(found, rulebook.edition))
    else:
        show(_page(found, Words(rulebook)))
    return 0


def _page(found: ConvertedGrade, words: Words) -> Iterator[RenderableType]:
    yield Text(
        say("grade_head", grade=str(found.grade.value), home=words.text(found.home), target=words.text(found.target)),
        style="bold",
    )
    if not found.found and not found.missing:
        yield item("-", say("grade_no_way"))
    for one in found.found:
        yield Text("")
        yield from _one(one, words)
    if found.missing:
        yield heading(say("grade_in_the_way"))
        for reason in found.missing:
            yield item("-", words.reason(reason))
    yield heading(say("estimate_worth"))
    yield item("-", words.reason(found.binding))


def _one(one: Converted, words: Words) -> Iterator[RenderableType]:
    conversion = one.conversion
    by = say("grade_by", title=words.text(conversion), trust=one.confidence.value)
    yield item("~", Text.assemble((one.shown, "bold"), f" {by}"), 0)
    if not one.holds:
        yield item("-", say(_HOLDS[one.holds], whom=conversion.institution))
    yield from _rounding(one)
    if one.lowest_pass is not None:
        yield item("-", say("grade_lowest_pass", grade=str(one.lowest_pass)))
    for notice in one.notices:
        yield item("!", words.reason(notice))
    if conversion.note:
        yield item("-", words.text(conversion, "note"))
    yield item("-", say("match_source", source=words.text(conversion.source), on=day(conversion.source.retrieved_on)))
    if conversion.source.url:
        yield address(conversion.source.url, 4)


def _rounding(one: Converted) -> Iterator[RenderableType]:
    """Yield how the receiver rounds, or what it would come to by each policy where that makes a difference."""
    if len(one.as_rounded) == 1:
        yield item("-", say("grade_rounds", policy=_policy(one.as_rounded[0][0])))
    elif len({value for _, value in one.as_rounded}) > 1:
        ways = ", ".join(f"{_written(value)} {_policy(policy)}" for policy, value in one.as_rounded)
        yield item("-", say("grade_rounding_unknown", ways=ways))


def _policy(policy: Rounding) -> str:
    return say(f"grade_{policy.value}")


def _written(value: Decimal) -> str:
    return f"{value:f}" if value.as_tuple().exponent == -1 else plain(value)


def _data(found: ConvertedGrade, edition: tuple[str, ...]) -> dict[str, Any]:
    return {
        "value": str(found.grade.value),
        "scale": found.home.id,
        "to": found.target.id,
        "conversions": [
            {
                "conversion": one.conversion.id,
                "shown": one.shown,
                "value": None if one.exact is None else f"{one.exact:f}",
                "as_rounded": {policy.value: f"{value:f}" for policy, value in one.as_rounded},
                "lowest_pass": None if one.lowest_pass is None else str(one.lowest_pass),
                "institution": one.conversion.institution,
                "holds": one.holds,
                "confidence": one.confidence.value,
                "source": one.conversion.source.id,
                "notices": [notice.code for notice in one.notices],
            }
            for one in found.found
        ],
        "missing": [{"code": reason.code, **reason.params} for reason in found.missing],
        "estimate": True,
        "rulebook": edition,
    }
