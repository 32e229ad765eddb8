"""Looking at the tests once without any mutant: how long each takes, and which functions it comes by."""

import json
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from time import process_time
from types import CodeType, FrameType
from typing import Any

import pytest
from mutation.children import Children, Tell


@dataclass(frozen=True)
class Seen:
    """What one test was seen to do, while it and the code were as the digest says."""

    digest: str
    seconds: float
    functions: list[str]


class Looking:
    """Looks at each test in a process of its own, so that nothing is kept from the test before, and remembers it."""

    def __init__(self, file: Path, children: Children, passes: Callable[[pytest.Item], bool]) -> None:
        self._file = file
        self._children = children
        self._passes = passes

    def at(self, digests: Mapping[pytest.Item, str], codes: Mapping[str, CodeType]) -> Mapping[str, Seen]:
        """Return what each test does by its name; raise UsageError when one fails."""
        kept = json.loads(self._file.read_text("utf-8")) if self._file.exists() else {}
        seen = {name: Seen(**one) for name, one in kept.items()}
        names = list(codes)
        try:
            for item, digest in digests.items():
                if item.nodeid not in seen or seen[item.nodeid].digest != digest:
                    look, note = partial(self._look, item, codes), partial(self._note, seen, names, item, digest)
                    self._children.start(look, note)
            while self._children.wait():
                pass
        finally:
            seen = {item.nodeid: seen[item.nodeid] for item in digests if item.nodeid in seen}
            self._file.write_text(json.dumps({name: asdict(one) for name, one in seen.items()}), "utf-8")
        return seen

    def _look(self, item: pytest.Item, codes: Mapping[str, CodeType], tell: Tell) -> None:
        called: set[CodeType] = set()

        def note(frame: FrameType, event: str, argument: object) -> None:
            called.add(frame.f_code)

        begin = process_time()
        threading.settrace(note)
        sys.settrace(note)
        passes = self._passes(item)
        sys.settrace(None)
        if passes:
            tell([process_time() - begin, [place for place, code in enumerate(codes.values()) if code in called]])

    def _note(
        self, seen: dict[str, Seen], names: list[str], item: pytest.Item, digest: str, told: list[Any], has_ended: bool
    ) -> None:
        if not told:
            raise pytest.UsageError(f"{item.nodeid} fails without any mutant")
        ((seconds, places),) = told
        seen[item.nodeid] = Seen(digest, seconds, [names[place] for place in places])


def by_function(
    seen: Mapping[str, Seen], items: Iterable[pytest.Item], most_seconds: float
) -> dict[str, list[pytest.Item]]:
    """Return the tests that come by each function, the quickest first, as many as take so long together or one."""
    found: dict[str, list[pytest.Item]] = {}
    sums: dict[str, float] = {}
    for item in sorted(items, key=lambda one: (seen[one.nodeid].seconds, one.nodeid)):
        for function in seen[item.nodeid].functions:
            sums[function] = sums.get(function, 0.0) + seen[item.nodeid].seconds
            if function not in found or sums[function] <= most_seconds:
                found.setdefault(function, []).append(item)
    return found
