"""What an export holds: the record as one JSON document of a known form, and the files with an index of them."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from datetime import datetime
from typing import Any

from ..applications.application import Application
from ..audit.entry import Entry
from ..documents.document import Document, Version
from ..identity.account import Account
from ..identity.factor import Factor
from ..identity.session import Session
from ..shared.canonical import sha256_of
from ..shared.dataclass import dataclass
from ..shared.ids import AccountId
from .plain import plain

FORM = "higherstudy/record/1"
"""Named in each record; docs/record.schema.json describes it. Within a form only parts are added."""
SECTIONS = (
    "account",
    "sessions",
    "profile",
    "documents",
    "uploads",
    "applications",
    "plans",
    "calendars",
    "overrides",
    "notes",
    "tasks",
    "record_offers",
    "filed_applications",
    "rule_changes",
    "messages",
    "ways",
    "preferences",
    "grants",
    "keys",
    "factors",
    "identities",
    "consents",
    "exports",
    "reports",
    "orders",
    "refunds",
    "disputes",
    "erasures",
    "holds",
    "activity",
)
_ENDINGS = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg", "image/heic": "heic"}
_NOT_IN_NAMES = re.compile(r"[^a-z0-9]+")
Sentence = Callable[[str, Mapping[str, Any]], str]


@dataclass(frozen=True, slots=True)
class Listed:
    """A file of an export: where it lies in it, what it is, and what it was called by who brought it."""

    path: str
    sha256: str
    size: int
    content_type: str
    file_name: str = ""
    about: Mapping[str, Any] = field(default_factory=dict)


def account_part(account: Account, used_at: datetime | None = None) -> dict[str, Any]:
    """Return what is told of the account: named one by one, so that no new secret slips in."""
    return {
        "id": str(account.id),
        "email": account.email,
        "email_confirmed_at": plain(account.email_confirmed_at),
        "roles": sorted(account.roles),
        "registered_at": plain(account.registered_at),
        "used_at": plain(used_at),
    }


def session_part(session: Session) -> dict[str, Any]:
    """Return what is told of a session."""
    return {
        "id": str(session.id),
        "device": session.device,
        "begun_at": plain(session.begun_at),
        "used_at": plain(session.used_at),
        "until": plain(session.until),
        "ended_at": plain(session.ended_at),
        "ended_because": plain(session.ended_because),
        "methods": plain(session.methods),
        "proved_at": plain(session.proved_at),
    }


def factor_part(factor: Factor) -> dict[str, Any]:
    """Return what is told of a second factor, never what it is checked by."""
    return {
        "id": str(factor.id),
        "kind": factor.kind.value,
        "label": factor.label,
        "made_at": plain(factor.made_at),
        "confirmed_at": plain(factor.confirmed_at),
        "used_at": plain(factor.used_at),
    }


def activity_part(entry: Entry, account_id: AccountId) -> dict[str, Any]:
    """Return what is told of an entry of the audit trail; of others no address."""
    is_hers = entry.actor == account_id
    address = entry.address if is_hers else None
    return {
        "at": plain(entry.at),
        "action": entry.action,
        "by": "you" if is_hers else ("somebody_else" if entry.actor else "system"),
        "actor": plain(entry.actor),
        "on_behalf_of": plain(entry.on_behalf_of),
        "subject": entry.subject,
        "subject_id": plain(entry.subject_id),
        "details": dict(entry.details),
        "reason": entry.reason.words if entry.reason else None,
        "address": address.words if address else None,
    }


def record_bytes(parts: Mapping[str, Any], student_id: str, asked_at: datetime) -> bytes:
    """Return the document, its sections in the order of SECTIONS; raise KeyError where one is missing."""
    head = {"form": FORM, "student_id": student_id, "asked_at": plain(asked_at)}
    return _json({**head, **{name: parts[name] for name in SECTIONS}})


def listed_papers(documents: Sequence[Document]) -> list[tuple[Listed, Version]]:
    """Return every version of every paper with its place in the export.

    Places are made of numbers and of the codes of kinds: whatever a file was called, it is only ever told.
    """
    found = []
    for number, document in enumerate(documents, start=1):
        folder = f"papers/{number:03d}-{_NOT_IN_NAMES.sub('-', document.kind.lower()).strip('-')[:40] or 'paper'}"
        for version in document.versions:
            ending = _ENDINGS.get(version.content_type, "bin")
            about = {"document_id": str(document.id), "kind": document.kind, "number": version.number}
            path = f"{folder}/{version.number}.{ending}"
            listed = Listed(path, version.sha256, version.size, version.content_type, version.file_name, about)
            found.append((listed, version))
    return found


def listed_sent(application: Application, content: bytes) -> Listed:
    """Return where lies what was sent with an application, byte for byte."""
    about = {"application_id": str(application.id)}
    path = f"applications/{application.id}.json"
    return Listed(path, sha256_of(content), len(content), "application/json", about=about)


def index_bytes(files: Iterable[Listed]) -> bytes:
    """Return the index of the files for programs."""
    return _json({"form": "higherstudy/index/1", "files": [plain(one) for one in files]})


def page_bytes(files: Sequence[Listed], language: str, say: Sentence, asked_at: datetime) -> bytes:
    """Return the index as a page for people: plain, readable aloud, with nothing from elsewhere in it."""
    heads = "".join(f'<th scope="col">{_text(say(f"export.{name}", {}))}</th>' for name in ("file", "name", "size"))
    rows = "".join(
        f'<tr><td><a href="{html.escape(one.path)}">{html.escape(one.path)}</a></td>'
        f"<td><bdi>{_text(one.file_name)}</bdi></td><td>{one.size}</td></tr>"
        for one in files
    )
    title = _text(say("export.title", {}))
    day = f"{asked_at:%Y-%m-%d %H:%M} UTC"
    return (
        f'<!doctype html>\n<html lang="{html.escape(language)}">\n<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{title}</title><style>body{{font:1rem/1.6 sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem}}"
        "table{border-collapse:collapse;width:100%}th,td{border:1px solid #767676;padding:.4rem;text-align:start}"
        f"</style></head>\n<body><main><h1>{title}</h1><p>{_text(say('export.about', {'moment': day}))}</p>\n"
        f'<p><a href="record.json">record.json</a></p>\n<table><caption>{_text(say("export.files", {}))}</caption>'
        f"<thead><tr>{heads}</tr></thead>\n<tbody>{rows}</tbody></table></main></body>\n</html>\n"
    ).encode()


def _text(text: str) -> str:
    """Return the text for a page; signs that turn the direction of others stay within ``bdi``."""
    return html.escape(text)


def _json(data: Any) -> bytes:
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()
