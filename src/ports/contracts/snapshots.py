"""What any giver of snapshots must do: the same as a look at every programme, one by one."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from ...domain.catalogue.intake import Audience, Day, Deadline, DeadlineKind, Intake
from ...domain.catalogue.programme import Fee, FeePer, Institution, Level, Programme
from ...domain.catalogue.requirement import AllOf, AnyOf, DocumentNeeded, Requirement, Stated, StatedOnly, TestNeeded
from ...domain.catalogue.search import ProgrammeQuery
from ...domain.imports.catalogue_import import Table
from ...domain.imports.programmes import institution_row, programme_row
from ...domain.matching.asking import Apart, Named
from ...domain.matching.entry import Entry, entry_of
from ...domain.matching.evidence import Evidence
from ...domain.matching.listing import Listing
from ...domain.matching.unlocking import gains, rows_of, tried_steps
from ...domain.matching.wanted import Wanted, Wishes
from ...domain.matching.whole import Whole
from ...domain.profile.profile import Profile, Target, TestResult
from ...domain.rulebook.facts import Fact, Scope
from ...domain.rulebook.free_entry import VISA_NEEDED
from ...domain.rulebook.pack import Rulebook, RulePack
from ...domain.rulebook.scores import Scale, Section, TestScale, TotalRule
from ...domain.shared.ids import InstitutionId, ProgrammeId
from ...domain.shared.money import Money
from ...domain.shared.sources import Confidence, Source, SourceKind
from ..snapshots import Snapshots
from ..transactions import Transactions
from .catalogue_rows import AT, Keeper, an_import

ON = date(2027, 1, 4)
PAGE = Source("page", "A page made up for this test", SourceKind.OFFICIAL, ON, "https://example.org/")
STATED = Stated(PAGE, Confidence.HIGH)
BANDS = Scale(Decimal(0), Decimal(9), Decimal("0.5"))
SECTIONS = ("listening", "reading")
TEST = TestScale(
    "BANDS",
    "A test",
    BANDS,
    tuple(Section(name, BANDS) for name in SECTIONS),
    TotalRule.AS_GIVEN,
    PAGE,
    Confidence.HIGH,
)
NO_VISA = Fact("none", VISA_NEEDED, False, PAGE, Confidence.HIGH, scope=Scope("DE", nationality=("AT",)))
RULES = Rulebook((RulePack("test", "A pack", "1", ON, "0" * 64, tests=(TEST,), facts=(NO_VISA,)),))
STUDENT = Profile(
    citizenships=("AT",),
    tests=(TestResult("BANDS", ON, Decimal(6), dict.fromkeys(SECTIONS, Decimal(6))),),
    budget_a_year=Money.of(12_000, "EUR"),
    target=Target(fields=("061",)),
)
EVIDENCE = Evidence(STUDENT, ON, {"cv": True})
NEEDS_VISA = Evidence(replace(STUDENT, citizenships=None), ON, {"cv": True})
WISHES = Wishes.of(EVIDENCE, RULES), Wishes.of(NEEDS_VISA, RULES)
PAGES = (0, 1000), (5, 7)
QUESTIONS = (
    Wanted(),
    Wanted(ProgrammeQuery(countries=("DE", "NL"))),
    Wanted(ProgrammeQuery(levels=(Level.MASTER,), languages=("de",))),
    Wanted(ProgrammeQuery(fields=("061", "07"))),
    Wanted(ProgrammeQuery(text="data uni")),
    Wanted(ProgrammeQuery(text="münchen 100%_")),
    Wanted(most_tuition=Money.of(9_000, "EUR")),
    Wanted(most_tuition=Money.of(9_000, "JPY")),
    Wanted(starts_from=date(2027, 9, 1), starts_until=date(2027, 12, 31)),
    Wanted(still_open=True).for_student(EVIDENCE, RULES),
    Wanted(still_open=True).for_student(NEEDS_VISA, RULES),
    Wanted(ProgrammeQuery(countries=("XX",))),
)


class SnapshotsContract:
    """Override ``transactions`` with a store's, and ``snapshots`` with what gives snapshots of the same store."""

    @pytest.fixture
    def transactions(self) -> Transactions:
        """Return transactions on the store, which need not be empty."""
        raise NotImplementedError

    @pytest.fixture
    def snapshots(self, transactions: Transactions) -> Snapshots:
        """Return what gives the snapshots."""
        raise NotImplementedError

    @pytest.fixture
    def keeper(self, transactions: Transactions) -> Keeper:
        """Keeps rows in a catalogue of this test's own."""
        return Keeper(transactions)

    @pytest.mark.parametrize("question", range(len(QUESTIONS)))
    async def test_it_counts_ranks_and_pages_like_a_look_at_every_programme(
        self, keeper: Keeper, snapshots: Snapshots, question: int
    ) -> None:
        await kept(keeper, *some_programmes(keeper.origin))
        wanted = QUESTIONS[question]
        listing = Listing(await _every(keeper.transactions), Apart())

        expected = _matched_by(listing, wanted)

        assert await _matched(snapshots, wanted) == expected

    @pytest.mark.parametrize("question", [0, 1, 3])
    async def test_it_opens_what_a_look_at_every_programme_opens(
        self, keeper: Keeper, snapshots: Snapshots, question: int
    ) -> None:
        await kept(keeper, *some_programmes(keeper.origin))
        wanted = QUESTIONS[question]
        listing = Listing(await _every(keeper.transactions), Apart())

        expected = _opened_by(listing, wanted)

        assert await _opened(snapshots, wanted) == expected

    async def test_what_changed_is_there_after_the_import_that_changed_it(
        self, keeper: Keeper, snapshots: Snapshots
    ) -> None:
        programmes = some_programmes(keeper.origin)
        await kept(keeper, *programmes)
        before = await _matched(snapshots, Wanted())

        ids = await kept(keeper, replace(programmes[0], key=f"{keeper.origin}:new", name="New"))
        more = await _matched(snapshots, Wanted())
        await keeper.withdraw(Table.PROGRAMMES, ids)
        await _finished(keeper.transactions)

        assert sum(more[0].values()) == sum(before[0].values()) + 1
        assert await _matched(snapshots, Wanted()) == before

    async def test_one_with_tables_of_its_own_has_trees_of_its_own(self, keeper: Keeper, snapshots: Snapshots) -> None:
        await kept(keeper, *some_programmes(keeper.origin))
        own = Named(frozenset({"NL"}), institutions=frozenset({"data university"}))

        apart = (await snapshots.current(Apart(tests=own))).trees
        together = (await snapshots.current(Apart())).trees

        assert len({asked.asking for asked in apart.leaves}) == 3
        assert len({asked.asking for asked in together.leaves}) == 1


def some_programmes(origin: str) -> list[Programme]:
    """Return programmes that differ in all that is asked for, and many that state the same."""
    places = [_institution(origin, name, country) for name, country in (
        ("Data University", "DE"), ("Universität München", "DE"), ("Coast Academy", "NL"),
    )]  # fmt: skip
    requirements: list[Requirement | None] = [
        None,
        _bands("6.0"),
        _bands("6.5"),
        AllOf((_bands("6.0"), DocumentNeeded(STATED, "cv"), StatedOnly(STATED, "An interview decides."))),
        AllOf((AnyOf((_bands("7.0"), DocumentNeeded(STATED, "letter"))), DocumentNeeded(STATED, "cv"))),
        TestNeeded(STATED, "BANDS", Decimal(6), {"reading": Decimal("6.5")}),
        AnyOf((_bands("8.0"), StatedOnly(STATED, "Experience counts too."))),
        DocumentNeeded(STATED, "letter"),
    ]
    found = [
        _programme(
            f"{origin}:{number}",
            places[number % 3],
            requirements[number % 8],
            name=("Data Science", "Applied Mathematics 100%_", "Zoology")[number % 5 % 3],
            level=(Level.MASTER, Level.BACHELOR)[number % 7 % 2],
            fields=((), ("0613",), ("0714", "0613"), ("06",))[number // 3 % 4],
            languages=(("en",), ("de", "en"), ())[number // 2 % 3],
            tuition=_tuition(number),
            intakes=_intakes(number),
        )
        for number in range(48)
    ]
    return [*found, replace(found[0], key=f"{origin}:expired", expired=True)]


async def kept(keeper: Keeper, *programmes: Programme) -> list[Any]:
    """Keep the programmes as an import would, and return their ids."""
    async with keeper.transactions() as work:
        loading = await work.imports.loading(an_import(), keeper.edition())
        standing = await loading.standing(Table.INSTITUTIONS)
    places = {one.institution.key: one.institution for one in programmes if one.institution.key not in standing}
    if places:
        await keeper.add(Table.INSTITUTIONS, *(institution_row(place) for place in places.values()))
    ids = await keeper.add(Table.PROGRAMMES, *(programme_row(programme) for programme in programmes))
    await _finished(keeper.transactions)
    return ids


async def _finished(transactions: Transactions) -> None:
    """Let an import be finished: the catalogue is another edition then."""
    run = an_import()
    async with transactions() as work:
        await work.imports.add(run)
    async with transactions() as work:
        run.finish(AT + timedelta(seconds=3))
        await work.imports.save(run)


async def _every(transactions: Transactions) -> list[Entry]:
    async with transactions() as work:
        return [entry_of(programme) async for programme in work.catalogue.every(ProgrammeQuery())]


def _matched_by(listing: Listing, wanted: Wanted) -> Any:
    whole, chosen = Whole(listing.trees, EVIDENCE, RULES), listing.select(wanted)
    order = whole.order(chosen.counts, chosen.standings(whole.leaves), 1000)
    return order.counts, [chosen.page(order.ranks, wishes, start, size) for wishes in WISHES for start, size in PAGES]


async def _matched(snapshots: Snapshots, wanted: Wanted) -> Any:
    snapshot = await snapshots.current(Apart())
    whole, chosen = Whole(snapshot.trees, EVIDENCE, RULES), await snapshot.select(wanted)
    order = whole.order(chosen.counts, await chosen.standings(whole.leaves), 1000)
    pages = [await chosen.pages([order.ranks], wishes, start, size) for wishes in WISHES for start, size in PAGES]
    return order.counts, [list(page) for (page,) in pages]


def _opened_by(listing: Listing, wanted: Wanted) -> Any:
    whole, chosen = Whole(listing.trees, EVIDENCE, RULES), listing.select(wanted)
    tried = tried_steps(whole)
    return [
        (gain.step.key, gain.opened, gain.words_left, chosen.page(gain.ranks, Wishes.of(EVIDENCE, RULES), 0, 9))
        for gain in gains(tried, chosen.openings(rows_of(whole, tried)), chosen.counts)
    ]


async def _opened(snapshots: Snapshots, wanted: Wanted) -> Any:
    snapshot = await snapshots.current(Apart())
    whole, chosen = Whole(snapshot.trees, EVIDENCE, RULES), await snapshot.select(wanted)
    tried = tried_steps(whole)
    found = gains(tried, await chosen.openings(rows_of(whole, tried)), chosen.counts)
    pages = await chosen.pages([gain.ranks for gain in found], Wishes.of(EVIDENCE, RULES), 0, 9)
    return [(gain.step.key, gain.opened, gain.words_left, list(page)) for gain, page in zip(found, pages, strict=True)]


def _institution(origin: str, name: str, country: str) -> Institution:
    return Institution(InstitutionId(uuid4()), f"{origin}:{name}", name, country, PAGE, zone="Europe/Berlin")


def _programme(key: str, institution: Institution, requirement: Requirement | None, **changes: Any) -> Programme:
    usual = Programme(ProgrammeId(uuid4()), key, institution, "A name", Level.MASTER, PAGE, Confidence.HIGH)
    return replace(usual, requirement=requirement, **changes)


def _bands(total: str) -> TestNeeded:
    return TestNeeded(STATED, "BANDS", Decimal(total))


def _tuition(number: int) -> Fee | None:
    if number % 4 == 0:
        return None
    per = (FeePer.YEAR, FeePer.SEMESTER)[number % 2]
    return Fee(Money.of(1_000 * (number % 11), ("EUR", "EUR", "AUD")[number % 3]), per, PAGE, Confidence.HIGH)


def _intakes(number: int) -> tuple[Intake, ...]:
    due = Deadline(DeadlineKind.APPLICATION, Day(each=(7, 15)), "Europe/Berlin", PAGE, Confidence.HIGH)
    gone = replace(due, day=Day(on=date(2026, 12, 1)))
    abroad = replace(gone, audience=Audience.VISA_REQUIRED)
    return (
        (),
        (Intake("winter", Day(each=(10, 1)), (due,)),),
        (Intake("summer", Day(on=date(2027, 4, 1)), (gone,)),),
        (Intake("winter", Day(each=(10, 1))),),
        (Intake("winter", Day(each=(10, 1)), (due, abroad)),),
    )[number // 4 % 5]
