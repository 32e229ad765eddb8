"""Who somebody is, by OpenID Connect: the authorisation code with PKCE, held against the way that asked for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...domain.identity.linked_identity import Identity
from ...domain.identity.provider_sign_in import Way
from ...domain.shared.errors import NotFound
from ...ports.clock import Clock
from ...ports.identity_providers import Answer, Provider
from .trusted import Patience, Trusted

if TYPE_CHECKING:
    import httpx2

    from .provider import OidcProvider


class OidcIdentityProviders:
    """The providers of the settings. What it takes to speak with them is loaded when one is first asked."""

    def __init__(self, trusted: Sequence[Trusted], redirect_address: str, clock: Clock, patience: Patience) -> None:
        """``redirect_address`` is where providers send browsers back to, as it was registered there, to the letter."""
        self._trusted = {one.id: one for one in trusted}
        self._redirect_address = redirect_address
        self._clock = clock
        self._patience = patience
        self._client: httpx2.AsyncClient | None = None
        self._known: dict[str, OidcProvider] = {}

    def offered(self) -> Sequence[Provider]:
        return [Provider(one.id, one.name, one.issuer) for one in self._trusted.values()]

    async def begin(self, provider: str, way: Way) -> str:
        return await self._provider(provider).address(way)

    async def finish(self, provider: str, way: Way, answer: Answer) -> Identity:
        return await self._provider(provider).identity(way, answer)

    async def close(self) -> None:
        """Leave the connections."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None
            self._known = {}

    def _provider(self, provider_id: str) -> OidcProvider:
        if provider_id not in self._trusted:
            raise NotFound
        if provider_id not in self._known:
            from .asking import Asking, a_client  # noqa: PLC0415 - loaded where somebody signs in so
            from .provider import OidcProvider  # noqa: PLC0415

            self._client = self._client or a_client(self._patience.answer)
            trusted = self._trusted[provider_id]
            asking = Asking(self._client, trusted, self._patience.answer)
            self._known[provider_id] = OidcProvider(
                trusted, asking, self._redirect_address, self._clock, self._patience
            )
        return self._known[provider_id]
