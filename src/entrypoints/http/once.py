"""Answering a request with an Idempotency-Key once: its effect and its answer are kept in one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any

import msgspec
from litestar import Request, Response
from litestar.params import HeaderParameter

from ...domain.identity.use_cases.admitting import admit
from ...domain.shared.errors import Reason
from ...domain.shared.events import Origin
from ...domain.shared.ids import AccountId
from ...ports.answers import RequestKey, StoredAnswer
from ...ports.transactions import Transactions, joined
from ..trying import again
from .arrival import arrival_of
from .errors import Malformed
from .words import spoken_in

_LONGEST_KEY = 200
Effect = Callable[[Transactions], Awaitable[StoredAnswer]]
IdempotencyKey = Annotated[
    str | None,
    HeaderParameter(
        name="Idempotency-Key",
        description="A word of your own, new for each thing you create. Repeating the request with it gives the first "
        "answer again and creates nothing more.",
        required=False,
        schema_extra={"pattern": f"^[!-~]([ -~]{{0,{_LONGEST_KEY - 2}}}[!-~])?$"},
    ),
]


def created(body: msgspec.Struct, location: str, **headers: str) -> StoredAnswer:
    """Return the answer for something that is new, and where it is."""
    return answer(201, body, location=location, **headers)


def answer(status: int, body: msgspec.Struct, **headers: str) -> StoredAnswer:
    """Return an answer with a JSON body."""
    # The first answer is given again in its first language, whatever a later request asks for.
    spoken = {"content-language": spoken_in()} if spoken_in() else {}
    return StoredAnswer(status, {"content-type": "application/json", **spoken, **headers}, msgspec.json.encode(body))


async def once(
    request: Request[Any, Any, Any],
    transactions: Transactions,
    key: str | None,
    effect: Effect,
    account_id: AccountId | None,
    *,
    about: bytes | None = None,
) -> Response[Any]:
    """Return what the effect answers, or what it answered when the key was first used.

    ``about`` stands for the body where that holds a secret: a digest of it is kept. The effect runs inside the
    transaction that holds the key, so whatever takes long belongs before this call.
    Whoever helps gets an answer again only while she may still do what it was the answer to (AccessRefused).
    Raises IdempotencyKeyReused when an account's key came with another request. Nobody owns the keys of those who are
    not signed in: there, another request with the same key is simply another one. A refusal is not kept: it may be
    repeated. What the database undid, or lost with its connection, is tried anew, unless it takes in a stream.
    """
    may_repeat = "json" in request.scope["state"]  # a body that is read as it comes, comes once
    if key is None:
        return _response(await again(lambda: effect(transactions)) if may_repeat else await effect(transactions))
    if not key.strip() or len(key) > _LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise Malformed(Reason("request.key_unreadable", {"at_most": _LONGEST_KEY}, "Idempotency-Key"))
    fingerprint = _fingerprint(request, await request.body() if about is None else about)
    if account_id is None:
        key = hashlib.sha256(fingerprint + key.encode()).hexdigest()
    asker = request.scope["state"].get("asker")
    request_id = arrival_of(request.scope).request_id  # type: ignore[arg-type]
    origin = asker.origin if asker is not None else Origin(actor=account_id, request_id=request_id)
    claim = RequestKey(account_id, str(request.route_handler.operation_id), key)

    async def attempt() -> StoredAnswer:
        async with transactions(origin) as work:
            before = await work.answers.claim(claim, fingerprint)
            if before is None:
                before = await effect(joined(work))
                await work.answers.keep(claim, before)
            elif before.needed is not None and asker is not None:
                admit(work, asker, before.needed.student_id, before.needed.doing)
        return before

    # Where nobody knows whether it was kept, the claim tells: the answer is there, or the key is free.
    return _response(await again(attempt, known_again=True) if may_repeat else await attempt())


def _fingerprint(request: Request[Any, Any, Any], about: bytes) -> bytes:
    """A digest that is quick to guess from: no password may go into it."""
    address = request.scope["raw_path"] + b"?" + request.scope["query_string"] + b"\n"
    return hashlib.sha256(hashlib.sha256(address).digest() + about).digest()


def _response(kept: StoredAnswer) -> Response[Any]:
    headers: Mapping[str, str] = {name: value for name, value in kept.headers.items() if name != "content-type"}
    return Response(
        kept.body,
        status_code=kept.status,
        headers=headers,
        media_type=kept.headers.get("content-type", "application/json"),
    )
