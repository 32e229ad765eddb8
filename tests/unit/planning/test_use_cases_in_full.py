"""What the use cases of planning keep, tell and refuse, in full: over one small pathway, in memory."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest
from worlds import World, owned

from builders import RulePacks
from higherstudy.adapters.memory.calendars import MemoryCalendars
from higherstudy.adapters.memory.clock import MemoryClock
from higherstudy.adapters.memory.secrets import MemorySecrets
from higherstudy.adapters.memory.simulation import MemorySimulation
from higherstudy.domain.catalogue.intake import Day, Intake
from higherstudy.domain.documents.document import Stated
from higherstudy.domain.identity.account import Asker
from higherstudy.domain.planning.plan import Plan
from higherstudy.domain.planning.schedule import Report, State
from higherstudy.domain.planning.target import TargetRef
from higherstudy.domain.planning.use_cases.asking import AskWhatIf, EstimateChance, ExplainStep, WhatIf
from higherstudy.domain.planning.use_cases.calendars import (
    GetCalendar,
    ReadCalendar,
    ShareCalendar,
    StopSharingCalendar,
)
from higherstudy.domain.planning.use_cases.keeping import (
    ChangeTargets,
    GetPlan,
    ListPlans,
    MakePlan,
    PlanPage,
    StuckPlan,
)
from higherstudy.domain.planning.use_cases.papers import CheckPapers
from higherstudy.domain.planning.use_cases.planned import PlanToday
from higherstudy.domain.planning.use_cases.reporting import AssumeDurations, ReportStep
from higherstudy.domain.rulebook.editions import edition_of
from higherstudy.domain.rulebook.facts import Fact
from higherstudy.domain.rulebook.pack import Rulebook, RulePack
from higherstudy.domain.rulebook.papers import Checklist, ChecklistItem, DocumentKind
from higherstudy.domain.rulebook.pathways import Pathway
from higherstudy.domain.shared.errors import Conflict, NotFound, Reason, RuleBroken
from higherstudy.domain.shared.ids import PlanId, ProgrammeId
from higherstudy.domain.shared.sources import Confidence
from higherstudy.ports.rule_packs import RulePacks as RulePackPort
from higherstudy.ports.transactions import Transactions
from higherstudy.ports.zones import Zones
from networks import step, way
from study_builders import PAGE, profile, programme, winter

NOW = datetime(2026, 11, 23, 20, 0, 30, 5, tzinfo=UTC)  # in Dhaka it is the 24th already
TODAY = date(2026, 11, 24)
WAY = way(
    step("A", days=10, facts=("fee",)),
    step("B", "A", days=20),
    step("VISA", "B", days=30),
    step("END", "VISA", days=5),
    decision_step="VISA",
    checklist="papers",
)
FEE = Fact("fee", "fee", Decimal(75), PAGE, Confidence.LOW)
COPY = DocumentKind("copy", "Copy", PAGE, Confidence.LOW, uses_expiry_date=True)
ITEM = ChecklistItem("1", 1, "Copy", ("copy",), Confidence.HIGH)
PAPERS = Checklist("papers", "Papers", "1", "", "", "B", (ITEM,), (), PAGE, Confidence.HIGH)


def rules(pathway: Pathway = WAY, **changes: Any) -> Rulebook:
    parts: dict[str, Any] = {"facts": (FEE,), "document_kinds": (COPY,), "checklists": (PAPERS,), **changes}
    return Rulebook((RulePack("pack", "Pack", "1", date(2026, 11, 23), "0" * 64, pathways=(pathway,), **parts),))


@dataclass
class Desk:
    """A student with one programme, by rules that are overdue for a review since yesterday."""

    world: World
    asker: Asker
    ref: TargetRef
    packs: RulePacks = field(default_factory=lambda: RulePacks(rules()))

    @property
    def parts(self) -> tuple[Transactions, RulePackPort, Zones]:
        return self.world.transactions, self.packs, self.world.zones

    async def make(self, *targets: TargetRef) -> PlanToday:
        return await MakePlan(*self.parts, self.world.ids)(self.asker, owned(self.asker), targets or (self.ref,))

    async def get(self, plan: Plan, **options: Any) -> PlanToday:
        return await GetPlan(*self.parts)(self.asker, plan.id, **options)

    async def last_event(self) -> tuple[str, UUID, int]:
        envelope = list(self.world.store.events.rows())[-1]
        return envelope.event.tag, envelope.event.aggregate_id, envelope.aggregate_version


@pytest.fixture
async def desk() -> Desk:
    world = World(clock=MemoryClock(NOW), rule_packs=RulePacks(rules()))
    asker = await world.student(profile=profile())
    offered = await world.programme(programme(intakes=(winter(), Intake("summer", Day(each=(4, 1))))))
    return Desk(world, asker, TargetRef(offered.id, "winter", date(2027, 10, 1)))


def finished(day: int) -> Report:
    return Report(finished_on=TODAY + timedelta(days=day))


async def test_a_plan_that_is_made_is_kept_as_it_was_told(desk: Desk) -> None:
    made = await desk.make()

    kept = await desk.get(made.plan)
    assert made.plan == Plan(
        id=made.plan.id,
        student_id=owned(desk.asker),
        targets=(desk.ref,),
        made_at=NOW,
        made_with=rules().edition,
        zones=desk.world.zones.version,
        pathways={"sample-msc/winter-2027": "way"},
        version=1,
    )
    assert kept.plan == made.plan
    assert kept.schedule == made.schedule
    assert (made.schedule.today, made.schedule.zones, made.schedule.rulebook) == (
        TODAY, desk.world.zones.version, rules().edition
    )  # fmt: skip
    assert made.schedule.outlook.arrives_on == TODAY + timedelta(days=65)
    assert (made.pathway, made.money, made.notices, made.rulebook) == (WAY, (), (), desk.packs.rulebook())
    assert await desk.last_event() == ("plan.made.v1", made.plan.id, 1)


async def test_a_plan_warns_of_what_it_leans_on(desk: Desk) -> None:
    made = await desk.make()

    assert made.warnings == ("pack.stale:pack", "fact.unverified:fee")
    before = await desk.get(made.plan, today=date(2026, 11, 23))
    assert before.warnings == ("fact.unverified:fee",)
    done = await ReportStep(*desk.parts)(desk.asker, made.plan.id, "A", finished(0), 1)
    assert done[0].warnings == ("pack.stale:pack",)


async def test_a_plan_is_looked_at_as_of_another_day_and_by_an_edition(desk: Desk) -> None:
    made = await desk.make()

    later = await desk.get(made.plan, today=date(2027, 1, 1), edition=edition_of(rules().edition))

    assert later.schedule.today == date(2027, 1, 1)
    assert later.schedule.outlook.arrives_on == date(2027, 3, 7)
    with pytest.raises(NotFound):
        await desk.get(made.plan, edition="0" * 64)


async def test_every_programme_that_there_is_not_is_named(desk: Desk) -> None:
    ghosts = [ProgrammeId(UUID(int=number)) for number in (7, 8)]

    with pytest.raises(NotFound) as caught:
        await desk.make(desk.ref, *(replace(desk.ref, programme_id=one) for one in ghosts))

    assert caught.value.reasons == tuple(Reason("programme.unknown", {"id": str(one)}, "targets") for one in ghosts)


async def test_a_report_is_kept_told_to_others_and_compared(desk: Desk) -> None:
    made = await desk.make()

    after, diff = await ReportStep(*desk.parts)(desk.asker, made.plan.id, "A", finished(-1), 1)

    kept = (await desk.get(made.plan)).plan
    assert (kept.reports, kept.version) == ({"A": finished(-1)}, 2)
    assert after.schedule.outlook.arrives_on == TODAY + timedelta(days=55)
    assert {move.key: move.days for move in diff.moves} == {"A": -11, "B": -10, "VISA": -10, "END": -10}
    assert await desk.last_event() == ("plan.step_reported.v1", made.plan.id, 2)


async def test_days_of_ones_own_are_kept_told_to_others_and_compared(desk: Desk) -> None:
    made = await desk.make()

    after, diff = await AssumeDurations(*desk.parts)(desk.asker, made.plan.id, {"VISA": 33}, 1)

    kept = (await desk.get(made.plan)).plan
    assert (kept.durations, kept.version) == ({"VISA": 33}, 2)
    assert after.schedule.outlook.arrives_on == TODAY + timedelta(days=68)
    assert {move.key: move.days for move in diff.moves} == {"VISA": 3, "END": 3}
    assert await desk.last_event() == ("plan.durations_assumed.v1", made.plan.id, 2)


async def test_other_targets_are_kept_and_told_to_others(desk: Desk) -> None:
    made = await desk.make()
    summer = TargetRef(desk.ref.programme_id, "summer", date(2028, 4, 1))

    after = await ChangeTargets(*desk.parts)(desk.asker, made.plan.id, [summer], 1)

    kept = (await desk.get(made.plan)).plan
    assert (kept.targets, kept.version, kept.pathways) == ((summer,), 2, {"sample-msc/summer-2028": "way"})
    assert after.schedule.lead.key == "sample-msc/summer-2028"
    assert await desk.last_event() == ("plan.targets_changed.v1", made.plan.id, 2)


async def test_whoever_has_not_seen_the_last_version_changes_nothing(desk: Desk) -> None:
    made = await desk.make()

    for version in (0, 2):
        for asking in (
            ReportStep(*desk.parts)(desk.asker, made.plan.id, "A", finished(-1), version),
            AssumeDurations(*desk.parts)(desk.asker, made.plan.id, {"A": 1}, version),
            ChangeTargets(*desk.parts)(desk.asker, made.plan.id, [desk.ref], version),
        ):
            with pytest.raises(Conflict):
                await asking
    assert (await desk.get(made.plan)).plan == made.plan


async def test_nobody_else_can_look_at_a_plan_or_change_it(desk: Desk) -> None:
    made = await desk.make()
    other = await desk.world.student("other@example.org")
    plan = other, made.plan.id

    for asking in (
        GetPlan(*desk.parts)(*plan),
        ListPlans(*desk.parts)(other, owned(desk.asker)),
        MakePlan(*desk.parts, desk.world.ids)(other, owned(desk.asker), [desk.ref]),
        ReportStep(*desk.parts)(*plan, "A", finished(-1), 1),
        AssumeDurations(*desk.parts)(*plan, {"A": 1}, 1),
        ChangeTargets(*desk.parts)(*plan, [desk.ref], 1),
        AskWhatIf(*desk.parts)(*plan, WhatIf({}, {})),
        ExplainStep(*desk.parts)(*plan, "A"),
        EstimateChance(*desk.parts, MemorySimulation())(*plan),
        CheckPapers(*desk.parts)(*plan),
        GetCalendar(*desk.parts)(*plan),
        ShareCalendar(*desk.parts, MemorySecrets())(*plan),
        StopSharingCalendar(*desk.parts)(*plan),
    ):
        with pytest.raises(NotFound):
            await asking
    assert (await desk.get(made.plan)).plan == made.plan


async def test_a_list_shows_at_least_one_plan_and_at_most_a_hundred(desk: Desk) -> None:
    made = [(await desk.make()).plan.id for _ in range(2)]
    listing, who = ListPlans(*desk.parts), (desk.asker, owned(desk.asker))

    one = await listing(*who, limit=0)
    whole = await listing(*who, limit=2)

    assert ([found.plan.id for found in one.plans], one.next) == ([made[1]], made[1])
    assert ([found.plan.id for found in whole.plans], whole.stuck, whole.next) == (made[::-1], (), None)
    assert [found.schedule for found in whole.plans] == [(await desk.get(found.plan)).schedule for found in whole.plans]


async def test_what_if_puts_reports_days_targets_and_day_over_the_plan(desk: Desk) -> None:
    made = await desk.make()
    summer = TargetRef(desk.ref.programme_id, "summer", date(2028, 4, 1))
    winter_key, ask = "sample-msc/winter-2027", AskWhatIf(*desk.parts)

    diff, after = await ask(
        desk.asker, made.plan.id,
        WhatIf({"A": finished(0)}, {"B": 22}, (summer,), (winter_key,), date(2026, 12, 1)),
    )  # fmt: skip

    assert after.today == date(2026, 12, 1)
    assert [outlook.target.key for outlook in after.outlooks] == ["sample-msc/summer-2028"]
    assert after.outlook.arrives_on == date(2026, 12, 1) + timedelta(days=57)
    assert after.zones == desk.world.zones.version
    assert [(one.target, one.before is None, one.after is None) for one in diff.outlooks] == [
        (winter_key, False, True),
        ("sample-msc/summer-2028", True, False),
    ]
    assert {move.key: move.days for move in diff.moves} == {"A": -10, "B": -1, "VISA": -1, "END": -1}


async def test_a_question_about_what_there_is_not_is_refused_with_its_place(desk: Desk) -> None:
    made = await desk.make()

    async def reasons(question: WhatIf) -> tuple[Reason, ...]:
        with pytest.raises((NotFound, RuleBroken)) as caught:
            await AskWhatIf(*desk.parts)(desk.asker, made.plan.id, question)
        return caught.value.reasons

    gone = tuple(Reason("plan.unknown_target", {"target": key}, "drop") for key in ("x", "y"))
    assert await reasons(WhatIf({}, {}, drop=("x", "sample-msc/winter-2027", "y"))) == gone
    assert await reasons(WhatIf({}, {}, drop=("sample-msc/winter-2027",))) == (Reason("plan.no_target", {}, "drop"),)
    unknown = tuple(Reason("plan.unknown_step", {"step": key}, "what_if") for key in ("S", "T"))
    assert await reasons(WhatIf({"S": finished(0)}, {"A": 1, "T": 2})) == unknown


async def test_an_explanation_is_that_of_the_plan_on_the_day(desk: Desk) -> None:
    made = await desk.make()

    found = await ExplainStep(*desk.parts)(desk.asker, made.plan.id, "B", date(2026, 12, 1))

    assert [(link.key, link.start) for link in found.links] == [("A", date(2026, 12, 1)), ("B", date(2026, 12, 11))]


@pytest.mark.parametrize(("asked", "samples"), [(1, 100), (100, 100), (101, 101)])
async def test_a_chance_is_of_a_hundred_samples_at_least(desk: Desk, asked: int, samples: int) -> None:
    made = await desk.make()

    (one,) = await EstimateChance(*desk.parts, MemorySimulation())(
        desk.asker, made.plan.id, samples=asked, seed=5, today=date(2026, 12, 1)
    )

    assert (one.samples, one.seed, one.in_time) == (samples, 5, samples)
    assert one.middle == date(2026, 12, 1) + timedelta(days=65)


async def test_papers_are_judged_for_the_day_of_their_use(desk: Desk) -> None:
    made = await desk.make()
    await desk.world.paper(desk.asker, "copy", Stated(date(2026, 1, 1), date(2026, 12, 5)))
    check = CheckPapers(*desk.parts)

    found = await check(desk.asker, made.plan.id)
    sooner = await check(desk.asker, made.plan.id, date(2026, 11, 25), edition_of(rules().edition))

    assert (found.checklist, found.used_on) == (PAPERS, date(2026, 12, 4))
    assert [(one.item, one.needed, one.judgement.is_usable) for one in found.items] == [(ITEM, True, True)]
    assert sooner.used_on == date(2026, 12, 5)
    assert found.warnings == ("pack.stale:pack", "fact.unverified:copy")
    late = await check(desk.asker, made.plan.id, date(2026, 11, 26))
    assert [one.judgement.is_usable for one in late.items] == [False]


async def test_papers_are_judged_for_today_where_their_step_is_not_in_the_plan_and_need_a_list(desk: Desk) -> None:
    made = await desk.make()
    desk.packs = RulePacks(rules(checklists=(), pathway=replace(WAY, checklist="")))

    with pytest.raises(NotFound) as caught:
        await CheckPapers(*desk.parts)(desk.asker, made.plan.id)

    assert caught.value.reasons == (Reason("plan.no_checklist", {"pathway": "way"}),)


async def test_a_calendar_is_told_once_and_kept_until_it_changes(desk: Desk) -> None:
    made = await desk.make()
    get = GetCalendar(*desk.parts)

    found, first = await get(desk.asker, made.plan.id)
    desk.world.clock.move(timedelta(seconds=5))
    _, second = await get(desk.asker, made.plan.id)
    await ReportStep(*desk.parts)(desk.asker, made.plan.id, "A", finished(0), 1)
    _, third = await get(desk.asker, made.plan.id)

    assert found.plan == made.plan
    assert [entry.uid for entry in first.entries] == [f"{key}.{made.plan.id}" for key in ("A", "B", "VISA", "END")] + [
        f"due.END.{made.plan.id}"
    ]
    assert {sent.changed_at for sent in first.told.values()} == {NOW.replace(microsecond=0)}
    assert second == first
    assert [uid for uid, _ in third.cancelled] == [f"A.{made.plan.id}"]
    moved = third.told[f"B.{made.plan.id}"]
    assert (moved.sequence, moved.changed_at) == (1, NOW.replace(microsecond=0) + timedelta(seconds=5))


async def test_a_link_is_kept_as_its_hash_alone_until_sharing_stops(desk: Desk) -> None:
    made = await desk.make()
    read = ReadCalendar(*desk.parts)

    secret = await ShareCalendar(*desk.parts, MemorySecrets())(desk.asker, made.plan.id)
    kept = (await desk.get(made.plan)).plan
    found, calendar = await read(secret)
    await StopSharingCalendar(*desk.parts)(desk.asker, made.plan.id)

    assert kept.calendar_hash == sha256(secret.encode()).hexdigest()
    assert (found.plan.id, calendar) == (made.plan.id, (await GetCalendar(*desk.parts)(desk.asker, made.plan.id))[1])
    assert (await desk.get(made.plan)).plan.calendar_hash == ""
    for wrong in (secret, "another", ""):
        with pytest.raises(NotFound):
            await read(wrong)


async def test_calendars_are_those_of_her_country_where_there_are_any(desk: Desk) -> None:
    made = await MakePlan(*desk.parts, desk.world.ids, calendars=MemoryCalendars())(
        desk.asker, owned(desk.asker), [desk.ref]
    )

    assert set(made.situation.calendars) == {"home", "target:DE", "both:DE"}
    assert (await desk.get(made.plan)).situation.calendars == {}


async def test_somebody_whose_zone_nobody_knows_plans_by_universal_time(desk: Desk) -> None:
    who = await desk.world.student("other@example.org", profile(residence=None))

    made = await MakePlan(*desk.parts, desk.world.ids)(who, owned(who), [desk.ref])

    assert made.schedule.today == date(2026, 11, 23)
    assert made.schedule.lead.apply_by is not None
    assert made.schedule.lead.apply_by.last_day == date(2027, 7, 14)  # the 15th there ends two hours later
    _, calendar = await GetCalendar(*desk.parts)(who, made.plan.id)
    assert len(calendar.entries) == 5


async def test_papers_at_hand_answer_the_steps_that_they_come_out_of(desk: Desk) -> None:
    answering = replace(WAY, steps=(replace(WAY.steps[0], documents_out=("copy",)), *WAY.steps[1:]))
    desk.packs = RulePacks(rules(answering))
    made = await desk.make()
    await desk.world.paper(desk.asker, "copy", Stated(date(2026, 1, 1), date(2027, 12, 5)))

    step_ = (await desk.get(made.plan)).schedule.step("A")

    assert step_ is not None
    assert (step_.state, step_.finish) == (State.DONE, TODAY)
    assert PlanId(made.plan.id) == made.plan.id


async def test_a_plan_that_is_stuck_is_listed_with_every_reason(desk: Desk) -> None:
    made = await desk.make()
    desk.packs = RulePacks(rules(replace(WAY, id="other", country="FR")))

    listed = await ListPlans(*desk.parts)(desk.asker, owned(desk.asker))

    missing = Reason("plan.no_pathway", {"country": "DE", "level": "master", "nationality": "BD"}, "targets")
    assert listed == PlanPage((), (StuckPlan(made.plan, (missing,)),), None)
