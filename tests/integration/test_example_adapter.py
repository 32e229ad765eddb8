"""An adapter written outside passes the suite that the installed package brings, against a real WebDAV server."""

import os
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from wheels import EXAMPLE, ROOT, installed, lend, python_of, wheel_of

from higherstudy.ports.contracts.files import FilesContract

WRONG_ADAPTER = """
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from higherstudy.adapters.memory.files import MemoryFiles
from higherstudy.ports.contracts.files import FilesContract
from higherstudy.ports.files import Files, StoredFile


class Forgetful(MemoryFiles):
    async def store(self, content: AsyncIterator[bytes], **how: object) -> StoredFile:
        return replace(await super().store(content, **how), size=41)


class TestForgetful(FilesContract):
    @pytest.fixture
    def files(self) -> Files:
        return Forgetful()
"""


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packages of a new environment with both wheels; third-party packages are lent to it."""
    wheels = [wheel_of(package, tmp_path_factory.mktemp("build")) for package in (ROOT, EXAMPLE)]
    found = installed(tmp_path_factory.mktemp("clean") / "venv", *wheels, with_needs=False)
    lend(found)
    return found


def run(packages: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python in the new environment, away from this checkout."""
    environment = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    command = [str(python_of(packages)), "-P", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=240)


def test_both_packages_come_from_their_wheels(packages: Path, tmp_path: Path) -> None:
    asked = "import higherstudy, higherstudy_webdav_files as w; print(higherstudy.__file__); print(w.__file__)"

    told = run(packages, tmp_path, "-c", asked)

    assert told.stdout.splitlines() == [
        str(packages / "higherstudy" / "__init__.py"),
        str(packages / "higherstudy_webdav_files" / "__init__.py"),
    ], told.stderr
    assert not (packages / "higherstudy").is_symlink()


def test_the_examples_own_tests_pass_and_none_of_the_suite_is_left_out(packages: Path, tmp_path: Path) -> None:
    shutil.copytree(EXAMPLE / "tests", tmp_path / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(EXAMPLE / "pyproject.toml", tmp_path)

    done = run(packages, tmp_path, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--junit-xml", "found.xml")

    assert done.returncode == 0, done.stdout + done.stderr
    cases = list(ET.parse(tmp_path / "found.xml").iter("testcase"))
    outcomes = Counter("passed" if len(case) == 0 else case[0].tag for case in cases)
    of_the_suite = {case.attrib["name"].partition("[")[0] for case in cases if "TestWebDav" in case.attrib["classname"]}
    assert outcomes == {"passed": len(cases)}
    assert len(cases) >= 57
    assert of_the_suite == {name for name in dir(FilesContract) if name.startswith("test_")}


def test_an_adapter_that_is_wrong_is_told_what_was_found_and_what_was_wanted(packages: Path, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.pytest.ini_options]\nasyncio_mode = "auto"\n', encoding="utf-8")
    (tmp_path / "test_wrong.py").write_text(WRONG_ADAPTER, encoding="utf-8")

    done = run(packages, tmp_path, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "byte_for_byte")

    assert done.returncode == 1, done.stdout + done.stderr
    assert "At index 1 diff: 41 != 160000" in done.stdout, "the suites' assertions are not rewritten"
    assert "what_was_stored_is_read_byte_for_byte" in done.stdout
