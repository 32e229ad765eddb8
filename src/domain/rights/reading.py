"""Reading purposes and rules of retention from TOML, strictly: every wrong place is named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from ..shared.errors import Invalid, Reason, refuse_if_any
from ..shared.toml import NotToml, load_toml
from .consent import Purpose, Purposes, Wording
from .retention import Kept, RetentionRule

_LONGEST_DAYS = 36_500
_Form = Mapping[str, tuple[type, bool]]
_RULE: _Form = {
    "kept": (str, True),
    "days": (int, True),
    "notice_days": (int, False),
    "why": (str, True),
    "source": (str, True),
    "url": (str, True),
    "since": (date, True),
}
_PURPOSE: _Form = {
    "id": (str, True),
    "needed": (bool, True),
    "title": (str, True),
    "title_bn": (str, False),
    "wordings": (list, True),
}
_WORDING: _Form = {"version": (str, True), "since": (date, True), "text": (str, True), "text_bn": (str, False)}


def read_retention(text: str) -> Sequence[RetentionRule]:
    """Return the rules in their order; raise Invalid with every place that is wrong."""
    rows = _rows(text, "rules", _RULE)
    kinds = {kept.value for kept in Kept}
    reasons = []
    for place, row in rows:
        if row["kept"] not in kinds:
            reasons.append(_wrong(f"{place}.kept", row["kept"]))
        if not 1 <= row["days"] <= _LONGEST_DAYS:
            reasons.append(_wrong(f"{place}.days", row["days"]))
        elif not 0 <= (notice := row.get("notice_days", 0)) < row["days"]:
            reasons.append(_wrong(f"{place}.notice_days", notice))
    named = [row["kept"] for _, row in rows]
    reasons += [_wrong(f"{place}.kept", row["kept"]) for place, row in rows if named.count(row["kept"]) > 1]
    refuse_if_any(reasons, Invalid)
    return [RetentionRule(**{**row, "kept": Kept(row["kept"])}) for _, row in rows]


def read_purposes(text: str) -> Purposes:
    """Return the purposes by id, in their order; raise Invalid with every place that is wrong."""
    rows = _rows(text, "purposes", _PURPOSE)
    reasons: list[Reason] = []
    found: dict[str, Purpose] = {}
    for place, row in rows:
        wordings = list(_checked(row["wordings"], f"{place}.wordings", _WORDING, reasons))
        versions = [one["version"] for _, one in wordings]
        if not wordings or len(set(versions)) < len(versions) or row["id"] in found:
            reasons.append(_wrong(place, row["id"]))
            continue
        texts = tuple(Wording(**one) for _, one in wordings)
        found[row["id"]] = Purpose(row["id"], row["needed"], row["title"], texts, row.get("title_bn", ""))
    refuse_if_any(reasons, Invalid)
    return found


def _rows(text: str, name: str, form: _Form) -> list[tuple[str, Mapping[str, Any]]]:
    try:
        data = load_toml(text)
    except NotToml as error:
        raise Invalid(Reason("rights.not_toml", {"detail": str(error)})) from None
    reasons: list[Reason] = [_wrong(key, key) for key in data if key != name]
    rows = list(_checked(data.get(name), name, form, reasons))
    refuse_if_any(reasons, Invalid)
    return rows


def _checked(data: Any, name: str, form: _Form, reasons: list[Reason]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the tables that are in order, each with its place, and add to the reasons what is wrong with others."""
    if not isinstance(data, list):
        reasons.append(_wrong(name, data))
        return
    for number, row in enumerate(data):
        place = f"{name}[{number}]"
        if not isinstance(row, Mapping):
            reasons.append(_wrong(place, row))
            continue
        wrong = [_wrong(f"{place}.{key}", key) for key in row if key not in form]
        for key, (kind, needed) in form.items():
            if key not in row:
                wrong += [_wrong(f"{place}.{key}", None)] if needed else []
            elif type(row[key]) is not kind:  # a bool is no number here, a moment no day
                wrong.append(_wrong(f"{place}.{key}", row[key]))
        if wrong:
            reasons += wrong
        else:
            yield place, row


def _wrong(where: str, given: object) -> Reason:
    return Reason("rights.wrong_value", {"given": str(given)[:100]}, where)
