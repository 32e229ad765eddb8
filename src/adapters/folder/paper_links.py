"""Links that open a paper until a moment, signed so that nobody can make or change one."""

from datetime import UTC, datetime
from uuid import UUID

import msgspec

from ...domain.shared.errors import NotFound, Reason
from ...domain.shared.ids import DocumentId, StudentId
from ...ports.paper_links import LinkedPaper
from .signing import Signer


class FolderPaperLinks:
    """Makes and opens links below ``prefix`` with one secret key."""

    def __init__(self, key: bytes, *, prefix: str = "/v1/files/") -> None:
        self._signer = Signer(key, b"higherstudy paper link")
        self._prefix = prefix

    def link(self, paper: LinkedPaper, until: datetime) -> str:
        return self._prefix + self._signer.token(msgspec.json.encode((paper, int(until.timestamp()))))

    def opened(self, token: str, now: datetime) -> LinkedPaper:
        paper, until = msgspec.json.decode(self._signer.open(token), type=tuple[_Said, int])
        if now > datetime.fromtimestamp(until, UTC):
            raise NotFound(Reason("file.link_not_valid"))
        return LinkedPaper(
            StudentId(paper.student_id),
            DocumentId(paper.document_id),
            paper.stored_as,
            paper.sha256,
            paper.file_name,
            paper.content_type,
        )


class _Said(msgspec.Struct):
    student_id: UUID
    document_id: UUID
    stored_as: str
    sha256: str
    file_name: str
    content_type: str
