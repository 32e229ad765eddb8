"""One paper and its versions."""

from datetime import date

import pytest

from builders import NOW, a_document, a_version
from higherstudy.domain.documents.document import Answer, Check, Stated, Verification
from higherstudy.domain.shared.errors import Conflict, Invalid, NotFound, RuleBroken


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
    paper.check(1, Check.VERIFY)

    paper.check(1, Check.REJECT, "The seal is not the university's.")

    assert paper.version_numbered(1).verification is Verification.REJECTED


def test_a_rejected_version_stays_rejected() -> None:
    paper = a_document("transcript", a_version(1))
    paper.check(1, Check.REJECT, "Illegible.")

    with pytest.raises(RuleBroken) as refused:
        paper.check(1, Check.VERIFY)

    assert refused.value.reasons[0].code == "document.check_not_possible"


def test_a_rejection_names_its_reason() -> None:
    with pytest.raises(RuleBroken):
        a_document("transcript", a_version(1)).check(1, Check.REJECT, "")


def test_a_version_that_was_never_uploaded_is_not_found() -> None:
    with pytest.raises(NotFound):
        a_document("transcript").version_numbered(1)


def test_a_paper_cannot_end_before_it_was_issued() -> None:
    with pytest.raises(Invalid):
        Stated(date(2027, 1, 2), date(2027, 1, 1))
