"""What follows from checked papers, given tasks and made reports: the right words to the right person, or none."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from telling import told_by
from worlds import World, owned

from builders import a_document, a_version
from higherstudy.adapters.bundled.messages import Messages
from higherstudy.adapters.bundled.packs import bundled_rulebook
from higherstudy.adapters.memory.mailbox import MemoryMailbox
from higherstudy.domain.counselling.task import Task
from higherstudy.domain.documents.document import Check, Document
from higherstudy.domain.documents.events import VersionChecked
from higherstudy.domain.identity.account import Asker
from higherstudy.domain.notifications.message import Message
from higherstudy.domain.reports.report import Form, Kind, Report
from higherstudy.domain.shared.events import Event
from higherstudy.domain.shared.ids import AccountId, EventId, ReportId, TaskId

FIRST, SECOND = AccountId(UUID(int=0xC1)), AccountId(UUID(int=0xC2))


class Desk:
    """A student, and what tells her of what happens."""

    def __init__(self, world: World, student: Asker) -> None:
        self.world, self.student = world, student
        tell = told_by(world, MemoryMailbox())["tell"]
        words = replace(tell.words, messages=Messages(rulebook=bundled_rulebook))
        self.tell = replace(tell, words=words)

    async def told(self, event: Event) -> list[Message]:
        """Return what is said of the event."""
        before = {one.id for one in self.world.store.messages.rows()}
        await self.tell(event, EventId(self.world.ids.new()))
        return [one for one in self.world.store.messages.rows() if one.id not in before]

    async def paper(self) -> Document:
        paper = replace(a_document("passport", a_version(1)), student_id=owned(self.student))
        async with self.world.transactions() as work:
            await work.documents.add(paper)
        return paper

    async def kept(self, paper: Document) -> None:
        async with self.world.transactions() as work:
            await work.documents.save(paper)

    async def task(self, by: AccountId, whom: AccountId) -> Task:
        async with self.world.transactions() as work:
            task = Task(TaskId(self.world.ids.new()), owned(self.student), by, whom, "Ask for a letter", work.now)
            await work.tasks.add([task])
        return task

    async def report(self, kind: Kind) -> Report:
        async with self.world.transactions() as work:
            report = Report(ReportId(self.world.ids.new()), kind, Form.PDF, "en", self.student.account_id, work.now)
            await work.reports.add(report)
            report.begin()
        return report


@pytest.fixture
async def desk() -> Desk:
    world = World()
    return Desk(world, await world.student())


async def test_a_verified_paper_is_told_by_its_name(desk: Desk) -> None:
    paper = await desk.paper()
    event = paper.check(1, Check.VERIFY, FIRST)
    await desk.kept(paper)

    [said] = await desk.told(event)

    assert (said.kind, said.recipient.account_id) == ("paper_verified", desk.student.account_id)
    assert said.params == {"paper": "Passport"}


async def test_a_rejected_paper_is_told_with_the_reason(desk: Desk) -> None:
    paper = await desk.paper()
    event = paper.check(1, Check.REJECT, FIRST, "The second page is cut off.")
    await desk.kept(paper)

    [said] = await desk.told(event)

    assert (said.kind, said.params["reason"]) == ("paper_rejected", "The second page is cut off.")


async def test_nothing_is_said_while_the_second_of_two_has_not_looked(desk: Desk) -> None:
    paper = await desk.paper()
    first = paper.check(1, Check.VERIFY, FIRST, by_two=True)
    await desk.kept(paper)
    assert await desk.told(first) == []

    second = paper.check(1, Check.VERIFY, SECOND, by_two=True)
    await desk.kept(paper)
    assert [one.kind for one in await desk.told(second)] == ["paper_verified"]


async def test_what_was_decided_anew_meanwhile_is_not_said(desk: Desk) -> None:
    paper = await desk.paper()
    verified: VersionChecked = paper.check(1, Check.VERIFY, FIRST)
    rejected = paper.check(1, Check.REJECT, SECOND, "The seal is missing.")
    await desk.kept(paper)

    assert await desk.told(verified) == []
    assert [one.kind for one in await desk.told(rejected)] == ["paper_rejected"]


async def test_who_gets_a_task_from_somebody_is_told_by_whom_and_for_when(desk: Desk) -> None:
    counsellor = await desk.world.student("counsellor@example.org")
    task = await desk.task(counsellor.account_id, desk.student.account_id)

    [said] = await desk.told(task.given())

    assert (said.kind, said.recipient.account_id) == ("task_given", desk.student.account_id)
    assert said.params == {"title": "Ask for a letter", "due_on": "", "from": "counsellor@example.org"}


async def test_nobody_is_told_of_a_task_of_her_own_or_of_one_that_is_closed(desk: Desk) -> None:
    counsellor = (await desk.world.student("counsellor@example.org")).account_id
    own, done = await desk.task(counsellor, counsellor), await desk.task(counsellor, desk.student.account_id)
    async with desk.world.transactions() as work:
        done.finish(counsellor, work.now)
        await work.tasks.save(done)

    assert await desk.told(own.given()) == await desk.told(done.given()) == []


async def test_a_report_is_told_without_what_is_in_it(desk: Desk) -> None:
    report = await desk.report(Kind.READINESS)
    async with desk.world.transactions() as work:
        event = report.publish("ab" * 32, 9, "cd" * 32, work.now, timedelta(days=1))
        await work.reports.save(report)

    [said] = await desk.told(event)

    assert (said.kind, said.params["title"], said.params["link"]) == ("report_ready", "Readiness report", "")
    assert report.until is not None
    assert said.params["until"] == f"{report.until:%Y-%m-%d %H:%M} UTC"


async def test_a_report_that_could_not_be_made_is_told_with_the_reason(desk: Desk) -> None:
    report = await desk.report(Kind.BACKLOG)
    event = report.fail("report.too_long_for_pdf")
    async with desk.world.transactions() as work:
        await work.reports.save(report)

    [said] = await desk.told(event)

    assert (said.kind, said.params["title"]) == ("report_failed", "Papers to be dealt with")
    assert "report." not in str(said.params["reason"])


async def test_a_report_that_was_withdrawn_meanwhile_is_not_told(desk: Desk) -> None:
    report = await desk.report(Kind.READINESS)
    async with desk.world.transactions() as work:
        event = report.publish("ab" * 32, 9, "cd" * 32, work.now, timedelta(days=1))
        report.withdraw()
        await work.reports.save(report)

    assert await desk.told(event) == []
