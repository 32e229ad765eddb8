"""An adapter written outside passes the suite that the installed package brings, against a real WebDAV server."""

import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import httpx2
import pytest
from serving import Serving, start
from wheels import EXAMPLE, ROOT, installed, lend, python_of, wheel_of

from higherstudy.ports.contracts.files import FilesContract
from higherstudy.ports.vault import is_sealed

PASSPORT = b"%PDF-1.7 a passport of nobody"
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


IMPORT_EVERY_SUITE = """
import importlib, pkgutil, sys

import higherstudy.ports.contracts as contracts

names = [suite.name for suite in pkgutil.iter_modules(contracts.__path__)]
for name in names:
    importlib.import_module(f"{contracts.__name__}.{name}")
known = {*sys.stdlib_module_names, "__main__", "higherstudy"}
print(len(names), *sorted({name.partition(".")[0] for name in sys.modules} - known))
"""
OF_PYTEST = {"_pytest", "iniconfig", "packaging", "pluggy", "py", "pygments", "pytest"}


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


def test_the_suites_need_pytest_and_nothing_else(packages: Path, tmp_path: Path) -> None:
    told = run(packages, tmp_path, "-c", IMPORT_EVERY_SUITE)

    count, *strangers = told.stdout.split()
    assert int(count) >= 30, told.stderr
    assert set(strangers) <= OF_PYTEST


def test_the_examples_own_tests_pass_and_none_of_the_suite_is_left_out(packages: Path, tmp_path: Path) -> None:
    shutil.copytree(EXAMPLE / "tests", tmp_path / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(EXAMPLE / "pyproject.toml", tmp_path)

    done = run(packages, tmp_path, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--junit-xml", "found.xml")

    assert done.returncode == 0, done.stdout + done.stderr
    cases = list(ET.parse(tmp_path / "found.xml").iter("testcase"))
    outcomes = Counter("passed" if len(case) == 0 else case[0].tag for case in cases)
    of_the_suite = {case.attrib["name"].partition("[")[0] for case in cases if "TestWebDav" in case.attrib["classname"]}
    assert outcomes == {"passed": len(cases)}
    assert len(cases) >= 61
    assert of_the_suite == {name for name in dir(FilesContract) if name.startswith("test_")}


def test_an_adapter_that_is_wrong_is_told_what_was_found_and_what_was_wanted(packages: Path, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.pytest.ini_options]\nasyncio_mode = "auto"\n', encoding="utf-8")
    (tmp_path / "test_wrong.py").write_text(WRONG_ADAPTER, encoding="utf-8")

    done = run(packages, tmp_path, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "byte_for_byte")

    assert done.returncode == 1, done.stdout + done.stderr
    assert "At index 1 diff: 41 != 160000" in done.stdout, "the suites' assertions are not rewritten"
    assert "what_was_stored_is_read_byte_for_byte" in done.stdout


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The address of a WebDAV server, and the folder in which it keeps what it is given."""
    folder = tmp_path_factory.mktemp("papers")
    program = [sys.executable, str(EXAMPLE / "tests" / "webdav_here.py"), str(folder), "papers", "of this test"]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield f"http://127.0.0.1:{process.stdout.readline().strip()}/papers", folder
        finally:
            process.kill()


@pytest.fixture(scope="module")
def server(packages: Path, papers: tuple[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """The server of the wheel, told by settings alone to keep its papers on WebDAV."""
    cli = (str(python_of(packages)), "-P", "-m", "higherstudy.entrypoints.cli")
    told = {
        "ADAPTERS": "higherstudy_webdav_files.wiring:adapters",
        "WEBDAV_URL": papers[0],
        "WEBDAV_USER": "papers",
        "WEBDAV_PASSWORD": "of this test",
        "WEBDAV_LINK_KEY": base64.b64encode(os.urandom(32)).decode(),
    }
    serving = start(tmp_path_factory.mktemp("server") / "home", cli=cli, more=told)
    yield serving
    serving.stop()


@pytest.fixture
def student(server: Serving) -> Iterator[httpx2.Client]:
    with server.client() as client:
        said = json.loads((server.home / "sample-accounts.json").read_text(encoding="utf-8"))["student"]
        session = client.post("/v1/sessions", json=said)
        client.headers["Authorization"] = f"Bearer {session.raise_for_status().json()['access_token']}"
        yield client


def a_document(student: httpx2.Client) -> str:
    answer = student.post("/v1/students/me/documents", json={"kind": "passport"})
    return str(answer.raise_for_status().json()["id"])


def test_a_server_keeps_its_papers_on_webdav_and_opens_links_to_them(
    server: Serving, student: httpx2.Client, papers: tuple[str, Path]
) -> None:
    document = a_document(student)

    student.post(
        f"/v1/documents/{document}/versions?file_name=passport.pdf",
        content=PASSPORT,
        headers={"Content-Type": "application/pdf"},
    ).raise_for_status()
    link = student.get(f"/v1/documents/{document}/versions/1/content").headers["Location"]
    with server.client() as anybody:
        opened = anybody.get(link)

    assert _kept_in(papers[1]) == 1
    assert opened.content == PASSPORT
    assert "passport.pdf" in opened.headers["Content-Disposition"]


def test_what_a_client_hands_over_by_itself_is_carried_to_webdav(
    server: Serving, student: httpx2.Client, papers: tuple[str, Path]
) -> None:
    content = PASSPORT + b", renewed"
    document, sha256 = a_document(student), hashlib.sha256(content).hexdigest()
    announced = {"size": len(content), "content_type": "application/pdf", "sha256": sha256, "file_name": "new.pdf"}

    asked = student.post(f"/v1/documents/{document}/uploads", json=announced).raise_for_status().json()
    [part] = asked["ticket"]["parts"]
    with server.client() as anybody:
        anybody.put(part["url"], content=content, headers=part["headers"]).raise_for_status()
    student.post(f"/v1/uploads/{asked['upload']['id']}/completion").raise_for_status()

    upload = _decided(student, asked["upload"]["id"])
    assert (upload["state"], upload["reasons"]) == ("accepted", [])
    with server.client() as anybody:
        link = student.get(f"/v1/documents/{document}/versions/1/content").headers["Location"]
        assert anybody.get(link).content == content
    assert _kept_in(papers[1]) == 2


def _kept_in(folder: Path) -> int:
    """Return how many files lie there under their hashes, of which each is sealed."""
    kept = [path for path in folder.rglob("*") if path.is_file() and len(path.name) == 64]
    assert all(is_sealed(path.read_bytes()) for path in kept)
    return len(kept)


def _decided(student: httpx2.Client, upload_id: str) -> dict[str, object]:
    upload: dict[str, object] = {}
    for _ in range(150):
        upload = student.get(f"/v1/uploads/{upload_id}").raise_for_status().json()
        if upload["state"] != "received":
            break
        time.sleep(0.2)
    return upload
