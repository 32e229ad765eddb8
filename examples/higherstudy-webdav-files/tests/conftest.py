"""A real WebDAV server for the tests, and the adapter on it."""

import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from higherstudy_webdav_files.files import WebDavFiles
from higherstudy_webdav_files.server import WebDavServer, connected

USER, PASSWORD = "papers", "a password of this test"
KEY = bytes(range(32))


@dataclass(frozen=True)
class Collection:
    """An address on the server, and the folder in which the server keeps what lies there."""

    url: str
    folder: Path

    def names(self) -> list[str]:
        """Return the names of all files, below the folder."""
        return sorted(str(path.relative_to(self.folder)) for path in self.folder.rglob("*") if path.is_file())


@pytest.fixture(scope="session")
def webdav(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    """A server that runs until the last test is done."""
    folder = tmp_path_factory.mktemp("webdav")
    program = [sys.executable, str(Path(__file__).with_name("webdav_here.py")), str(folder), USER, PASSWORD]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            port = process.stdout.readline().strip()
            assert port.isdigit(), "the WebDAV server did not start; its own words stand above"
            yield Collection(f"http://127.0.0.1:{port}/papers", folder)
        finally:
            process.kill()


@pytest.fixture
def papers(webdav: Collection) -> Collection:
    """A collection of this test's own."""
    name = uuid4().hex
    (webdav.folder / name).mkdir()
    return Collection(f"{webdav.url}/{name}", webdav.folder / name)


@pytest.fixture
async def server(papers: Collection) -> AsyncIterator[WebDavServer]:
    """A connection to the server."""
    async with connected(papers.url, user=USER, password=PASSWORD, seconds=10) as found:
        yield found


@pytest.fixture
async def files(server: WebDavServer) -> WebDavFiles:
    """The adapter that is tried."""
    files = WebDavFiles(server, KEY)
    await files.prepare()
    return files
