"""Reading what a WebDAV server says about its files (RFC 4918, 9.1 and 14); it is foreign XML and not trusted."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring
from higherstudy.domain.shared.errors import Reason
from higherstudy.ports.errors import Unavailable

ASKED = (
    b'<?xml version="1.0" encoding="utf-8"?>'
    b'<propfind xmlns="DAV:"><prop><getlastmodified/><getetag/><resourcetype/></prop></propfind>'
)
_DAV = "{DAV:}"
_CUT_OFF = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Entry:
    """A file: the last part of its path, the latest moment at which it can have been written, and its entity tag."""

    name: str
    written: datetime
    etag: str | None

    @property
    def still_the_same(self) -> dict[str, str]:
        """The header that lets a request through only while nobody has written the file again (RFC 9110, 13.1)."""
        if self.etag is not None and not self.etag.startswith("W/"):
            return {"If-Match": self.etag}
        return {"If-Unmodified-Since": format_datetime(self.written - _CUT_OFF, usegmt=True)}


def entries_in(body: bytes) -> tuple[Entry, ...]:
    """Return the files that a multi-status answer tells of; collections, and what says no time, are left out.

    Raises Unavailable for what is no such answer; no entity, DTD or outside reference in it is ever followed.
    """
    try:
        root = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise Unavailable(Reason("webdav.not_understood")) from error
    if root.tag != f"{_DAV}multistatus":
        raise Unavailable(Reason("webdav.not_understood"))
    return tuple(_entries(root))


def _entries(root: Any) -> Iterator[Entry]:
    for response in root.iterfind(f"{_DAV}response"):
        found = _properties(response)
        kind, written = found.get("resourcetype"), _moment(_text(found.get("getlastmodified")))
        path = urlsplit(_text(response.find(f"{_DAV}href"))).path
        if written is not None and (kind is None or kind.find(f"{_DAV}collection") is None):
            yield Entry(unquote(path.rstrip("/").rpartition("/")[2]), written, _text(found.get("getetag")) or None)


def _properties(response: Any) -> dict[str, Any]:
    """Return the properties that the server has, by their names; those that it has not come with another status."""
    return {
        one.tag.removeprefix(_DAV): one
        for status in response.iterfind(f"{_DAV}propstat")
        if " 200 " in f"{_text(status.find(f'{_DAV}status'))} "
        for one in status.iterfind(f"{_DAV}prop/*")
    }


def _moment(text: str) -> datetime | None:
    """Return the end of the second that the text names: the server may have cut off what came after it."""
    try:
        said = parsedate_to_datetime(text)
    except ValueError:
        return None
    return said.replace(tzinfo=said.tzinfo or UTC).astimezone(UTC) + _CUT_OFF


def _text(element: Any) -> str:
    return "" if element is None else (element.text or "").strip()
