"""Where a running server listens, and the URLs to reach it."""

from dataclasses import dataclass, field

from .cluster import APP, DATABASE, OWNER, SUPERUSER


@dataclass(frozen=True)
class Endpoint:
    """The address of the server and the passwords of its roles; URLs are plain ``postgresql://``."""

    port: int
    version: str
    passwords: dict[str, str] = field(repr=False)
    host: str = "127.0.0.1"

    @property
    def owner_url(self) -> str:
        """Return the URL of the role that owns the tables and runs migrations."""
        return self.url(OWNER)

    @property
    def app_url(self) -> str:
        """Return the URL of the role that the application works with."""
        return self.url(APP)

    @property
    def admin_url(self) -> str:
        """Return the URL of the superuser, in its own database: to make and drop databases with."""
        return self.url(SUPERUSER, "postgres")

    def url(self, role: str, database: str = DATABASE) -> str:
        """Return the URL of ``role`` in ``database``."""
        return f"postgresql://{role}:{self.passwords[role]}@{self.host}:{self.port}/{database}"
