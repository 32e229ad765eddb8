"""What any place must do where it is counted how the service is used."""

from collections.abc import Callable, Sequence
from uuid import uuid4

import pytest

from ...domain.rights.tracking import Happening
from ...domain.shared.ids import EventId
from ..analytics import Analytics
from .samples import AT


def a_happening(name: str = "Application Moved") -> Happening:
    """What somebody did."""
    return Happening(EventId(uuid4()), "0a1b" * 16, name, AT, {"state": "accepted", "number": 2})


class AnalyticsContract:
    """Override ``analytics``, and ``told``: what arrived there, one entry an id, the oldest first."""

    @pytest.fixture
    def analytics(self) -> Analytics:
        """Return the place."""
        raise NotImplementedError

    @pytest.fixture
    def told(self, analytics: Analytics) -> Callable[[], Sequence[Happening]]:
        """Return what tells what arrived."""
        raise NotImplementedError

    async def test_everything_that_was_told_arrives_as_it_was(
        self, analytics: Analytics, told: Callable[[], Sequence[Happening]]
    ) -> None:
        happenings = [a_happening(), a_happening("Plan Made")]

        await analytics.track(happenings)

        assert list(told()) == happenings

    async def test_what_is_told_again_counts_once(
        self, analytics: Analytics, told: Callable[[], Sequence[Happening]]
    ) -> None:
        happening = a_happening()
        for _ in range(2):
            await analytics.track([happening])

        assert list(told()) == [happening]

    async def test_nothing_is_told_of_nothing(
        self, analytics: Analytics, told: Callable[[], Sequence[Happening]]
    ) -> None:
        await analytics.track([])

        assert list(told()) == []
