"""What any time zone database must do."""

from datetime import datetime, timedelta

import pytest

from ...domain.shared.errors import Invalid
from ..zones import Zones


class ZonesContract:
    """Override ``zones``; set ``has_clock_changes`` to False where only zones without them are known."""

    has_clock_changes = True

    @pytest.fixture
    def zones(self) -> Zones:
        """Return a time zone database."""
        raise NotImplementedError

    def test_the_edition_has_a_name(self, zones: Zones) -> None:
        assert zones.version

    @pytest.mark.parametrize(
        ("name", "minutes"), [("UTC", 0), ("Asia/Dhaka", 360), ("Asia/Kathmandu", 345), ("Africa/Lagos", 60)]
    )
    def test_a_zone_is_known_by_its_name(self, zones: Zones, name: str, minutes: int) -> None:
        noon = datetime(2027, 1, 4, 12, tzinfo=zones.named(name))

        assert noon.utcoffset() == timedelta(minutes=minutes)

    def test_clocks_change_where_they_do(self, zones: Zones) -> None:
        if not self.has_clock_changes:
            pytest.skip("has_clock_changes is False: no clocks change in the zones that are known")
        berlin = zones.named("Europe/Berlin")

        offsets = [datetime(2027, month, 1, tzinfo=berlin).utcoffset() for month in (1, 7)]

        assert offsets == [timedelta(hours=1), timedelta(hours=2)]

    @pytest.mark.parametrize(
        "name",
        ["", "Europe/Atlantis", "europe/berlin", "Europe", "../../etc/passwd", "/etc/localtime", "UTC\0", "A" * 999],
    )
    def test_anything_else_is_refused_and_opens_no_file(self, zones: Zones, name: str) -> None:
        with pytest.raises(Invalid) as refused:
            zones.named(name)

        assert refused.value.reasons[0].code == "zone.unknown"
