"""Talking to a WebDAV server (RFC 4918): the requests that files take, and its failures in the words of the port."""

from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import httpx2
from higherstudy.domain.shared.errors import Reason
from higherstudy.ports.errors import Unavailable

from .listing import ASKED, Entry, entries_in

_LARGEST_LISTING = 16 * 2**20
_PIECE = 64 * 1024


class NotThere(Exception):
    """The server has nothing of that name."""


class WebDavServer:
    """One collection of a WebDAV server. Names are relative to it and hold nothing that would need quoting.

    It retries nothing: whoever calls knows whether doing it again is safe. Redirects are not followed, since the
    password would go along.
    """

    def __init__(self, client: httpx2.AsyncClient, base: str) -> None:
        self._client = client
        self._base = base.rstrip("/")

    async def put(self, name: str, content: AsyncIterator[bytes]) -> None:
        """Write the content under the name, as it comes; what ``content`` raises is raised as it is."""
        given = _Watched(content)
        try:
            with answering():
                response = await self._client.put(self._url(name), content=given.pieces())
        except Exception:
            # What broke off in the content is its own failure and none of the server's, however that shows.
            if given.failure is not None:
                raise given.failure from None
            raise
        await self._demand(response, 200, 201, 204)

    async def size(self, name: str) -> int | None:
        """Return how many bytes the server has under the name; None when it does not say. Raises NotThere."""
        with answering():
            response = await self._client.head(self._url(name), headers={"Accept-Encoding": "identity"})
        await self._demand(response, 200)
        said = response.headers.get("Content-Length", "")
        return int(said) if said.isascii() and said.isdigit() else None

    async def get(self, name: str) -> AsyncGenerator[bytes, None]:
        """Yield what lies under the name, in pieces; raise NotThere where nothing does."""
        with answering():
            async with self._client.stream("GET", self._url(name), headers={"Accept-Encoding": "identity"}) as response:
                await self._demand(response, 200)
                async for piece in response.aiter_bytes(_PIECE):
                    yield piece

    async def move(self, name: str, to: str) -> None:
        """Give it another name, in place of what lies there; raise NotThere where either collection is missing."""
        with answering():
            response = await self._client.request(
                "MOVE", self._url(name), headers={"Destination": self._url(to), "Overwrite": "T"}
            )
        await self._demand(response, 201, 204)

    async def delete(self, name: str, *, only: Entry | None = None) -> bool:
        """Remove what lies under the name, with ``only`` as long as that is still it; return whether it was removed."""
        with answering():
            response = await self._client.delete(self._url(name), headers=only.still_the_same if only else {})
        if response.status_code in (404, 412):
            return False
        await self._demand(response, 200, 204)
        return True

    async def make_collection(self, name: str) -> None:
        """Make the collection where it is not there yet; its parent has to be."""
        with answering():
            response = await self._client.request("MKCOL", self._url(name) + "/")
        await self._demand(response, 201, 405)  # 405: it is there already

    async def entries(self, name: str, *, depth: int = 1) -> tuple[Entry, ...]:
        """Return what lies in the collection (depth 1), or what is known of the thing itself (depth 0)."""
        body = bytearray()
        headers = {"Depth": str(depth), "Content-Type": "application/xml", "Accept-Encoding": "identity"}
        with answering():
            async with self._client.stream("PROPFIND", self._url(name), headers=headers, content=ASKED) as response:
                await self._demand(response, 207)
                async for piece in response.aiter_bytes(_PIECE):
                    body += piece
                    if len(body) > _LARGEST_LISTING:
                        raise Unavailable(Reason("webdav.listing_too_large", {"at_most": _LARGEST_LISTING}))
        return entries_in(bytes(body))

    def _url(self, name: str) -> str:
        return f"{self._base}/{name}"

    async def _demand(self, response: httpx2.Response, *fine: int) -> None:
        if response.status_code in fine:
            return
        if response.status_code in (404, 409):  # 409: a collection on the way to it is missing (RFC 4918, 9.7.1)
            raise NotThere
        raise Unavailable(Reason("webdav.refused", {"status": response.status_code}))


@asynccontextmanager
async def connected(
    base: str, *, user: str = "", password: str = "", seconds: float = 30.0
) -> AsyncIterator[WebDavServer]:
    """Give the server; a request fails when nothing comes or goes for that many seconds."""
    auth = httpx2.BasicAuth(user, password) if user else None
    timeout = httpx2.Timeout(seconds)
    async with httpx2.AsyncClient(auth=auth, timeout=timeout, follow_redirects=False, trust_env=False) as client:
        yield WebDavServer(client, base)


@contextmanager
def answering() -> Iterator[None]:
    """Turn every failure of the way to the server into Unavailable, and keep its cause."""
    try:
        yield
    except (httpx2.HTTPError, httpx2.StreamError) as error:
        raise Unavailable(Reason("webdav.no_answer", {"detail": type(error).__name__})) from error


class _Watched:
    """Content on its way, with what it raised."""

    def __init__(self, content: AsyncIterator[bytes]) -> None:
        self._content = content
        self.failure: Exception | None = None

    async def pieces(self) -> AsyncIterator[bytes]:
        try:
            async for piece in self._content:
                yield piece
        except Exception as error:
            self.failure = error
            raise
