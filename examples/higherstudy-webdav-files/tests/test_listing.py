"""What a server says of its files is read, and nothing that it could not mean."""

from datetime import UTC, datetime

import pytest
from higherstudy.ports.errors import Unavailable

from higherstudy_webdav_files.listing import Entry, entries_in

WHOLE = """<?xml version="1.0" encoding="utf-8"?>
<D:multistatus xmlns:D="DAV:">
  <D:response>
    <D:href>/papers/ab/</D:href>
    <D:propstat>
      <D:prop>
        <D:resourcetype><D:collection/></D:resourcetype>
        <D:getlastmodified>Mon, 04 Jan 2027 09:00:00 GMT</D:getlastmodified>
      </D:prop>
      <D:status>HTTP/1.1 200 OK</D:status>
    </D:propstat>
  </D:response>
  <D:response>
    <D:href>https://dav.example/papers/ab/ab%2dtranscript?x=1</D:href>
    <D:propstat>
      <D:prop>
        <D:resourcetype/>
        <D:getlastmodified>Mon, 04 Jan 2027 09:00:00 GMT</D:getlastmodified>
      </D:prop>
      <D:status>HTTP/1.1 200 OK</D:status>
    </D:propstat>
    <D:propstat>
      <D:prop><D:getetag>"not had"</D:getetag></D:prop>
      <D:status>HTTP/1.1 404 Not Found</D:status>
    </D:propstat>
  </D:response>
</D:multistatus>
"""
BOMB = """<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<D:multistatus xmlns:D="DAV:">&b;</D:multistatus>
"""


def test_files_are_listed_with_the_latest_time_at_which_they_can_have_been_written() -> None:
    found = entries_in(WHOLE.encode())

    assert found == (Entry("ab-transcript", datetime(2027, 1, 4, 9, 0, 1, tzinfo=UTC), None),)


@pytest.mark.parametrize(
    ("etag", "header"),
    [
        ('"5-7"', {"If-Match": '"5-7"'}),
        ('W/"5-7"', {"If-Unmodified-Since": "Mon, 04 Jan 2027 09:00:00 GMT"}),
        (None, {"If-Unmodified-Since": "Mon, 04 Jan 2027 09:00:00 GMT"}),
    ],
)
def test_a_deletion_says_which_state_of_the_file_it_means(etag: str | None, header: dict[str, str]) -> None:
    assert Entry("ab", datetime(2027, 1, 4, 9, 0, 1, tzinfo=UTC), etag).still_the_same == header


@pytest.mark.parametrize(
    "body",
    [b"", b"not found", b"<html></html>", WHOLE.encode()[:-20], BOMB.encode(), b"\xff\xfe"],
    ids=["empty", "no xml", "another kind", "cut off", "entities", "no text"],
)
def test_what_is_no_listing_is_refused(body: bytes) -> None:
    with pytest.raises(Unavailable, match="not_understood"):
        entries_in(body)


def test_a_file_whose_time_cannot_be_read_is_left_out() -> None:
    assert entries_in(WHOLE.replace("Mon, 04 Jan 2027 09:00:00 GMT", "yesterday").encode()) == ()
