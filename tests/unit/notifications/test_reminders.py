"""Reminders: derived from the plan, said once, and withdrawn when they are so no more."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from rule_worlds import NOW, RuleWorld
from telling import LETTERS, Post, told_by
from worlds import owned

from higherstudy.adapters.memory.mailbox import MemoryMailbox
from higherstudy.domain.identity.account import Asker
from higherstudy.domain.notifications.message import Message
from higherstudy.domain.notifications.reminders import CATCH_UP, DAYS_BEFORE, reminders_of, still_true
from higherstudy.domain.notifications.use_cases.inbox import ListMessages
from higherstudy.domain.notifications.use_cases.reminding import REMIND_BESIDE, next_morning
from higherstudy.domain.planning.schedule import PlannedStep, Report, Schedule
from higherstudy.domain.planning.views import is_hard_window
from higherstudy.domain.shared.ids import PlanId
from higherstudy.ports.jobs import Job

A_DAY = timedelta(days=1)


class Desk:
    """A student with a plan, and what reminds her."""

    def __init__(self) -> None:
        self.rules, self.mailbox = RuleWorld(), MemoryMailbox()
        self.world = self.rules.world
        self.remind = told_by(self.world, self.mailbox, rule_packs=self.rules.packs)["remind"]
        self.post = Post(self.world, self.mailbox, rule_packs=self.rules.packs)

    async def student(self) -> tuple[Asker, PlanId]:
        return await self.rules.student_with_a_plan()

    async def schedule(self, asker: Asker, plan_id: PlanId) -> Schedule:
        return (await self.rules.plan(asker, plan_id)).schedule

    def jobs(self, name: str) -> list[Job]:
        return [kept.job for kept in self.world.store.jobs.rows(lambda kept: kept.job.name == name)]

    def said(self, *, withdrawn: bool = False) -> list[Message]:
        kept = self.world.store.messages.rows(lambda one: one.kind == "reminder")
        found = [one for one in kept if (one.withdrawn_at is not None) is withdrawn]
        return sorted(found, key=lambda one: one.about)


async def the_day_before(desk: Desk, asker: Asker, plan_id: PlanId) -> date:
    """Let it be noon, a month before the first day on which something is due, and return that day."""
    schedule = await desk.schedule(asker, plan_id)
    first = min(one.latest_finish for one in schedule.steps if one.due is not None and one.latest_finish is not None)
    desk.world.clock.set(datetime.combine(first - 30 * A_DAY, NOW.time(), UTC).replace(hour=4))
    return first


async def test_each_day_from_a_month_before_on_is_said_at_most_once_however_often_it_is_looked() -> None:
    desk = Desk()
    asker, plan_id = await desk.student()
    first = await the_day_before(desk, asker, plan_id)
    await desk.remind.now(owned(asker))
    told: dict[int, set[str]] = {}

    for day in range(31):
        before = {one.id for one in desk.world.store.messages.rows()}
        for _ in range(3):
            await desk.remind.now(owned(asker))
        new = [one for one in desk.said() if one.id not in before and f"/due/{first}" in one.about]
        told[30 - day] = {one.about for one in new}
        desk.world.clock.move(A_DAY)

    said = {days for days, found in told.items() if found} | {30}
    assert said == set(DAYS_BEFORE)


async def test_a_worker_that_was_away_for_days_says_the_latest_alone() -> None:
    desk = Desk()
    asker, plan_id = await desk.student()
    first = await the_day_before(desk, asker, plan_id)
    desk.world.clock.set(datetime.combine(first - 2 * A_DAY, NOW.time(), UTC).replace(hour=4))

    await desk.remind.now(owned(asker))

    marks = [one.about for one in desk.said() if f"/due/{first}" in one.about]
    assert marks
    assert all(mark.endswith("/3") for mark in marks)


async def test_what_is_done_is_withdrawn_and_its_mail_does_not_go_out() -> None:
    desk = Desk()
    asker, plan_id = await desk.student()
    steps = (await desk.schedule(asker, plan_id)).steps
    ready = min(
        (one for one in steps if one.due is not None and one.latest_finish is not None),
        key=lambda one: one.latest_finish or date.max,
    )
    assert ready.latest_finish is not None
    night = datetime.combine(ready.latest_finish - 8 * A_DAY, NOW.time(), UTC).replace(
        hour=20
    )  # two hours into the day
    desk.world.clock.set(night)
    await desk.remind.now(owned(asker))
    waiting = [one for one in desk.said() if f"{plan_id}/{ready.key}/" in one.about]

    today = (await desk.schedule(asker, plan_id)).today
    async with desk.world.transactions() as work:
        plan = await work.plans.get(plan_id)
        plan.reports[ready.key] = Report(today - A_DAY, today - A_DAY)
        await work.plans.save(plan)
    await desk.remind.now(owned(asker))
    await desk.post.until(night + A_DAY)

    assert waiting
    assert [one for one in desk.said() if f"{plan_id}/{ready.key}/" in one.about] == []
    assert not any(f"({ready.key})" in mail.text for mail in desk.mailbox.mails)


async def test_what_is_due_stays_said_until_it_has_passed_and_is_withdrawn_then() -> None:
    desk = Desk()
    asker, plan_id = await desk.student()
    first = await the_day_before(desk, asker, plan_id)
    await desk.remind.now(owned(asker))
    said = [one.id for one in desk.said() if f"/due/{first}" in one.about]

    desk.world.clock.move(CATCH_UP + 2 * A_DAY)
    await desk.remind.now(owned(asker))
    between = [one.id for one in desk.said() if f"/due/{first}" in one.about]
    desk.world.clock.set(datetime.combine(first + 2 * A_DAY, NOW.time(), UTC))
    await desk.remind.now(owned(asker))

    assert said == between != []
    assert [one.id for one in desk.said() if f"/due/{first}" in one.about] == []
    assert set(said) <= {one.id for one in desk.said(withdrawn=True)}


async def test_rounds_go_by_students_whose_turn_it_is_and_come_again_in_her_morning() -> None:
    desk = Desk()
    asker, plan_id = await desk.student()
    await the_day_before(desk, asker, plan_id)
    async with desk.world.transactions() as work:
        await work.rounds.sooner([owned(asker)])

    first = await desk.remind()
    again = await desk.remind()
    async with desk.world.transactions() as work:
        look = desk.world.store.rounds.get(owned(asker))
        assert work.now < look  # type: ignore[operator]

    assert first > 0
    assert again == 0
    assert look == next_morning(desk.world.clock.now(), "Asia/Dhaka", desk.world.zones.named)


async def test_a_reminder_reads_as_people_say_it() -> None:
    desk = Desk()
    asker, plan_id = await desk.student()
    await the_day_before(desk, asker, plan_id)
    await desk.remind.now(owned(asker))

    told = await ListMessages(desk.world.transactions, LETTERS)(asker, None, 50)

    assert any("due in 30 days" in one.subject for one in told if one.message.kind == "reminder")


@pytest.mark.parametrize(
    ("zone", "now", "expected"),
    [
        # The clocks of Berlin go forward on 28 March 2027, those of Dhaka never: morning is eight by each.
        ("Europe/Berlin", datetime(2027, 3, 27, 12, tzinfo=UTC), datetime(2027, 3, 28, 6, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2027, 3, 26, 12, tzinfo=UTC), datetime(2027, 3, 27, 7, tzinfo=UTC)),
        ("Asia/Dhaka", datetime(2027, 3, 27, 1, 59, tzinfo=UTC), datetime(2027, 3, 27, 2, tzinfo=UTC)),
        ("Asia/Dhaka", datetime(2027, 3, 27, 2, tzinfo=UTC), datetime(2027, 3, 28, 2, tzinfo=UTC)),
        ("Pacific/Kiritimati", datetime(2027, 3, 27, 12, tzinfo=UTC), datetime(2027, 3, 27, 18, tzinfo=UTC)),
    ],
)
def test_morning_is_by_her_own_clock(zone: str, now: datetime, expected: datetime) -> None:
    desk = Desk()

    assert next_morning(now, zone, desk.world.zones.named) == expected


async def test_what_is_reminded_of_is_among_what_is_still_so() -> None:
    desk = Desk()
    asker, plan_id = await desk.student()
    first = await the_day_before(desk, asker, plan_id)
    for days in range(0, 31, 3):
        desk.world.clock.set(datetime.combine(first - days * A_DAY, NOW.time(), UTC).replace(hour=4))
        schedule = await desk.schedule(asker, plan_id)
        reminders = reminders_of(schedule, desk.world.zones.named, "Asia/Dhaka")

        assert {one.mark.rsplit("/", 1)[0] for one in reminders} <= still_true(schedule)
        assert all(schedule.today <= one.latest for one in reminders)


async def test_an_open_window_is_told_at_once_and_withdrawn_once_the_step_is_done() -> None:
    desk = Desk()
    asker, plan_id = await desk.student()
    steps = (await desk.schedule(asker, plan_id)).steps
    window = next(one for one in steps if is_hard_window(one))
    today = desk.world.clock.now().date()
    async with desk.world.transactions() as work:
        plan = await work.plans.get(plan_id)
        plan.reports |= {one.key: Report(today, today) for one in steps if one.key in _before(window, steps)}
        await work.plans.save(plan)

    await desk.remind.now(owned(asker))
    await desk.post.carry_out()
    told = [mail for mail in desk.mailbox.mails if mail.id.startswith("window_open-")]
    async with desk.world.transactions() as work:
        plan = await work.plans.get(plan_id)
        plan.reports[window.key] = Report(today, today)
        await work.plans.save(plan)
    await desk.remind.now(owned(asker))
    await desk.post.until(desk.world.clock.now() + A_DAY)

    assert [mail.to for mail in told] == ["student@example.org"]
    assert len([mail for mail in desk.mailbox.mails if mail.id.startswith("window_open-")]) == 1


def _before(step: PlannedStep, steps: Sequence[PlannedStep]) -> set[str]:
    """Return the keys of all steps that come before the step."""
    by_key, found, open_keys = {one.key: one for one in steps}, set[str](), list(step.task.after)
    while open_keys:
        key = open_keys.pop()
        if key not in found:
            found.add(key)
            open_keys += by_key[key].task.after
    return found


async def test_where_there_are_more_than_a_lot_a_second_worker_is_asked_once_and_asks_nobody_further() -> None:
    desk = Desk()
    asker, _ = await desk.student()
    other = await desk.world.student("other@example.org")
    by_ones = replace(desk.remind, lot=1)

    async def everybody() -> None:
        async with desk.world.transactions() as work:
            await work.rounds.sooner([owned(asker), owned(other)])

    await everybody()
    await desk.remind()
    await everybody()
    await by_ones(beside=True)
    assert desk.jobs(REMIND_BESIDE) == []

    await everybody()
    await by_ones()
    await everybody()
    await by_ones()
    assert [job.alone for job in desk.jobs(REMIND_BESIDE)] == [REMIND_BESIDE]
