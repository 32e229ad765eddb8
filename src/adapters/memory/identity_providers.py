"""Providers in memory, where whoever asks is whoever she says: for tests and for embedding."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple
from urllib.parse import parse_qs, urlencode, urlsplit

from ...domain.identity.errors import ProviderRefused
from ...domain.identity.linked_identity import Identity
from ...domain.identity.provider_sign_in import Way
from ...domain.shared.errors import NotFound, Reason
from ...ports.identity_providers import Answer, Provider


class _Granted(NamedTuple):
    provider: Provider
    nonce: str
    challenge: str
    identity: Identity


class MemoryIdentityProviders:
    """These providers, none of which can be reached over a network."""

    def __init__(self, offered: Sequence[Provider] = ()) -> None:
        self._offered = {one.id: one for one in offered}
        self._codes: dict[str, _Granted] = {}

    def offer(self, provider: Provider) -> None:
        """Offer one more from now on."""
        self._offered[provider.id] = provider

    def offered(self) -> Sequence[Provider]:
        return list(self._offered.values())

    async def begin(self, provider: str, way: Way) -> str:
        sent = {"state": way.state, "nonce": way.nonce, "code_challenge": way.challenge}
        return f"{self._provider(provider).issuer}/authorize?{urlencode(sent)}"

    async def finish(self, provider: str, way: Way, answer: Answer) -> Identity:
        asked = self._provider(provider)
        if answer.error == "access_denied":
            raise ProviderRefused(Reason("provider.declined", {"provider": asked.name}))
        granted = self._codes.pop(answer.code, None)
        given = (answer.issuer, granted and (granted.provider, granted.nonce, granted.challenge))
        if granted is None or given != (asked.issuer, (asked, way.nonce, way.challenge)):
            raise ProviderRefused(Reason("provider.refused", {"provider": asked.name, "because": "refused"}))
        return granted.identity

    def sign_in(self, address: str, identity: Identity) -> tuple[str, Answer]:
        """Do what somebody does who is sent to the address: return the state and the answer that she comes back with.

        Whatever issuer ``identity`` names, it is the provider's.
        """
        place, _, query = address.partition("/authorize?")
        asked = next(one for one in self._offered.values() if one.issuer == place)
        sent = {name: values[0] for name, values in parse_qs(urlsplit(f"?{query}").query).items()}
        code = f"code-{len(self._codes)}-{sent['state']}"
        who = replace(identity, issuer=asked.issuer)
        self._codes[code] = _Granted(asked, sent["nonce"], sent["code_challenge"], who)
        return sent["state"], Answer(code, issuer=asked.issuer)

    def _provider(self, provider: str) -> Provider:
        if provider not in self._offered:
            raise NotFound
        return self._offered[provider]
