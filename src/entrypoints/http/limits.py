"""How often somebody may ask: counted before the route, told in each answer, refused with the time to wait."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache, cached_property

from litestar.types import ASGIApp, Message, Receive, Scope, Send

from ...domain.identity.account import normal_email
from ...domain.shared.errors import Invalid, Reason
from ...ports.errors import Unavailable
from ...ports.limits import Limit, Limits, Verdict
from .addresses import address_of
from .errors import TooManyRequests
from .gate import OPEN_ROUTES
from .given import AnyRequest

_QUARTER, _MINUTE, _HOUR = timedelta(minutes=15), timedelta(minutes=1), timedelta(hours=1)
_TRIES_OF_ONE_EMAIL = 10  # so many times fewer than those of an address, behind which may be a whole school
_KEY = "counting"

# What is heavier than most, or is guessed with, is counted by itself; everything else is counted together.
_BY_ITSELF = {
    "register": "registration",
    "sign_in": "sign-in",
    "ask_for_passkey": "sign-in",
    "finish_sign_in": "sign-in",
    "sign_in_by_passkey": "sign-in",
    "ask_for_reset": "sign-in",
    "reset_password": "sign-in",
    "confirm_email": "sign-in",
    "match_catalogue": "matches",
    "unlock_catalogue": "matches",
    "unlocked_programmes": "matches",
    "upload_version": "uploads",
    "request_upload": "uploads",
    "export_trail": "matches",
    "verify_trail": "matches",
}
_NOT_COUNTED = frozenset({"live", "ready"})  # whoever looks after the server asks these all the time


@dataclass(frozen=True)
class Rates:
    """How often somebody may: an address sign in or register in a quarter of an hour; an account, or an address that
    has not signed in, ask in a minute."""

    sign_ins: int = 200
    requests: int = 6000
    matches: int = 60
    uploads: int = 240

    def limit_of(self, operation: str | None) -> Limit:
        """Return the limit on the operation."""
        name = _BY_ITSELF.get(operation or "", "requests")
        return self._limits[name]

    @property
    def emails(self) -> Limit:
        """The limit on what is tried with one e-mail address, wherever it comes from."""
        return self._limits["sign-in-email"]

    @cached_property
    def _limits(self) -> Mapping[str, Limit]:
        tries = max(1, self.sign_ins // _TRIES_OF_ONE_EMAIL)
        limits = (
            Limit("sign-in", self.sign_ins, _QUARTER, closed=True),
            Limit("registration", self.sign_ins, _QUARTER, closed=True),
            Limit("sign-in-email", tries, _QUARTER, closed=True),
            Limit("matches", self.matches, _MINUTE),
            Limit("uploads", self.uploads, _HOUR),
            Limit("requests", self.requests, _MINUTE),
        )
        return {limit.name: limit for limit in limits}


@dataclass
class Counting:
    """What was counted for one request."""

    limits: Limits
    rates: Rates
    found: list[tuple[Limit, Verdict]] = field(default_factory=list)

    async def count(self, limit: Limit, who: str) -> None:
        """Count one; raise TooManyRequests, or Unavailable when nobody can count what has to be counted."""
        try:
            verdict = await self.limits.hit(limit, who)
        except Unavailable as error:
            raise Unavailable(Reason("limit.cannot_count")) from error
        self.found.append((limit, verdict))
        if not verdict.allowed:
            raise TooManyRequests(math.ceil(verdict.wait.total_seconds()), self.headers)

    @property
    def headers(self) -> dict[str, str]:
        """The headers that tell the limits and how much of them is left."""
        if not self.found:
            return {}
        return {
            "ratelimit-policy": ", ".join(_policy(limit) for limit, _ in self.found),
            "ratelimit": ", ".join(_left(limit, verdict) for limit, verdict in self.found),
        }


@cache
def _policy(limit: Limit) -> str:
    return f'"{limit.name}";q={limit.times};w={limit.within.total_seconds():.0f}'


def _left(limit: Limit, verdict: Verdict) -> str:
    told = f'"{limit.name}";r={verdict.left}'
    return told if verdict.left else f"{told};t={math.ceil(verdict.wait.total_seconds())}"


class Counter:
    """Counts each request by who asks; stands twice in the way of a request.

    Before the gate it counts strangers on open routes by the address they come from, so that nothing of a body is read
    for one too many; behind the gate it counts accounts.
    """

    def __init__(
        self,
        app: ASGIApp,
        limits: Limits,
        rates: Rates,
        *,
        strangers: bool,
        address: Callable[[Scope], str] = address_of,
    ) -> None:
        self.app = app
        self._limits = limits
        self._rates = rates
        self._strangers = strangers
        self._address = address
        self._limit_of = {name: rates.limit_of(name) for name in _BY_ITSELF}
        self._other = rates.limit_of(None)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on when it may be answered; raise TooManyRequests otherwise."""
        operation = getattr(scope.get("route_handler"), "operation_id", None) or ""
        if operation in _NOT_COUNTED or (operation in OPEN_ROUTES) != self._strangers:
            await self.app(scope, receive, send)
            return
        counting = scope["state"][_KEY] = Counting(self._limits, self._rates)
        await counting.count(self._limit_of.get(operation, self._other), self._who(scope))

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                told = {name.encode(): value.encode() for name, value in counting.headers.items()}
                others = [one for one in message.get("headers", ()) if one[0] not in told]
                message["headers"] = [*others, *told.items()]
            await send(message)

        await self.app(scope, receive, answer)

    def _who(self, scope: Scope) -> str:
        asker = scope["state"].get("asker")
        return f"address {self._address(scope)}" if asker is None else f"account {asker.account_id}"


async def count_email(request: AnyRequest, email: str) -> None:
    """Count what is tried with the e-mail address; raise what ``Counting.count`` raises."""
    try:
        address = normal_email(email)
    except Invalid:
        return  # it can be nobody's
    counting: Counting = request.scope["state"][_KEY]
    await counting.count(counting.rates.emails, address)
