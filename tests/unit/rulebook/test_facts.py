"""Dated facts: a question names its day, and history stays."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from higherstudy.adapters.bundled.packs import bundled_rulebook
from higherstudy.domain.funding.need import money_needs
from higherstudy.domain.rulebook.fact_words import begin_of
from higherstudy.domain.rulebook.facts import Scope
from higherstudy.domain.rulebook.leaning import warnings_for
from higherstudy.domain.rulebook.pack import Rulebook
from higherstudy.domain.rulebook.reading import read_pack
from higherstudy.domain.shared.errors import NotFound

GERMANY = Scope(country="DE", level="master")


HISTORY = [
    # the day on which it begins as far as the source tells, its figure, the fact, and how exactly the day is known
    (None, "720", "de.blocked_account.monthly.before-2019-09", ""),
    (date(2019, 9, 1), "853", "de.blocked_account.monthly.2019-09", "2019-09-01"),
    (date(2021, 1, 1), "861", "de.blocked_account.monthly.2021", "2021"),
    (date(2023, 1, 1), "934", "de.blocked_account.monthly.2023-01", "2023-01-01"),
    (date(2024, 9, 1), "992", "de.blocked_account.monthly.2024-09", "2024-09-01"),
]
"""Germany's blocked account, euro a month: 720, then 853 from 1 September 2019, 861 from 2021, 934 from 1 January 2023,
992 from 1 September 2024."""


@pytest.mark.parametrize(("begins", "figure", "fact_id", "dated"), HISTORY)
def test_the_blocked_account_asks_for_what_was_in_force_on_the_day(
    begins: date | None, figure: str, fact_id: str, dated: str
) -> None:
    following = [begin for begin, *_ in HISTORY if begin and (begins is None or begin > begins)]
    last = following[0] - timedelta(days=1) if following else date(2026, 11, 23)
    days = [begins, begins + timedelta(days=1), last] if begins else [date(2010, 1, 1), last]

    found = [bundled_rulebook().in_force("de.blocked_account.monthly", day, GERMANY) for day in days]

    assert {fact and fact.id for fact in found} == {fact_id}
    assert [(fact.number, begin_of(fact)) for fact in found if fact] == [(Decimal(figure), dated)] * len(days)


def test_a_beginning_that_is_known_by_its_year_alone_is_said_within_that_year() -> None:
    rulebook = bundled_rulebook()
    fact_id = "de.blocked_account.monthly.2021"

    within, after = (warnings_for(rulebook, [fact_id], day) for day in (date(2021, 5, 1), date(2022, 1, 1)))

    assert f"fact.begin_not_exact:{fact_id}" in within
    assert f"fact.begin_not_exact:{fact_id}" not in after


@pytest.mark.parametrize(
    ("lodged_on", "fact_id", "amount"),
    [
        (date(2024, 8, 31), "de.blocked_account.monthly.2023-01", "EUR 11,208.00"),
        (date(2024, 9, 1), "de.blocked_account.monthly.2024-09", "EUR 11,904.00"),
    ],
)
def test_the_same_case_asked_with_an_earlier_day_gives_the_answer_of_that_day_with_the_same_fact_ids(
    lodged_on: date, fact_id: str, amount: str
) -> None:
    first, again = (money_needs(Scope("DE", level="master"), lodged_on, {}, None, bundled_rulebook()) for _ in range(2))

    assert first == again
    assert [(need.rests_on, str(need.amount)) for need in first] == [((fact_id,), amount)]


def test_an_edition_that_was_kept_answers_as_it_did_before_a_new_figure_came_in() -> None:
    kept = bundled_rulebook()
    germany = next(pack for pack in kept.packs if pack.id == "germany")
    newer = read_pack(germany.text.replace('value = "992"', 'value = "1010"'), "germany.toml")
    now = kept.with_packs([newer])
    day = date(2026, 11, 23)

    then_and_now = [one.in_force("de.blocked_account.monthly", day, GERMANY) for one in (kept, now)]

    assert [fact.number for fact in then_and_now if fact] == [992, 1010]
    assert kept.edition_id != now.edition_id
    assert Rulebook(kept.packs[::-1]).edition_id == kept.edition_id


def test_a_proposal_is_never_the_answer_to_a_question_about_the_rate() -> None:
    days = [date(2026, 10, 1), date(2027, 10, 1), date(2030, 1, 1)]

    rates = {bundled_rulebook().in_force("de.blocked_account.monthly", day, GERMANY) for day in days}

    assert {fact.number for fact in rates if fact} == {Decimal(992)}


def test_a_fact_of_another_country_does_not_answer() -> None:
    assert bundled_rulebook().in_force("de.blocked_account.monthly", date(2026, 1, 1), Scope(country="NL")) is None


def test_the_narrower_fact_goes_before_the_wider() -> None:
    wide, narrow = Scope(country="DE"), Scope(country="DE", mission="DE/DHAKA")

    assert narrow.narrowness > wide.narrowness
    assert wide.covers(narrow)
    assert not narrow.covers(wide)


def test_every_fact_names_its_source_and_the_day_it_was_read() -> None:
    rulebook = bundled_rulebook()

    facts = [fact for key in rulebook.fact_keys() for fact in rulebook.facts(key)]

    assert len(facts) > 100
    assert all(fact.source.title and fact.source.retrieved_on.year >= 2026 for fact in facts)


def test_an_unverified_fact_says_what_to_check_first() -> None:
    rulebook = bundled_rulebook()
    unverified = [f for key in rulebook.fact_keys() for f in rulebook.facts(key) if f.confidence.value == "U"]

    assert unverified
    assert [fact.id for fact in unverified if not fact.note] == []


def test_asking_for_a_fact_that_never_was_says_so() -> None:
    with pytest.raises(NotFound):
        bundled_rulebook().fact("de.moon_tax")
