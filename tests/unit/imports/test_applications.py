"""A file of applications counts where its student lets the sender act, and says nothing of any other student."""

from collections.abc import Iterable
from datetime import date
from uuid import uuid4

import pytest
from importing import Importing, an_importing
from worlds import World, owned

from higherstudy.domain.applications.application import Action, Application, State
from higherstudy.domain.applications.use_cases.keeping import Withdraw
from higherstudy.domain.identity.account import Asker
from higherstudy.domain.identity.scopes import Kind, Scope
from higherstudy.domain.identity.use_cases.grants import EndGrant
from higherstudy.domain.imports.catalogue_import import Counts, ImportKind, RowProblem, Table
from higherstudy.domain.imports.use_cases.offers import ShowFiled
from higherstudy.domain.shared.errors import NotFound

HEADER = "student,programme,term,starts_on,state,deadline,deadline_zone,Portal reference"
INTAKE = "winter,2027-10-01"
SAYS = "submitted,2027-07-15,Europe/Berlin,U-4711"


@pytest.fixture
def world() -> World:
    return World()


async def a_helped_student(world: World, importing: Importing, *scopes: Scope) -> Asker:
    student = await world.student()
    if scopes:
        await importing.granted(student, *scopes)
    return student


async def applications_of(world: World, student: Asker) -> list[Application]:
    async with world.transactions() as work:
        return list(await work.applications.of_student(owned(student)))


def told(problems: Iterable[RowProblem]) -> list[tuple[int, str, str]]:
    return [(one.row, one.column, one.code) for one in problems]


async def test_a_row_begins_an_application_and_tells_what_the_portal_shows(world: World) -> None:
    importing, programme = await an_importing(world), await world.programme()
    student = await a_helped_student(world, importing, Scope.ACT)

    run = await importing.applications(HEADER, f"Student@Example.org,{programme.name},{INTAKE},{SAYS}")
    [application] = await applications_of(world, student)
    filed = await ShowFiled(world.transactions)(student, application.id)

    assert run.counts == {Table.APPLICATIONS: Counts(read=1, added=1)}
    assert (application.programme_id, application.term, application.starts_on, application.state) == (
        programme.id, "winter", date(2027, 10, 1), State.DRAFT,
    )  # fmt: skip
    assert {name: (says, one.import_id, one.row, one.columns) for name, (says, one) in filed.items()} == {
        "state": ("submitted", run.id, 2, ("state",)),
        "deadline": ("2027-07-15T23:59 Europe/Berlin", run.id, 2, ("deadline",)),
        "portal_reference": ("U-4711", run.id, 2, ("Portal reference",)),
    }


@pytest.mark.parametrize("scopes", [(), (Scope.READ_PLAN, Scope.UPLOAD, Scope.CHANGE_PROFILE, Scope.PAY)])
async def test_a_student_who_has_not_let_is_refused_in_the_words_for_one_who_does_not_exist(
    world: World, scopes: tuple[Scope, ...]
) -> None:
    importing, programme = await an_importing(world), await world.programme()
    student = await a_helped_student(world, importing, *scopes)
    rows = [
        f"{who},{programme.id},{INTAKE},,,," for who in ("student@example.org", owned(student), "nobody@example.org")
    ]

    run = await importing.applications(HEADER, *rows, f"{uuid4()},{programme.id},{INTAKE},,,,")
    problems = [(one.column, one.code, set(one.params) - {"given"}) for one in await importing.problems(run)]

    assert run.counts == {Table.APPLICATIONS: Counts(read=4, refused=4)}
    assert problems == [("student", "import.no_such_student", set())] * 4
    assert await applications_of(world, student) == []


async def test_a_grant_that_was_ended_or_taken_without_the_role_counts_no_more(world: World) -> None:
    importing, programme = await an_importing(world), await world.programme()
    student, other = await world.student(), await world.student("other@example.org")
    ended = await importing.granted(student, Scope.ACT)
    await importing.granted(other, Scope.ACT, kind=Kind.TAKEN)
    row = f"student@example.org,{programme.id},{INTAKE},,,,"
    waits = await importing.bring(ImportKind.APPLICATIONS, HEADER, row, row.replace("student@", "other@"))

    await EndGrant(world.transactions)(student, ended.id)
    run = await importing.taken(waits)

    assert run.counts == {Table.APPLICATIONS: Counts(read=2, refused=2)}
    assert await applications_of(world, student) + await applications_of(world, other) == []


async def test_near_names_of_programmes_are_suggested_and_nothing_is_guessed(world: World) -> None:
    importing, programme = await an_importing(world), await world.programme()
    student = await a_helped_student(world, importing, Scope.ACT)
    near = programme.name[:-1] + "x"

    run = await importing.applications(
        HEADER,
        f"student@example.org,{near},{INTAKE},,,,",
        f"student@example.org,Zoology of dragons,{INTAKE},,,,",
        f"student@example.org,{programme.key},summer,2027-04-01,,,,",
        f"student@example.org,{programme.key},winter,2027-10-01,gone,31.7.2027,Mars,",
    )
    problems = await importing.problems(run)

    assert told(problems) == [
        (2, "programme", "import.no_such_programme_but"),
        (3, "programme", "import.no_such_programme"),
        (4, "term", "application.intake_unknown"),
        (5, "state", "data.unknown_word"),
        (5, "deadline", "data.not_a_date"),
        (5, "deadline_zone", "zone.unknown"),
    ]
    assert programme.name in str(problems[0].suggestion)
    assert programme.key in str(problems[0].suggestion)
    assert await applications_of(world, student) == []


async def test_a_later_file_changes_what_is_told_and_undoing_it_brings_that_back(world: World) -> None:
    importing, programme = await an_importing(world), await world.programme()
    student = await a_helped_student(world, importing, Scope.ACT)
    row = f"student@example.org,{programme.id},{INTAKE},{SAYS}"
    first = await importing.applications(HEADER, row)
    same = await importing.applications(HEADER, row)
    later = await importing.applications(HEADER, row.replace("submitted", "acknowledged"))
    [application] = await applications_of(world, student)
    show = ShowFiled(world.transactions)
    changed = await show(student, application.id)

    too_early = await importing.undone(first)
    undone = await importing.undone(later)
    back = await show(student, application.id)

    assert [run.counts[Table.APPLICATIONS] for run in (first, same, later)] == [
        Counts(read=1, added=1),
        Counts(read=1, unchanged=1),
        Counts(read=1, changed=1),
    ]
    assert {name: (says, one.import_id) for name, (says, one) in changed.items()} == {
        "state": ("acknowledged", later.id),
        "deadline": ("2027-07-15T23:59 Europe/Berlin", first.id),
        "portal_reference": ("U-4711", first.id),
    }
    assert told(await importing.problems(too_early)) == [(2, "", "import.filed_since")]
    assert undone.counts == {Table.APPLICATIONS: Counts(read=1, changed=1)}
    assert back["state"][0] == "submitted"


async def test_undoing_withdraws_the_drafts_that_a_file_began_unless_somebody_has_gone_on(world: World) -> None:
    importing, programme = await an_importing(world), await world.programme()
    students = [await world.student(f"{name}@example.org") for name in ("one", "two")]
    for student in students:
        await importing.granted(student, Scope.ACT)
    rows = [f"{name}@example.org,{programme.id},{INTAKE},{SAYS}" for name in ("one", "two")]
    run = await importing.applications(HEADER, *rows)
    [untouched], [touched] = [await applications_of(world, student) for student in students]
    await Withdraw(world.transactions)(students[1], touched.id, "I have decided otherwise.")

    tried = await importing.undone(run, dry_run=True)
    undone = await importing.undone(run)

    assert tried.counts == undone.counts == {Table.APPLICATIONS: Counts(read=2, removed=1, refused=1)}
    assert told(await importing.problems(undone)) == [(3, "", "import.application_moved")]
    [now] = await applications_of(world, students[0])
    assert (now.id, now.state, now.history[-1].action) == (untouched.id, State.WITHDRAWN, Action.WITHDRAW)
    assert await ShowFiled(world.transactions)(students[0], now.id) == {}


async def test_what_a_file_says_is_shown_to_whom_the_application_is(world: World) -> None:
    importing, programme = await an_importing(world), await world.programme()
    student = await a_helped_student(world, importing, Scope.ACT)
    await importing.applications(HEADER, f"student@example.org,{programme.id},{INTAKE},{SAYS}")
    [application] = await applications_of(world, student)

    with pytest.raises(NotFound):
        await ShowFiled(world.transactions)(await world.student("other@example.org"), application.id)
