"""Who asks: found in one place, by an access token, a browser's cookie or an API key."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any, Protocol

from litestar.types import HTTPScope

from ...domain.identity.account import Asker, Role
from ...domain.identity.key import PREFIX, USE_IS_NOTED_EACH, KeyScope, comes_from, is_same, presented
from ...domain.identity.policies import InForce, in_force
from ...domain.shared.errors import Conflict, Forbidden, NotFound, Reason
from ...domain.shared.events import Origin
from ...domain.shared.ids import KeyId
from ...ports.errors import Unavailable
from ...ports.standings import KeyStanding, Standing, Standings
from ...ports.tokens import TokenRefused, Tokens
from .addresses import address_of
from .arrival import arrival_of
from .cookies import Cookies
from .errors import NotSignedIn
from .key_scopes import scope_of

_MOST_NOTED = 10_000
_SECONDS = USE_IS_NOTED_EACH.total_seconds()


class KeyUses(Protocol):
    """Notes that keys are used, and that right ones are refused."""

    async def __call__(self, key_id: KeyId) -> None:
        """Note that the key is used now; what was noted less than a minute ago stays."""
        ...

    async def refused(self, origin: Origin, because: str) -> None:
        """Note that the key of the origin was right and was not taken."""
        ...


class Asking:
    """Tells who asks, as account, session and key are now.

    What the Authorization header says counts alone: where there is one, cookies are not looked at. ``of_two_factors``
    are the roles that count only in a session of two factors, and by a key that was made in one.
    """

    def __init__(
        self,
        tokens: Tokens,
        standings: Standings,
        cookies: Cookies,
        uses: KeyUses,
        *,
        of_two_factors: frozenset[Role] = frozenset(),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._tokens = tokens
        self._standings = standings
        self._cookies = cookies
        self._uses = uses
        self._of_two_factors = of_two_factors
        self._clock = clock
        self._noted: dict[tuple[KeyId, str], float] = {}
        self._scopes: dict[str, KeyScope | None] = {}

    async def asker(self, scope: HTTPScope) -> Asker:
        """Return who asks; raise NotSignedIn where nobody does, Forbidden for a key without the scope that the route
        needs and for a change that a page did not mean."""
        given = _authorization(scope)
        if given is None:
            asker = await self._by_token(scope, self._cookies.access_of(scope))
            self._cookies.demand_meant(scope, asker.session_id, self._tokens)
            scope["state"]["by_cookie"] = True
            return asker
        scheme, _, token = given.partition(" ")
        if scheme.casefold() != "bearer":
            raise NotSignedIn
        token = token.strip()
        return await (self._by_key if token.startswith(PREFIX) else self._by_token)(scope, token)

    async def anew(self, asker: Asker) -> Asker:
        """Return the same asker with the rights of now, however long ago her token or key was looked at; raise
        NotSignedIn where her session, her key or her account has ended since."""
        methods = asker.methods
        try:
            if asker.key_id is not None:
                methods = (await self._standings.of_key(asker.key_id)).methods
            standing = await self._standings.of(asker.account_id, asker.session_id)
        except NotFound as refused:
            raise NotSignedIn from refused
        if asker.session_id is not None and asker.session_id not in standing.sessions:
            raise NotSignedIn
        now = self._in_force(standing, methods)
        return replace(asker, roles=now.roles, student_id=now.student_id, grants=now.grants)

    async def _by_token(self, scope: HTTPScope, token: str) -> Asker:
        request_id = arrival_of(scope).request_id  # type: ignore[arg-type]
        try:
            said = self._tokens.read(token, request_id)
            # The account and the session as they are now count, not as they were when the token was made.
            standing = await self._standings.of(said.account_id, said.session_id)
        except (TokenRefused, NotFound) as refused:
            raise NotSignedIn from refused
        if said.session_id not in standing.sessions:
            raise NotSignedIn
        now = self._in_force(standing, said.methods)
        return Asker(
            said.account_id,
            now.roles,
            now.student_id,
            request_id,
            session_id=said.session_id,
            grants=now.grants,
            address=address_of(scope),
            methods=said.methods,
        )

    async def _by_key(self, scope: HTTPScope, text: str) -> Asker:
        given = presented(text)
        if given is None:
            raise NotSignedIn
        try:
            key = await self._standings.of_key(given.id)
            if not is_same(key.digest, given.digest):
                raise NotSignedIn
            standing = await self._standings.of(key.account_id)
        except NotFound as refused:
            raise NotSignedIn from refused
        request_id, address = arrival_of(scope).request_id, address_of(scope)  # type: ignore[arg-type]
        now = self._in_force(standing, key.methods)
        asker = Asker(
            key.account_id,
            now.roles,
            now.student_id,
            request_id,
            grants=now.grants,
            address=address,
            key_id=given.id,
            key_scopes=key.scopes,
        )
        if not comes_from(key.networks, address):
            await self._note(given.id, "address", lambda: self._uses.refused(asker.origin, "address"))
            raise NotSignedIn
        await self._demand_scope(scope, key, asker)
        await self._note(given.id, "use", lambda: self._uses(given.id))
        return asker

    def _in_force(self, standing: Standing, methods: frozenset[str]) -> InForce:
        whole = InForce(standing.roles, standing.student_id, standing.grants)
        return in_force(whole, methods, self._of_two_factors)

    async def _demand_scope(self, scope: HTTPScope, key: KeyStanding, asker: Asker) -> None:
        handler: Any = scope["route_handler"]
        operation = handler.operation_id
        if operation not in self._scopes:
            self._scopes[operation] = scope_of(handler)
        needed = self._scopes[operation]
        if needed in key.scopes:
            return
        await self._note(asker.key_id, "scope", lambda: self._uses.refused(asker.origin, "scope"))
        if needed is None:
            raise Forbidden(Reason("key.not_by_key"))
        raise Forbidden(Reason("key.scope_needed", {"scope": needed.value}))

    async def _note(self, key_id: KeyId | None, what: str, note: Callable[[], Any]) -> None:
        """Note it once a minute in this process; where that cannot be kept now, the request goes on."""
        if key_id is None:
            return
        now, entry = self._clock(), (key_id, what)
        if now - self._noted.get(entry, float("-inf")) < _SECONDS:
            return
        self._noted.pop(entry, None)  # so that the order is the order of age
        self._noted[entry] = now
        if len(self._noted) > _MOST_NOTED:
            del self._noted[next(iter(self._noted))]
        with suppress(Unavailable, Conflict):
            await note()


def _authorization(scope: HTTPScope) -> str | None:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == b"authorization"), None)
