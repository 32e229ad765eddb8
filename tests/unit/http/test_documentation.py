"""The description of the interface."""

import json
import re
from typing import Any

import httpx2

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
