"""What it costs to find who asks and whether she may, stores apart, beside the bare check of a signature."""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from benchmarks.results import Result
from higherstudy.adapters.system.clock import SystemClock
from higherstudy.adapters.system.ids import SystemIds
from higherstudy.adapters.system.secrets import SystemSecrets
from higherstudy.adapters.tokens.jwt_tokens import JwtTokens
from higherstudy.adapters.tokens.keys import key_of
from higherstudy.domain.identity.account import Asker, Role
from higherstudy.domain.identity.key import KeyScope, digest_of_key, key_text
from higherstudy.domain.identity.policies import admitted
from higherstudy.domain.identity.scopes import Doing
from higherstudy.domain.shared.events import Origin
from higherstudy.domain.shared.ids import AccountId, KeyId, SessionId, StudentId
from higherstudy.entrypoints.http.arrival import Arrival, note
from higherstudy.entrypoints.http.asking import Asking
from higherstudy.entrypoints.http.cookies import Cookies
from higherstudy.ports.standings import KeyStanding, Standing

REQUESTS, ROUNDS = 500, 9
LIMIT = 150.0  # microseconds of CPU
_SECRET = bytes(range(32))
_HANDLER = SimpleNamespace(operation_id="list_plans", resolve_tags=lambda: ["Plans"], http_methods={"GET"})


def measure() -> Iterator[Result]:
    """Yield the microseconds of CPU a request takes for a token, a cookie and a key, and for a token that is new."""
    world = _World()
    bare = _cost(world.check_signature)
    for name, headers in (
        ("a token", world.bearer(world.token())),
        ("a cookie and its CSRF token", world.browser()),
        ("an API key", world.bearer(world.key)),
    ):
        cost = _cost(partial(world.ask, headers))
        yield Result(f"{name} and policy: microseconds", cost, LIMIT, f"a bare signature check takes {bare:.0f}")
    new = iter([world.bearer(world.token()) for _ in range(REQUESTS * ROUNDS)])
    cost = _cost(lambda: world.ask(next(new)))
    detail = f"{cost:.0f} against {bare:.0f} microseconds; once for each token in each process"
    yield Result("a token that is new: times a bare check", cost / bare, 3.0, detail)


class _World:
    """Somebody who asks, with answers of the stores at hand."""

    def __init__(self) -> None:
        self._signing = key_of(_SECRET)
        self._tokens = JwtTokens(self._signing, SystemClock())
        self._student, self._session = StudentId(uuid4()), SessionId(uuid4())
        self._somebody = Asker(AccountId(uuid4()), frozenset({Role.STUDENT}), self._student, session_id=self._session)
        self._key_id = KeyId(SystemIds().new())
        self.key = key_text(self._key_id, SystemSecrets().new())
        self._digest = digest_of_key(self.key)
        self._asking = Asking(self._tokens, self, Cookies(), _Notes())
        self._lasting = timedelta(minutes=15)
        self._signed = self.token().rpartition(".")[0]
        self._signature = self._signing.private.sign(self._signed.encode())

    async def of(self, account_id: AccountId, session_id: SessionId | None = None) -> Standing:
        return Standing(self._somebody.roles, self._student, frozenset({self._session}))

    async def of_key(self, key_id: KeyId) -> KeyStanding:
        scopes = frozenset({KeyScope.PLANS_READ})
        return KeyStanding(self._somebody.account_id, self._digest, scopes, ("127.0.0.0/8",))

    def token(self) -> str:
        self._lasting += timedelta(seconds=1)  # so that no two are the same
        return self._tokens.issue(self._somebody, self._lasting)

    def bearer(self, token: str) -> list[tuple[bytes, bytes]]:
        return [(b"host", b"study.example"), (b"authorization", f"Bearer {token}".encode())]

    def browser(self) -> list[tuple[bytes, bytes]]:
        cookie = f"theme=dark; __Host-access={self.token()}; __Host-csrf=x"
        csrf = self._tokens.csrf_of(self._session)
        return [
            (b"host", b"study.example"),
            (b"origin", b"https://study.example"),
            (b"cookie", cookie.encode()),
            (b"x-csrf-token", csrf.encode()),
        ]

    async def ask(self, headers: list[tuple[bytes, bytes]]) -> None:
        scope: Any = {
            "type": "http",
            "method": "POST",
            "headers": headers,
            "client": ("127.0.0.1", 50_000),
            "route_handler": _HANDLER,
            "state": {},
        }
        note(scope, Arrival("a-request", SystemClock().now()))
        admitted(await self._asking.asker(scope), self._student, Doing.SEE_PLANS)

    async def check_signature(self) -> None:
        self._signing.public.verify(self._signature, self._signed.encode())


class _Notes:
    """Notes nothing: what is written belongs to the stores."""

    async def __call__(self, key_id: KeyId) -> None:
        """Note nothing."""

    async def refused(self, origin: Origin, because: str) -> None:
        """Note nothing."""


def _cost(once: Callable[[], Awaitable[None]]) -> float:
    """Return the microseconds of CPU that one takes, the median of some rounds."""

    async def a_round() -> float:
        begun = time.process_time()
        for _ in range(REQUESTS):
            await once()
        return (time.process_time() - begun) / REQUESTS * 1e6

    return statistics.median(asyncio.run(a_round()) for _ in range(ROUNDS))
