"""The sources that a document names, and which of them an entry means."""

from __future__ import annotations

from datetime import date

from .reading import Record
from .sources import Source, SourceKind

Sources = dict[str, Source]
_NEVER = date.min


def read_sources(record: Record, *, in_bangla: bool = False) -> Sources:
    """Return the sources that a document names, by their ids; ``in_bangla`` where it may say their titles so too."""
    sources: Sources = {}
    for entry in record.tables("sources"):
        source = Source(
            id=entry.text("id"),
            title=entry.text("title"),
            kind=entry.choice("kind", SourceKind),
            retrieved_on=entry.day("retrieved_on"),
            url=entry.text("url", ""),
            published=entry.text("published", ""),
            title_bn=entry.text("title_bn", "") if in_bangla else "",
        )
        if source.id in sources:
            entry.wrong("id", "data.twice", given=source.id)
        if source.url and not source.url.startswith(("https://", "http://")):
            entry.wrong("url", "data.not_a_url", given=source.url[:80])
        entry.done()
        sources[source.id] = source
    return sources


def source_of(record: Record, sources: Sources, default: Source | None = None) -> Source:
    """Return the source that the record names; a name that is not among the sources is a problem."""
    name = record.text("source", "" if default else None)
    if not name and default:
        return default
    if name and name not in sources:
        record.wrong("source", "data.unknown_source", given=name)
    return sources.get(name) or Source(name, "", SourceKind.COMMUNITY, _NEVER)
