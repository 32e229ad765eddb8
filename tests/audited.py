"""A trail with entries of every kind, sealed in several seals, its end anchored; and how it is verified."""

from collections.abc import Sequence
from uuid import uuid4

from higherstudy.adapters.memory.anchors import MemoryAnchors
from higherstudy.adapters.memory.signatures import MemorySignatures
from higherstudy.domain.audit.checking import Finding
from higherstudy.domain.audit.deed import Deed
from higherstudy.domain.audit.use_cases.sealing import AnchorHead, SealEntries
from higherstudy.domain.audit.use_cases.verifying import VerifyTrail, verified
from higherstudy.domain.identity.events import AccountRegistered
from higherstudy.domain.shared.events import Origin
from higherstudy.domain.shared.ids import AccountId, StudentId
from higherstudy.ports.transactions import Transactions

SIGNATURES = MemorySignatures()


async def written(transactions: Transactions, units: int = 3) -> None:
    """Let units write entries, each of an event and of a deed."""
    for number in range(units):
        origin = Origin(AccountId(uuid4()), request_id=f"request {number}", address="192.0.2.7")
        async with transactions(origin) as work:
            work.record(AccountRegistered(AccountId(uuid4())), 1)
            student, reason = StudentId(uuid4()), "she asked me to"
            work.note(Deed("document.version_opened", "document", uuid4(), student, reason=reason))


async def sealed(transactions: Transactions, anchors: MemoryAnchors, seals: int = 4) -> None:
    """Let so many seals be made over what several units write, the end be anchored, and some entries wait."""
    for _ in range(seals):
        await written(transactions)
        await SealEntries(transactions, SIGNATURES)()
        await AnchorHead(transactions, SIGNATURES, anchors)()
    await written(transactions)


async def findings(transactions: Transactions, anchors: MemoryAnchors, since: int = 1) -> Sequence[Finding]:
    """Return all that a whole verification finds."""
    return (await verified(VerifyTrail(transactions, SIGNATURES, anchors), since)).findings
