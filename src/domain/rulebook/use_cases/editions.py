"""Proposing a pack, and letting another edition come into force."""

from __future__ import annotations

from collections.abc import Sequence

from ....ports.ids import Ids
from ....ports.rule_packs import RulePacks
from ....ports.transactions import Transactions, UnitOfWork
from ...audit.deed import Deed
from ...identity.account import Asker
from ...impacts.impact import demand_seen
from ...shared.dataclass import dataclass
from ...shared.errors import Reason, RuleBroken
from ...shared.ids import EditionId, ImpactId
from ...shared.versions import demand_version
from ..editions import Edition, StoredPack
from ..reading import read_pack
from .proposing import Proposal, Proposed, demand_rule_keeper, in_force, packs_of, proposed

LONGEST_REASON = 1000


@dataclass(frozen=True)
class _Editions:
    """What all of these use cases need."""

    transactions: Transactions
    rule_packs: RulePacks
    ids: Ids


@dataclass(frozen=True)
class ProposePack(_Editions):
    """Take in the text of a pack, so that it can be switched on; nothing is switched on by this."""

    async def __call__(self, asker: Asker, text: str, name: str) -> StoredPack:
        """Return the pack as it is kept; a text that is kept already stays with whoever brought it first.

        Raises Forbidden to all but administrators, BrokenPack with each problem, its line and its reason, for a pack
        that cannot be used by itself or together with those in force. Then nothing is kept.
        """
        demand_rule_keeper(asker)
        pack = read_pack(text, name)
        async with self.transactions(asker.origin) as work:
            current = await in_force(work, self.rule_packs, self.ids)
            others = [one for one in await packs_of(work, current.chosen) if one.id != pack.id]
            self.rule_packs.shipped().with_packs([*others, pack])
            await work.rule_editions.add_pack(StoredPack.of(pack, text, work.now, asker.account_id), text)
            work.note(Deed("rulebook.pack_proposed", "pack", details={"sha256": pack.sha256}))
            return await work.rule_editions.pack(pack.sha256)


@dataclass(frozen=True)
class ListStoredPacks:
    """List the packs that were taken in."""

    transactions: Transactions

    async def __call__(self, asker: Asker, after: str | None, limit: int) -> Sequence[StoredPack]:
        """Return packs, newest first, from just after the one with that hash on; raise Forbidden to others than
        administrators."""
        demand_rule_keeper(asker)
        async with self.transactions(asker.origin) as work:
            return await work.rule_editions.packs(after, limit)


@dataclass(frozen=True)
class ListEditions:
    """List what was in force when, by whose word and why."""

    transactions: Transactions

    async def __call__(self, asker: Asker, before: int | None, limit: int) -> Sequence[Edition]:
        """Return editions, newest first; raise Forbidden to others than administrators."""
        demand_rule_keeper(asker)
        async with self.transactions(asker.origin) as work:
            return await work.rule_editions.editions(before, limit)


@dataclass(frozen=True)
class GetEditionInForce(_Editions):
    """See what is in force, to propose something else over it."""

    async def __call__(self, asker: Asker) -> Edition:
        """Return the edition in force; its number is the version that a change has to name."""
        demand_rule_keeper(asker)
        async with self.transactions(asker.origin) as work:
            return await in_force(work, self.rule_packs, self.ids)


@dataclass(frozen=True)
class NoteShippedPacks(_Editions):
    """Keep the texts of the packs that ship, once each, so that what is decided by them can be replayed after the
    next release."""

    async def __call__(self) -> Edition | None:
        """Return the edition that was noted, None where it was known before: also one that another process with an
        older release has in force now."""
        async with self.transactions() as work:
            latest = await work.rule_editions.latest()
            chosen = await packs_of(work, latest.chosen if latest else ())
            packs = Proposed((), self.rule_packs.shipped().with_packs(chosen))
            if await work.rule_editions.find(packs.sha256) is not None:
                return None
            return await in_force(work, self.rule_packs, self.ids)


@dataclass(frozen=True)
class ActivateEdition(_Editions):
    """Let other packs come into force, or those of an earlier edition again."""

    async def __call__(
        self,
        asker: Asker,
        proposal: Proposal,
        expected_number: int,
        *,
        impact: ImpactId | None = None,
        reason: str = "",
    ) -> Edition:
        """Return the edition that is in force from this commit on, in every process within moments.

        Raises Forbidden to all but administrators, Conflict when another edition is in force than the expected one,
        RuleBroken without the finished impact report of exactly this step or an explicit reason, and what ``proposed``
        raises for packs that do not fit together: a broken edition never comes into force.
        """
        demand_rule_keeper(asker)
        async with self.transactions(asker.origin) as work:
            current = await in_force(work, self.rule_packs, self.ids)
            demand_version(current.number, expected_number)
            found = await proposed(work, self.rule_packs, current, proposal)
            await _demand_care(work, current, found, impact, reason)
            edition = Edition(
                id=EditionId(self.ids.new()),
                number=current.number + 1,
                packs=found.packs,
                chosen=found.chosen,
                activated_at=work.now,
                by=asker.account_id,
                reason=reason.strip(),
                impact=impact,
            )
            await work.rule_editions.add(edition)
            work.record(edition.activated(current.sha256), edition.number)
            return edition


async def _demand_care(
    work: UnitOfWork, current: Edition, found: Proposed, impact: ImpactId | None, reason: str
) -> None:
    if len(reason) > LONGEST_REASON:
        raise RuleBroken(Reason("edition.reason_too_long", {"at_most": LONGEST_REASON}, "reason"))
    if impact is not None:
        demand_seen(await work.impacts.get(impact), current.sha256, found.sha256)
    elif not reason.strip():
        raise RuleBroken(Reason("edition.impact_or_reason", {}, "impact"))
