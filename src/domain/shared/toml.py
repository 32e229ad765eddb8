"""Reading text as TOML without being worn out by it, and finding the lines of what is wrong in it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from .errors import Params, Reason

_DEEPEST = 60
_BOM = "\ufeff"  # which some editors put before the text
_LARGEST_TOML = 10_000_000
# Reading a key of thousands of dotted parts takes time and memory by their square; no file of ours has more than four.
# A key begins after a bracket, a brace, a comma or a blank; looking from nowhere else keeps the search itself linear.
_LONG_KEY = re.compile(r"""(?:^|(?<=[\s{,\[]))(?:(?:[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')[ \t]*\.[ \t]*){32}""")
_HEADER = re.compile(r"\s*(\[\[?)\s*([A-Za-z0-9_.\-]+)\s*\]\]?")
_KEY = re.compile(r"\s*([A-Za-z0-9_\-]+)\s*=")


class NotToml(ValueError):
    """The text is no TOML that can be worked with; the message says why, with the line where it is known."""


def load_toml(text: str) -> dict[str, Any]:
    """Return the data of a TOML text, with or without a byte order mark; raise NotToml, whatever is wrong with it."""
    text = text.removeprefix(_BOM)
    if len(text) > _LARGEST_TOML:
        raise NotToml(f"it has {len(text)} characters; at most {_LARGEST_TOML} are taken")
    if found := _LONG_KEY.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise NotToml(f"a key is nested too deep, with more than 32 parts (at line {line})")
    try:
        text.encode()
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise NotToml(str(error)) from None
    except UnicodeEncodeError as error:
        raise NotToml(f"character {error.start} is half of one") from None
    except RecursionError:
        raise NotToml("it is nested too deep") from None
    except ValueError:
        raise NotToml("a number in it has too many digits") from None
    if _is_deeper(data, _DEEPEST):
        raise NotToml("it is nested too deep")
    return data


def _is_deeper(data: object, deepest: int) -> bool:
    level: list[object] = [data]
    for _ in range(deepest):
        level = [inner for outer in level for inner in _parts(outer)]
    return bool(level)


def _parts(value: object) -> Iterable[object]:
    if isinstance(value, Mapping):
        return value.values()
    return value if isinstance(value, list) else ()


def with_lines(problems: list[Reason], text: str, name: str) -> tuple[Reason, ...]:
    """Return the problems with the file's name and the line put before each place, where the text has one."""
    lines = _lines_of(text)
    return tuple(Reason(p.code, _params(p.params, p.where), f"{name}:{_line(p.where, lines)}") for p in problems)


def _params(params: Params, where: str) -> Params:
    return {**params, "place": where} if where else params


def _line(where: str, lines: Mapping[str, int]) -> int:
    """The line of the place itself, or of the nearest table around it."""
    place = where
    while place and place not in lines:
        shorter = re.sub(r"(\.[^.\[\]]+|\[\d+\])$", "", place)
        place = "" if shorter == place else shorter
    return lines.get(place, 1)


@lru_cache(maxsize=2)
def _lines_of(text: str) -> Mapping[str, int]:
    """Map places such as ``facts[2].value`` to the TOML line where they begin."""
    lines: dict[str, int] = {}
    counts: dict[str, int] = {}
    table = ""
    for number, line in enumerate(text.removeprefix(_BOM).splitlines(), start=1):
        if header := _HEADER.match(line):
            table = _numbered(header[2], counts, fresh=header[1] == "[[")
            lines.setdefault(table, number)
        elif key := _KEY.match(line):
            lines.setdefault(f"{table}.{key[1]}" if table else key[1], number)
    return lines


def _numbered(dotted: str, counts: dict[str, int], *, fresh: bool) -> str:
    """Turn ``pathways.steps`` into ``pathways[0].steps[4]``, counting each list of tables where it stands."""
    place = ""
    parts = dotted.split(".")
    for index, part in enumerate(parts):
        place = f"{place}.{part}" if place else part
        is_last = index == len(parts) - 1
        if fresh and is_last:
            counts[place] = counts.get(place, -1) + 1
        if place in counts:
            place = f"{place}[{counts[place]}]"
    return place
