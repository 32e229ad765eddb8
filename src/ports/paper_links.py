"""Links that open one paper for a moment, for whoever has the link."""

from datetime import datetime
from typing import Protocol, runtime_checkable

from ..domain.shared.dataclass import dataclass
from ..domain.shared.ids import DocumentId, StudentId


@dataclass(frozen=True, slots=True)
class LinkedPaper:
    """What a link opens: whose paper, the name under which its bytes are kept, what they are, and how they are sent."""

    student_id: StudentId
    document_id: DocumentId
    stored_as: str
    sha256: str
    file_name: str
    content_type: str


@runtime_checkable
class PaperLinks(Protocol):
    """Signs and opens such links, which lead to our own API."""

    def link(self, paper: LinkedPaper, until: datetime) -> str:
        """Return the link, without a host; nobody else can make or change one."""
        ...

    def opened(self, token: str, now: datetime) -> LinkedPaper:
        """Return what the last part of the link's path opens; raise NotFound(file.link_not_valid) when it is none of
        ours or has ended, without saying which."""
        ...
