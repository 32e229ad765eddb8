"""Sentences that more than rows has to be asked for: what is kept is opened, read, and held against its hash.

Each look takes some, from where the look before ended, and those again that were broken by then.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from uuid import UUID

from ....ports.errors import Unreadable
from ....ports.files import Files
from ....ports.rule_packs import RulePacks
from ....ports.transactions import Transactions
from ....ports.vault import Vault
from ...applications.use_cases.keeping import opened_snapshot
from ...catalogue.checking import has_deadlines_in_order, requirement_problems
from ...catalogue.programme import Programme
from ...documents.document import Document, Version
from ...documents.use_cases.sealed import version_content
from ...imports.programmes import stored_programme
from ...rulebook.pack import Rulebook
from ...rulebook.pathway_checks import pathway_problems
from ...shared.canonical import sha256_of
from ...shared.dataclass import dataclass
from ...shared.errors import NotFound
from ...shared.ids import ApplicationId, DocumentId
from ..invariants import Found

Sampled = tuple[Found, str]
"""What a sample found, and where the next one begins."""
Sample = Callable[[str, Sequence[str]], Awaitable[Sampled]]
"""Looks from a place on, and again at the rows that broke the sentence before."""

_NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much one look takes: applications, papers and bytes of them, and statements of programmes."""

    sent: int = 100
    papers: int = 20
    bytes_of_papers: int = 200_000_000
    stated: int = 2_000


@dataclass(frozen=True)
class Samples:
    """Takes the samples of the sentences that have one."""

    transactions: Transactions
    files: Files
    vault: Vault
    rule_packs: RulePacks
    sizes: Sizes = Sizes()

    def by_invariant(self) -> Mapping[str, Sample]:
        """Return what takes the sample of each sentence."""
        rulebook = self.rule_packs.rulebook()
        return {
            "application_snapshot_unchanged": self._snapshots,
            "document_file_unchanged": self._files,
            "pathway_leads_somewhere": self._pathways,
            "requirement_names_what_exists": lambda after, again: self._stated(
                "requirements", after, again, lambda programme: _names_what_exists(programme, rulebook)
            ),
            "deadlines_in_order": lambda after, again: self._stated("schedules", after, again, has_deadlines_in_order),
        }

    async def _pathways(self, _: str, __: Sequence[str]) -> Sampled:
        pathways = self.rule_packs.rulebook().pathways
        broken = [name for name, one in pathways.items() if next(pathway_problems(one, name), None) is not None]
        return _found(pathways, broken, whole=True), ""

    async def _snapshots(self, after: str, again: Sequence[str]) -> Sampled:
        async with self.transactions() as work:
            fresh = await work.invariants.sent(after, self.sizes.sent)
        looked = dict.fromkeys([*map(str, fresh), *again])
        broken = [one for one in looked if not await self._is_what_was_sent(ApplicationId(UUID(one)))]
        return _found(looked, broken), str(fresh[-1]) if len(fresh) == self.sizes.sent else ""

    async def _is_what_was_sent(self, application_id: ApplicationId) -> bool:
        """One that is gone, or was never sent, is another sentence's affair."""
        try:
            async with self.transactions() as work:
                application = await work.applications.get(application_id)
                content = await work.applications.snapshot(application_id)
            keys = await self.vault.keys_of(application.student_id)
        except NotFound:
            return True
        try:
            sent = opened_snapshot(application_id, content, keys)
        except Unreadable:
            return False
        return application.receipt is None or sha256_of(sent) == application.receipt.snapshot_sha256

    async def _files(self, after: str, again: Sequence[str]) -> Sampled:
        async with self.transactions() as work:
            fresh = [str(one) for one in await work.invariants.papers(after, self.sizes.papers)]
        looked, broken, left, reached = set[str](), set[str](), self.sizes.bytes_of_papers, after
        for paper in fresh:
            if left <= 0:
                break
            left -= await self._read(paper, looked, broken)
            reached = paper
        else:
            reached = reached if len(fresh) == self.sizes.papers else ""
        for paper in dict.fromkeys(row.partition("/")[0] for row in again):
            await self._read(paper, looked, broken)
        return _found(looked.union(again), broken), reached  # of a paper that is gone, nothing is broken any more

    async def _read(self, paper: str, looked: set[str], broken: set[str]) -> int:
        """Read every version of the paper, and return how many bytes that were."""
        read = 0
        async for row, version, holds in self._versions(DocumentId(UUID(paper))):
            looked.add(row)
            read += version.size
            if not holds:
                broken.add(row)
        return read

    async def _versions(self, document_id: DocumentId) -> AsyncIterator[tuple[str, Version, bool]]:
        document = await self._document(document_id)
        if document is None:
            return
        for version in document.versions:
            holds = await self._is_what_came(document, version)
            if not holds and await self._document(document_id) is None:  # it was erased while it was read
                return
            yield f"{document_id}/{version.number}", version, holds

    async def _document(self, document_id: DocumentId) -> Document | None:
        with suppress(NotFound):
            async with self.transactions() as work:
                return await work.documents.get(document_id)
        return None

    async def _is_what_came(self, document: Document, version: Version) -> bool:
        found = hashlib.sha256()
        try:
            keys = await self.vault.keys_of(document.student_id)
            async for piece in version_content(self.files, keys, document.id, version):
                found.update(piece)
        except (NotFound, Unreadable):
            return False
        return found.hexdigest() == version.sha256

    async def _stated(self, what: str, after: str, again: Sequence[str], holds: Callable[[Programme], bool]) -> Sampled:
        async with self.transactions() as work:
            fresh = await work.invariants.stated(what, after, self.sizes.stated)
            earlier = [await work.catalogue.find_by_key(key) for key in again]
        programmes = [stored_programme(one.details, _NOBODY, {}, expired=False) for one in fresh]
        programmes += [one for one in earlier if one is not None]
        broken = [one.key for one in programmes if not holds(one)]
        looked = {*(one.key for one in programmes), *again}
        return _found(looked, broken), fresh[-1].at if len(fresh) == self.sizes.stated else ""


def _names_what_exists(programme: Programme, rulebook: Rulebook) -> bool:
    if programme.requirement is None:
        return True
    return next(requirement_problems(programme.requirement, "", rulebook), None) is None


def _found(looked: Iterable[str], broken: Iterable[str], *, whole: bool = False) -> Found:
    among, rows = frozenset(looked), tuple(dict.fromkeys(broken))
    return Found(len(among), rows, len(rows), None if whole else among)
