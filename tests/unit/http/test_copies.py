"""Questions about the catalogue are answered from copies that an import makes out of date at once."""

import json
from pathlib import Path
from typing import Any

import httpx2
import pytest
from records import Server

from higherstudy.adapters.memory.cache import MemoryCache
from higherstudy.adapters.memory.transactions import Store

from .conftest import a_server

CSV = """key,institution_key,institution,country,name,level,source_title,retrieved_on,confidence
limnology,lake,Lake University,SE,Limnology,master,A page,2026-11-01,U
"""


class WatchedCache(MemoryCache):
    """Counts what was made."""

    def __init__(self) -> None:
        super().__init__()
        self.made = 0

    async def remembered(self, key: str, lasting: Any, make: Any) -> bytes:
        async def counted() -> bytes:
            self.made += 1
            value: bytes = await make()
            return value

        return await super().remembered(key, lasting, counted)


@pytest.fixture
def cache() -> WatchedCache:
    return WatchedCache()


@pytest.fixture
def server(catalogue: Store, tmp_path: Path, cache: WatchedCache) -> Server:
    return a_server(catalogue, tmp_path, cache=cache)


async def _first(client: httpx2.AsyncClient) -> dict[str, Any]:
    item: dict[str, Any] = (await client.get("/v1/programmes?limit=1")).json()["items"][0]
    return item


async def test_a_copy_is_the_same_answer_byte_for_byte(anybody: httpx2.AsyncClient, cache: WatchedCache) -> None:
    item = await _first(anybody)
    paths = [
        "/v1/programmes?country=DE&level=master&text=software",
        f"/v1/programmes/{item['id']}",
        f"/v1/institutions/{item['institution_id']}",
    ]
    made = cache.made

    firsts = [await anybody.get(path) for path in paths]
    seconds = [await anybody.get(path) for path in paths]

    assert cache.made == made + 3
    assert [one.content for one in seconds] == [one.content for one in firsts]
    assert {one.headers["content-type"] for one in (*firsts, *seconds)} == {"application/json"}
    assert all(one.json() for one in firsts)


async def test_questions_that_differ_in_anything_share_no_copy(anybody: httpx2.AsyncClient) -> None:
    paths = [
        "/v1/programmes",
        "/v1/programmes?limit=5",
        "/v1/programmes?country=DE",
        "/v1/programmes?country=NL",
        "/v1/programmes?text=DE",
        "/v1/programmes?field=06",
        "/v1/programmes?language=de",
        "/v1/programmes?level=master",
        "/v1/programmes?include_expired=true&text=science",
        "/v1/programmes?text=science",
    ]
    alone = {}
    for path in paths:
        alone[path] = json.loads((await anybody.get(path)).content)

    together = {path: (await anybody.get(path)).json() for path in reversed(paths)}

    assert together == alone


async def test_whoever_has_it_already_is_told_so_without_the_content(anybody: httpx2.AsyncClient) -> None:
    path = f"/v1/programmes/{(await _first(anybody))['id']}"
    tag = (await anybody.get(path)).headers["etag"]

    same = [
        await anybody.get(path, headers={"If-None-Match": given})
        for given in (tag, f'W/{tag}, "other"', '"x",' + tag, "*")
    ]
    other = await anybody.get(path, headers={"If-None-Match": '"other"'})

    assert {(one.status_code, one.content, one.headers["etag"]) for one in same} == {(304, b"", tag)}
    assert (other.status_code, other.headers["etag"], other.headers["cache-control"]) == (200, tag, "no-cache")


async def test_what_does_not_exist_is_not_found_however_often_it_is_asked_for(anybody: httpx2.AsyncClient) -> None:
    path = "/v1/programmes/0198c0de-5f3a-7c11-9d5b-2f6a1d0c4b7e"

    assert [(await anybody.get(path)).status_code for _ in range(2)] == [404, 404]


async def test_further_pages_and_questions_nobody_else_asks_fill_no_room(
    anybody: httpx2.AsyncClient, cache: WatchedCache
) -> None:
    first = (await anybody.get("/v1/programmes?limit=1")).json()
    kept = len(cache._kept)

    for path in (
        f"/v1/programmes?limit=1&cursor={first['next']}",
        "/v1/programmes?country=DE&country=NL",
        f"/v1/programmes?text={'very+' * 20}long",
    ):
        assert (await anybody.get(path)).status_code == 200

    assert len(cache._kept) == kept


async def test_an_import_shows_at_once(anybody: httpx2.AsyncClient, admin: httpx2.AsyncClient) -> None:
    search, lakes = "/v1/programmes?text=limnology", {"file_name": "lakes.csv"}
    seen = [await anybody.get(search)]

    for content in (CSV, CSV.replace("Limnology", "Limnology and Ice"), CSV.splitlines()[0] + "\n"):
        imported = await admin.post("/v1/imports", params=lakes, content=content.encode())
        assert imported.status_code == 201, imported.text
        seen.append(await anybody.get(search))

    names = [[one["name"] for one in answer.json()["items"]] for answer in seen]
    assert names == [[], ["Limnology"], ["Limnology and Ice"], []]
    assert len({answer.headers["etag"] for answer in seen[:3]}) == 3


async def test_a_dry_run_makes_no_copy_out_of_date(
    anybody: httpx2.AsyncClient, admin: httpx2.AsyncClient, cache: WatchedCache
) -> None:
    await anybody.get("/v1/programmes")
    made = cache.made

    dry = {"file_name": "lakes.csv", "dry_run": "true"}
    assert (await admin.post("/v1/imports", params=dry, content=CSV.encode())).status_code == 201
    await anybody.get("/v1/programmes")

    assert cache.made == made
