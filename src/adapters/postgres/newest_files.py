"""Which files the newest papers are kept in."""

from __future__ import annotations

from collections.abc import Sequence

from .reading import Reading

_NEWEST = """
SELECT coalesce(sealed_as, sha256) AS file FROM document_versions ORDER BY document_id DESC, number DESC LIMIT $1
"""


async def newest_files(reading: Reading, at_most: int) -> Sequence[str]:
    """Return the hashes by which the store knows them; raise Unavailable when the database does not answer."""
    return [str(row["file"]) for row in await reading.fetch(_NEWEST, at_most)]
