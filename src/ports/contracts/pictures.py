"""What anything that draws pictures must do."""

from xml.etree import ElementTree as ET

import pytest

from ...domain.planning.timeline import Timeline
from ..messages import Messages
from ..pictures import Pictures


class PicturesContract:
    """Override ``pictures``, and ``messages`` and ``timeline`` for what is drawn."""

    @pytest.fixture
    def pictures(self) -> Pictures:
        """Return what draws."""
        raise NotImplementedError

    @pytest.fixture
    def messages(self) -> Messages:
        """Return the words of the picture."""
        raise NotImplementedError

    @pytest.fixture
    def timeline(self) -> Timeline:
        """Return what is to be drawn."""
        raise NotImplementedError

    def test_a_timeline_becomes_an_svg_file_and_equal_ones_give_equal_bytes(
        self, pictures: Pictures, messages: Messages, timeline: Timeline
    ) -> None:
        first, again = [pictures.timeline(timeline, messages) for _ in range(2)]

        assert ET.fromstring(first).tag == "{http://www.w3.org/2000/svg}svg"  # noqa: S314 - drawn a moment ago
        assert first == again
