"""Links to papers, in memory."""

from datetime import datetime

from ...domain.shared.errors import NotFound, Reason
from ...ports.paper_links import LinkedPaper


class MemoryPaperLinks:
    """Remembers what each link opens; links are numbered, so anybody can guess them: for tests only."""

    def __init__(self, prefix: str = "/v1/files/") -> None:
        self._prefix = prefix
        self._made: list[tuple[LinkedPaper, datetime]] = []

    def link(self, paper: LinkedPaper, until: datetime) -> str:
        self._made.append((paper, until))
        return f"{self._prefix}paper-{len(self._made):06d}-link"

    def opened(self, token: str, now: datetime) -> LinkedPaper:
        for number, (paper, until) in enumerate(self._made, start=1):
            if token == f"paper-{number:06d}-link" and now <= until:
                return paper
        raise NotFound(Reason("file.link_not_valid"))
