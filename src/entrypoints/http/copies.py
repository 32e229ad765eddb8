"""Answers about the catalogue that are the same for everybody: kept until the catalogue changes, told by an ETag."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec
from litestar import Response
from litestar.datastructures import ResponseHeader
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import SkipValidation

from ...ports.cache import Cache
from ...ports.editions import Editions
from .etags import content_tag, has
from .given import AnyRequest

_LASTING = timedelta(minutes=5)
_FORM = 1  # another number whenever the same question is answered in another form
TAGGED = [
    ResponseHeader(name="ETag", description="Of exactly this answer, for If-None-Match.", documentation_only=True)
]
NOT_MODIFIED = {304: ResponseSpec(data_container=None, description="As you have it, by If-None-Match.")}


@dataclass(frozen=True)
class Copies:
    """Answers from copies where there are some of the catalogue as it stands now."""

    cache: Cache
    editions: Editions

    async def answer(
        self, request: AnyRequest, about: object, make: Callable[[], Awaitable[msgspec.Struct]], *, keep: bool = True
    ) -> Response[Any]:
        """Return what ``make`` gives, or what it gave for the same question ``about`` the same edition.

        Not everything is worth keeping: what ``keep`` is False for is made each time. Raises what ``make`` raises.
        """

        async def made() -> bytes:
            return msgspec.json.encode(await make())

        body = await self.cache.remembered(await self._key(about), _LASTING, made) if keep else await made()
        tag = content_tag(body)
        headers = {"etag": tag, "cache-control": "no-cache"}  # which means: ask whether it is still so
        if has(request.headers.get("if-none-match", ""), tag):
            return Response(None, status_code=304, headers=headers)
        return Response(body, media_type="application/json", headers=headers)

    async def _key(self, about: object) -> str:
        question = hashlib.sha256(msgspec.json.encode(about)).hexdigest()
        return f"catalogue:{_FORM}:{await self.editions.current()}:{question}"


Copied = NamedDependency[SkipValidation[Copies]]
