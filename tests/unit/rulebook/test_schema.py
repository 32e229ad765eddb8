"""The published schema of packs says what our reader takes, no less and no more."""

import copy
import json
import tomllib
from collections.abc import Iterator
from datetime import date
from importlib import resources
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from higherstudy.adapters.bundled.packs import pack_schema
from higherstudy.domain.rulebook.conditions import KNOWN_CIRCUMSTANCES
from higherstudy.domain.rulebook.errors import BrokenPack
from higherstudy.domain.rulebook.layers import Layer
from higherstudy.domain.rulebook.pack import Rulebook
from higherstudy.domain.rulebook.reading import read_pack
from higherstudy.domain.shared.reading import Record

from .everything import EVERYTHING, Data, as_pack

SCHEMA: Data = json.loads(pack_schema())
VALIDATOR = Draft202012Validator(SCHEMA)
PACKS = list(resources.files("higherstudy.adapters.bundled").joinpath("packs").iterdir())
FORM = {
    *("data.missing", "data.unknown_key", "data.not_text", "data.not_decimal", "data.not_whole_number"),
    *("data.number_too_large", "data.not_true_or_false", "data.not_a_date", "data.not_a_month_day"),
    *("data.not_a_table", "data.not_a_list_of_tables", "data.not_a_list_of_texts", "data.not_a_url"),
    *("data.unknown_word", "condition.unknown_circumstance", "scale.incomplete", "requirement.empty"),
}
"""What is wrong with one value by itself; a schema cannot tell the rest, such as that a name leads nowhere."""
WRONG: tuple[Any, ...] = ({}, [1], True, -1, 1.5, 10**8, " ", "nonsense", "20270331", "২০-০১", "x" * 4001)


def with_days_as_texts(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: with_days_as_texts(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [with_days_as_texts(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


def refusals_of(data: Data) -> set[str]:
    """Return the codes for which our reader refuses the pack."""
    try:
        read_pack(as_pack(data), "pack.toml")
    except BrokenPack as error:
        return {reason.code for reason in error.reasons}
    return set()


def resolved(schema: Data) -> Data:
    """Return the schema of an object, or of what a list holds."""
    while "$ref" in schema or "items" in schema:
        schema = SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema["items"]
    return schema


def properties_of(schema: Data) -> Data:
    """Return the properties of an object, of whichever of its forms."""
    found: Data = dict(schema.get("properties", {}))
    for form in schema.get("oneOf", ()):
        found.update(resolved(form)["properties"])
    return found


def schema_at(place: str) -> Data:
    """Return the schema of the table at a place such as ``pathways[0].steps[3]``."""
    schema = SCHEMA
    for key in filter(None, place.split(".")):
        schema = resolved(properties_of(schema)[key.partition("[")[0]])
    return schema


def objects_in(value: Any) -> Iterator[Data]:
    """Yield every table of the data, to be changed in place."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from objects_in(inner)


def changed_packs() -> Iterator[tuple[str, Data]]:
    """Yield packs with one key more, one key less, or one value of another kind, in every place there is."""
    yield "surprise", {**EVERYTHING, "surprise": 1}
    yield "no head", {name: part for name, part in EVERYTHING.items() if name != "pack"}
    for part in EVERYTHING:
        whole = {name: EVERYTHING[name] for name in ("pack", "sources", part)}
        for number, table in enumerate(objects_in(whole[part])):
            for key in (*table, "surprise"):
                for wrong in (None, *WRONG) if key in table else (1,):
                    changed = copy.deepcopy(whole)
                    there = list(objects_in(changed[part]))[number]
                    if wrong is None:
                        del there[key]
                    else:
                        there[key] = wrong
                    yield f"{part}, table {number}: {key} = {str(wrong)[:20]!r}", changed


@pytest.mark.parametrize("file", PACKS, ids=lambda file: file.name)
def test_every_bundled_pack_fits_the_schema(file: Any) -> None:
    data = with_days_as_texts(tomllib.loads(file.read_text(encoding="utf-8")))

    assert [error.message for error in VALIDATOR.iter_errors(data)] == []


def test_the_schema_is_one_itself_and_each_of_its_parts_is_used() -> None:
    Draft202012Validator.check_schema(SCHEMA)

    text = json.dumps(SCHEMA)
    assert [name for name in SCHEMA["$defs"] if f'"#/$defs/{name}"' not in text] == []


def test_a_pack_that_says_everything_is_taken_by_the_schema_and_by_the_reader() -> None:
    pack = read_pack(as_pack(EVERYTHING), "pack.toml")

    assert [error.message for error in VALIDATOR.iter_errors(EVERYTHING)] == []
    assert Rulebook((pack,)).has_fact("rate.2")


def test_the_reader_asks_for_exactly_the_keys_that_the_schema_names(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[int, tuple[Data, set[str]]] = {}
    original = Record._value

    def recording(self: Record, key: str, *, required: bool) -> Any:
        schema = schema_at(self.where)
        asked.setdefault(id(schema), (schema, set()))[1].add(key)
        return original(self, key, required=required)

    monkeypatch.setattr(Record, "_value", recording)
    read_pack(as_pack(EVERYTHING), "pack.toml")

    assert [
        (keys, set(properties_of(schema))) for schema, keys in asked.values() if keys != set(properties_of(schema))
    ] == []
    tables = [one for one in SCHEMA["$defs"].values() if one.get("type") == "object"]
    forms = [form for one in tables for form in one.get("oneOf", ()) if "$ref" in form]  # are asked for as their whole
    assert len(asked) == len(tables) - len(forms) + 1


def test_the_schema_knows_every_circumstance_and_every_layer() -> None:
    said = [form["properties"].get("circumstance", {}) for form in SCHEMA["$defs"]["condition"]["oneOf"]]
    named = {name for one in said for name in (one.get("enum") or [one["const"]] if one else ())}

    assert named == set(KNOWN_CIRCUMSTANCES)
    assert SCHEMA["$defs"]["head"]["properties"]["layer"]["enum"] == list(Layer)


def test_what_the_schema_refuses_the_reader_refuses_and_a_wrong_form_is_refused_by_both() -> None:
    disagreements = []
    tried = 0
    for what, data in changed_packs():
        tried += 1
        codes, fits = refusals_of(data), VALIDATOR.is_valid(data)
        if (not fits and not codes) or (fits and codes & FORM):
            disagreements.append((what, fits, codes))

    assert disagreements == []
    assert tried > 1000
