"""For a server: ``ADAPTERS=higherstudy_webdav_files.wiring:adapters`` lets it keep its papers on WebDAV."""

import base64
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from higherstudy.domain.shared.errors import Invalid, Reason

from .files import WebDavFiles
from .server import connected

_ABANDONED = timedelta(days=1)


@asynccontextmanager
async def adapters() -> AsyncIterator[dict[str, object]]:
    """Give the adapters by the names of their ports, open for as long as the process runs.

    Reads WEBDAV_URL, WEBDAV_USER, WEBDAV_PASSWORD and WEBDAV_LINK_KEY (32 bytes in base64) from the environment;
    raises Invalid naming the one that is missing or wrong, and Unavailable when the server does not answer.
    """
    url, key = _given("WEBDAV_URL"), _key("WEBDAV_LINK_KEY")
    user, password = os.environ.get("WEBDAV_USER", ""), os.environ.get("WEBDAV_PASSWORD", "")
    async with connected(url, user=user, password=password) as server:
        files = WebDavFiles(server, key)
        await files.prepare()
        await files.remove_unfinished(datetime.now(UTC) - _ABANDONED)
        yield {"files": files, "links": files}


def _given(variable: str) -> str:
    text = os.environ.get(variable, "").strip()
    if not text:
        raise Invalid(Reason("setting.missing", {}, variable))
    return text


def _key(variable: str) -> bytes:
    try:
        key = base64.b64decode(_given(variable), validate=True)
    except ValueError:
        key = b""
    if len(key) < 32:
        raise Invalid(Reason("setting.not_a_key", {}, variable))
    return key
