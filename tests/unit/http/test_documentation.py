"""The description of the interface."""

import json
import re
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import httpx2

from higherstudy.domain.profile.profile import Profile

METHODS = ("get", "post", "put", "patch", "delete")


async def _document(client: httpx2.AsyncClient) -> dict[str, Any]:
    document: dict[str, Any] = (await client.get("/v1/openapi.json")).json()
    return document


async def test_every_operation_has_a_stable_id_a_tag_and_its_refusals(anybody: httpx2.AsyncClient) -> None:
    document = await _document(anybody)
    operations = [one for path in document["paths"].values() for name, one in path.items() if name in METHODS]

    assert document["openapi"].startswith("3.1")
    assert len({one["operationId"] for one in operations}) == len(operations)
    for one in operations:
        assert re.fullmatch(r"[a-z_]+", one["operationId"])
        assert one["tags"][0] in {tag["name"] for tag in document["tags"]}
        assert one["summary"]
        assert one["description"]
    refused = json.dumps([one["responses"] for one in operations])
    assert refused.count("application/problem+json") > 150


async def test_every_reference_leads_somewhere(anybody: httpx2.AsyncClient) -> None:
    document = await _document(anybody)
    shapes = document["components"]["schemas"]

    named = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(document)))

    assert named <= set(shapes)
    assert shapes["NewAccount"]["properties"]["email"]["examples"]


def _operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for methods in document["paths"].values():
        yield from (one for name, one in methods.items() if name in METHODS)


def _parameters(document: dict[str, Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for operation in _operations(document):
        yield from ((operation, one) for one in operation.get("parameters", ()))


async def test_it_says_of_every_body_that_nothing_else_belongs_there(anybody: httpx2.AsyncClient) -> None:
    document = await _document(anybody)
    shapes = document["components"]["schemas"]
    bodies = [one["requestBody"]["content"] for one in _operations(document) if "requestBody" in one]
    sent = [content["schema"] for kinds in bodies for kind, content in kinds.items() if "json" in kind]

    open_to_more = [
        one
        for one in (shapes[shape["$ref"].rpartition("/")[2]] if "$ref" in shape else shape for shape in sent)
        if one.get("additionalProperties") is not False
    ]

    assert len(sent) >= 30
    assert not open_to_more


async def test_it_says_what_lists_and_tables_of_a_body_hold(anybody: httpx2.AsyncClient) -> None:
    shapes = (await _document(anybody))["components"]["schemas"]

    assert shapes["ProposalGiven"]["properties"]["packs"]["items"] == {"type": "string", "pattern": "^[0-9a-f]{64}$"}
    assert shapes["DurationsGiven"]["properties"]["durations"]["additionalProperties"]["maximum"] == 3650


async def test_it_names_every_field_of_a_profile(anybody: httpx2.AsyncClient) -> None:
    change = (await _document(anybody))["paths"]["/v1/students/{student_id}/profile"]["patch"]

    shape = change["requestBody"]["content"]["application/merge-patch+json"]["schema"]

    assert set(shape["properties"]) == {field.name for field in fields(Profile)}
    assert shape["additionalProperties"] is False


async def test_if_match_is_needed_where_its_absence_is_refused(anybody: httpx2.AsyncClient) -> None:
    found = [pair for pair in _parameters(await _document(anybody)) if pair[1]["name"] == "If-Match"]

    assert len(found) > 5
    assert all(one["required"] == ("428" in operation["responses"]) for operation, one in found)


async def test_nothing_in_an_address_may_be_null_and_lists_say_what_they_hold(anybody: httpx2.AsyncClient) -> None:
    found = [one for _, one in _parameters(await _document(anybody))]

    assert not [one["name"] for one in found if "null" in json.dumps(one["schema"])]
    countries = [one["schema"] for one in found if one["name"] == "country" and one["schema"].get("type") == "array"]
    assert countries
    assert all(one["items"]["pattern"] for one in countries)


async def test_files_are_described_as_what_they_are(anybody: httpx2.AsyncClient) -> None:
    answers = {one["operationId"]: one["responses"] for one in _operations(await _document(anybody))}

    assert answers["pack_schema"]["200"]["content"] == {"application/schema+json": {"schema": {"type": "object"}}}
    assert answers["get_snapshot"]["200"]["content"]["application/json"]["schema"] == {"type": "object"}
    assert answers["open_file"]["200"]["content"]["*/*"]["schema"]["format"] == "binary"


async def test_every_path_names_its_methods(anybody: httpx2.AsyncClient) -> None:
    for path, methods in (await _document(anybody))["paths"].items():
        address = path.replace("{number}", "1").replace("{", "").replace("}", "")

        answer = await anybody.options(address)

        documented = {name.upper() for name in methods if name in METHODS}
        assert set(answer.headers["allow"].split(", ")) == documented | {"OPTIONS"}, path


async def test_the_page_needs_nothing_from_elsewhere_and_runs_nothing(anybody: httpx2.AsyncClient) -> None:
    page = await anybody.get("/docs")

    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "<script" not in page.text
    assert not re.search(r'(?:src|href)="(?!#|/v1/openapi\.json)', page.text)
    assert "default-src 'none'; style-src 'sha256-" in page.headers["content-security-policy"]
    assert "<!-- " not in page.text
    assert 'id="problem-invalid"' in page.text
    assert "/v1/students/{student_id}/plans" in page.text


async def test_the_first_steps_name_the_servers_own_address_whatever_host_was_asked_for(
    anybody: httpx2.AsyncClient,
) -> None:
    page = await anybody.get("/docs", headers={"Host": "elsewhere.example.org"})

    assert "api=https://study.example.org\n" in page.text
    assert page.text.count("curl -s $api/v1/") == 3
    assert "localhost" not in page.text
    assert "elsewhere.example" not in page.text
