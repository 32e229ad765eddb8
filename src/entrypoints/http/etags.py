"""ETags: the version of a thing, in both directions (RFC 9110, 8.8.3, 13.1.1 and 13.1.2)."""

from __future__ import annotations

import hashlib
import re

from ...domain.shared.errors import Reason
from .errors import IfMatchNeeded, Malformed

_TAG = re.compile(r'"(\d{1,9})"')


def etag(version: int) -> str:
    """Return the ETag of a version."""
    return f'"{version}"'


def wanted_version(if_match: str | None) -> int:
    """Return the version that the header names; raise IfMatchNeeded without one, Malformed for what is no ETag of ours.

    ``*`` is refused as well: whoever changes something has to have seen it.
    """
    if if_match is None:
        raise IfMatchNeeded(Reason("request.if_match_needed", {}, "If-Match"))
    found = _TAG.fullmatch(if_match.strip())
    if found is None:
        raise Malformed(Reason("request.if_match_unreadable", {"given": if_match[:60]}, "If-Match"))
    return int(found[1])


def content_tag(body: bytes) -> str:
    """Return the ETag of exactly this content."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def has(if_none_match: str, tag: str) -> bool:
    """Whether the header names the tag."""
    given = {one.strip().removeprefix("W/") for one in if_none_match.split(",")}
    return tag in given or "*" in given
