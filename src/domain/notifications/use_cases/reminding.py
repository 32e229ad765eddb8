"""Looking through plans for what is due, and saying it once; what was said and is so no more is withdrawn."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta

from ....ports.calendars import Calendars
from ....ports.jobs import Job
from ....ports.messages import Messages
from ....ports.rule_packs import RulePacks
from ....ports.transactions import Transactions, UnitOfWork
from ....ports.zones import Zones
from ...impacts.use_cases import cases_of
from ...impacts.working_out import PlanCase, Stuck, StudentCase, schedule_of
from ...planning.schedule import PlannedStep, Schedule
from ...planning.use_cases.planned import home_of
from ...planning.views import open_windows
from ...profile.student import Student
from ...rulebook.pack import Rulebook
from ...shared.dataclass import dataclass
from ...shared.errors import NotFound
from ...shared.ids import JobId, StudentId
from ...shared.times import WallTime, ZoneLookup
from ..message import Message, Recipient, Said
from ..reminders import Reminder, reminders_of, still_true, window_mark
from .saying import Say, Saying

REMIND, REMIND_BESIDE, LOOK_THROUGH = "remind", "remind_beside", "look_through"
MORNING = time(8)
"""When a student is reminded, by her own clock."""
A_LOT = 200
_ABOUT = ("reminder", "window_open")


@dataclass(frozen=True)
class Remind:
    """Looks through the plans of students whose turn it is, some at a time.

    What was said, what was withdrawn and the next look of a lot are one unit of work: whoever does it again after a
    crash says nothing twice.
    """

    transactions: Transactions
    rule_packs: RulePacks
    zones: Zones
    messages: Messages
    say: Say
    calendars: Calendars | None = None
    plan_page: str | None = None
    lot: int = A_LOT

    async def __call__(self, report: Callable[[int], Awaitable[None]] | None = None, *, beside: bool = False) -> int:
        """Return how many messages are new, once there is nobody left whose turn it is; ``report`` hears after each
        lot how many students were looked through.

        Where there are more than a lot, a second worker is asked to take some: ``beside`` says that this is that one.
        """
        said = looked = 0
        while True:
            async with self.transactions() as work:
                due = await work.rounds.due(self.lot)
                said += await self._look(work, due)
                if len(due) == self.lot and not looked and not beside:
                    await work.jobs.add(self._beside(work.now))
            looked += len(due)
            if report is not None:
                await report(looked)
            if len(due) < self.lot:
                return said

    async def now(self, student_id: StudentId) -> int:
        """Look through one student's plans at once; return how many messages are new."""
        async with self.transactions() as work:
            return await self._look(work, [student_id])

    def _beside(self, now: datetime) -> Job:
        return Job(JobId(self.say.ids.new()), REMIND_BESIDE, now, alone=REMIND_BESIDE)

    async def _look(self, work: UnitOfWork, student_ids: Sequence[StudentId]) -> int:
        students = await work.students.several(student_ids)
        cases = await cases_of(work, students, self.zones, work.now, self.calendars)
        rulebook = self.rule_packs.rulebook()
        by_id = {student.id: student for student in students}
        sayings, true_now = list[Saying](), set[str]()
        for case, plan, schedule in _schedules(cases, rulebook):
            windows = open_windows(schedule)
            sayings += self._sayings(by_id[case.student_id], plan, schedule, windows)
            true_now |= {f"{plan.id}/{mark}" for mark in still_true(schedule, windows)}
        await self._withdraw(work, students, true_now)
        new = await self.say(work, sayings)
        homes = dict.fromkeys(student_ids, "UTC") | {one.id: home_of(one.profile) for one in students}
        await work.rounds.next({one: next_morning(work.now, home, self.zones.named) for one, home in homes.items()})
        return len(new)

    def _sayings(
        self, student: Student, plan: PlanCase, schedule: Schedule, windows: Sequence[PlannedStep]
    ) -> list[Saying]:
        home = home_of(student.profile)
        told = Recipient(student.account_id)
        language = student.profile.preferred_language
        words = self.messages.in_language(language)
        link = self.plan_page.format(plan=plan.id) if self.plan_page else ""

        def saying(kind: str, about: str, params: Mapping[str, Said]) -> Saying:
            return Saying(kind, f"{plan.id}/{about}", told, {**params, "plan_link": link}, language, home, student.id)

        sayings = [
            saying("reminder", one.mark, _reminder(one, schedule, words))
            for one in reminders_of(schedule, self.zones.named, home)
        ]
        return sayings + [saying("window_open", window_mark(step), _window(step, schedule, words)) for step in windows]

    async def _withdraw(self, work: UnitOfWork, students: Sequence[Student], true_now: Collection[str]) -> None:
        """Withdraw what was said of these students' plans about a day or step that is otherwise now."""
        for message in await work.outgoing.open_ones([one.account_id for one in students], _ABOUT):
            if _occasion(message) not in true_now:
                message.withdraw(work.now)
                await work.outgoing.save(message)


@dataclass(frozen=True)
class IsStillDue:
    """Whether what a reminder or an open window says is still so: the same step, on the same day, and open."""

    rule_packs: RulePacks
    zones: Zones
    calendars: Calendars | None = None

    async def __call__(self, work: UnitOfWork, message: Message) -> bool:
        """Return it, worked out anew; False where the plan is gone."""
        if message.student_id is None:
            return False
        try:
            student = await work.students.get(message.student_id)
        except NotFound:
            return False
        cases = await cases_of(work, [student], self.zones, work.now, self.calendars)
        return any(
            _occasion(message) == f"{plan.id}/{mark}"
            for _, plan, schedule in _schedules(cases, self.rule_packs.rulebook())
            for mark in still_true(schedule)
        )


def _schedules(cases: Sequence[StudentCase], rulebook: Rulebook) -> Iterator[tuple[StudentCase, PlanCase, Schedule]]:
    """Yield each plan that can be worked out, with its schedule."""
    for case in cases:
        for plan in case.plans:
            found = schedule_of(case, plan, rulebook)
            if not isinstance(found, Stuck):
                yield case, plan, found[0]


def next_morning(now: datetime, zone: str, zones: ZoneLookup) -> datetime:
    """Return the next moment at which it is morning in the zone."""
    day = now.astimezone(zones(zone)).date()
    mornings = (
        WallTime(datetime.combine(day + timedelta(days=more), MORNING), zone).instant(zones) for more in range(3)
    )
    return next(one for one in mornings if one > now)


def _occasion(message: Message) -> str:
    """Return what the message is about, of a reminder without how many days before it was said."""
    return message.about.rsplit("/", 1)[0] if message.kind == "reminder" else message.about


def _reminder(one: Reminder, schedule: Schedule, words: Messages) -> dict[str, Said]:
    return {
        "step": one.step.key,
        "title": _title(one.step, words),
        "due_on": one.latest.isoformat(),
        "due_at_own": one.at_own,
        "due_at_theirs": one.at_theirs,
        "zone_theirs": one.zone_theirs,
        "days_left": (one.latest - schedule.today).days,
        "why": words.sentence(one.why.code, one.why.params) if one.why else "",
    }


def _window(step: PlannedStep, schedule: Schedule, words: Messages) -> dict[str, Said]:
    closes = step.latest_finish or step.finish
    return {
        "title": _title(step, words),
        "closes_at_own": closes.isoformat(),
        "closes_at_theirs": "",
        "zone_theirs": "",
        "days_left": (closes - schedule.today).days,
        "what_to_do": words.text(step.task.step, "advice") or _title(step, words),
        "acknowledge_link": "",
    }


def _title(step: PlannedStep, words: Messages) -> str:
    title = words.text(step.task.step)
    return f"{title} ({step.task.target.title})" if step.task.target else title
