"""What a student does with her papers: add, answer, judge, look at."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime, timedelta

from ....ports.clock import Clock
from ....ports.files import Files
from ....ports.ids import Ids
from ....ports.paper_links import LinkedPaper, PaperLinks
from ....ports.rule_packs import RulePacks
from ....ports.transactions import Transactions, UnitOfWork
from ....ports.vault import Vault
from ...identity.account import Asker
from ...identity.policies import admitted
from ...identity.scopes import Doing
from ...identity.use_cases.admitting import admit
from ...shared.dataclass import dataclass
from ...shared.errors import Invalid, Reason, RuleBroken
from ...shared.ids import DocumentId, StudentId
from ...shared.texts import demand_texts
from ...shared.versions import demand_version
from ..document import Answer, Check, Document, Version, day_problem, is_usual_day
from ..events import VersionOpened
from ..eyes import KindsByTwo
from ..judging import Judgement, judge
from .sealed import opened

MOST_DOCUMENTS = 200


@dataclass(frozen=True)
class AddDocument:
    """Make room for a paper of a kind that the rulebook knows."""

    transactions: Transactions
    ids: Ids
    rule_packs: RulePacks

    async def __call__(self, asker: Asker, student_id: StudentId, kind: str, label: str = "") -> Document:
        """Return the new document, without a version yet.

        Raises NotFound for somebody else's record, Invalid for an unknown kind or a label of over 200 characters.
        """
        admitted(asker, student_id, Doing.ADD_PAPERS)
        if kind not in self.rule_packs.rulebook().document_kinds:
            raise Invalid(Reason("document.unknown_kind", {"kind": kind[:40]}, "kind"))
        demand_texts((label, "label", 200))
        document = Document(DocumentId(self.ids.new()), student_id, kind, label.strip())
        async with self.transactions(asker.origin) as work:
            admit(work, asker, student_id, Doing.ADD_PAPERS)
            if await work.documents.count_of(student_id) >= MOST_DOCUMENTS:
                raise RuleBroken(Reason("document.too_many", {"at_most": MOST_DOCUMENTS}))
            await work.documents.add(document)
            work.record(document.added(), document.version)
        return document


@dataclass(frozen=True)
class AnswerDocument:
    """Say that a paper does not apply or cannot be had, or take that back."""

    transactions: Transactions

    async def __call__(
        self,
        asker: Asker,
        document_id: DocumentId,
        answer: Answer | None,
        reason: str = "",
        expected_version: int | None = None,
    ) -> Document:
        """Return the document with the answer, or without one for None.

        Raises NotFound for what is not the asker's, RuleBroken without a reason, Conflict for a stale version.
        """
        async with self.transactions(asker.origin) as work:
            document = await admitted_document(work, asker, document_id, Doing.ADD_PAPERS)
            demand_version(document.version, expected_version)
            event = document.take_answer_back() if answer is None else document.give_answer(answer, reason, work.now)
            await work.documents.save(document)
            work.record(event, document.version)
        return document


@dataclass(frozen=True)
class CheckVersion:
    """Note what comparing a version with the original found; staff do this, never the student herself.

    ``by_two`` says which kinds of papers count as verified only when two people have done so, by their codes.
    """

    transactions: Transactions
    by_two: KindsByTwo = KindsByTwo()

    async def __call__(
        self,
        asker: Asker,
        document_id: DocumentId,
        number: int,
        check: Check,
        because: str = "",
        expected_version: int | None = None,
    ) -> Document:
        """Return the document with the checked version.

        Raises NotFound to staff whom the student has not let open her papers and to everybody else, Forbidden to the
        student herself, and what ``Document.check`` raises.
        """
        async with self.transactions(asker.origin) as work:
            document = await admitted_document(work, asker, document_id, Doing.CHECK_PAPERS)
            demand_version(document.version, expected_version)
            by_two = self.by_two.has(document.kind)
            event = document.check(number, check, asker.account_id, because, by_two=by_two, at=work.now)
            await work.documents.save(document)
            work.record(event, document.version)
        return document


@dataclass(frozen=True)
class JudgeDocument:
    """Tell whether a paper can be used on the day it is needed."""

    transactions: Transactions
    rule_packs: RulePacks

    async def __call__(self, asker: Asker, document_id: DocumentId, on: date | None = None) -> Judgement:
        """Return the judgement for the day; without one, for today in UTC. Raise Invalid for an impossible day."""
        if on is not None and not is_usual_day(on):
            raise Invalid(day_problem("on"))
        async with self.transactions(asker.origin) as work:
            document = await admitted_document(work, asker, document_id, Doing.SEE_PAPERS)
            day = on or work.now.date()
        kinds = self.rule_packs.rulebook().document_kinds
        return judge(document, kinds.get(document.kind), day)


@dataclass(frozen=True)
class GetDocument:
    """Show one paper."""

    transactions: Transactions

    async def __call__(self, asker: Asker, document_id: DocumentId) -> Document:
        """Return the document; raise NotFound for what is not the asker's."""
        async with self.transactions(asker.origin) as work:
            return await admitted_document(work, asker, document_id, Doing.SEE_PAPERS)


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """Some papers; ``next`` is what to ask after for more, None at the end."""

    items: Sequence[Document]
    next: DocumentId | None


@dataclass(frozen=True)
class ListDocuments:
    """Show a student's papers, a page at a time."""

    transactions: Transactions

    async def __call__(
        self, asker: Asker, student_id: StudentId, after: DocumentId | None = None, limit: int = 100
    ) -> DocumentPage:
        """Return the page of at most ``limit`` (1 to 100) documents after the given one, oldest first."""
        size = max(1, min(limit, 100))
        async with self.transactions(asker.origin) as work:
            admit(work, asker, student_id, Doing.SEE_PAPERS)
            found = await work.documents.of_student(student_id, after, size + 1)
        return DocumentPage(found[:size], found[size - 1].id if len(found) > size else None)


@dataclass(frozen=True, slots=True)
class Link:
    """A signed address that opens one version until the moment."""

    url: str
    until: datetime


@dataclass(frozen=True)
class LinkToVersion:
    """Hand out a link to the bytes of one version; that it was handed out is on record."""

    transactions: Transactions
    files: Files
    paper_links: PaperLinks
    lasting: timedelta = timedelta(seconds=60)

    async def __call__(self, asker: Asker, document_id: DocumentId, number: int) -> Link:
        """Return the link; raise NotFound for what is not the asker's or was never uploaded."""
        async with self.transactions(asker.origin) as work:
            document = await admitted_document(work, asker, document_id, Doing.OPEN_PAPERS)
            version = document.version_numbered(number)
            until = work.now + self.lasting
            work.record(VersionOpened(document.id, document.student_id, number), document.version)
        return Link(await self._url(document, version, until), until)

    async def _url(self, document: Document, version: Version, until: datetime) -> str:
        if not version.sealed_as:  # kept as it came, by an earlier release: the store may serve it
            return await self.files.link(
                version.sha256, file_name=version.file_name, content_type=version.content_type, until=until
            )
        paper = LinkedPaper(
            student_id=document.student_id,
            document_id=document.id,
            stored_as=version.sealed_as,
            sha256=version.sha256,
            file_name=version.file_name,
            content_type=version.content_type,
        )
        return self.paper_links.link(paper, until)


@dataclass(frozen=True, slots=True)
class OpenedPaper:
    """A paper on its way out: its bytes, and the name and type that it is sent with."""

    content: AsyncIterator[bytes]
    file_name: str
    content_type: str


@dataclass(frozen=True)
class OpenPaper:
    """Open a link to a sealed paper, for whoever has the link."""

    files: Files
    vault: Vault
    paper_links: PaperLinks
    clock: Clock

    async def __call__(self, token: str) -> OpenedPaper:
        """Return the paper; raise NotFound for a link that is none of ours, has ended, or whose student was erased."""
        paper = self.paper_links.opened(token, self.clock.now())
        keys = await self.vault.keys_of(paper.student_id)
        content = opened(self.files, keys, paper.document_id, paper.stored_as, paper.sha256)
        return OpenedPaper(content, paper.file_name, paper.content_type)


async def admitted_document(work: UnitOfWork, asker: Asker, document_id: DocumentId, doing: Doing) -> Document:
    """Return the document where the asker may do that with it; to others it is not found."""
    document = await work.documents.get(document_id)
    admit(work, asker, document.student_id, doing)
    return document
