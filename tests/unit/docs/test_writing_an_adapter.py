"""The example on the page about adapters passes the suite, as the page says, and the page leaves no port out."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "writing-an-adapter.md").read_text(encoding="utf-8")


def blocks(kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL)


def test_the_adapter_of_the_page_passes_the_suite_as_the_page_shows(tmp_path: Path) -> None:
    adapter, suite = blocks("python")
    (printed,) = blocks("text")
    (tmp_path / "maildir.py").write_text(adapter, encoding="utf-8")
    (tmp_path / "test_maildir.py").write_text(suite, encoding="utf-8")
    (run,) = [line for line in "".join(blocks("sh")).splitlines() if line.startswith("python -m pytest")]

    command = [sys.executable, *run.split()[1:], "-p", "no:cacheprovider"]
    plain = {name: value for name, value in os.environ.items() if name != "PYTEST_ADDOPTS"}
    found = subprocess.run(command, cwd=tmp_path, env=plain, capture_output=True, text=True, timeout=120)

    assert found.returncode == 0, found.stdout
    assert re.sub(r" in [\d.]+s", "", found.stdout) == printed


def test_the_example_stays_short() -> None:
    (adapter, _) = blocks("python")

    assert len([line for line in adapter.splitlines() if line.strip()]) < 50


def test_the_page_names_every_port_and_only_suites_that_there_are() -> None:
    ports = {
        node.name
        for path in (ROOT / "src" / "ports").glob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef) and any(ast.unparse(base) == "Protocol" for base in node.bases)
    }
    suites = {
        f"{path.stem}.{node.name}"
        for path in (ROOT / "src" / "ports" / "contracts").glob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef)
    }

    assert sorted(port for port in ports if not re.search(rf"\b{port}`", PAGE)) == []
    assert set(re.findall(r"`(\w+\.\w+Contract)`", PAGE)) - suites == set()
