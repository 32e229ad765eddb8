"""What every request passes before its route: who asks, and whether its body can be read at all."""

from __future__ import annotations

import re
from typing import Any

import msgspec
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from ...domain.shared.errors import Invalid, NotFound, Reason
from .asking import Asking
from .bodies import refuse_misfit
from .errors import Malformed, NotSignedIn, TooLarge, UnsupportedMediaType, allowed
from .queries import refuse_null

LARGEST_JSON = 1024 * 1024
_DEEPEST_JSON = 40
_MOST_VALUES = 20_000
_JSON_TYPES = ("application/json", "application/merge-patch+json")
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")

# Whoever comes without a sign-in gets these and nothing else. A test compares the list with the routes.
OPEN_ROUTES = frozenset(
    {
        "register",
        "sign_in",
        "ask_for_passkey",
        "finish_sign_in",
        "sign_in_by_passkey",
        "refresh_session",
        "refresh_by_cookie",
        "ask_for_reset",
        "reset_password",
        "list_providers",
        "begin_provider_sign_in",
        "finish_provider_sign_in",
        "token_keys",
        "live",
        "ready",
        "show_unsubscription",
        "unsubscribe",
        "hear_sendgrid",
        "hear_twilio",
        "hear_payment",
        "open_file",
        "put_file",
        "read_calendar",
        "search_programmes",
        "get_programme",
        "get_institution",
        "list_packs",
        "list_fact_keys",
        "find_facts",
        "pack_schema",
        "convert_grade",
        "check_test_result",
        "prove_money",
        "documentation",
        "home",
        "openapi",
    }
)


class Gate:
    """Refuses whoever is not signed in, unless the route is open, and bodies that no route should see."""

    def __init__(self, app: ASGIApp, asking: Asking) -> None:
        self.app = app
        self._asking = asking

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with who asks in its state."""
        if scope["type"] != ScopeType.HTTP:  # nothing here speaks anything else
            raise NotSignedIn
        handler: Any = scope.get("route_handler")
        _refuse_nul_in_address(scope)
        operation = getattr(handler, "operation_id", None)
        if scope["method"] != "OPTIONS" and operation is None:
            raise NotFound  # pages that the framework brings along; ours all have a name
        if scope["method"] != "OPTIONS" and operation not in OPEN_ROUTES:
            scope["state"]["asker"] = await self._asking.asker(scope)
            scope["state"]["asking"] = self._asking
        if scope["method"] == "OPTIONS":
            await self.app(scope, receive, _telling_methods(scope, send))
            return
        refuse_null(handler, scope["query_string"])
        if handler.opt.get("raw_body") or scope["method"] not in ("POST", "PUT", "PATCH"):
            await self.app(scope, receive, send)
            return
        body = await _whole(receive)
        await self._ask_anew(scope)
        scope["state"]["json"] = data = _parsed(body, _header(scope, b"content-type"))
        taken = handler.parsed_fn_signature.parameters.get("data")
        if body and taken is not None:
            refuse_misfit(taken.annotation, data)
        await self.app(scope, _again(body, receive), send)

    async def _ask_anew(self, scope: Scope) -> None:
        """Let the rights count that there are now, since a body may come as slowly as its sender likes."""
        if (asker := scope["state"].get("asker")) is not None:
            scope["state"]["asker"] = await self._asking.anew(asker)


def _telling_methods(scope: Scope, send: Send) -> Send:
    """Name every method of the path: the framework names those of the first route that it was told of."""
    allow = ", ".join(allowed(scope["litestar_app"].routes, scope["path"])).encode()

    async def telling(message: Any) -> None:
        if message["type"] == "http.response.start":
            others = [one for one in message.get("headers", ()) if one[0] != b"allow"]
            message["headers"] = [*others, (b"allow", allow)]
        await send(message)

    return telling


def _header(scope: Scope, name: bytes) -> str:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), "")


def _refuse_nul_in_address(scope: Scope) -> None:
    if "\x00" in scope["path"] or b"%00" in scope["query_string"]:
        raise Malformed(Reason("data.null_character", {}, "query" if b"%00" in scope["query_string"] else "path"))


async def _whole(receive: Receive) -> bytes:
    pieces, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            raise Malformed(Reason("request.broken_off"))
        piece = message.get("body", b"")
        size += len(piece)
        if size > LARGEST_JSON:
            raise TooLarge(Reason("request.too_large", {"at_most": LARGEST_JSON}))
        pieces.append(piece)
        more = message.get("more_body", False)
    return b"".join(pieces)


def _parsed(body: bytes, content_type: str) -> Any:
    """Return the JSON of the body, None without one; raise for what is no JSON or hides a null character."""
    if not body:
        return None
    if content_type.partition(";")[0].strip().casefold() not in _JSON_TYPES:
        raise UnsupportedMediaType(Reason("request.json_expected", {"given": content_type[:60]}, "Content-Type"))
    try:
        data = msgspec.json.decode(body)
    except RecursionError:
        raise Malformed(Reason("data.nested_too_deep", {"at_most": _DEEPEST_JSON})) from None
    except (msgspec.DecodeError, ValueError) as error:  # a number of thousands of digits is a ValueError
        raise Malformed(Reason("request.not_json", {"detail": str(error)[:200]})) from None
    _demand_moderate(data)
    if _NUL.search(body):
        raise Invalid(*(Reason("data.null_character", {}, place) for place in _with_nul(data, "")))
    return data


def _demand_moderate(data: Any) -> None:
    """Return for data that is neither nested too deep nor made of too many values; raise Malformed otherwise."""
    level, count = [data], 0
    for _ in range(_DEEPEST_JSON):
        level = [below for one in level for below in _inside(one)]
        count += len(level)
        if count > _MOST_VALUES:
            raise Malformed(Reason("request.too_many_values", {"at_most": _MOST_VALUES}))
        if not level:
            return
    raise Malformed(Reason("data.nested_too_deep", {"at_most": _DEEPEST_JSON}))


def _inside(data: Any) -> list[Any]:
    if isinstance(data, dict):
        return list(data.values())
    return data if isinstance(data, list) else []


def _with_nul(data: Any, where: str) -> list[str]:
    if isinstance(data, str):
        return [where] if "\x00" in data else []
    if isinstance(data, dict):
        named = [where for key in data if "\x00" in key]
        return named + [p for key, v in data.items() for p in _with_nul(v, f"{where}.{key}" if where else str(key))]
    if isinstance(data, list):
        return [place for at, value in enumerate(data) for place in _with_nul(value, f"{where}[{at}]")]
    return []


def _again(body: bytes, receive: Receive) -> Receive:
    """Hand the body out once more, then whatever comes after it."""
    given = False

    async def replay() -> Any:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay
