"""Which programmes a question takes, and what a catalogue at hand answers to it, worked out by hand."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from higherstudy.adapters.bundled.packs import bundled_rulebook
from higherstudy.domain.catalogue.intake import Audience, Day
from higherstudy.domain.catalogue.programme import Fee, FeePer, Level, Programme
from higherstudy.domain.catalogue.requirement import (
    AllOf,
    DocumentNeeded,
    ExperienceNeeded,
    MoneyNeeded,
    StatedOnly,
    TestNeeded,
    ValidAt,
)
from higherstudy.domain.catalogue.search import ProgrammeQuery
from higherstudy.domain.matching.embedded import match_all, unlock
from higherstudy.domain.matching.evidence import Days, Evidence
from higherstudy.domain.matching.fit import Fits
from higherstudy.domain.matching.trees import Lack
from higherstudy.domain.matching.unlocking import Unlocks
from higherstudy.domain.matching.verdict import Standing
from higherstudy.domain.matching.wanted import Wanted, Wishes
from higherstudy.domain.profile.profile import Target
from higherstudy.domain.rulebook.facts import Fact, Scope
from higherstudy.domain.rulebook.free_entry import VISA_NEEDED
from higherstudy.domain.rulebook.pack import Rulebook
from higherstudy.domain.shared.ids import ProgrammeId
from higherstudy.domain.shared.money import Money
from study_builders import STATED, deadline, institution, profile, programme, winter

ON, RULES = date(2026, 11, 23), bundled_rulebook()
STUDENT = Evidence(profile(), ON, {"cv": True})


def offer(number: int, name: str, **changes: Any) -> Programme:
    """Return a programme of computer science in English in Germany that wants an IELTS of 6.0, as changed."""
    usual: dict[str, Any] = {"requirement": TestNeeded(STATED, "IELTS_AC", Decimal("6.0")), "name": name, "key": name}
    return replace(programme(), id=ProgrammeId(UUID(int=number)), **(usual | changes))


def fee(amount: int, currency: str = "EUR") -> Fee:
    return Fee(Money.of(amount, currency), FeePer.YEAR, STATED.source, STATED.confidence)


GONE = deadline(day=Day(on=date(2026, 11, 22)))
OFFERED = (
    offer(1, "Plain", tuition=fee(1_000)),
    offer(2, "Free of any word"),
    offer(3, "Dutch", institution=institution(country="NL", name="Other School"), tuition=fee(1_001)),
    offer(4, "Doctorate", level=Level.DOCTORATE, tuition=fee(900, "USD")),
    offer(5, "History", fields=("0222", "0311"), tuition=fee(0)),
    offer(6, "In German", languages=("de", "bn")),
    offer(7, "No page says", fields=(), languages=(), intakes=()),
    offer(8, "In spring", intakes=(winter(starts=Day(on=date(2027, 4, 1)), deadlines=()),)),
    offer(9, "Deadline gone", intakes=(winter(starts=Day(on=date(2027, 9, 1)), deadlines=(GONE,)),)),
)
EVERY = {one.name for one in OFFERED}


def names(wanted: Wanted, evidence: Evidence = STUDENT) -> set[str]:
    return {one.programme.name for one in match_all(OFFERED, evidence, RULES, 20, wanted=wanted).page}


def query(**parts: Any) -> Wanted:
    return Wanted(ProgrammeQuery(**parts))


@pytest.mark.parametrize(
    ("wanted", "taken"),
    [
        (Wanted(), EVERY),
        (query(countries=("NL", "US")), {"Dutch"}),
        (query(levels=(Level.DOCTORATE,)), {"Doctorate"}),
        (query(fields=("03", "08")), {"History"}),
        (query(fields=("06",)), EVERY - {"History", "No page says"}),
        (query(languages=("bn", "fr")), {"In German"}),
        (query(languages=("en", "de")), EVERY - {"No page says"}),
        (query(text="other SCHOOL"), {"Dutch"}),
        (query(text="free word"), {"Free of any word"}),
        (query(text="free school"), set()),
        (Wanted(most_tuition=Money.of(1_000, "EUR")), {"Plain", "History"}),
        (Wanted(most_tuition=Money.of(900, "USD")), {"Doctorate"}),
        (Wanted(query(countries=("DE",)).query, Money.of(2_000, "EUR")), {"Plain", "History"}),
    ],
)
def test_only_what_fits_each_part_of_the_question_is_taken(wanted: Wanted, taken: set[str]) -> None:
    assert names(wanted) == taken


WINTER = EVERY - {"No page says", "In spring", "Deadline gone"}


@pytest.mark.parametrize(
    ("days", "taken"),
    [
        ({"starts_from": date(2027, 9, 1), "starts_until": date(2027, 9, 30)}, {"Deadline gone"}),
        ({"starts_from": date(2027, 3, 1), "starts_until": date(2027, 10, 1)}, EVERY - {"No page says"}),
        ({"starts_from": date(2027, 9, 2)}, WINTER),
        ({"starts_until": date(2027, 4, 1)}, WINTER | {"In spring"}),
        ({"open_on": ON, "begin": date(2027, 1, 1)}, WINTER),
        ({"open_on": date(2026, 11, 22), "begin": date(2027, 1, 1)}, WINTER | {"Deadline gone"}),
        ({"open_on": date(2027, 7, 16)}, set()),  # for October 2027, the next beginning from that day on
        ({"open_on": date(2027, 7, 16), "begin": date(2028, 1, 1)}, WINTER),
        ({"open_on": ON, "starts_from": date(2027, 9, 1), "starts_until": date(2027, 9, 30)}, set()),
        ({"open_on": ON, "starts_from": date(2027, 10, 1), "starts_until": date(2027, 10, 1)}, WINTER),
    ],
)
def test_only_what_keeps_the_days_is_taken(days: dict[str, date], taken: set[str]) -> None:
    assert names(Wanted(**days)) == taken  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("on", "begin", "taken"),
    [
        (ON, None, WINTER),
        (date(2026, 11, 22), None, WINTER | {"Deadline gone"}),
        (date(2027, 7, 16), None, set()),
        (date(2027, 7, 16), date(2028, 1, 1), WINTER),
    ],
)
def test_what_is_still_open_is_so_on_the_students_day_for_when_she_would_begin(
    on: date, begin: date | None, taken: set[str]
) -> None:
    student = replace(STUDENT, on=on, profile=profile(target=Target(start_from=begin)))
    asked = Wanted(still_open=True)

    assert names(asked, student) == taken
    days = Wanted(still_open=True, open_on=on, begin=max(on, begin or on), visa_free=frozenset({"BD"}))
    assert asked.for_student(student, RULES) == days
    assert Wanted(starts_from=on).for_student(student, RULES) == Wanted(starts_from=on)


ABROAD = deadline(day=Day(on=date(2026, 11, 22)), audience=Audience.VISA_REQUIRED)
FOR_SOME = (
    offer(11, "In Germany", intakes=(winter(deadlines=(deadline(), ABROAD)),)),
    offer(12, "In Britain", intakes=(winter(deadlines=(deadline(), ABROAD)),), institution=institution(country="GB")),
    offer(13, "Nothing of visas", intakes=(winter(deadlines=(deadline(),)),)),
)


@pytest.mark.parametrize(
    ("citizenships", "open_there"),
    [
        (("BD",), {"Nothing of visas"}),
        (None, {"Nothing of visas"}),
        (("NL",), {"Nothing of visas", "In Germany"}),
        (("BD", "DE"), {"Nothing of visas", "In Germany"}),
        (("IE",), {"Nothing of visas", "In Germany", "In Britain"}),
        (("GB",), {"Nothing of visas", "In Britain"}),
    ],
    ids=["needs visas", "nobody knows", "free movement", "one of two passports", "everywhere", "at home"],
)
def test_deadlines_of_those_who_need_a_visa_bind_nobody_who_needs_none_in_that_country(
    citizenships: tuple[str, ...] | None, open_there: set[str]
) -> None:
    student = replace(STUDENT, profile=profile(citizenships=citizenships))

    found = match_all(FOR_SOME, student, RULES, 9, wanted=Wanted(still_open=True)).page
    every = match_all(FOR_SOME, student, RULES, 9).page

    assert {one.programme.name for one in found} == open_there
    assert {one.programme.name for one in every if one.fit.deadline is Fits.YES} == open_there
    assert [one.fit.deadline for one in every] == sorted(one.fit.deadline for one in every)


@pytest.mark.parametrize(
    ("begin", "visa_free"),
    [(None, {"BD"}), (date(2027, 8, 31), {"BD"}), (date(2027, 9, 1), {"BD", "NL"})],
)
def test_whether_she_needs_a_visa_is_asked_of_the_day_on_which_she_would_begin(
    begin: date | None, visa_free: set[str]
) -> None:
    to_dutch = Scope(country="NL", nationality=("BD",))
    fact = Fact(
        "free", VISA_NEEDED, False, STATED.source, STATED.confidence, scope=to_dutch, valid_from=date(2027, 9, 1)
    )
    first, *others = RULES.packs
    rules = Rulebook((replace(first, facts=(*first.facts, fact)), *others))
    student = replace(STUDENT, profile=profile(target=Target(start_from=begin)))

    assert Wanted(still_open=True).for_student(student, rules).visa_free == visa_free
    assert Wishes.of(student, rules).visa_free == visa_free


def ielts(total: str, **terms: Any) -> TestNeeded:
    return TestNeeded(STATED, "IELTS_AC", Decimal(total), **terms)


LETTER, INTERVIEW = DocumentNeeded(STATED, "motivation_letter"), StatedOnly(STATED, "An interview.")
REACH = (
    offer(1, "A open"),
    offer(2, "B letter", requirement=LETTER),
    offer(3, "C both", requirement=AllOf((ielts("7.0"), LETTER))),
    offer(4, "D higher", requirement=ielts("7.0")),
    offer(5, "E gone", requirement=LETTER, expired=True),
    offer(6, "F words", requirement=AllOf((LETTER, INTERVIEW))),
    offer(7, "G late", requirement=ielts("6.0", valid_at=ValidAt.ENROLMENT)),
)


def test_of_a_catalogue_at_hand_what_has_expired_is_neither_counted_nor_listed() -> None:
    found = match_all(REACH, STUDENT, RULES, 20)

    # Without the days of a case a result is held against the day itself; words alone are unknown, but the letter
    # beside them is missing.
    assert (found.total, found.start) == (6, 0)
    assert found.counts == {
        Standing.MET: 2, Standing.PROBABLY_MET: 0, Standing.UNKNOWN: 0, Standing.NOT_MET: 4,
    }  # fmt: skip
    assert [one.programme.name for one in found.page] == [
        "A open",
        "G late",
        "B letter",
        "D higher",
        "C both",
        "F words",
    ]


def test_the_days_of_the_case_decide_whether_a_result_counts() -> None:
    days = Days(enrolment=date(2027, 9, 13)), Days(enrolment=date(2027, 9, 14)), Days()

    found = [match_all(REACH[-1:], replace(STUDENT, days=each), RULES, 1).counts for each in days]

    standings = [[standing for standing, count in counts.items() if count] for counts in found]
    assert standings == [[Standing.MET], [Standing.NOT_MET], [Standing.MET]]  # a day that nobody knows is today


def test_what_a_visa_mission_wants_of_a_test_counts_for_its_country_alone() -> None:
    offered = [
        offer(number, country, institution=institution(country=country)) for number, country in ((1, "DE"), (2, "NL"))
    ]
    # The result of September 2025 runs out before the appointment; the mission in Dhaka holds it against that.
    student = replace(STUDENT, days=Days(ON, date(2027, 10, 1), date(2027, 9, 20)))
    before = Days(ON, date(2027, 10, 1), date(2027, 9, 13))

    found = match_all(offered, student, RULES, 5)

    standings = {one.programme.name: one.verdict.standing for one in found.page}
    assert standings == {"DE": Standing.NOT_MET, "NL": Standing.MET}
    assert [standing for standing, count in found.counts.items() if count] == [Standing.MET, Standing.NOT_MET]
    assert unlock(offered, student, RULES, 5).open == 1
    assert unlock(offered, replace(student, days=before), RULES, 5).open == 2


def test_what_lacks_one_thing_alone_is_counted_and_paged_by_itself() -> None:
    letter = match_all(REACH, STUDENT, RULES, 1, missing=Lack.DOCUMENT)
    both = match_all(REACH, STUDENT, RULES, 2, missing=Lack.DOCUMENT | Lack.TEST, only=[Standing.NOT_MET], start=1)

    assert ([one.programme.name for one in letter.page], letter.total) == (["B letter"], 1)
    assert ([one.programme.name for one in both.page], both.total, both.start) == (["D higher", "C both"], 3, 1)


def unlocked(found: Unlocks) -> list[tuple[str, int, int, list[int]]]:
    return [(one.key, one.opened, one.words_left, [id_.int for id_ in one.programmes]) for one in found.items]


def test_what_each_change_opens_of_a_catalogue_at_hand_the_most_for_its_effort_first() -> None:
    found = unlock(REACH, STUDENT, RULES, 20)

    # A letter costs 2 and opens B, and F but for words; half a band costs 11 and opens D, a whole one 16.
    assert (found.on, found.total, found.open) == (ON, 6, 2)
    assert unlocked(found) == [
        ("add_document/motivation_letter", 1, 1, [2, 6]),
        ("raise_score/IELTS_AC/2025-09-13/total+0.5", 1, 0, [4]),
        ("raise_score/IELTS_AC/2025-09-13/total+1.0", 1, 0, [4]),
    ]


def test_of_many_changes_and_programmes_as_many_are_shown_as_were_asked_for() -> None:
    many = [offer(number, f"Letter {number}", requirement=LETTER) for number in range(20, 27)]

    usual = unlock([*REACH, *many], STUDENT, RULES, 20)
    few = unlock([*REACH, *many], STUDENT, RULES, 1, shown=2)
    german = unlock([*REACH, *many], STUDENT, RULES, 20, wanted=query(text="letter 2"))

    assert unlocked(usual)[0] == ("add_document/motivation_letter", 8, 1, [2, 20, 21, 22, 23])
    assert unlocked(few) == [("add_document/motivation_letter", 8, 1, [2, 20])]
    assert (german.total, german.open) == (7, 0)
    assert unlocked(german) == [("add_document/motivation_letter", 7, 0, [20, 21, 22, 23, 24])]


def test_only_what_the_wanted_programmes_ask_for_is_tried() -> None:
    near, far = (ExperienceNeeded(STATED, months) for months in (12, 24))
    offered = [offer(1, "Short", requirement=near), offer(2, "Long", requirement=far)]

    found = unlock(offered, STUDENT, RULES, 5, wanted=query(text="short"))

    assert unlocked(found) == [("work_longer/12", 1, 0, [1])]  # and not the two years that would do as well


def test_a_change_opens_only_what_one_can_still_apply_for() -> None:
    offered = [replace(one, requirement=LETTER) for one in OFFERED]

    found = unlock(offered, STUDENT, RULES, 1, wanted=Wanted(still_open=True), shown=20)

    taken = {one.name for one in offered if one.id in found.items[0].programmes}
    assert (found.total, taken) == (len(WINTER), WINTER)


def test_what_a_change_opens_is_judged_by_the_days_of_the_case() -> None:
    student = replace(STUDENT, profile=profile(tests=()), days=Days(enrolment=date(2027, 10, 1)))
    within = ielts("6.0", valid_at=ValidAt.ENROLMENT, valid_months=12)
    beyond = ielts("6.0", valid_at=ValidAt.ENROLMENT, valid_months=6)
    offered = [offer(1, "A year", requirement=within), offer(2, "Half a year", requirement=beyond)]

    found = unlock(offered, student, RULES, 5)

    assert unlocked(found) == [("take_test/IELTS_AC/6.0", 1, 0, [1])]  # sat on 23 November, 10 months before


def test_what_she_has_not_said_though_a_wanted_programme_asks_for_it_is_told_beside_the_changes() -> None:
    offered = [
        offer(1, "Work", requirement=ExperienceNeeded(STATED, 12)),
        offer(2, "Money", requirement=MoneyNeeded(STATED, Money.of(9_000, "EUR"))),
    ]
    student = replace(STUDENT, profile=profile(work=None))

    assert unlock(offered, student, RULES, 5).unanswered == ("work", "budget_a_year")
    assert unlock(offered, student, RULES, 5, wanted=query(text="money")).unanswered == ("budget_a_year",)
