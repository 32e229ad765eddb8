"""What anything must do that signs links to papers."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from ...domain.shared.errors import NotFound
from ...domain.shared.ids import DocumentId, StudentId
from ..paper_links import LinkedPaper, PaperLinks

NOW = datetime(2026, 11, 27, 2, 0, tzinfo=UTC)
A_MINUTE = timedelta(seconds=60)
PAPER = LinkedPaper(
    StudentId(UUID(int=1)), DocumentId(UUID(int=2)), "a" * 64, "b" * 64, "রেজাল্ট 1.pdf", "application/pdf"
)


class PaperLinksContract:
    """Override ``paper_links``."""

    @pytest.fixture
    def paper_links(self) -> PaperLinks:
        """Return what signs links."""
        raise NotImplementedError

    def test_a_link_opens_its_paper_until_it_ends(self, paper_links: PaperLinks) -> None:
        token = _token(paper_links.link(PAPER, NOW + A_MINUTE))

        assert paper_links.opened(token, NOW) == PAPER
        assert paper_links.opened(token, NOW + A_MINUTE) == PAPER
        with pytest.raises(NotFound):
            paper_links.opened(token, NOW + A_MINUTE + timedelta(seconds=1))

    def test_a_link_leads_to_our_own_api(self, paper_links: PaperLinks) -> None:
        assert paper_links.link(PAPER, NOW).startswith("/v1/files/")

    def test_a_link_that_was_changed_or_made_up_opens_nothing(self, paper_links: PaperLinks) -> None:
        token = _token(paper_links.link(PAPER, NOW + A_MINUTE))
        changed = (token[:at] + ("b" if token[at] != "b" else "c") + token[at + 1 :] for at in (0, 9, len(token) // 2))

        for other in (*changed, token[:-2], "", "e30", "ক", token * 2):
            with pytest.raises(NotFound) as refused:
                paper_links.opened(other, NOW)
            assert [reason.code for reason in refused.value.reasons] == ["file.link_not_valid"]


def _token(link: str) -> str:
    return link.rpartition("/")[2]
