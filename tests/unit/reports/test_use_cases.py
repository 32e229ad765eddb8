"""Reports asked for, made, handed over and withdrawn; none is published about somebody who was erased."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from reports_made import make_report_in
from rule_worlds import RuleWorld
from worlds import World, letting, owned

from higherstudy.adapters.memory.mailbox import MemoryMailbox
from higherstudy.adapters.memory.tombstones import MemoryTombstones
from higherstudy.adapters.memory.typesetting import MemoryTypesetting
from higherstudy.adapters.workbooks.catalogue_csv import CatalogueCsv
from higherstudy.domain.documents.use_cases.sealed import place_of
from higherstudy.domain.identity.account import Account, Asker, Role
from higherstudy.domain.identity.scopes import Scope
from higherstudy.domain.imports.use_cases.importing import ImportCatalogue
from higherstudy.domain.planning.target import TargetRef
from higherstudy.domain.reports.content import Content
from higherstudy.domain.reports.report import Form, Kind, Report, State
from higherstudy.domain.reports.use_cases.asking import AskForReport, GetReport, LinkToReport, ListReports
from higherstudy.domain.reports.use_cases.making import MakeReport, RemoveReports
from higherstudy.domain.rights.erasure import Because, Erasure
from higherstudy.domain.rights.use_cases.erasing import Erase
from higherstudy.domain.shared.errors import Conflict, Forbidden, Invalid, NotFound, RuleBroken
from higherstudy.domain.shared.ids import AccountId, DocumentId, ErasureId, GrantId, PlanId
from higherstudy.ports.contracts.samples import a_grant

A_DAY = timedelta(days=1)
HELPER = AccountId(UUID(int=0xC0))


class Reports:
    """A world in which reports are made, and a student with a plan in it."""

    def __init__(self) -> None:
        self.rules = RuleWorld()
        self.world: World = self.rules.world

    async def student(self, email: str = "student@example.org") -> tuple[Asker, PlanId]:
        return await self.rules.student_with_a_plan(email)

    async def counsellor(self, *students: Asker) -> Asker:
        """A counsellor whom the students let see their plans."""
        async with self.world.transactions() as work:
            account = Account(HELPER, "helper@example.org", "x", frozenset({Role.COUNSELLOR}), None, work.now)
            await work.accounts.add(account)
            for at, student in enumerate(students):
                grant = a_grant()
                grant.student_id = owned(student)
                grant.id, grant.owner, grant.email = GrantId(UUID(int=at + 1)), student.account_id, account.email
                grant.scopes, grant.given_at, grant.until = frozenset({Scope.READ_PLAN}), work.now, work.now + A_DAY
                grant.account_id, grant.accepted_at = account.id, work.now
                await work.grants.add(grant)
        asker = Asker(account.id, account.roles)
        for student in students:
            asker = letting(asker, student, Scope.READ_PLAN)
        return asker

    async def asked(
        self, asker: Asker, kind: Kind = Kind.READINESS, form: Form = Form.PDF, plan: PlanId | None = None
    ) -> Report:
        return await AskForReport(self.world.transactions, self.world.ids)(asker, kind, form, "en", plan)

    async def known(self, asker: Asker) -> Report:
        return (await ListReports(self.world.transactions)(asker))[0]

    async def made(
        self, asker: Asker, kind: Kind = Kind.READINESS, form: Form = Form.PDF, plan: PlanId | None = None
    ) -> str:
        """Return what is in the file of a new report."""
        await self.make()((await self.asked(asker, kind, form, plan)).id)
        report = await self.known(asker)
        assert (report.state, report.because) == (State.READY, "")
        sealed = self.world.files.kept(report.sha256)
        assert sealed is not None
        assert b"PDF" not in sealed
        keys = await self.world.vault.keys_of(report.holder)
        content = keys.open(place_of(DocumentId(report.id)), sealed)
        assert len(content) == report.size
        return content.decode()

    async def erase(self, asker: Asker) -> None:
        tombstones, mailbox = MemoryTombstones(), MemoryMailbox()
        world = self.world
        world.clock.move(
            timedelta(minutes=1)
        )  # what is stored in the very moment of an erasure is left to its second look
        erasure = Erasure(
            ErasureId(world.ids.new()),
            owned(asker),
            asker.account_id,
            Because.ASKED,
            asker.account_id,
            world.clock.now(),
            world.clock.now(),
        )
        async with world.transactions() as work:
            await work.erasures.add(erasure)
        await Erase(world.transactions, world.ids, world.files, world.incoming, mailbox, tombstones, world.vault)(
            erasure.id
        )

    def make(self, typesetting: MemoryTypesetting | None = None) -> MakeReport:
        return make_report_in(self.world, typesetting, self.rules.packs)

    async def kept(self) -> int:
        """Return how many files are kept."""
        later = self.world.clock.now() + A_DAY
        return len([one async for one in self.world.files.kept_before(later)])


class Interrupting(MemoryTypesetting):
    """Lets something happen while a report is set."""

    def __init__(self, meanwhile: object) -> None:
        self._meanwhile = meanwhile

    async def pdf(self, content: Content, language: str) -> bytes:
        await self._meanwhile()  # type: ignore[operator]
        return await super().pdf(content, language)


async def test_a_readiness_report_says_where_she_stands_what_is_next_and_on_what_it_rests() -> None:
    reports = Reports()
    student, _ = await reports.student()
    await reports.world.papers(student)

    told = await reports.made(student)

    for heading in (
        "Where you stand",
        "What is next",
        "Timeline",
        "Deadlines",
        "Verdicts",
        "Money to show",
        "All steps",
    ):
        assert f"# {heading}\n" in told
    assert "read on" in told
    assert "Rule pack | Version | To be reviewed by" in told
    assert "nothing about the chance of being admitted" in told


async def test_in_bangla_no_sentence_of_ours_is_left_in_english() -> None:
    reports = Reports()
    student, _ = await reports.student()
    ask = AskForReport(reports.world.transactions, reports.world.ids)
    await reports.make()((await ask(student, Kind.READINESS, Form.PDF, "bn")).id)
    report = await reports.known(student)
    sealed = reports.world.files.kept(report.sha256)
    assert sealed is not None
    told = (await reports.world.vault.keys_of(report.holder)).open(place_of(DocumentId(report.id)), sealed).decode()

    assert "# আপনি কোথায় আছেন\n" in told
    headings = [line for line in told.splitlines() if line.startswith("# ")]
    assert [line for line in headings if line.isascii()] == []


async def test_while_a_report_is_made_asking_again_gives_the_same_one() -> None:
    reports = Reports()
    student, plan = await reports.student()

    first, again, named = (
        await reports.asked(student),
        await reports.asked(student),
        await reports.asked(student, plan=plan),
    )

    assert first.id == again.id == named.id


async def test_a_report_whose_student_was_erased_meanwhile_leaves_nothing_and_tells_nobody() -> None:
    reports = Reports()
    student, _ = await reports.student()
    report = await reports.asked(student)
    before = await reports.kept()

    async def erased() -> None:
        await reports.erase(student)

    await reports.make(Interrupting(erased))(report.id)

    assert await reports.kept() == before
    assert list(await ListReports(reports.world.transactions)(student)) == []


async def test_a_report_that_lies_ready_goes_with_the_student() -> None:
    reports = Reports()
    student, _ = await reports.student()
    before = await reports.kept()
    await reports.made(student)

    await reports.erase(student)

    assert (await reports.kept(), list(await ListReports(reports.world.transactions)(student))) == (before, [])


async def test_a_list_in_which_an_erased_student_stands_is_withdrawn_and_one_that_is_being_made_is_not_published() -> (
    None
):
    reports = Reports()
    student, _ = await reports.student()
    another, _ = await reports.student("another@example.org")
    counsellor = await reports.counsellor(student, another)
    await reports.made(counsellor, Kind.CASELOAD)
    begun = await reports.asked(counsellor, Kind.DEADLINES)
    before = await reports.kept()

    async def erased() -> None:
        await reports.erase(student)

    with pytest.raises(Conflict):
        await reports.make(Interrupting(erased))(begun.id)
    await reports.make()(begun.id)

    states = {one.kind: one.state for one in await ListReports(reports.world.transactions)(counsellor)}
    assert states == {Kind.CASELOAD: State.WITHDRAWN, Kind.DEADLINES: State.READY}
    assert await reports.kept() == before  # the one that was ready is gone, and the other one came


async def test_a_job_that_was_killed_makes_the_report_when_it_is_tried_again() -> None:
    reports = Reports()
    student, _ = await reports.student()
    report = await reports.asked(student)

    async def killed() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await reports.make(Interrupting(killed))(report.id)
    making = (await reports.known(student)).state
    await reports.make()(report.id)
    await reports.make()(report.id)

    assert (making, (await reports.known(student)).state) == (State.MAKING, State.READY)


async def test_two_workers_at_one_report_leave_one_file() -> None:
    reports = Reports()
    student, _ = await reports.student()
    report, before = await reports.asked(student), await reports.kept()

    async def another() -> None:
        await reports.make()(report.id)

    await reports.make(Interrupting(another))(report.id)

    ready = await reports.known(student)
    assert (ready.state, await reports.kept()) == (State.READY, before + 1)
    assert reports.world.files.kept(ready.sha256) is not None


async def test_a_helper_has_a_report_only_while_she_is_let() -> None:
    reports = Reports()
    student, plan = await reports.student()
    counsellor = await reports.counsellor(student)
    stranger = Asker(counsellor.account_id, counsellor.roles)
    await reports.made(counsellor, plan=plan)
    ready = await reports.known(counsellor)
    link = LinkToReport(reports.world.transactions, reports.world.links)

    assert (await link(counsellor, ready.id)).url
    with pytest.raises(NotFound):
        await link(stranger, ready.id)
    with pytest.raises(NotFound):
        await reports.asked(stranger, plan=plan)
    with pytest.raises(NotFound):
        await GetReport(reports.world.transactions)(student, ready.id)


async def test_a_grant_that_ends_while_the_report_is_made_withdraws_it() -> None:
    reports = Reports()
    student, plan = await reports.student()
    counsellor = await reports.counsellor(student)
    report, before = await reports.asked(counsellor, plan=plan), await reports.kept()

    async def ended() -> None:
        async with reports.world.transactions() as work:
            (grant,) = await work.grants.of_student(owned(student))
            grant.end(student.account_id, work.now)
            await work.grants.save(grant)

    await reports.make(Interrupting(ended))(report.id)

    assert ((await reports.known(counsellor)).state, await reports.kept()) == (State.WITHDRAWN, before)


async def test_a_list_is_for_staff_and_a_readiness_report_is_a_pdf_about_a_plan() -> None:
    reports = Reports()
    student, _ = await reports.student()
    without = await reports.world.student("none@example.org")

    with pytest.raises(Forbidden):
        await reports.asked(student, Kind.CASELOAD)
    with pytest.raises(Invalid):
        await reports.asked(student, form=Form.XLSX)
    with pytest.raises(RuleBroken):
        await reports.asked(without)


async def test_a_caseload_has_those_first_who_have_least_room_and_nobody_who_has_not_let_it() -> None:
    reports = Reports()
    student, _ = await reports.student()
    planless = await reports.world.student("none@example.org")
    await reports.student("stranger@example.org")
    counsellor = await reports.counsellor(student, planless)

    told = await reports.made(counsellor, Kind.CASELOAD, Form.CSV)

    _, _, head, *rows = told.splitlines()
    assert head.split("\t")[:2] == ["'Days of room'", "'Student'"]
    assert len(rows) == 2
    assert "no plan yet" in rows[1]


@pytest.mark.parametrize("kind", [Kind.DEADLINES, Kind.BACKLOG, Kind.FUNNEL, Kind.RULES])
@pytest.mark.parametrize("form", list(Form))
async def test_every_list_comes_in_every_form(kind: Kind, form: Form) -> None:
    reports = Reports()
    student, _ = await reports.student()
    await reports.world.papers(student)
    counsellor = await reports.counsellor(student)

    told = await reports.made(counsellor, kind, form)

    assert len(told.splitlines()) > 3


async def test_imports_are_listed_with_what_was_wrong_in_which_column_and_how_often(tmp_path: Path) -> None:
    reports = Reports()
    world = reports.world
    admin = await world.student("admin@example.org")
    asker = Asker(admin.account_id, frozenset({Role.ADMIN}))
    async with world.transactions() as work:
        account = await work.accounts.get(admin.account_id)
        account.grant(Role.ADMIN)
        await work.accounts.save(account)
    head = "key,institution_key,institution,country,name,level,source_title,retrieved_on,confidence,duration_weeks"
    rows = [
        f"{key},uni,A university,DE,One,master,A page,2026-11-04,U,{weeks}" for key, weeks in (("a", "x"), ("b", "y"))
    ]
    good = "c,uni,A university,DE,One,master,A page,2026-11-04,U,"
    (tmp_path / "mine.csv").write_text("\n".join([head, *rows, good]) + "\n", encoding="utf-8")
    await ImportCatalogue(world.transactions, world.ids)(asker, CatalogueCsv(tmp_path / "mine.csv"))

    told = await reports.made(asker, Kind.IMPORTS, Form.CSV)

    _, _, named, *listed = told.splitlines()
    assert named.split("\t")[-4:] == ["'Column'", "'What was wrong'", "'How bad'", "'How many'"]
    [cells] = [one.split("\t") for one in listed]
    assert cells[1:4] == ["'mine.csv'", "'a catalogue (CSV)'", "'finished'"]
    assert (cells[5], cells[6], cells[-2], cells[-1]) == ("2", "'duration_weeks'", "'error'", "2")


async def test_a_plan_that_cannot_be_worked_out_any_more_fails_with_the_reason() -> None:
    reports = Reports()
    student, plan_id = await reports.student()
    report = await reports.asked(student)
    async with reports.world.transactions() as work:
        plan = await work.plans.get(plan_id)
        (ref,) = plan.targets
        plan.targets = (TargetRef(ref.programme_id, "summer", ref.starts_on),)
        await work.plans.save(plan)

    await reports.make()(report.id)

    failed = await reports.known(student)
    assert failed.state is State.FAILED
    assert failed.because == "plan.no_such_intake"
    with pytest.raises(RuleBroken):
        await LinkToReport(reports.world.transactions, reports.world.links)(student, report.id)


async def test_when_its_time_is_over_the_file_goes_and_the_report_says_so() -> None:
    reports = Reports()
    student, _ = await reports.student()
    before = await reports.kept()
    await reports.made(student)
    sweep = RemoveReports(reports.world.transactions, reports.world.files)
    counts: list[int] = []

    async def heard(count: int) -> None:
        counts.append(count)

    early = await sweep(heard)
    reports.world.clock.move(A_DAY)
    late = await sweep(heard)

    gone = await reports.known(student)
    assert (early, late, counts, await reports.kept()) == (0, 1, [1], before)
    assert gone.state is State.WITHDRAWN
    with pytest.raises(NotFound):
        await LinkToReport(reports.world.transactions, reports.world.links)(student, gone.id)
