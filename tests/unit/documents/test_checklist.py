"""The visa pack for one case: which papers it needs, and how each stands on the day of use."""

from dataclasses import replace
from datetime import date

from builders import a_passport
from higherstudy.adapters.bundled.packs import bundled_rulebook
from higherstudy.domain.documents.checklist import CheckedItem, check_items
from higherstudy.domain.documents.document import Document
from higherstudy.domain.documents.judging import Usability
from higherstudy.domain.rulebook.conditions import Circumstances

VISIT = date(2027, 1, 9)


def checked(circumstances: Circumstances, *documents: Document, on: date = VISIT) -> dict[str, CheckedItem]:
    rulebook = bundled_rulebook()
    checklist = rulebook.checklists["de-dhaka-master-sigba"]
    found = check_items(checklist, circumstances, documents, rulebook.document_kinds, on)
    return {one.item.code: one for one in found}


def test_all_24_papers_are_answered_for_in_order() -> None:
    assert [one.item.order for one in checked({}).values()] == list(range(1, 25))


def test_who_does_not_work_needs_no_word_from_an_employer() -> None:
    assert checked({"employed": False})["noc_job"].needed is False
    assert checked({"employed": True})["noc_job"].needed is True


def test_while_it_is_not_known_whether_she_works_the_paper_says_what_it_depends_on() -> None:
    found = checked({})["noc_job"]

    assert (found.needed, found.depends_on) == (None, ("employed",))


def test_while_it_is_not_known_whether_a_further_paper_belongs_there_the_item_says_what_it_depends_on() -> None:
    assert (checked({})["passport"].needed, checked({})["passport"].depends_on) == (True, ("several_passports",))
    assert checked({"several_passports": False})["passport"].depends_on == ()
    assert checked({"several_passports": True})["passport"].adds == ("older_passports",)


def test_a_score_below_the_minimum_makes_the_universitys_word_a_must() -> None:
    below: Circumstances = {"test_below_programme_minimum": True, "offer_basis": "test"}

    assert checked(below)["noc_university"].needed is True


def test_an_offer_on_the_language_of_instruction_makes_it_a_must_too() -> None:
    assert checked({"offer_basis": "moi", "test_below_programme_minimum": False})["noc_university"].needed is True


def test_a_paper_at_hand_is_judged_on_the_day_of_the_visit() -> None:
    passport = a_passport(expires_on=date(2027, 1, 8))

    assert checked({}, passport)["passport"].judgement.usability is Usability.EXPIRED
    assert checked({}, passport, on=date(2026, 1, 9))["passport"].judgement.usability is Usability.USABLE


def test_money_may_be_proved_by_any_one_of_the_ways() -> None:
    award = replace(a_passport(), kind="scholarship_award")

    item = checked({}, award)
    money = next(one for one in item.values() if "scholarship_award" in one.item.documents)

    assert money.judgement.usability is not Usability.MISSING
