"""Where somebody may show outside of here who she is."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol, runtime_checkable

from ..domain.identity.linked_identity import Identity
from ..domain.identity.provider_sign_in import Way


class Provider(NamedTuple):
    """A provider as it is offered: ``id`` is what addresses call it, ``name`` what people do."""

    id: str
    name: str
    issuer: str


class Answer(NamedTuple):
    """What came back from a provider by way of the browser, so anybody may have written it."""

    code: str = ""
    error: str = ""
    issuer: str = ""
    """Who says so (RFC 9207); blank where the answer does not tell."""


@runtime_checkable
class IdentityProviders(Protocol):
    """The providers that this installation trusts to say who somebody is; no others can be asked."""

    def offered(self) -> Sequence[Provider]:
        """Return them in the order in which they are to be shown; asks nobody."""
        ...

    async def begin(self, provider: str, way: Way) -> str:
        """Return the address to which the browser is sent; it carries the way's state, nonce and challenge, and no
        more of it.

        Raises NotFound for an id that is not offered, Unavailable where the provider does not answer.
        """
        ...

    async def finish(self, provider: str, way: Way, answer: Answer) -> Identity:
        """Return who the provider says it is, in answer to this way and no other.

        Raises ProviderRefused where the provider refuses, the person declined, the code is not good (any more) or
        not of this way, or anything about what it says is not as it has to be; NotFound and Unavailable as ``begin``.
        """
        ...
