"""Finding out whether the trail is what was sealed, and sealed by us."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from enum import StrEnum

from ....ports.anchors import Anchors
from ....ports.signatures import Signatures
from ....ports.transactions import Transactions, UnitOfWork
from ...identity.account import Asker, Role
from ...identity.policies import demand_role
from ...shared.dataclass import dataclass
from ..chain import Head, Seal
from ..checking import Finding, Flaw, flaws_of_anchor, flaws_of_entries, flaws_of_seal, named
from ..deed import Deed

SEALS_A_STEP = 50
PLACES_A_STEP = 10_000
ANCHORS_A_STEP = 1000
FIRST_PLACE, LAST = -(2**63), 2**63 - 1
"""The places and the numbers that a row can have. Ours begin at 1; somebody who puts rows in may choose others."""


class Stage(StrEnum):
    """What is looked at, in this order."""

    SEALS = "seals"
    PLACES = "places"
    ANCHORS = "anchors"


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a verification is: at which seal, place or anchored head of its stage; ``begun`` is the first place that
    it has to answer for, None until the first seal was read."""

    stage: Stage = Stage.SEALS
    at: int = 1
    begun: int | None = FIRST_PLACE


@dataclass(frozen=True, slots=True)
class Checked:
    """What one step of a verification looked at and found; ``next`` goes on, None at the end."""

    seals: int = 0
    entries: int = 0
    anchors: int = 0
    findings: tuple[Finding, ...] = ()
    next: Mark | None = None


def mark_since(seal: int) -> Mark:
    """Return where a verification begins that trusts every seal before that one."""
    return Mark(at=max(seal, 1), begun=FIRST_PLACE if seal <= 1 else None)


@dataclass(frozen=True)
class VerifyTrail:
    """Compare entries with seals, seals with one another and their signatures, and the chain with its anchors.

    It goes step by step, each small, so that a trail of any length can be verified while others write to it.
    """

    transactions: Transactions
    signatures: Signatures
    anchors: Anchors

    async def __call__(self, asker: Asker, mark: Mark) -> Checked:
        """Return what one step found, to an auditor (Forbidden); its beginning is noted in the trail."""
        demand_role(asker, Role.AUDITOR)
        if mark.stage is Stage.SEALS and (mark.at == 1 or mark.begun is None):
            async with self.transactions(asker.origin) as work:
                work.note(Deed("audit.verified", "audit", details={"since": str(mark.at)}))
        return await self.step(mark)

    async def step(self, mark: Mark) -> Checked:
        """Return what one step found, to whoever operates the database."""
        match mark.stage:
            case Stage.SEALS:
                async with self.transactions() as work:
                    return await self._seals(work, mark)
            case Stage.PLACES:
                async with self.transactions() as work:
                    return await _places(work, mark)
            case Stage.ANCHORS:
                return await self._anchors(mark)

    async def _seals(self, work: UnitOfWork, mark: Mark) -> Checked:
        seals = await work.audit_trail.seals(mark.at, SEALS_A_STEP)
        before = (await work.audit_trail.heads([mark.at - 1])).get(mark.at - 1)
        found = list(self._chain(seals, mark.at, before))
        entries, begun = 0, mark.begun
        for seal in seals:
            kept = await work.audit_trail.at([one.place for one in seal.entries])
            found += flaws_of_entries(seal, kept)
            entries += len(seal.entries)
            if begun is None and seal.entries:
                begun = seal.entries[0].place
        if seals and seals[-1].number < LAST:
            following = Mark(Stage.SEALS, seals[-1].number + 1, begun)
        else:
            following = Mark(Stage.PLACES, FIRST_PLACE if begun is None else begun)
        return Checked(len(seals), entries, findings=tuple(found), next=following)

    def _chain(self, seals: Sequence[Seal], number: int, before: Head | None) -> list[Finding]:
        found: list[Finding] = []
        previous = before.hash if before else None
        for seal in seals:
            found += flaws_of_seal(seal, number, previous, self.signatures.verify)
            number, previous = seal.number + 1, seal.head.hash
        return found

    async def _anchors(self, mark: Mark) -> Checked:
        """Look at about so many heads, all of one number together."""
        heads: list[Head] = []
        following = None
        async for head in self.anchors.heads(mark.at):
            if len(heads) >= ANCHORS_A_STEP and head.number != heads[-1].number:
                following = Mark(Stage.ANCHORS, head.number)
                break
            heads.append(head)
        async with self.transactions() as work:
            ours = await work.audit_trail.heads(sorted({head.number for head in heads if head.number <= LAST}))
            last = await work.audit_trail.last()
        number = last.number if last else 0
        found = [flaw for head in heads for flaw in flaws_of_anchor(head, ours, number, self.signatures.verify)]
        return Checked(anchors=len(heads), findings=tuple(found), next=following)


async def _places(work: UnitOfWork, mark: Mark) -> Checked:
    strays, more = await work.audit_trail.strays(mark.at, PLACES_A_STEP)
    following = Mark(Stage.ANCHORS, 0) if more is None else Mark(Stage.PLACES, more)
    misfiled = await work.audit_trail.misfiled(mark.at, PLACES_A_STEP)
    found = (*named(Flaw.ENTRY_ADDED, strays), *named(Flaw.ENTRY_MISFILED, misfiled))
    return Checked(findings=found, next=following)


@dataclass(slots=True)
class Verified:
    """All steps of a verification taken together."""

    seals: int = 0
    entries: int = 0
    anchors: int = 0
    findings: list[Finding] = field(default_factory=list)

    def take(self, checked: Checked) -> None:
        """Count a step in."""
        self.seals += checked.seals
        self.entries += checked.entries
        self.anchors += checked.anchors
        self.findings += checked.findings


async def verified(verify: VerifyTrail, since: int = 1) -> Verified:
    """Return the whole verification from that seal on, for whoever operates the database."""
    whole, mark = Verified(), mark_since(since)
    while True:
        checked = await verify.step(mark)
        whole.take(checked)
        if checked.next is None:
            return whole
        mark = checked.next
