"""A world whose rules can change: the bundled packs, and others over them."""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from importlib import resources

from worlds import World, owned, staff

from higherstudy.adapters import bundled
from higherstudy.adapters.bundled.packs import BundledRulePacks
from higherstudy.adapters.memory.clock import MemoryClock
from higherstudy.adapters.memory.rule_packs import MemoryStoredRulePacks
from higherstudy.domain.catalogue.programme import Programme
from higherstudy.domain.identity.account import Asker
from higherstudy.domain.impacts.impact import Impact
from higherstudy.domain.impacts.use_cases import FollowEdition, GetImpact, RequestImpact, WorkOutImpact
from higherstudy.domain.planning.target import TargetRef
from higherstudy.domain.planning.use_cases.keeping import GetPlan, MakePlan
from higherstudy.domain.planning.use_cases.planned import PlanToday
from higherstudy.domain.rulebook.editions import Edition
from higherstudy.domain.rulebook.use_cases.editions import ActivateEdition, GetEditionInForce, ProposePack
from higherstudy.domain.rulebook.use_cases.proposing import Proposal
from higherstudy.domain.shared.ids import ImpactId, PlanId
from study_builders import profile, programme

NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
WINTER = date(2028, 10, 1)


def bundled_text(name: str) -> str:
    """Return the text of a bundled pack."""
    return resources.files(bundled).joinpath("packs", name).read_text(encoding="utf-8")


def bundled_names() -> list[str]:
    """Return the names of the files of all bundled packs."""
    files = resources.files(bundled).joinpath("packs").iterdir()
    return sorted(file.name for file in files if file.name.endswith(".toml"))


def germany(*, monthly: str = "1052", version: str = "2026.12.1") -> str:
    """Return the German pack with another amount a month for the blocked account, from the same day on."""
    text = bundled_text("germany.toml").replace('"992"', f'"{monthly}"')
    return re.sub(r'(?m)^version = ".*"$', f'version = "{version}"', text, count=1)


def slower(times: int) -> str:
    """Return the Dhaka pack with steps that take so many times as long."""
    text = bundled_text("de-dhaka-master.toml")
    return re.sub(
        r"(?m)^(hard_)?days = .*$", lambda days: re.sub(r"\d+", lambda n: str(int(n[0]) * times), days[0]), text
    )


async def _nothing(_: int = 0) -> None:
    return


@dataclass
class RuleWorld:
    """Everything that an administrator of the rules does, over a world in memory."""

    world: World = field(default_factory=lambda: World(clock=MemoryClock(NOW)))
    keeper: Asker = field(default_factory=staff)

    def __post_init__(self) -> None:
        self.packs = MemoryStoredRulePacks(BundledRulePacks(), self.world.store.rules)
        self.parts = (self.world.transactions, self.packs, self.world.ids)

    async def student_with_a_plan(
        self, email: str = "student@example.org", offered: Programme | None = None
    ) -> tuple[Asker, PlanId]:
        """Register a student who aims at a German Master's."""
        asker = await self.world.student(email, profile())
        one = await self.world.programme(offered or programme())
        make = MakePlan(self.world.transactions, self.packs, self.world.zones, self.world.ids)
        made = await make(asker, owned(asker), [TargetRef(one.id, "winter", WINTER)])
        return asker, made.plan.id

    async def plan(self, asker: Asker, plan_id: PlanId, edition: str | None = None) -> PlanToday:
        """Look at a plan by the packs in force, or by those of the edition."""
        get = GetPlan(self.world.transactions, self.packs, self.world.zones)
        return await get(asker, plan_id, None, edition)

    async def propose(self, text: str) -> Proposal:
        """Take the pack in, and return the proposal to have it in force."""
        stored = await ProposePack(*self.parts)(self.keeper, text, "germany.toml")
        return Proposal((stored.sha256,))

    async def current(self) -> Edition:
        """Return the edition in force."""
        return await GetEditionInForce(*self.parts)(self.keeper)

    async def activate(self, proposal: Proposal, **given: object) -> Edition:
        """Let it come into force over what is."""
        current = await self.current()
        return await ActivateEdition(*self.parts)(self.keeper, proposal, current.number, **given)  # type: ignore[arg-type]

    async def impact(self, proposal: Proposal) -> Impact:
        """Return the finished report of the proposal."""
        begun = await RequestImpact(*self.parts)(self.keeper, proposal)
        return await self.worked_out(begun.id)

    async def worked_out(self, impact_id: ImpactId) -> Impact:
        """Count everybody for the report, and return it."""
        await WorkOutImpact(self.world.transactions, self.world.zones)(impact_id, _nothing, _nothing)
        impact, _ = await GetImpact(self.world.transactions)(self.keeper, impact_id, None, 1)
        return impact

    @property
    def follow(self) -> FollowEdition:
        return FollowEdition(self.world.transactions, self.world.ids)
