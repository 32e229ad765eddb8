"""What a rulebook answers when it is asked for a record: the one that fits, or that there is none."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from higherstudy.domain.rulebook.editions import Edition, StoredPack, edition_of
from higherstudy.domain.rulebook.events import EditionActivated
from higherstudy.domain.rulebook.layers import Held, Layer
from higherstudy.domain.rulebook.pack import Rulebook, weakest
from higherstudy.domain.rulebook.pathways import Pathway
from higherstudy.domain.rulebook.scores import Concordance, ConcordanceRow
from higherstudy.domain.shared.canonical import sha256_of
from higherstudy.domain.shared.errors import NotFound, Reason
from higherstudy.domain.shared.ids import AccountId, EditionId
from higherstudy.domain.shared.sources import Confidence

from .everything_read import everything_read
from .pack_texts import fact, pack_of

ALL = everything_read("0" * 64)
DAY = date(2026, 6, 1)
KEPT, BY = EditionId(UUID(int=1)), AccountId(UUID(int=2))
NOW = datetime(2026, 11, 23, tzinfo=UTC)


def rules(**records: object) -> Rulebook:
    """Return a rulebook of the pack that says everything, with these records in the place of its own."""
    return Rulebook((replace(ALL, **records),))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("ask", "reason"),
    [
        (lambda book: book.fact("lost"), Reason("fact.unknown", {"id": "lost"})),
        (lambda book: book.pack_of("facts", "lost"), Reason("pack.no_such_record", {"kind": "facts", "id": "lost"})),
        (lambda book: book.pack_of("fates", "f"), Reason("pack.no_such_record", {"kind": "fates", "id": "f"})),
    ],
)
def test_what_is_asked_for_by_its_name_and_is_not_there_is_not_found(
    ask: Callable[[Rulebook], object], reason: Reason
) -> None:
    with pytest.raises(NotFound) as caught:
        ask(rules())

    assert caught.value.reasons == (reason,)


def test_facts_are_found_by_their_keys_which_are_sorted() -> None:
    book = rules()

    assert book.fact_keys() == ("held.days", "lead", "open", "rate", "said", "year")
    assert [one.id for one in book.facts("rate")] == ["rate.1", "rate.2"]
    assert book.facts("lost") == ()
    assert (book.has_fact("rate.1"), book.has_fact("rate")) == (True, False)


def test_a_fact_is_in_force_for_its_case_on_its_days() -> None:
    book, case = rules(), ALL.facts[1].scope

    assert book.in_force("rate", DAY, case) == ALL.facts[1]
    assert book.in_force("rate", DAY) is None
    assert book.in_force("rate", date(2025, 12, 31)) == ALL.facts[0]
    assert book.in_force("lost", DAY, case) is None


def test_a_name_that_an_answer_rests_on_means_records_of_its_kind_or_of_whichever_has_it() -> None:
    book = rules(document_kinds=(*ALL.document_kinds, replace(ALL.document_kinds[0], code="ONE")))
    [pack] = book.packs

    assert book.leaning("test:ONE") == (Held(ALL.tests[0], pack),)
    assert [held.record for held in book.leaning("document:ONE")] == [book.document_kinds["ONE"]]
    assert [held.record for held in book.leaning("ONE")] == [ALL.tests[0], book.document_kinds["ONE"]]
    assert book.leaning("test:passport") == book.leaning("other:ONE") == ()


def test_only_the_record_in_force_itself_is_held() -> None:
    book = rules()

    assert book.holds("facts", "rate.1", ALL.facts[0])
    assert not book.holds("facts", "rate.1", replace(ALL.facts[0], note="another"))
    assert not book.holds("facts", "lost", None)


def way(name: str, nationality: tuple[str, ...] = (), level: str = "", country: str = "DE") -> Pathway:
    return replace(ALL.pathways[0], id=name, nationality=nationality, level=level, country=country, checklist="")


@pytest.mark.parametrize(
    ("ways", "found"),
    [
        ([way("b"), way("a")], "a"),
        ([way("a"), way("b", ("IN", "BD"))], "b"),
        ([way("a", ("IN",)), way("b")], "b"),
        ([way("a", ("IN",))], None),
        ([way("a", level="bachelor"), way("b", level="master")], "b"),
        ([way("a", country="NL")], None),
    ],
)
def test_a_pathway_is_for_a_country_and_level_and_rather_for_named_people(
    ways: list[Pathway], found: str | None
) -> None:
    pathway = rules(pathways=tuple(ways)).pathway_for("DE", "master", iter(("BD", "PK")))

    assert (pathway and pathway.id) == found


def test_money_rules_are_for_a_country_and_for_one_level_or_all() -> None:
    rule = replace(ALL.money_rules[3], country="DE")
    book = rules(money_rules=(rule, replace(rule, id="m", level="master"), replace(rule, id="b", level="bachelor")))

    assert [one.id for one in book.money_rules_of("DE", "master")] == ["stated", "m"]
    assert book.money_rules_of("US", "master") == ()


def test_a_stop_counts_for_a_country_a_level_and_a_day_unless_it_shuts_out_nobody_asked_about() -> None:
    stop = ALL.closures[0]  # GB, master, Afghanistan and perhaps more, not Bangladesh, a year from 26 March 2026
    book = rules(closures=(stop, replace(stop, id="any", level="", valid_from=None)))

    assert [one.id for one in book.closures_for("GB", "master", ("AF",), DAY)] == ["shut", "any"]
    assert [one.id for one in book.closures_for("GB", "doctorate", None, DAY)] == ["any"]
    assert [one.id for one in book.closures_for("GB", "master", ("KE",), date(2026, 3, 25))] == ["any"]
    assert book.closures_for("GB", "master", ("BD",), DAY) == book.closures_for("DE", "master", ("AF",), DAY) == ()


def test_tables_are_found_by_both_tests_and_the_part_in_the_order_of_their_ids() -> None:
    table = ALL.concordances[0]

    def named(tables: tuple[Concordance, ...]) -> list[str]:
        return [one.id for one in tables]

    reading = replace(table, id="part", part="reading", rows=(ConcordanceRow(Decimal(7), Decimal(6)),))
    book = rules(concordances=(table, replace(table, id="again"), reading))
    assert named(book.concordances_between("ONE", "ONE", "total")) == ["one-to-one", "again"]
    assert named(book.concordances_between("ONE", "ONE", "reading")) == ["part"]
    assert book.concordances_between("ONE", "ONE", "writing") == ()


def test_the_edition_of_a_test_is_the_one_that_was_in_use_on_the_day() -> None:
    old = replace(ALL.tests[0], code="OLD", taken_from=None, taken_until=date(2026, 1, 20))
    alone = replace(ALL.tests[0], code="ALONE", edition_of="")
    book = rules(tests=(*ALL.tests, alone, old))

    assert book.edition_held_on(old, date(2026, 1, 21)) == ALL.tests[0]
    assert book.edition_held_on(ALL.tests[0], date(2026, 1, 20)) == old
    assert book.edition_held_on(old, date(2030, 1, 22)) is None
    assert book.edition_held_on(alone, DAY) is None


def test_what_was_asked_once_is_not_worked_out_again() -> None:
    book, made = rules(), iter("abc")

    answers = [book.once(key, lambda: next(made)) for key in ("one", "one", "other")]

    assert answers == ["a", "a", "b"]


def test_the_weakest_of_confidences_counts() -> None:
    assert weakest([Confidence.MEDIUM, Confidence.UNVERIFIED, Confidence.LOW]) is Confidence.UNVERIFIED
    assert weakest([Confidence.HIGH, Confidence.MEDIUM]) is Confidence.MEDIUM
    assert weakest([]) is Confidence.HIGH


def test_a_pack_is_stale_from_the_day_after_its_review() -> None:
    assert [ALL.is_stale(day) for day in (date(2027, 1, 1), date(2027, 1, 2))] == [False, True]


@pytest.mark.parametrize(
    ("where", "text", "place"),
    [
        ("rows", "", "all: tables[0].rows"),
        ("", "", "all: tables[0]"),
        ("rows", "[[tables]]\nrows = []\n", "all.toml:2"),
        ("", "# first\n[[tables]]\nrows = []\n", "all.toml:2"),
    ],
)
def test_a_problem_of_a_pack_is_told_with_its_file_and_line_or_its_id(where: str, text: str, place: str) -> None:
    told = replace(ALL, file="all.toml", text=text).at("tables[0]", Reason("a.code", {"given": 1}, where))

    inside = {"place": "tables[0].rows" if where else "tables[0]"} if text else {}
    assert told == Reason("a.code", {"given": 1, **inside}, place)


def test_layers_rise_from_the_base_to_an_institution() -> None:
    assert [layer.rank for layer in (Layer.BASE, Layer.COUNTRY, Layer.INSTITUTION)] == [0, 1, 2]


def test_packs_that_are_put_over_a_rulebook_take_the_places_of_those_with_their_ids() -> None:
    base, own = pack_of(fact("a"), "base"), pack_of(fact("b", key="fee"), "own")
    newer, later = pack_of(fact("a", "2"), "base"), pack_of(fact("c", key="sum"), "later")
    book = Rulebook((own, base))

    assert book.packs == (base, own)
    assert book.with_packs(iter([later, newer])).packs == (newer, later, own)
    assert book.with_packs(iter([])) is book


def test_an_edition_is_named_by_the_hashes_of_its_packs_and_tells_what_it_replaced() -> None:
    edition = Edition(KEPT, 3, ("a", "b"), ("b",), NOW, BY)

    assert edition.sha256 == edition_of(["x@1:a", "b"]) == sha256_of(b"a\nb")
    assert edition.activated("before") == EditionActivated(KEPT, 3, "before", edition.sha256)
    assert edition.activated("before").aggregate_id == KEPT


def test_of_a_pack_that_is_kept_its_names_its_size_in_bytes_and_its_bringer_are_told() -> None:
    assert StoredPack.of(ALL, "পথ\n", NOW, BY) == StoredPack("0" * 64, "all", "1", "All", 7, NOW, BY)
