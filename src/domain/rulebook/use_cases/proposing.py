"""What packs somebody proposes to have in force, and what is in force now: the common ground of these use cases."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from ....ports.ids import Ids
from ....ports.rule_packs import RulePacks
from ....ports.transactions import UnitOfWork
from ...identity.account import Asker, Role
from ...identity.policies import demand_role
from ...shared.dataclass import dataclass
from ...shared.errors import NotFound, Reason, RuleBroken, refuse_if_any
from ...shared.ids import EditionId
from ..editions import Edition, StoredPack, edition_of
from ..errors import BrokenPack
from ..pack import Rulebook, RulePack
from ..reading import read_pack


@dataclass(frozen=True, slots=True)
class Proposal:
    """Packs to lay over what is in force, by their hashes, and ids of chosen packs to take off; or instead of both
    an earlier edition to go back to."""

    packs: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    back_to: str = ""


@dataclass(frozen=True, slots=True)
class Proposed:
    """What a proposal comes to: the chosen packs, and the whole rulebook with the name of its edition."""

    chosen: tuple[str, ...]
    rulebook: Rulebook

    @property
    def packs(self) -> tuple[str, ...]:
        """All packs by their hashes."""
        return hashes_of(self.rulebook.packs)

    @property
    def sha256(self) -> str:
        """The name of the edition."""
        return self.rulebook.edition_id


def demand_rule_keeper(asker: Asker) -> None:
    """Raise Forbidden unless the asker looks after the rules."""
    demand_role(asker, Role.ADMIN)


async def in_force(work: UnitOfWork, rule_packs: RulePacks, ids: Ids) -> Edition:
    """Return the edition in force, noted now where the packs that ship have changed since the last one.

    All of its texts are kept then, those of the shipped packs beneath it too, so that it can be had again for ever.
    One that was noted before counts as it was then, with the latest number: while a release is brought in, processes of
    both have theirs in force, and nothing is noted to and fro.
    """
    latest = await work.rule_editions.latest()
    chosen = latest.chosen if latest else ()
    shipped = rule_packs.shipped()
    packs = hashes_of(shipped.with_packs(await packs_of(work, chosen)).packs)
    known = await work.rule_editions.find(edition_of(packs))
    if latest is not None and known is not None and known.chosen == chosen:
        return replace(known, number=latest.number)
    for pack in shipped.packs:
        text = rule_packs.text(pack.sha256)
        await work.rule_editions.add_pack(StoredPack.of(pack, text, work.now, None), text)
    number = latest.number + 1 if latest else 1
    edition = Edition(EditionId(ids.new()), number, packs, chosen, work.now, None)
    await work.rule_editions.add(edition)
    if latest is not None:
        work.record(edition.activated(latest.sha256), number)
    return edition


async def proposed(work: UnitOfWork, rule_packs: RulePacks, current: Edition, proposal: Proposal) -> Proposed:
    """Return what the proposal comes to over the edition in force.

    Raises NotFound for a pack or an edition that is not kept or not chosen, RuleBroken for a proposal that contradicts
    itself or changes nothing, BrokenPack with every problem of what does not fit together.
    """
    shipped = rule_packs.shipped()
    if proposal.back_to:
        packs = await _going_back(work, shipped, proposal)
    else:
        packs = await _going_on(work, current, proposal)
    found = Proposed(hashes_of(packs), shipped.with_packs(packs))
    if found.packs == current.packs:
        raise RuleBroken(Reason("edition.changes_nothing"))
    return found


async def packs_of(work: UnitOfWork, hashes: Collection[str]) -> tuple[RulePack, ...]:
    """Return the packs of these hashes, read anew; raise NotFound naming all that are not kept."""
    texts = await work.rule_editions.texts(hashes)
    packs: list[RulePack] = []
    problems: list[Reason] = []
    for sha256 in hashes:
        try:
            packs.append(read_pack(texts[sha256], sha256))
        except BrokenPack as error:
            problems += error.reasons
    refuse_if_any(problems, BrokenPack)
    return tuple(packs)


def hashes_of(packs: Iterable[RulePack]) -> tuple[str, ...]:
    """Return the hashes of the packs, in their order."""
    return tuple(pack.sha256 for pack in packs)


async def _going_on(work: UnitOfWork, current: Edition, proposal: Proposal) -> tuple[RulePack, ...]:
    chosen = {pack.id: pack for pack in await packs_of(work, current.chosen)}
    unknown = [name for name in proposal.drop if name not in chosen]
    if unknown:
        raise NotFound(*(Reason("edition.not_chosen", {"id": name[:80]}, "drop") for name in unknown))
    kept = {name: pack for name, pack in chosen.items() if name not in proposal.drop}
    new: dict[str, RulePack] = {}
    for pack in await packs_of(work, proposal.packs):
        if pack.id in new and new[pack.id].sha256 != pack.sha256:
            raise RuleBroken(Reason("pack.id_twice", {"kind": "pack", "id": pack.id}, "packs"))
        new[pack.id] = pack
    return tuple((kept | new).values())


async def _going_back(work: UnitOfWork, shipped: Rulebook, proposal: Proposal) -> tuple[RulePack, ...]:
    """Return the packs of the earlier edition that do not ship any more, or never did, as chosen ones."""
    if proposal.packs or proposal.drop:
        raise RuleBroken(Reason("edition.back_or_on", {}, "back_to"))
    edition = await work.rule_editions.find(proposal.back_to)
    if edition is None:
        raise NotFound(Reason("edition.unknown", {"given": proposal.back_to[:80]}, "back_to"))
    ship = set(hashes_of(shipped.packs))
    return await packs_of(work, [sha256 for sha256 in edition.packs if sha256 not in ship])
