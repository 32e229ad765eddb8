"""A link opens one file until it ends, and only as it was given out."""

from datetime import UTC, datetime, timedelta

import pytest
from higherstudy.domain.shared.errors import NotFound

from conftest import KEY
from higherstudy_webdav_files.links import Links, OpenedLink

NOON = datetime(2027, 1, 4, 12, tzinfo=UTC)
TRANSCRIPT = OpenedLink("0" * 64, "রেজাল্ট.pdf", "application/pdf")


def test_a_link_opens_its_file_until_the_moment_that_was_set() -> None:
    token = Links(KEY).token(TRANSCRIPT, NOON)

    assert Links(KEY).open(token, NOON) == TRANSCRIPT
    with pytest.raises(NotFound):
        Links(KEY).open(token, NOON + timedelta(seconds=1))


def test_a_link_that_was_changed_anywhere_opens_nothing() -> None:
    token = Links(KEY).token(TRANSCRIPT, NOON)

    for place in range(len(token)):
        changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        with pytest.raises(NotFound):
            Links(KEY).open(changed, NOON)


@pytest.mark.parametrize("token", ["", "x", "é", "A" * 43, "A" * 200, "../..", "\x00"])
def test_what_is_no_link_opens_nothing(token: str) -> None:
    with pytest.raises(NotFound):
        Links(KEY).open(token, NOON)


def test_a_link_of_another_key_opens_nothing_and_a_short_key_is_refused() -> None:
    token = Links(bytes(32)).token(TRANSCRIPT, NOON)

    with pytest.raises(NotFound):
        Links(KEY).open(token, NOON)
    with pytest.raises(ValueError, match="32 bytes"):
        Links(b"short")
