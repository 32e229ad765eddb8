"""A clock that stands still until somebody moves it."""

from datetime import UTC, datetime, timedelta


class MemoryClock:
    """Tells the moment that it was set to; for tests and for replaying what happened."""

    def __init__(self, at: datetime = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)) -> None:
        self._at = _in_utc(at)

    def now(self) -> datetime:
        return self._at

    def set(self, at: datetime) -> None:
        """Go to the moment; raise ValueError when it does not say its zone."""
        self._at = _in_utc(at)

    def move(self, by: timedelta) -> None:
        """Go on by so much."""
        self._at += by


def _in_utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a moment needs its zone")
    return at.astimezone(UTC)
