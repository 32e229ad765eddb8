"""A file is sent, tried, corrected, taken for good, traced and undone, all over REST."""

import csv
import io
from pathlib import Path
from uuid import UUID

import httpx2
import pytest
from records import Server

from higherstudy.adapters.memory.transactions import Store
from higherstudy.domain.imports.use_cases.background import TAKE
from higherstudy.domain.shared.ids import ImportId
from higherstudy.entrypoints.wiring.containers.every import use_cases_over
from higherstudy.ports.jobs import Priority

from .conftest import a_server

HEADER = "key,institution_key,institution,country,name,level,source_title,retrieved_on,confidence"
GOOD = "data,invented,Invented University,DE,Data,master,A page,2026-11-04,U"
WRONG = "plants,invented,Invented University,DE,=Plants,masters,A page,2026-11-04,U"
FILE = f"{HEADER}\n{GOOD}\n{WRONG}\n".encode()


@pytest.fixture
def server(tmp_path: Path) -> Server:
    """A server with an empty catalogue."""
    return a_server(Store(), tmp_path)


async def sent(admin: httpx2.AsyncClient, content: bytes = FILE, **params: str) -> dict[str, object]:
    asked = {"file_name": "coast.csv", "background": "true", **params}
    answer = await admin.post("/v1/imports", params=asked, content=content)
    assert answer.status_code == 202, answer.text
    assert answer.headers["location"] == f"/v1/imports/{answer.json()['id']}"
    return answer.json()  # type: ignore[no-any-return]


async def carried_out(server: Server, admin: httpx2.AsyncClient, run: object) -> dict[str, object]:
    """Let the job of the import be done, as a worker does, and return the import then."""

    async def unheard(_: int) -> None:
        pass

    async with server.ports.transactions() as work:
        offers = await work.jobs.offer(dict.fromkeys(Priority, 10), again_after=server.clock.now() - server.clock.now())
        jobs = [await work.jobs.get(one.job_id) for one in offers]
    [job] = [one for one in jobs if one.arguments.get("import") == run]
    assert job.name == TAKE
    await use_cases_over(server.ports).take_import()(ImportId(UUID(str(run))), unheard, job.origin)
    return (await admin.get(f"/v1/imports/{run}")).json()  # type: ignore[no-any-return]


async def test_from_the_first_try_to_the_way_back(server: Server, admin: httpx2.AsyncClient) -> None:
    waits = await sent(admin, dry_run="true")
    tried = await carried_out(server, admin, waits["id"])
    report = await admin.get(f"/v1/imports/{tried['id']}/problems.csv")
    rows = list(csv.DictReader(io.StringIO(report.content.decode("utf-8-sig"))))
    filled = ["sheet,row,column,correction", *(f"{one['sheet']},{one['row']},level,master" for one in rows)]
    corrected = await admin.post(f"/v1/imports/{tried['id']}/corrections", content="\n".join(filled).encode())
    taken = await carried_out(server, admin, corrected.json()["id"])
    found = (await admin.get("/v1/programmes", params={"q": "Plants"})).json()["items"]
    origins = (await admin.get(f"/v1/programmes/{found[0]['id']}/origins")).json()["items"]
    undo = await admin.post(f"/v1/imports/{taken['id']}/undo")
    undone = await carried_out(server, admin, undo.json()["id"])
    again = await admin.post(f"/v1/imports/{taken['id']}/undo")

    assert (waits["state"], waits["job"]["status"]) == ("waiting", "waiting")  # type: ignore[index]
    assert (tried["state"], tried["dry_run"], tried["problems"]) == ("finished", True, 1)
    assert [(one["row"], one["column"], one["severity"], one["correction"]) for one in rows] == [
        ("3", "level", "error", "")
    ]
    assert (taken["state"], taken["problems"], taken["corrects"]) == ("finished", 0, tried["id"])
    assert taken["counts"]["programmes"]["added"] == 2  # type: ignore[index]
    assert {(one["import_id"], one["row"]) for one in origins} == {(taken["id"], 3)}
    assert (undone["undoes"], undone["counts"]["programmes"]["removed"]) == (taken["id"], 2)  # type: ignore[index]
    assert (again.status_code, again.json()["errors"][0]["code"]) == (422, "import.undone_already")
    assert (await admin.get("/v1/programmes", params={"q": "Plants"})).json()["items"] == []


async def test_the_same_file_is_recognised(server: Server, admin: httpx2.AsyncClient) -> None:
    first = await carried_out(server, admin, (await sent(admin))["id"])

    second = await sent(admin)
    again = await carried_out(server, admin, second["id"])

    assert (first["same_as"], second["same_as"]) == (None, first["id"])
    assert again["changed_nothing"] is True


async def test_a_dry_run_is_taken_for_good_without_sending_the_file_again(
    server: Server, admin: httpx2.AsyncClient
) -> None:
    tried = await carried_out(server, admin, (await sent(admin, dry_run="true"))["id"])

    repeated = await admin.post(f"/v1/imports/{tried['id']}/repetitions")
    taken = await carried_out(server, admin, repeated.json()["id"])
    listed = (await admin.get("/v1/imports")).json()["items"]

    assert (taken["sha256"], taken["dry_run"]) == (tried["sha256"], False)
    assert [one["id"] for one in listed] == [taken["id"], tried["id"]]


async def test_a_file_that_cannot_be_used_says_why(server: Server, admin: httpx2.AsyncClient) -> None:
    refused = await carried_out(server, admin, (await sent(admin, b"PK no zip", file_name="a.xlsx"))["id"])
    problems = (await admin.get(f"/v1/imports/{refused['id']}/problems")).json()["items"]

    assert refused["state"] == "refused"
    assert [one["code"] for one in problems] == ["workbook.not_a_zip"]


async def test_wrong_corrections_are_named_line_by_line(server: Server, admin: httpx2.AsyncClient) -> None:
    tried = await carried_out(server, admin, (await sent(admin, dry_run="true"))["id"])
    lines = "sheet,row,column,correction\ncsv,x,name,A\ncsv,2,,A\ncsv,2,name,A\ncsv,2,name,B\n"

    answer = await admin.post(f"/v1/imports/{tried['id']}/corrections", content=lines.encode())

    assert answer.status_code == 422
    assert [(one["code"], one["field"]) for one in answer.json()["errors"]] == [
        ("corrections.no_row", "corrections.csv:2"),
        ("corrections.no_column", "corrections.csv:3"),
        ("corrections.cell_twice", "corrections.csv:5"),
    ]


async def test_a_file_that_is_not_kept_cannot_be_taken_again(server: Server, admin: httpx2.AsyncClient) -> None:
    at_once = await admin.post("/v1/imports", params={"file_name": "coast.csv"}, content=FILE)

    answer = await admin.post(f"/v1/imports/{at_once.json()['id']}/repetitions")

    assert (at_once.status_code, answer.status_code) == (201, 422)
    assert answer.json()["errors"][0]["code"] == "import.file_gone"
