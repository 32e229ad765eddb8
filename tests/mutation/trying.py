"""Trying mutants: pytest collects the tests once, and forks of it run those that come by a mutant.

Run over the copy that ``making`` keeps. Each function stands there beside its mutants; a child puts the code of one in
its place. All mutants of a function are first tried one after another in one child by their quick tests. Each that is
left has a child of its own, where nothing is kept from before, and meets all the tests that come by.
"""

import argparse
import fnmatch
import gc
import os
import sys
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from hashlib import sha256
from itertools import accumulate, groupby
from pathlib import Path
from time import monotonic
from types import FunctionType

import pytest
from mutation.children import Children, Tell, limit
from mutation.looking import Looking, Seen, by_function
from mutation.making import MADE, made
from mutation.memory import Memory, Outcome, Result, digest_of
from mutmut.configuration import config
from mutmut.mutation import trampoline

_PLACES = {"funding": 1, "rulebook": 2, "planning": 3, "matching": 4}
_WITHOUT = ("-pno:cacheprovider", "-pno:faker")  # the second would read its own words anew in each child
_FIRST_SECONDS = 2.0
_TIMES_AS_LONG = 10
_UNSEEN_SECONDS = 60.0
_QUICK_SECONDS = 0.5
_TELL_EVERY = 20.0
_mutable: list[tuple[FunctionType, Mapping[str, FunctionType]]] = []


def _as_it_was(
    mutants: Mapping[str, FunctionType], is_classmethod: bool = False
) -> Callable[[FunctionType], FunctionType]:
    """Leave the function as it was, and note where its mutants are: mutmut's own way asks for each call which is on."""

    def noted(function: FunctionType) -> FunctionType:
        _mutable.append((function, mutants))
        return function

    return noted


class Trials:
    """The plugin that tries mutants instead of running the tests once."""

    def __init__(self, wanted: Mapping[str, str], memory: Memory, children: Children, most_seconds: float) -> None:
        self._wanted = wanted
        self._memory = memory
        self._children = children
        self._has_failed = False
        self._seen: Mapping[str, Seen] = {}
        self._most_seconds = most_seconds
        self._comes_by: Mapping[str, list[pytest.Item]] = {}
        self._noticed_by: dict[str, list[pytest.Item]] = {}

    def pytest_configure(self) -> None:
        """Let laws stop at the first failure, not look for the smallest one, and keep none for the next mutant."""
        from hypothesis import Phase, settings  # not before pytest has looked at its plugins

        phases = [Phase.explicit, Phase.generate]
        settings.register_profile("mutants", database=None, deadline=None, phases=phases)
        settings.load_profile("mutants")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note that a test failed in this process."""
        self._has_failed = self._has_failed or report.failed

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Time each test and note which functions it comes by; then try each mutant."""
        import higherstudy  # not before pytest has put the place of the mutants on the path

        if Path(higherstudy.__file__).parents[1] != Path.cwd():
            raise pytest.UsageError(f"{higherstudy.__file__} is not where the mutants are")
        self._digest_all(session.items)
        gc.collect()
        gc.freeze()  # else each child would copy all that it only looks at
        looking = Looking(self._memory.file.with_suffix(".tests.json"), self._children, self._passes)
        codes = {function_key(key): one.__code__ for key, (one, *_) in _by_key().items()}
        _say(f"Looking at {len(session.items)} tests")
        self._seen = looking.at({item: self._digests[item.nodeid] for item in session.items}, codes)
        self._comes_by = by_function(self._seen, session.items, self._most_seconds)
        keys = [key for key in self._wanted if not self._is_known(key)]
        _say(f"Trying {len(keys)} mutants of {len(self._wanted)}")
        self._try_all(keys)
        return True

    def _digest_all(self, items: Sequence[pytest.Item]) -> None:
        """Digest each test's file, with all code and helpers."""
        self._items = {item.nodeid: item for item in items}
        files = [file for top in ("higherstudy", "tests") for file in Path(top).rglob("*.*")]
        files = [file for file in files if file.suffix in (".py", ".toml") and "mutation" not in file.parts]
        code = digest_of(file for file in files if not file.name.startswith("test_"))
        by_file = {file: f"{code}-{digest_of([file])}" for file in {item.path for item in items}}
        self._digests = {item.nodeid: by_file[item.path] for item in items}

    def _hangs_on(self, key: str, by: str | None) -> str:
        """Return a digest of the test that noticed, or else of all tests that come by."""
        if by:
            return self._digests.get(by, "")
        tests = [(item.nodeid, self._digests[item.nodeid]) for item in self._comes_by.get(function_key(key), ())]
        return sha256(repr(sorted(tests)).encode()).hexdigest()[:16]

    def _is_known(self, key: str) -> bool:
        known = self._memory.results.get(key)
        return known is not None and (known.function, known.tests) == (self._wanted[key], self._hangs_on(key, known.by))

    def _try_all(self, keys: list[str]) -> None:
        self._mutants = _by_key()
        self._begin = self._told = monotonic()
        self._tried = 0
        self._open = deque(list(group) for _, group in groupby(keys, function_key))
        try:
            while self._open or self._children.wait():
                if self._open:
                    self._try(self._open.popleft())
        finally:
            self._memory.save()

    def _try(self, keys: list[str]) -> None:
        function = function_key(keys[0])
        if keys[0] not in self._mutants or function not in self._comes_by:
            for key in keys:
                self._keep(key, Outcome.UNREACHED)
        elif len(keys) > 1:
            self._children.start(partial(self._together, keys), partial(self._sort, keys))
        else:
            self._children.start(partial(self._alone, keys[0]), partial(self._judge, keys[0]))

    def _in_order(self, key: str) -> list[pytest.Item]:
        """Return the tests that come by: the one that noticed last time, then the neighbours', then the quickest."""
        function = function_key(key)
        known = self._memory.results.get(key)
        last = self._items.get(known.by or "") if known else None
        mine = self._comes_by[function]
        return list(dict.fromkeys([*([last] if last in mine else []), *self._noticed_by.get(function, ()), *mine]))

    def _together(self, keys: list[str], tell: Tell) -> None:
        """Tell for each mutant which quick test notices it, if that passes once the mutant is gone; else an empty name.

        What a mutant leaves behind in memory may make a test fail as well, and must not count for its neighbour.
        """
        for key in keys:
            function, original, mutant = self._mutants[key]
            name = ""
            for item in self._quick(key):
                if not self._passes_with(mutant, function, item):
                    if not self._passes_with(original, function, item):
                        return
                    name = item.nodeid
                    _to_the_front(item, self._noticed_by.setdefault(function_key(key), []))
                    break
            tell(name)

    def _quick(self, key: str) -> list[pytest.Item]:
        items = self._in_order(key)
        sums = accumulate(self._seen[item.nodeid].seconds for item in items)
        return [item for item, seconds in zip(items, sums, strict=True) if seconds < _QUICK_SECONDS]

    def _alone(self, key: str, tell: Tell) -> None:
        """Tell which test notices the mutant, or an empty name."""
        function, _, mutant = self._mutants[key]
        _put(mutant, function)
        for item in self._in_order(key):
            if not self._passes(item):
                return tell(item.nodeid)
        return tell("")

    def _sort(self, keys: list[str], names: list[str], has_ended: bool) -> None:
        """Keep what the child is sure of; the others are tried alone, and together those that it did not come to."""
        for key, name in zip(keys, names, strict=False):
            if name:
                self._notice(key, name)
            else:
                self._open.appendleft([key])
        if keys[len(names) :]:
            self._open.appendleft(keys[len(names) : len(names) + 1])
        if keys[len(names) + 1 :]:
            self._open.append(keys[len(names) + 1 :])

    def _judge(self, key: str, names: list[str], has_ended: bool) -> None:
        if names and names[0]:
            self._notice(key, names[0])
        else:
            self._keep(key, Outcome.UNNOTICED if names else Outcome.DIED)

    def _notice(self, key: str, name: str) -> None:
        _to_the_front(self._items[name], self._noticed_by.setdefault(function_key(key), []))
        self._keep(key, Outcome.FAILED, name)

    def _keep(self, key: str, outcome: Outcome, by: str | None = None) -> None:
        self._memory.results[key] = Result(outcome, self._wanted[key], self._hangs_on(key, by), by)
        self._tried += 1
        if monotonic() - self._told > _TELL_EVERY:
            self._told = monotonic()
            self._memory.save()
            _say(f"{self._tried:6} tried, {self._tried / (self._told - self._begin):5.1f} a second: {key}")

    def _passes_with(self, code: FunctionType, function: FunctionType, item: pytest.Item) -> bool:
        _put(code, function)
        self._has_failed = False
        return self._passes(item)

    def _passes(self, item: pytest.Item) -> bool:
        seen = self._seen.get(item.nodeid)
        limit(_FIRST_SECONDS + _TIMES_AS_LONG * seen.seconds if seen else _UNSEEN_SECONDS)
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
        return not self._has_failed


def function_key(key: str) -> str:
    """Return the name of the function that a mutant was made from, as mutmut writes it."""
    return key.rpartition("__mutmut_")[0]


def _by_key() -> dict[str, tuple[FunctionType, FunctionType, FunctionType]]:
    """Return for each mutant the function whose place it takes, that as it was, and itself."""
    return {
        f"{function.__module__}.{name}": (function, mutants["_mutmut_orig"], mutant)
        for function, mutants in _mutable
        for name, mutant in mutants.items()
        if name != "_mutmut_orig"
    }


def _put(mutant: FunctionType, function: FunctionType) -> None:
    function.__code__ = mutant.__code__
    function.__defaults__, function.__kwdefaults__ = mutant.__defaults__, mutant.__kwdefaults__


def _to_the_front(item: pytest.Item, items: list[pytest.Item]) -> None:
    if item in items:
        items.remove(item)
    items.insert(0, item)


def main(arguments: list[str]) -> int:
    """Try the mutants whose names were given, or all, and keep what became of them."""
    parser = argparse.ArgumentParser(prog="mutation.trying")
    parser.add_argument("memory", type=Path)
    parser.add_argument("--children", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=10, help="how long the tests of one may take, quickest first")
    parser.add_argument("only", nargs="*")
    given = parser.parse_args(arguments)
    wanted = dict(sorted(made(), key=lambda one: _PLACES[one[0].split(".")[2]]))
    memory = Memory(given.memory.resolve())
    memory.forget_others(wanted)
    if given.only:
        wanted = {key: one for key, one in wanted.items() if any(fnmatch.fnmatchcase(key, name) for name in given.only)}
    os.chdir(MADE)
    setattr(trampoline, "wrap_in_trampoline", _as_it_was)  # noqa: B010 - its types are of another kind
    options = ["-q", "-s", "--rootdir=.", "-cpyproject.toml", *_WITHOUT, "--tb=no", "--hypothesis-seed=0"]
    tests = [*config().pytest_add_cli_args, *config().pytest_add_cli_args_test_selection]
    return int(
        pytest.main([*options, *tests], plugins=[Trials(wanted, memory, Children(given.children), given.seconds)])
    )


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - pytest was told to leave what is written alone


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
