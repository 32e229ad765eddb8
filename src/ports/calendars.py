"""The public holidays and weekends of the world, as data with a version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from ..domain.planning.calendars import ClosedDays


@runtime_checkable
class Calendars(Protocol):
    """Knows on which days countries are closed, by one edition of a kept list."""

    @property
    def version(self) -> str:
        """The list and its edition, such as "holidays 0.109"."""
        ...

    def closed_days(self, country: str, first_year: int, last_year: int, subdivision: str = "") -> ClosedDays | None:
        """Return the closed days of the country (ISO 3166-1 alpha-2), or of a part of it (its ISO 3166-2 code without
        the country), from the first year to the last, both included; None where nothing is known of it.

        Holidays come in order, each day once; a day that hangs on the moon and is not announced yet is estimated.
        """
        ...
