"""ETags: the version of a thing, in both directions (RFC 9110, 8.8.3 and 13.1.1)."""

from __future__ import annotations

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
    if if_match is None or not if_match.strip():
        raise IfMatchNeeded(Reason("request.if_match_needed", {}, "If-Match"))
    found = _TAG.fullmatch(if_match.strip())
    if found is None:
        raise Malformed(Reason("request.if_match_unreadable", {"given": if_match[:60]}, "If-Match"))
    return int(found[1])
