"""Every port has a suite, and every adapter of ours passes the suite of its port.

Read from the sources, so that nothing has to be installed or started to know it. An adapter is recognised by its name
(``S3Files`` implements ``Files``), and its tests by theirs (``class TestS3Files(FilesContract)``).
"""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PORTS, SUITES, ADAPTERS, TESTS = (ROOT / part for part in ("src/ports", "src/ports/contracts", "src/adapters", "tests"))

PLACE = PORTS.relative_to(ROOT)

# Ports whose promises are kept in the suite of another port, and why.
IN_THE_SUITE_OF = {
    "UnitOfWork": "Transactions",  # a unit is only ever had from transactions
    "Snapshot": "Snapshots",  # a snapshot is only ever had from snapshots
    "Selection": "Snapshots",  # and a selection from a snapshot
    "Entries": "Snapshots",  # only snapshots are made from them
    "StudentKeys": "Vault",  # a student's keys are only ever had from a vault
    "CatalogueReverting": "Imports",  # likewise, for the way back
    "CatalogueLoading": "Imports",  # loading is only ever had from imports, and changes what imports keep
}
# Adapters that are named after the form which they read, not after their port.
OTHER_NAMES = {
    "CatalogueCsv": "CatalogueSource",
    "CatalogueToml": "CatalogueSource",
    "CricosWorkbook": "CatalogueSource",
}
# Ports without an adapter in memory, and why.
WITHOUT_MEMORY: Mapping[str, str] = {}


@dataclass(frozen=True)
class Class:
    """A class as its source shows it."""

    name: str
    bases: frozenset[str]
    members: frozenset[str]
    path: Path = field(compare=False)


@cache
def classes_under(folder: Path, pattern: str = "*.py") -> tuple[Class, ...]:
    """Return the classes at the top of the files below the folder."""
    return tuple(
        Class(node.name, frozenset(map(_name, node.bases)), frozenset(_members(node)), path.relative_to(ROOT))
        for path in sorted(folder.rglob(pattern))
        for node in ast.parse(path.read_text(encoding="utf-8"), str(path)).body
        if isinstance(node, ast.ClassDef)
    )


def _name(base: ast.expr) -> str:
    return ast.unparse(base).partition("[")[0].rpartition(".")[2]


def _members(node: ast.ClassDef) -> Iterator[str]:
    """Yield the public names that a class defines, or gives itself when it is made."""
    for part in ast.walk(node):
        match part:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                pass
            case ast.AnnAssign(target=ast.Name(id=name)) | ast.Assign(targets=[ast.Name(id=name)]):
                pass
            case ast.Attribute(value=ast.Name(id="self"), attr=name, ctx=ast.Store()):
                pass
            case _:
                continue
        if not name.startswith("_") or name == "__call__":
            yield name


def ports() -> dict[str, Class]:
    """Return the Protocols of the ports by their names."""
    return {one.name: one for one in classes_under(PORTS) if "Protocol" in one.bases and one.path.parent == PLACE}


def suites() -> dict[str, Class]:
    """Return the suites by the names of their ports."""
    found = (one for one in classes_under(SUITES) if one.name.endswith("Contract") and one.name != "Contract")
    return {one.name.removesuffix("Contract"): one for one in found}


def whole(one: Class, known: Mapping[str, Class]) -> frozenset[str]:
    """Return the members of a class together with those of its bases."""
    return one.members.union(*(whole(known[base], known) for base in one.bases & known.keys() - {one.name}))


def adapters() -> Iterator[tuple[Class, str]]:
    """Yield each adapter with the name of its port."""
    known = {one.name: one for one in classes_under(ADAPTERS)}
    for one in classes_under(ADAPTERS):
        named = [port for port in ports() if one.name.endswith(port) and ports()[port].members <= whole(one, known)]
        port = OTHER_NAMES.get(one.name) or max(named, key=len, default=None)
        if port is not None and not one.name.startswith("_"):
            yield one, port


def tried() -> Iterator[tuple[str, str]]:
    """Yield the name of each test class with the port whose suite it inherits."""
    for one in classes_under(TESTS, "test_*.py"):
        for base in one.bases:
            if one.name.startswith("Test") and base.endswith("Contract"):
                yield one.name, base.removesuffix("Contract")


def test_every_port_has_a_suite_that_ships() -> None:
    without = [f"{one.path}: {one.name}" for one in ports().values() if _suite_of(one.name) not in suites()]

    assert len(ports()) > 20
    assert without == [], f"write src/ports/contracts/<port>.py with a class <Port>Contract for each of {without}"


def test_every_suite_belongs_to_a_port() -> None:
    assert sorted(suites().keys() - ports().keys()) == []


def test_every_adapter_passes_the_suite_of_its_port() -> None:
    run = set(tried())
    missing = [
        f"{adapter.path}: class Test{adapter.name}({_suite_of(port)}Contract)"
        for adapter, port in adapters()
        if port not in IN_THE_SUITE_OF
        and not any(test.startswith(f"Test{adapter.name}") and suite == _suite_of(port) for test, suite in run)
    ]

    assert missing == [], "no test runs the suite of the port against these adapters; each needs the class named"


def test_every_port_can_be_had_in_memory() -> None:
    in_memory = {port for adapter, port in adapters() if adapter.path.is_relative_to("src/adapters/memory")}

    assert sorted(ports().keys() - in_memory - WITHOUT_MEMORY.keys() - IN_THE_SUITE_OF.keys()) == []


def test_no_adapter_hides_behind_another_name() -> None:
    known = {one.name: one for one in classes_under(ADAPTERS)}
    named = {adapter.name for adapter, _ in adapters()}
    bases = frozenset[str]().union(*(one.bases for one in known.values()))
    hidden = [
        f"{one.path}: {one.name} looks like {port.name}"
        for one in classes_under(ADAPTERS)
        for port in ports().values()
        if one.name not in named | bases and port.name not in IN_THE_SUITE_OF
        if len(port.members) > 3 and port.members <= whole(one, known)
    ]

    assert hidden == [], "name each after its technology and its port, or write it into OTHER_NAMES"


def test_what_a_suite_leaves_out_is_a_capability_that_the_adapter_declares() -> None:
    unexplained = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in sorted(SUITES.glob("*.py"))
        for suite in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(suite, ast.ClassDef)
        for call in ast.walk(suite)
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "pytest.skip"
        if not _names_a_capability(call, _capabilities(suite))
    ]

    assert unexplained == [], 'say pytest.skip("<class attribute> is False: <what cannot be tried>")'


def test_the_tables_above_name_nothing_that_is_gone() -> None:
    names = {one.name for one in classes_under(ADAPTERS)}
    named = {*IN_THE_SUITE_OF, *IN_THE_SUITE_OF.values(), *OTHER_NAMES.values(), *WITHOUT_MEMORY}

    assert sorted(OTHER_NAMES.keys() - names) == []
    assert sorted(named - ports().keys()) == []


def _suite_of(port: str) -> str:
    return IN_THE_SUITE_OF.get(port, port)


def _capabilities(suite: ast.ClassDef) -> set[str]:
    return {
        target.id
        for part in suite.body
        if isinstance(part, ast.Assign) and isinstance(part.value, ast.Constant) and isinstance(part.value.value, bool)
        for target in part.targets
        if isinstance(target, ast.Name)
    }


def _names_a_capability(call: ast.Call, capabilities: set[str]) -> bool:
    reason = call.args[0]
    said = re.match(r"(\w+) is False: \w", reason.value) if isinstance(reason, ast.Constant) else None  # type: ignore[arg-type]
    return said is not None and said[1] in capabilities
