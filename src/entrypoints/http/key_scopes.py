"""Which scope of an API key each operation needs: by its tag and whether it reads or changes."""

from __future__ import annotations

from typing import Any

from ...domain.identity.key import KeyScope

_AREAS = {
    "Profile": "profile",
    "Imports": "imports",
    "Verdicts": "verdicts",
    "Matching": "verdicts",
    "Money": "verdicts",
    "Plans": "plans",
    "Documents": "documents",
    "Applications": "applications",
    "Rulebook": "rules",
    "Rule changes": "rules",
    "Jobs": "jobs",
}
"""Operations of any other tag are not for keys: they let somebody in or keep somebody out."""

_BY_NAME = {"get_me": KeyScope.ACCOUNT_READ}
_NOT_BY_KEY = frozenset({"share_calendar", "stop_sharing_calendar"})
"""What lets somebody in, or keeps her out, under another tag: a link goes on when the key is revoked."""
_READING = frozenset({"ask_what_if", "compare_packs"})
"""What is posted and keeps nothing."""


def scope_of(handler: Any) -> KeyScope | None:
    """Return the scope that a key needs for the route; None where no key will do."""
    named = _BY_NAME.get(handler.operation_id)
    area = next((_AREAS[tag] for tag in handler.resolve_tags() if tag in _AREAS), None)
    if named is not None or area is None or handler.operation_id in _NOT_BY_KEY:
        return named
    reads = handler.operation_id in _READING or handler.http_methods <= {"GET", "HEAD", "OPTIONS"}
    return KeyScope(f"{area}:{'read' if reads else 'write'}")
