"""How entries of the audit trail are written and read, in PostgreSQL."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from sqlalchemy import BigInteger, RowMapping, bindparam, column, insert, select, text
from sqlalchemy.dialects.postgresql import JSONB

from ...domain.audit.chain import Kept
from ...domain.audit.entry import Apart, Entry
from ...domain.shared.ids import AccountId, EntryId, StudentId
from .tables_audit import waiting

_ENTRY = (
    text("""
        INSERT INTO audit_entries (id, at, action, subject, subject_id, student_id, actor, on_behalf_of, request_id,
                                   trace, details, address_digest, reason_digest, address, reason)
        SELECT id, at, action, subject, subject_id, student_id, actor, on_behalf_of, request_id,
               trace, details, address_digest, reason_digest, address, reason
        FROM jsonb_to_recordset(:entries) AS given (
            id uuid, at timestamptz, action text, subject text, subject_id uuid, student_id uuid, actor uuid,
            on_behalf_of uuid, request_id text, trace text, details jsonb, address_digest text, reason_digest text,
            address text, reason text
        )
        RETURNING place
    """)
    .bindparams(bindparam("entries", type_=JSONB))
    .columns(column("place", BigInteger))
    .cte("entry")
)
ADD = insert(waiting).from_select(["place"], select(_ENTRY.c.place))
"""Adds the entries in its parameter ``entries``, as ``written`` gives them, and lets them wait for their seal; other
statements can be carried out with it, so that they cost no way to the server of their own."""


def written(entries: Iterable[Entry]) -> str:
    """Return the entries as the statement takes them."""
    return msgspec.json.encode([_row(entry) for entry in entries]).decode()


def _row(entry: Entry) -> Mapping[str, Any]:
    return {
        "id": entry.id,
        "at": entry.at,
        "action": entry.action,
        "subject": entry.subject,
        "subject_id": entry.subject_id,
        "student_id": entry.student_id,
        "actor": entry.actor,
        "on_behalf_of": entry.on_behalf_of,
        "request_id": entry.request_id,
        "trace": entry.trace,
        "details": entry.details,
        "address_digest": entry.address_digest,
        "reason_digest": entry.reason_digest,
        "address": _words(entry.address),
        "reason": _words(entry.reason),
    }


def _words(apart: Apart | None) -> str | None:
    return None if apart is None else f"{apart.salt} {apart.words}"


def kept_of(row: RowMapping) -> Kept:
    """Return the entry in the row, with its place."""
    return Kept(
        row["place"],
        Entry(
            id=EntryId(row["id"]),
            at=row["at"],
            action=row["action"],
            subject=row["subject"],
            subject_id=row["subject_id"],
            student_id=_id(StudentId, row["student_id"]),
            actor=_id(AccountId, row["actor"]),
            on_behalf_of=_id(AccountId, row["on_behalf_of"]),
            request_id=row["request_id"],
            trace=row["trace"],
            details=row["details"],
            address_digest=row["address_digest"],
            reason_digest=row["reason_digest"],
            address=_apart(row["address"]),
            reason=_apart(row["reason"]),
        ),
    )


def _id(kind: Any, value: Any) -> Any:
    return None if value is None else kind(value)


def _apart(words: str | None) -> Apart | None:
    if words is None:
        return None
    salt, _, rest = words.partition(" ")
    return Apart(salt, rest)
