"""Files on WebDAV do what every keeper of files must: the suite comes with the installed package."""

from datetime import UTC, datetime

import pytest
from higherstudy.ports.contracts.files import FilesContract, Opener
from higherstudy.ports.files import Files

from higherstudy_webdav_files.files import WebDavFiles


class TestWebDavFiles(FilesContract):
    @pytest.fixture
    async def files(self, files: WebDavFiles) -> Files:
        return files

    @pytest.fixture
    def opener(self) -> Opener:
        async def opened(files: Files, link: str) -> tuple[str, str, bytes]:
            assert isinstance(files, WebDavFiles)
            found = files.open_link(link.removeprefix("/v1/files/"), datetime.now(UTC))
            content = b"".join([piece async for piece in files.read(found.sha256)])
            return found.file_name, found.content_type, content

        return opened
