"""Imports run one way, and domain and ports stay pure."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).parents[2]
INNER = ("domain", "ports")

# Calls that ask the world for something which the ports give: the time, chance, the environment, files, the network.
WORLDLY_CALLS = {
    "date.today",
    "datetime.date.today",
    "datetime.datetime.now",
    "datetime.datetime.today",
    "datetime.datetime.utcnow",
    "datetime.now",
    "datetime.today",
    "datetime.utcnow",
    "input",
    "open",
    "print",
    "uuid.uuid1",
    "uuid.uuid4",
    "uuid1",
    "uuid4",
}
WORLDLY_MODULES = {
    "asyncio",
    "io",
    "logging",
    "os",
    "random",
    "secrets",
    "socket",
    "subprocess",
    "tempfile",
    "threading",
    "time",
    "urllib",
}


def test_the_import_contracts_are_kept(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)

    failed = lint_imports(config_filename="pyproject.toml", no_cache=True)

    assert not failed, capsys.readouterr().out


def test_domain_and_ports_import_the_standard_library_alone() -> None:
    strangers = [
        f"{place}: {name}"
        for path, place, name in _imports()
        if name.partition(".")[0] not in sys.stdlib_module_names
        and not (name == "pytest" and "contracts" in path.parts)
    ]

    assert strangers == []


def test_domain_and_ports_do_not_reach_for_the_world() -> None:
    reached = [f"{place}: import {name}" for path, place, name in _imports() if _is_worldly(path, name)]
    reached += [f"{place}: {call}()" for place, call in _calls() if call in WORLDLY_CALLS]

    assert reached == []


def test_only_the_wiring_knows_adapters_and_use_cases_together() -> None:
    graph = grimp.build_graph("higherstudy", cache_dir=None)

    both = [
        module
        for module in graph.modules
        if _knows(graph, module, ".adapters.") and _knows(graph, module, ".use_cases")
    ]

    assert [module for module in both if not module.startswith("higherstudy.entrypoints.wiring")] == []


def _knows(graph: grimp.ImportGraph, module: str, part: str) -> bool:
    mine = module.rpartition(".")[0]
    return any(
        part in f"{imported}." and not imported.startswith(mine)
        for imported in graph.find_modules_directly_imported_by(module)
    )


def _is_worldly(path: Path, name: str) -> bool:
    return name.partition(".")[0] in WORLDLY_MODULES and "contracts" not in path.parts


def _trees() -> Iterator[tuple[Path, ast.Module]]:
    for package in INNER:
        for path in sorted((ROOT / "src" / package).rglob("*.py")):
            yield path.relative_to(ROOT), ast.parse(path.read_text(encoding="utf-8"), str(path))


def _imports() -> Iterator[tuple[Path, str, str]]:
    """Yield file, place and absolute name of every import from outside the package."""
    for path, tree in _trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield path, f"{path}:{node.lineno}", alias.name
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                yield path, f"{path}:{node.lineno}", node.module


def _calls() -> Iterator[tuple[str, str]]:
    for path, tree in _trees():
        if "contracts" in path.parts:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                yield f"{path}:{node.lineno}", ast.unparse(node.func)
