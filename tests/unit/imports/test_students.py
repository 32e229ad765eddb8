"""A file of students becomes offers: nobody's record is made, changed or shown by it."""

from datetime import timedelta

import pytest
from importing import a_counsellor, an_importing, confirmed
from worlds import World, owned

from higherstudy.domain.identity.account import Asker, Role
from higherstudy.domain.imports.catalogue_import import Counts, ImportKind, State, Table
from higherstudy.domain.imports.events import ImportFailed, PeopleImported, RecordOffered
from higherstudy.domain.imports.offer import OPEN_FOR, OfferState, Outcome
from higherstudy.domain.imports.use_cases.offers import (
    AcceptRecordOffer,
    Beside,
    DeclineRecordOffer,
    ListImportOffers,
    ListRecordOffers,
    TraceProfile,
)
from higherstudy.domain.imports.use_cases.reading import GetImport, ListImports
from higherstudy.domain.profile.profile import Profile
from higherstudy.domain.profile.use_cases import ChangeProfile
from higherstudy.domain.shared.errors import Conflict, Forbidden, Invalid, NotFound, RuleBroken
from higherstudy.domain.shared.ids import AccountId

HEADER = "email,Name,Nationality,Birth date,Preferred language"
NUSRAT = "nusrat@example.org,Nusrat Jahan,BD,2003-05-17,bn"
OMAR = "omar@example.org,Omar Faruk,BD,2002-01-31,en"
WRONG = "not an address,Nobody,XX,31/12/2001,en"


@pytest.fixture
def world() -> World:
    return World()


async def offers_of(world: World, student: Asker) -> list[Beside]:
    return list(await ListRecordOffers(world.transactions)(student))


async def a_student(world: World, email: str = "nusrat@example.org", profile: Profile | None = None) -> Asker:
    return await confirmed(world, await world.student(email, profile or Profile()))


async def test_each_row_becomes_an_offer_and_each_wrong_one_is_named_with_its_columns(world: World) -> None:
    importing = await an_importing(world)

    run = await importing.students(HEADER, NUSRAT, WRONG, OMAR)
    problems = await importing.problems(run)

    assert (run.state, run.checkpoint) == (State.FINISHED, 4)
    assert run.counts == {Table.STUDENTS: Counts(read=3, added=2, refused=1)}
    assert {(one.row, one.column, one.code) for one in problems} == {
        (3, "email", "email.malformed"),
        (3, "Nationality", "country.unknown"),
        (3, "Birth date", "data.not_a_date"),
    }
    assert [one.value for one in problems if one.column == "Birth date"] == ["31/12/2001"]


async def test_what_stands_in_a_cell_is_kept_with_its_row_alone(world: World) -> None:
    importing = await an_importing(world)
    run = await importing.students(HEADER, WRONG)

    kept = [str(dict(one.params)) for one in world.store.imports.problems.rows()]

    assert kept
    assert [text for text in kept if "2001" in text or "Nobody" in text or "XX" in text] == []
    assert run.problems == len(kept)


async def test_a_dry_run_reports_the_same_and_invites_nobody(world: World) -> None:
    importing = await an_importing(world)

    tried = await importing.students(HEADER, NUSRAT, WRONG, dry_run=True)

    assert tried.counts == {Table.STUDENTS: Counts(read=2, added=1, refused=1)}
    assert list(world.store.record_offers.rows()) == []
    assert not [event for event in await world.events() if isinstance(event, RecordOffered)]


async def test_a_file_is_taken_for_good_after_a_dry_run_and_corrected_without_being_sent_again(world: World) -> None:
    importing = await an_importing(world)
    tried = await importing.students(HEADER, NUSRAT, WRONG, dry_run=True)
    lines = ("csv,3,email,omar@example.org", "csv,3,Nationality,BD", "csv,3,Birth date,2001-12-31", "csv,9,Name,Nobody")

    taken = await importing.corrected(tried, *lines)
    again = await importing.again(taken)

    assert taken.counts == {Table.STUDENTS: Counts(read=2, added=2)}
    assert [(one.row, one.code) for one in await importing.problems(taken)] == [(9, "import.correction_unused")]
    assert again.counts == {Table.STUDENTS: Counts(read=2, unchanged=2)}
    assert (again.corrects, len(again.corrections)) == (taken.id, 1)


@pytest.mark.parametrize("somebody_there", [True, False])
async def test_the_answer_is_the_same_whether_or_not_somebody_has_the_address(
    world: World, somebody_there: bool
) -> None:
    importing = await an_importing(world)
    if somebody_there:
        await a_student(world)

    run = await importing.students(HEADER, NUSRAT)
    offers = await ListImportOffers(world.transactions)(importing.sender, run.id)

    assert run.counts == {Table.STUDENTS: Counts(read=1, added=1)}
    assert await importing.problems(run) == []
    assert [(one.row, one.looks_open, one.student_id) for one in offers] == [(2, True, None)]


async def test_nothing_is_hers_until_she_takes_it_and_what_she_refuses_is_forgotten(world: World) -> None:
    importing = await an_importing(world)
    run = await importing.students(HEADER, NUSRAT)
    student = await a_student(world)
    before = await profile_of(world, student)
    [found] = await offers_of(world, student)

    answered = await AcceptRecordOffer(world.transactions)(student, found.offer.id, frozenset({"name", "citizenships"}))
    profile = await profile_of(world, student)
    [kept] = await ListImportOffers(world.transactions)(importing.sender, run.id)

    assert before == Profile()
    assert found.sender == "counsellor@example.org"
    assert [(one.offered.part, one.offered.columns, one.stated) for one in found.values] == [
        ("name", ("Name",), None),
        ("birth_date", ("Birth date",), None),
        ("citizenships", ("Nationality",), None),
        ("preferred_language", ("Preferred language",), None),
    ]
    assert (profile.name, profile.citizenships) == ("Nusrat Jahan", ("BD",))
    assert (profile.birth_date, profile.preferred_language) == (None, "")
    assert {one.part: one.outcome for one in answered.values} == {
        "name": Outcome.TAKEN,
        "citizenships": Outcome.TAKEN,
        "birth_date": Outcome.REFUSED,
        "preferred_language": Outcome.REFUSED,
    }
    assert [one.value for one in kept.values if one.outcome is Outcome.REFUSED] == [None, None]
    assert not world.store.grants.any(lambda _: True)


async def test_what_she_states_herself_is_shown_beside_and_never_overwritten(world: World) -> None:
    importing = await an_importing(world)
    await importing.students(HEADER, NUSRAT)
    student = await a_student(world, profile=Profile(name="Nusrat J. Rahman", citizenships=("BD",)))
    [found] = await offers_of(world, student)

    everything = frozenset(one.part for one in found.offer.values)
    answered = await AcceptRecordOffer(world.transactions)(student, found.offer.id, everything)
    profile = await profile_of(world, student)

    beside = {one.offered.part: (one.stated, one.can_be_taken) for one in found.values}
    assert beside["name"] == ("Nusrat J. Rahman", False)
    assert beside["citizenships"] == (["BD"], True)
    assert {one.part: one.outcome for one in answered.values}["name"] is Outcome.STATED
    assert (profile.name, profile.preferred_language) == ("Nusrat J. Rahman", "bn")


async def test_each_taken_value_tells_its_import_row_and_columns_until_she_changes_it(world: World) -> None:
    importing = await an_importing(world)
    run = await importing.students(HEADER, OMAR, NUSRAT)
    student = await a_student(world)
    [found] = await offers_of(world, student)
    await AcceptRecordOffer(world.transactions)(student, found.offer.id, frozenset({"name", "birth_date"}))
    trace = TraceProfile(world.transactions)

    origins = await trace(student, owned(student))
    change = ChangeProfile(world.transactions, world.rule_packs, world.zones, world.vault)
    await change(student, owned(student), {"name": "Nusrat Rahman"})
    afterwards = await trace(student, owned(student))

    assert {part: (one.import_id, one.row, one.columns) for part, one in origins.items()} == {
        "name": (run.id, 3, ("Name",)),
        "birth_date": (run.id, 3, ("Birth date",)),
    }
    assert list(afterwards) == ["birth_date"]


async def test_an_offer_is_for_whoever_reads_the_mail_of_its_address(world: World) -> None:
    importing = await an_importing(world)
    await importing.students(HEADER, NUSRAT)
    unconfirmed, other = (
        await world.student("nusrat@example.org", Profile()),
        await a_student(world, "omar@example.org"),
    )
    [offer] = world.store.record_offers.rows()
    accept = AcceptRecordOffer(world.transactions)

    shown = [await offers_of(world, one) for one in (unconfirmed, other)]

    assert shown == [[], []]
    with pytest.raises(RuleBroken):
        await accept(unconfirmed, offer.id, frozenset({"name"}))
    with pytest.raises(NotFound):
        await accept(other, offer.id, frozenset({"name"}))


async def test_an_offer_is_answered_once_within_its_time_with_what_it_offers(world: World) -> None:
    importing = await an_importing(world)
    await importing.students(HEADER, NUSRAT)
    student = await a_student(world)
    [found] = await offers_of(world, student)
    accept = AcceptRecordOffer(world.transactions)

    with pytest.raises(Invalid):
        await accept(student, found.offer.id, frozenset({"name", "passport"}))
    with pytest.raises(RuleBroken):
        await accept(student, found.offer.id, frozenset())
    await accept(student, found.offer.id, frozenset({"name"}))
    with pytest.raises(Conflict):
        await accept(student, found.offer.id, frozenset({"birth_date"}))

    await importing.students(HEADER, NUSRAT.replace("Jahan", "Rahman"))
    world.clock.move(OPEN_FOR + timedelta(seconds=1))
    [late] = [one for one in world.store.record_offers.rows() if one.state is OfferState.OPEN]
    assert await offers_of(world, student) == []
    with pytest.raises(NotFound):
        await accept(student, late.id, frozenset({"name"}))


@pytest.mark.parametrize("later", [NUSRAT, NUSRAT.replace("Jahan", "Rahman")])
async def test_whoever_has_declined_looks_like_one_who_has_not_read_it(world: World, later: str) -> None:
    importing = await an_importing(world)
    waiting, declining = await importing.students(HEADER, OMAR), await importing.students(HEADER, NUSRAT)
    student = await a_student(world)
    [found] = await offers_of(world, student)
    await DeclineRecordOffer(world.transactions)(student, found.offer.id)
    invited = len([event for event in await world.events() if isinstance(event, RecordOffered)])

    shown = [
        [(one.looks_open, one.until) for one in await ListImportOffers(world.transactions)(importing.sender, run.id)]
        for run in (waiting, declining)
    ]
    of_declined = await importing.students(HEADER, later)
    of_unread = await importing.students(HEADER, later.replace("nusrat@", "omar@"))

    assert shown[0] == shown[1]
    assert await offers_of(world, student) == []
    again = [event for event in await world.events() if isinstance(event, RecordOffered)]
    assert len(again) == invited + 1, "the one who has not answered; she who has declined is not invited again"
    assert of_declined.counts[Table.STUDENTS].refused == of_unread.counts[Table.STUDENTS].refused == 0


async def test_a_later_file_replaces_what_is_open_and_undoing_it_lets_that_stand_again(world: World) -> None:
    importing = await an_importing(world)
    await importing.students(HEADER, NUSRAT)
    later = await importing.students(HEADER, NUSRAT.replace("Jahan", "Rahman"), OMAR)
    student = await a_student(world)
    replaced = [one.offer.values[0].value for one in await offers_of(world, student)]

    tried = await importing.undone(later, dry_run=True)
    undone = await importing.undone(later)

    assert later.counts == {Table.STUDENTS: Counts(read=2, added=1, changed=1)}
    assert replaced == ["Nusrat Rahman"]
    assert tried.counts == undone.counts == {Table.STUDENTS: Counts(read=2, changed=1, removed=1)}
    assert [one.offer.values[0].value for one in await offers_of(world, student)] == ["Nusrat Jahan"]
    with pytest.raises(RuleBroken):
        await importing.undone(later)


async def test_what_was_accepted_is_not_taken_back_and_is_named(world: World) -> None:
    importing = await an_importing(world)
    run = await importing.students(HEADER, NUSRAT, OMAR)
    student = await a_student(world)
    [found] = await offers_of(world, student)
    await AcceptRecordOffer(world.transactions)(student, found.offer.id, frozenset({"name"}))

    undone = await importing.undone(run)

    assert undone.counts == {Table.STUDENTS: Counts(read=2, removed=1, refused=1)}
    assert [(one.row, one.code) for one in await importing.problems(undone)] == [(2, "import.accepted_since")]
    assert (await profile_of(world, student)).name == "Nusrat Jahan"
    assert {one.state: one.values for one in world.store.record_offers.rows()}[OfferState.WITHDRAWN] == ()


async def test_of_two_rows_with_one_address_the_first_counts(world: World) -> None:
    importing = await an_importing(world)

    run = await importing.students(HEADER, NUSRAT, OMAR, NUSRAT.replace("nusrat@", "Nusrat@"))

    assert run.counts == {Table.STUDENTS: Counts(read=3, added=2, refused=1)}
    assert [(one.row, one.code) for one in await importing.problems(run)] == [(4, "import.student_repeated")]


async def test_a_file_of_people_belongs_to_whoever_brought_it(world: World) -> None:
    importing = await an_importing(world)
    other = await a_counsellor(world, "other@example.org")
    admin = Asker(AccountId(world.ids.new()), frozenset({Role.ADMIN}))
    run = await importing.students(HEADER, NUSRAT)

    for somebody in (other, admin):
        with pytest.raises(NotFound):
            await GetImport(world.transactions)(somebody, run.id)
        assert list(await ListImports(world.transactions)(somebody)) == []
    same = await importing.students(HEADER, NUSRAT, by=other)
    assert [one.id for one in await ListImports(world.transactions)(importing.sender)] == [run.id]
    assert same.same_as is None, "that somebody else sent the same file is not told"
    with pytest.raises(Forbidden):
        await importing.bring(ImportKind.STUDENTS, HEADER, NUSRAT, by=await a_student(world))


async def test_a_file_without_its_needed_column_is_refused_as_a_whole_and_an_unknown_one_is_passed_over(
    world: World,
) -> None:
    importing = await an_importing(world)

    with pytest.raises(Invalid) as error:
        await importing.bring(ImportKind.STUDENTS, "Name,Nationality", "Nusrat,BD")
    run = await importing.students(HEADER + ",Degree titel,Favourite colour", NUSRAT + ",BSc,green")

    assert [one.code for one in error.value.reasons] == ["csv.column_missing"]
    problems = await importing.problems(run)
    assert [(one.row, one.column, one.suggestion) for one in problems] == [
        (1, "Degree titel", "degree_title"),
        (1, "Favourite colour", None),
    ]
    assert {(one.code, one.severity.value) for one in problems} == {("import.unknown_column", "warning")}
    assert run.counts == {Table.STUDENTS: Counts(read=1, added=1)}


async def test_the_end_of_an_import_is_an_event(world: World) -> None:
    importing = await an_importing(world)
    run = await importing.students(HEADER, NUSRAT)

    ends = [event for event in await world.events() if isinstance(event, PeopleImported | ImportFailed)]

    assert ends == [PeopleImported(run.id, dry_run=False)]


async def profile_of(world: World, student: Asker) -> Profile:
    async with world.transactions() as work:
        return (await work.students.get(owned(student))).profile
