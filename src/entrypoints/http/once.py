"""Answering a request with an Idempotency-Key once: its effect and its answer are kept in one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any

import msgspec
from litestar import Request, Response
from litestar.params import HeaderParameter

from ...domain.shared.errors import Reason
from ...domain.shared.events import Origin
from ...domain.shared.ids import AccountId
from ...ports.answers import RequestKey, StoredAnswer
from ...ports.transactions import Transactions, joined
from .arrival import arrival_of
from .errors import Malformed

Effect = Callable[[Transactions], Awaitable[StoredAnswer]]
IdempotencyKey = Annotated[
    str | None,
    HeaderParameter(
        name="Idempotency-Key",
        description="A word of your own, new for each thing you create. Repeating the request with it gives the first "
        "answer again and creates nothing more.",
        required=False,
    ),
]
_LONGEST_KEY = 200


def created(body: msgspec.Struct, location: str, **headers: str) -> StoredAnswer:
    """Return the answer for something that is new, and where it is."""
    return answer(201, body, location=location, **headers)


def answer(status: int, body: msgspec.Struct, **headers: str) -> StoredAnswer:
    """Return an answer with a JSON body."""
    return StoredAnswer(status, {"content-type": "application/json", **headers}, msgspec.json.encode(body))


async def once(
    request: Request[Any, Any, Any],
    transactions: Transactions,
    key: str | None,
    effect: Effect,
    account_id: AccountId | None,
) -> Response[Any]:
    """Return what the effect answers, or what it answered when the key was first used.

    Raises IdempotencyKeyReused when the same key came with another request. A refusal is not kept: it may be repeated.
    """
    if key is None:
        return _response(await effect(transactions))
    if not key.strip() or len(key) > _LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise Malformed(Reason("request.key_unreadable", {"at_most": _LONGEST_KEY}, "Idempotency-Key"))
    body = await request.body()
    request_id = arrival_of(request.scope).request_id  # type: ignore[arg-type]
    claim = RequestKey(account_id, str(request.route_handler.operation_id), key)
    async with transactions(Origin(actor=account_id, request_id=request_id)) as work:
        before = await work.answers.claim(claim, _fingerprint(request, body))
        if before is None:
            before = await effect(joined(work))
            await work.answers.keep(claim, before)
    return _response(before)


def _fingerprint(request: Request[Any, Any, Any], body: bytes) -> bytes:
    """A hash that is slow to guess from, since a body may hold a password."""
    address = request.scope["raw_path"] + b"?" + request.scope["query_string"] + b"\n"
    return hashlib.scrypt(body, salt=hashlib.sha256(address).digest(), n=2**12, r=8, p=1, dklen=32)


def _response(kept: StoredAnswer) -> Response[Any]:
    headers: Mapping[str, str] = {name: value for name, value in kept.headers.items() if name != "content-type"}
    return Response(
        kept.body,
        status_code=kept.status,
        headers=headers,
        media_type=kept.headers.get("content-type", "application/json"),
    )
