"""One paper and its versions."""

from datetime import date
from uuid import UUID

import pytest

from builders import NOW, a_document, a_version
from higherstudy.domain.documents.document import Answer, Check, Stated, Verification
from higherstudy.domain.documents.eyes import ALL, KindsByTwo
from higherstudy.domain.shared.errors import Conflict, Invalid, NotFound, RuleBroken
from higherstudy.domain.shared.ids import AccountId

CHECKER, ANOTHER = AccountId(UUID(int=0xB1)), AccountId(UUID(int=0xB2))


def test_a_second_upload_leaves_the_first_version_as_it_was() -> None:
    paper = a_document("transcript", a_version(1))
    first = paper.versions[0]

    paper.upload(a_version(2))

    assert paper.versions[0] == first
    assert paper.newest == a_version(2)


def test_two_uploads_under_one_number_conflict() -> None:
    paper = a_document("transcript", a_version(1))

    with pytest.raises(Conflict):
        paper.upload(a_version(1))


def test_an_upload_ends_a_standing_answer() -> None:
    paper = a_document("transcript")
    paper.give_answer(Answer.CANNOT_OBTAIN, "Not issued before July.", NOW)

    paper.upload(a_version(1))

    assert paper.answer is None


def test_an_answer_needs_a_reason() -> None:
    with pytest.raises(RuleBroken) as refused:
        a_document("transcript").give_answer(Answer.DOES_NOT_APPLY, "  ", NOW)

    assert refused.value.reasons[0].code == "document.answer_needs_reason"


def test_a_verified_version_can_still_be_rejected_with_a_reason() -> None:
    paper = a_document("transcript", a_version(1))
    paper.check(1, Check.VERIFY, CHECKER)

    paper.check(1, Check.REJECT, CHECKER, "The seal is not the university's.")

    assert paper.version_numbered(1).verification is Verification.REJECTED


def test_a_rejected_version_stays_rejected() -> None:
    paper = a_document("transcript", a_version(1))
    paper.check(1, Check.REJECT, CHECKER, "Illegible.")

    with pytest.raises(RuleBroken) as refused:
        paper.check(1, Check.VERIFY, CHECKER)

    assert refused.value.reasons[0].code == "document.check_not_possible"


def test_where_two_have_to_verify_the_first_leaves_it_pending_and_the_second_verifies_it() -> None:
    paper = a_document("transcript", a_version(1))

    first = paper.check(1, Check.VERIFY, CHECKER, by_two=True)
    half = paper.version_numbered(1)
    second = paper.check(1, Check.VERIFY, ANOTHER, by_two=True)

    assert (half.verification, half.is_half_verified, first.result) == (Verification.PENDING, True, "pending")
    assert paper.version_numbered(1).verification is Verification.VERIFIED
    assert not paper.version_numbered(1).is_half_verified
    assert second.result == "verified"


def test_the_same_person_does_not_verify_twice_also_where_one_is_enough_by_now() -> None:
    paper = a_document("transcript", a_version(1))
    paper.check(1, Check.VERIFY, CHECKER, by_two=True)

    for by_two in (True, False):
        with pytest.raises(RuleBroken) as refused:
            paper.check(1, Check.VERIFY, CHECKER, by_two=by_two)
        assert refused.value.reasons[0].code == "document.verified_by_same"

    assert paper.version_numbered(1).is_half_verified


@pytest.mark.parametrize("by", [CHECKER, ANOTHER])
def test_a_rejection_by_either_of_two_wins(by: AccountId) -> None:
    paper = a_document("transcript", a_version(1))
    paper.check(1, Check.VERIFY, CHECKER, by_two=True)

    with pytest.raises(RuleBroken):
        paper.check(1, Check.REJECT, by, "  ", by_two=True)
    paper.check(1, Check.REJECT, by, "The seal is missing.", by_two=True)

    assert paper.version_numbered(1).verification is Verification.REJECTED
    assert not paper.version_numbered(1).is_half_verified


@pytest.mark.parametrize("by_two", [True, False])
def test_whoever_uploaded_a_version_does_not_verify_it_and_may_reject_it(by_two: bool) -> None:
    paper = a_document("transcript", a_version(1, uploaded_by=CHECKER))

    with pytest.raises(RuleBroken) as refused:
        paper.check(1, Check.VERIFY, CHECKER, by_two=by_two)
    paper.check(1, Check.REJECT, CHECKER, "The wrong file.", by_two=by_two)

    assert refused.value.reasons[0].code == "document.verified_by_uploader"
    assert paper.version_numbered(1).verification is Verification.REJECTED


def test_the_second_verifies_the_same_version_not_another() -> None:
    paper = a_document("transcript", a_version(1), a_version(2))
    paper.check(1, Check.VERIFY, CHECKER, by_two=True)
    paper.check(2, Check.VERIFY, ANOTHER, by_two=True)

    assert {one.verification for one in paper.versions} == {Verification.PENDING}


def test_kinds_are_named_or_all_of_them() -> None:
    some, every, none = (KindsByTwo(frozenset(codes)) for codes in (["passport"], [ALL], []))

    assert [some.has("passport"), some.has("transcript"), every.has("transcript"), none.has("passport")] == [
        True, False, True, False
    ]  # fmt: skip


def test_a_rejection_names_its_reason() -> None:
    with pytest.raises(RuleBroken):
        a_document("transcript", a_version(1)).check(1, Check.REJECT, CHECKER, "")


def test_a_version_that_was_never_uploaded_is_not_found() -> None:
    with pytest.raises(NotFound):
        a_document("transcript").version_numbered(1)


def test_a_paper_cannot_end_before_it_was_issued() -> None:
    with pytest.raises(Invalid):
        Stated(date(2027, 1, 2), date(2027, 1, 1))
