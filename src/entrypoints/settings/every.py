"""All settings together, and what follows from several of them."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from .counting import Counting
from .elsewhere import SigningInElsewhere
from .guarding import Guarding
from .limits import Limiting
from .selling import Selling
from .serving import Serving
from .signing_in import SigningIn
from .storing import Storing
from .telling import Telling
from .watching import Watching

SECTIONS = (Serving, Storing, SigningIn, SigningInElsewhere, Limiting, Guarding, Watching, Telling, Counting, Selling)
"""In the order in which they are shown."""


@dataclass(frozen=True, kw_only=True, repr=False)
class Settings(
    Serving, Storing, SigningIn, SigningInElsewhere, Limiting, Guarding, Watching, Telling, Counting, Selling
):
    """What the server was told; adapters get single values of it as plain arguments.

    Secrets are among them, so it shows nothing of itself: ``described`` gives what may be seen.
    """

    @property
    def site_of_passkeys(self) -> str:
        """The domain that passkeys belong to. They know no numbers: a server of this machine alone is localhost."""
        host = self.passkey_site or urlsplit(self.address).hostname or "localhost"
        return "localhost" if host in ("127.0.0.1", "::1") else host

    @property
    def pages_of_passkeys(self) -> list[str]:
        """The web origins whose pages may use passkeys."""
        if self.passkey_origins:
            return self.passkey_origins.split()
        ours = urlsplit(self.address)
        named = ours._replace(netloc=f"localhost:{ours.port}" if ours.port else "localhost")
        own = named if self.site_of_passkeys == "localhost" else ours
        return [f"{own.scheme}://{own.netloc}", *self.allowed_origins.split()]

    @property
    def sign_in_redirect(self) -> str:
        """Where providers send browsers back to."""
        return self.sign_in_redirect_url or f"{self.address}/v1/sign-in/callback"

    @property
    def webhooks(self) -> str:
        """The address that the services' own names follow where they report, blank where nobody outside reaches us."""
        if self.webhook_url:
            return self.webhook_url.rstrip("/")
        return f"{self.address}/v1/webhooks" if self.public_url else ""

    @property
    def roles_of_two_factors(self) -> frozenset[str]:
        """The roles that count only where two factors were shown."""
        if self.second_factor_roles is None:
            return frozenset({"admin"} if self.database_url else ())
        return frozenset(self.second_factor_roles.split()) - {"none"}
