"""The rules of the world's time zones, as data with a version."""

from datetime import tzinfo
from typing import Protocol, runtime_checkable


@runtime_checkable
class Zones(Protocol):
    """Knows the zones of one edition of the time zone database."""

    @property
    def version(self) -> str:
        """The edition of the time zone database, such as 2026a."""
        ...

    def named(self, name: str) -> tzinfo:
        """Return the zone of that name, exactly as the IANA database writes it; raise Invalid(zone.unknown) for every
        other text, which comes from outside and must open no file."""
        ...
