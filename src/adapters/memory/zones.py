"""A handful of zones without clock changes, for where no time zone database is wanted."""

from collections.abc import Mapping
from datetime import UTC, timedelta, timezone, tzinfo

from ...domain.shared.errors import Invalid, Reason

# None of these has changed its clocks since 2010 (tz database, 2025b).
STEADY: Mapping[str, tzinfo] = {
    "UTC": UTC,
    "Africa/Lagos": timezone(timedelta(hours=1)),
    "Asia/Dhaka": timezone(timedelta(hours=6)),
    "Asia/Karachi": timezone(timedelta(hours=5)),
    "Asia/Kathmandu": timezone(timedelta(hours=5, minutes=45)),
    "Asia/Kolkata": timezone(timedelta(hours=5, minutes=30)),
}


class MemoryZones:
    """Knows the zones that it is given; for tests and for embedding without a time zone database."""

    def __init__(self, zones: Mapping[str, tzinfo] = STEADY, version: str = "steady") -> None:
        self._zones = dict(zones)
        self._version = version

    @property
    def version(self) -> str:
        return self._version

    def named(self, name: str) -> tzinfo:
        try:
            return self._zones[name]
        except KeyError:
            raise Invalid(Reason("zone.unknown", {"zone": name[:60]})) from None
