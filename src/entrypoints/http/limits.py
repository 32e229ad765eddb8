"""How often somebody may ask: counted before the route, told in each answer, refused with the time to wait."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache, cached_property

from litestar.types import ASGIApp, Message, Receive, Scope, Send

from ...domain.identity.account import normal_email
from ...domain.shared.errors import DomainError, Invalid, Reason
from ...domain.shared.ids import AccountId
from ...ports.errors import Unavailable
from ...ports.limits import Hit, Limit, Limits, Verdict
from .addresses import address_of
from .errors import TooManyRequests
from .gate import OPEN_ROUTES
from .given import AnyRequest

_QUARTER, _MINUTE, _HOUR = timedelta(minutes=15), timedelta(minutes=1), timedelta(hours=1)
_DAY = timedelta(days=1)
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
    "begin_provider_sign_in": "sign-in",
    "finish_provider_sign_in": "sign-in",
    "begin_linking": "sign-in",
    "match_catalogue": "matches",
    "unlock_catalogue": "matches",
    "unlocked_programmes": "matches",
    "upload_version": "uploads",
    "request_upload": "uploads",
    "ask_for_export": "exports",
    "ask_for_erasure": "erasures",
    "export_trail": "matches",
    "ask_for_report": "matches",
    "verify_trail": "matches",
}
# Their routes come to know an e-mail address, and count it together with what else is due: one question for all.
_WITH_EMAIL = frozenset({"register", "ask_for_reset", "change_password", "ask_to_confirm", "offer_grant"})
_NOT_COUNTED = frozenset({"live", "ready"})  # whoever looks after the server asks these all the time


@dataclass(frozen=True)
class Rates:
    """How often somebody may: an address sign in or register in a quarter of an hour; an account, or an address that
    has not signed in, ask in a minute, and match whole catalogues in a minute, and upload in an hour; all accounts that
    come from one address together ask in a minute; an account try its password for an erasure in an hour, and ask for
    an export in a day."""

    sign_ins: int = 200
    requests: int = 6000
    matches: int = 60
    uploads: int = 240
    addresses: int = 60_000
    exports: int = 3
    erasures: int = 20

    def limit_of(self, operation: str | None) -> Limit:
        """Return the limit on the operation."""
        name = _BY_ITSELF.get(operation or "", "requests")
        return self._limits[name]

    @property
    def emails(self) -> Limit:
        """The limit on what is tried with one e-mail address, wherever it comes from."""
        return self._limits["sign-in-email"]

    @property
    def of_address(self) -> Limit:
        """The limit on all accounts that come from one address."""
        return self._limits["address"]

    @cached_property
    def _limits(self) -> Mapping[str, Limit]:
        tries = max(1, self.sign_ins // _TRIES_OF_ONE_EMAIL)
        limits = (
            Limit("sign-in", self.sign_ins, _QUARTER, closed=True),
            Limit("registration", self.sign_ins, _QUARTER, closed=True),
            Limit("sign-in-email", tries, _QUARTER, closed=True),
            Limit("matches", self.matches, _MINUTE),
            Limit("uploads", self.uploads, _HOUR),
            Limit("exports", self.exports, _DAY),
            Limit("erasures", self.erasures, _HOUR, closed=True),
            Limit("requests", self.requests, _MINUTE),
            Limit("address", self.addresses, _MINUTE),
        )
        return {limit.name: limit for limit in limits}


class Spent:
    """Remembers for whom a limit is used up, so that nobody has to be asked about them until somebody may again."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, most: int = 10_000) -> None:
        self._clock = clock
        self._most = most
        self._until: OrderedDict[tuple[str, str], float] = OrderedDict()

    def note(self, limit: Limit, who: str, verdict: Verdict) -> None:
        """Remember a verdict that leaves nothing."""
        if verdict.left == 0:
            self._until[limit.name, who] = self._clock() + verdict.wait.total_seconds()
            if len(self._until) > self._most:
                self._until.popitem(last=False)

    def left_to_wait(self, limit: Limit, who: str) -> timedelta:
        """Return how long the next one has to wait, as far as is known here."""
        until = self._until.get((limit.name, who), 0.0)
        return timedelta(seconds=max(0.0, until - self._clock()))


@dataclass
class Counting:
    """What was counted for one request, and what is due to be."""

    limits: Limits
    rates: Rates
    spent: Spent
    due: list[Hit]
    found: list[tuple[Limit, Verdict]] = field(default_factory=list)

    async def count(self, *more: Hit) -> None:
        """Count what is due and more, by one question; raise TooManyRequests, or Unavailable when nobody can count what
        has to be counted."""
        hits, self.due = [*self.due, *more], []
        if not hits:
            return
        try:
            verdicts = await self.limits.hit_all(hits)
        except Unavailable as error:
            raise Unavailable(Reason("limit.cannot_count")) from error
        for (limit, who), verdict in zip(hits, verdicts, strict=True):
            self.spent.note(limit, who, verdict)
            self.found.append((limit, verdict))
        waits = [verdict.wait for verdict in verdicts if not verdict.allowed]
        if waits:
            raise TooManyRequests(math.ceil(max(waits).total_seconds()), self.headers)

    def refuse_what_is_spent(self) -> None:
        """Raise TooManyRequests where it is known without asking anybody."""
        for limit, who in self.due:
            if wait := self.spent.left_to_wait(limit, who):
                self.found.append((limit, Verdict(allowed=False, left=0, wait=wait)))
                raise TooManyRequests(math.ceil(wait.total_seconds()), self.headers)

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


class BeforeGate:
    """Counts strangers by the address they come from, before anything of a body is read, and tells the limits in each
    answer. Whoever says who she is, is counted behind the gate, or here where the gate turns her away."""

    def __init__(
        self,
        app: ASGIApp,
        limits: Limits,
        rates: Rates,
        spent: Spent,
        *,
        address: Callable[[Scope], str] = address_of,
    ) -> None:
        self.app = app
        self._limits = limits
        self._rates = rates
        self._spent = spent
        self._address = address
        self._limit_of = {name: rates.limit_of(name) for name in _BY_ITSELF.keys() & OPEN_ROUTES}
        self._other = rates.limit_of(None)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on when it may be answered; raise TooManyRequests otherwise."""
        operation = _operation(scope)
        if operation in _NOT_COUNTED:
            await self.app(scope, receive, send)
            return
        # Who has not signed in is told so, and not that the few times are used up that an account has for this.
        due = (self._limit_of.get(operation, self._other), f"address {self._address(scope)}")
        counting = scope["state"][_KEY] = Counting(self._limits, self._rates, self._spent, [due])
        if operation in OPEN_ROUTES:
            counting.refuse_what_is_spent()
            if operation not in _WITH_EMAIL:
                await counting.count()

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                told = {name.encode(): value.encode() for name, value in counting.headers.items()}
                others = [one for one in message.get("headers", ()) if one[0] not in told]
                message["headers"] = [*others, *told.items()]
            await send(message)

        try:
            await self.app(scope, receive, answer)
        except DomainError:
            await counting.count()
            raise
        with suppress(TooManyRequests, Unavailable):  # refused before its route came to count, and answered already
            await counting.count()


class BehindGate:
    """Counts accounts, each by itself and all that come from one address together."""

    def __init__(self, app: ASGIApp, rates: Rates, *, address: Callable[[Scope], str] = address_of) -> None:
        self.app = app
        self._rates = rates
        self._address = address
        self._limit_of = {name: rates.limit_of(name) for name in _BY_ITSELF}
        self._other = rates.limit_of(None)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on when it may be answered; raise TooManyRequests otherwise."""
        asker = scope["state"].get("asker")
        counting: Counting | None = scope["state"].get(_KEY)
        if asker is not None and counting is not None:
            operation, address = _operation(scope), self._address(scope)
            counting.due = [(self._limit_of.get(operation, self._other), f"account {asker.account_id}")]
            if address:
                counting.due.append((self._rates.of_address, address))
            if operation not in _WITH_EMAIL:
                await counting.count()
        await self.app(scope, receive, send)


def _operation(scope: Scope) -> str:
    return getattr(scope.get("route_handler"), "operation_id", None) or ""


async def count_due(request: AnyRequest) -> None:
    """Count what is due where no e-mail address is to count with it; raise what ``Counting.count`` raises."""
    counting: Counting = request.scope["state"][_KEY]
    await counting.count()


async def count_own(request: AnyRequest, account_id: AccountId) -> None:
    """Count what somebody tries with her own account, and what else is due; raise what ``Counting.count`` raises.

    By the account and not by its address, which strangers try with too: they are not to keep its holder from it.
    """
    counting: Counting = request.scope["state"][_KEY]
    await counting.count((counting.rates.emails, f"account {account_id}"))


async def count_email(request: AnyRequest, email: str) -> None:
    """Count what is tried with the e-mail address, and what else is due; raise what ``Counting.count`` raises."""
    counting: Counting = request.scope["state"][_KEY]
    try:
        hits = [(counting.rates.emails, normal_email(email))]
    except Invalid:
        hits = []  # it can be nobody's
    await counting.count(*hits)
