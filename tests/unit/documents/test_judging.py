"""Whether a paper can be used on the day it is needed."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from builders import LANGUAGE_CERTIFICATE, NOW, PASSPORT, TRANSCRIPT, a_document, a_passport, a_version
from higherstudy.domain.documents.document import Answer, Check, Stated
from higherstudy.domain.documents.judging import Usability, judge, judge_best, usable_kinds
from higherstudy.domain.shared.ids import AccountId


def test_a_passport_is_good_on_its_last_day_and_not_after() -> None:
    passport = a_passport(expires_on=date(2027, 9, 30))

    last, after = (judge(passport, PASSPORT, date(2027, 9, 30)), judge(passport, PASSPORT, date(2027, 10, 1)))

    assert (last.usability, after.usability) == (Usability.USABLE, Usability.EXPIRED)
    assert after.reason.params["good_until"] == "2027-09-30"


def test_a_passport_that_is_good_today_is_judged_on_the_day_of_the_appointment() -> None:
    passport = a_passport(expires_on=date(2027, 3, 1))

    judged = judge(passport, PASSPORT, date(2027, 9, 20))

    assert judged.usability is Usability.EXPIRED
    assert judged.reason.code == "document.expired"


def test_a_passport_must_last_as_long_after_the_day_as_the_rule_says() -> None:
    rule = replace(PASSPORT, remaining_months=6)
    passport = a_passport(expires_on=date(2027, 9, 30))

    early, late = judge(passport, rule, date(2027, 3, 30)), judge(passport, rule, date(2027, 3, 31))

    assert early.is_usable
    assert late.is_usable  # six months after 31 March is 30 September, which has no 31st
    assert judge(passport, rule, date(2027, 4, 1)).usability is Usability.ENDS_TOO_SOON


def test_a_passport_whose_last_day_nobody_stated_is_unknown() -> None:
    passport = a_document("passport", a_version(stated=Stated(date(2022, 6, 1))))

    judged = judge(passport, PASSPORT, date(2027, 1, 4))

    assert (judged.usability, judged.reason.code) == (Usability.UNKNOWN, "document.expiry_unknown")


def test_a_language_result_ends_two_years_after_the_test_by_the_rule_of_the_pack() -> None:
    result = a_document("language_certificate", a_version(stated=Stated(date(2025, 2, 28))))

    last = judge(result, LANGUAGE_CERTIFICATE, date(2027, 2, 28))
    after = judge(result, LANGUAGE_CERTIFICATE, date(2027, 3, 1))

    assert last.is_usable
    assert last.good_until == date(2027, 2, 28)
    assert after.usability is Usability.EXPIRED
    assert (after.source, after.confidence) == (LANGUAGE_CERTIFICATE.source, LANGUAGE_CERTIFICATE.confidence)


def test_a_paper_is_not_usable_before_it_was_issued() -> None:
    transcript = a_document("transcript", a_version(stated=Stated(date(2027, 6, 1))))

    assert judge(transcript, TRANSCRIPT, date(2027, 5, 31)).usability is Usability.NOT_YET


def test_a_paper_of_a_kind_that_no_pack_knows_is_unknown_rather_than_fine() -> None:
    assert judge(a_document("amulet", a_version()), None, date(2027, 1, 4)).usability is Usability.UNKNOWN


def test_only_the_newest_version_counts() -> None:
    passport = a_document(
        "passport",
        a_version(1, Stated(expires_on=date(2032, 1, 1))),
        a_version(2, Stated(expires_on=date(2026, 1, 1))),
    )

    judged = judge(passport, PASSPORT, date(2027, 1, 4))

    assert (judged.usability, judged.number) == (Usability.EXPIRED, 2)


def test_a_rejected_version_says_why() -> None:
    transcript = a_document("transcript", a_version())
    transcript.check(1, Check.REJECT, AccountId(UUID(int=0xB1)), "The second page is missing.")

    judged = judge(transcript, TRANSCRIPT, date(2027, 1, 4))

    assert judged.usability is Usability.REJECTED
    assert judged.reason.params["because"] == "The second page is missing."


def test_a_standing_answer_is_neither_usable_nor_missing() -> None:
    transcript = a_document("transcript")
    transcript.give_answer(Answer.CANNOT_OBTAIN, "The college burned down in 2019.", NOW)

    judged = judge(transcript, TRANSCRIPT, date(2027, 1, 4))

    assert judged.usability is Usability.ANSWERED
    assert not judged.is_usable


@pytest.mark.parametrize("kind", ["passport", "transcript"])
def test_without_any_paper_of_the_kind_it_is_missing(kind: str) -> None:
    judged = judge_best([], kind, None, date(2027, 1, 4))

    assert (judged.usability, judged.reason.where) == (Usability.MISSING, f"documents.{kind}")


def test_of_two_passports_the_one_that_serves_counts() -> None:
    old = a_document("passport", a_version(stated=Stated(expires_on=date(2026, 1, 1))), number=1)
    new = a_document("passport", a_version(stated=Stated(expires_on=date(2036, 1, 1))), number=2)

    judged = judge_best([old, new], "passport", PASSPORT, date(2027, 1, 4))

    assert judged.is_usable
    assert judged.document is new


def test_what_is_usable_is_told_for_each_kind_with_unknown_left_unknown() -> None:
    papers = [a_passport(), a_document("transcript", number=2), a_document("amulet", a_version(), number=3)]

    usable = usable_kinds(papers, {"passport": PASSPORT, "transcript": TRANSCRIPT}, date(2027, 1, 4))

    assert usable == {"amulet": None, "passport": True, "transcript": False}
