"""Entries of the audit trail as lines of a file: JSON Lines, or CSV that no spreadsheet takes for formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import msgspec

from ..domain.audit.chain import Kept, digest_of, moment

Form = Literal["jsonl", "csv"]
MEDIA_TYPES: Mapping[Form, str] = {"jsonl": "application/jsonl", "csv": "text/csv; charset=utf-8"}
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_COLUMNS = (
    "place",
    "id",
    "at",
    "action",
    "subject",
    "subject_id",
    "student_id",
    "actor",
    "on_behalf_of",
    "request_id",
    "trace",
    "address",
    "reason",
    "details",
    "digest",
)


def fields_of(kept: Kept) -> dict[str, Any]:
    """Return the entry as it is shown; what was forgotten of it, or never was there, is null."""
    entry = kept.entry
    return {
        "place": kept.place,
        "id": str(entry.id),
        "at": moment(entry.at),
        "action": entry.action,
        "subject": entry.subject,
        "subject_id": _text(entry.subject_id),
        "student_id": _text(entry.student_id),
        "actor": _text(entry.actor),
        "on_behalf_of": _text(entry.on_behalf_of),
        "request_id": entry.request_id,
        "trace": entry.trace,
        "address": entry.address.words if entry.address else None,
        "reason": entry.reason.words if entry.reason else None,
        "details": dict(entry.details),
        "digest": digest_of(entry),
    }


def beginning(form: Form) -> bytes:
    """Return what stands before the first entry: the names of the columns, in CSV."""
    return _csv([_COLUMNS]) if form == "csv" else b""


def lines(form: Form, page: Sequence[Kept]) -> bytes:
    """Return the entries as lines; the details are one column in CSV."""
    rows = [fields_of(kept) for kept in page]
    if form == "jsonl":
        return b"".join(msgspec.json.encode(row) + b"\n" for row in rows)
    return _csv([[_cell(row[name]) for name in _COLUMNS] for row in rows])


def _csv(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def _cell(value: Any) -> str:
    """Return the value as a cell; what a spreadsheet would take for a formula begins with an apostrophe."""
    if value is None:
        return ""
    shown = msgspec.json.encode(value).decode() if isinstance(value, dict) else str(value)
    return f"'{shown}" if shown.startswith(_FORMULA) else shown


def _text(value: object) -> str | None:
    return None if value is None else str(value)
