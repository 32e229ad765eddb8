"""What must hold for any paper, name and content."""

import unicodedata
from contextlib import suppress
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from builders import LANGUAGE_CERTIFICATE, PASSPORT, a_document, a_version
from higherstudy.domain.documents.document import FIRST_DAY, LAST_DAY, Stated
from higherstudy.domain.documents.errors import FileRefused
from higherstudy.domain.documents.judging import Usability, judge
from higherstudy.domain.documents.policies import LONGEST_NAME, clean_file_name, content_type_of
from laws import cases

DAYS = st.dates(FIRST_DAY, LAST_DAY)


@cases(100)
@given(st.text(max_size=400), st.sampled_from(["application/pdf", "image/png", "image/jpeg", "image/heic"]))
def test_any_name_becomes_a_harmless_label_and_then_stays(given_name: str, content_type: str) -> None:
    name = clean_file_name(given_name, content_type)

    assert 0 < len(name) <= LONGEST_NAME
    assert not set(name) & set('/\\<>:"|?*')
    assert not [sign for sign in name if unicodedata.category(sign) in ("Cc", "Cs") or sign in "\u202a\u202e\u2066"]
    assert clean_file_name(name, content_type) == name


@cases(100)
@given(st.binary(max_size=64))
def test_any_content_is_either_known_or_refused(head: bytes) -> None:
    with suppress(FileRefused):
        assert "/" in content_type_of(head)


@cases(100)
@given(DAYS, DAYS, DAYS, st.integers(0, 4000))
def test_a_paper_that_has_run_out_never_comes_back(one: date, other: date, day: date, later: int) -> None:
    issued, expires = sorted((one, other))
    passport = a_document("passport", a_version(stated=Stated(issued, expires)))

    if judge(passport, PASSPORT, day).usability is Usability.EXPIRED:
        assert judge(passport, PASSPORT, day + timedelta(days=later)).usability is Usability.EXPIRED


@cases(100)
@given(DAYS, DAYS)
def test_a_usable_paper_is_good_until_the_day_it_names(issued: date, day: date) -> None:
    result = a_document("language_certificate", a_version(stated=Stated(issued)))

    judged = judge(result, LANGUAGE_CERTIFICATE, day)

    if judged.is_usable:
        assert judged.good_until is not None
        assert issued <= day <= judged.good_until
