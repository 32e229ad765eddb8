"""What a change of a profile may hold, as JSON Schema: its reader in the domain takes data, and no type says it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...domain.shared.levels import LEVELS
from ...domain.shared.reading import LONGEST_TEXT

Shape = dict[str, Any]


def _or_null(shape: Shape) -> Shape:
    return {"anyOf": [shape, {"type": "null"}]}


def _table(fields: Mapping[str, Shape], *needed: str) -> Shape:
    """Fields of which those that are not needed may be null, which is as good as left out."""
    shapes = {name: shape if name in needed else _or_null(shape) for name, shape in fields.items()}
    return {"type": "object", "properties": shapes, "required": list(needed), "additionalProperties": False}


def _list(item: Shape) -> Shape:
    return {"type": "array", "items": item}


_TEXT: Shape = {"type": "string", "maxLength": LONGEST_TEXT}
_DAY: Shape = {"type": "string", "format": "date"}
_CODE: Shape = {"type": "string", "pattern": "^[A-Z]{2}$"}
_NUMBER: Shape = {"anyOf": [{"type": "string", "description": "Exact, as text."}, {"type": "integer"}]}
_LEVEL: Shape = {"type": "string", "enum": list(LEVELS)}
_GRADE = _table({"scale": _TEXT, "value": _NUMBER, "lowest_pass": _NUMBER}, "scale", "value")
_QUALIFICATION = _table(
    {
        "level": _LEVEL,
        "title": _TEXT,
        "fields": _list(_TEXT),
        "institution": _TEXT,
        "country": _CODE,
        "grade": _GRADE,
        "finished_on": _DAY,
        "taught_in": _TEXT,
    },
    "level",
)
_RESULT = _table(
    {
        "code": _TEXT,
        "taken_on": _DAY,
        "total": _NUMBER,
        "sections": {"type": "object", "additionalProperties": _NUMBER},
    },
    "code",
    "taken_on",
)
_WORK = _table(
    {
        "employer": _TEXT,
        "begun_on": _DAY,
        "ended_on": _DAY,
        "government": {"type": "boolean"},
        "internship": {"type": "boolean"},
    },
    "employer",
    "begun_on",
)
PROFILE_PATCH = _table(
    {
        "name": _TEXT,
        "birth_date": _DAY,
        "citizenships": _list(_CODE),
        "residence": _table({"country": _CODE, "zone": _TEXT, "city": _TEXT}),
        "passport": _table({"number": _TEXT, "issued_on": _DAY, "expires_on": _DAY}),
        "qualifications": _list(_QUALIFICATION),
        "tests": _list(_RESULT),
        "work": _list(_WORK),
        "languages": {
            "type": "object",
            "additionalProperties": {"enum": ["A1", "A2", "B1", "B2", "C1", "C2", "native", None]},
        },
        "budget_a_year": _table({"amount": _NUMBER, "currency": {"type": "string", "pattern": "^[A-Z]{3}$"}}),
        "target": _table({"level": _LEVEL, "countries": _list(_CODE), "fields": _list(_TEXT), "start_from": _DAY}),
        "circumstances": {"type": "object", "description": "Named facts about her case, such as `needs_visa`."},
        "preferred_language": {"type": "string", "pattern": "^[a-z]{2,3}(-[A-Za-z0-9]{1,8})*$", "maxLength": 35},
    }
)
