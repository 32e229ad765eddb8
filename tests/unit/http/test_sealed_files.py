"""Papers leave by addresses of ours that open them on their way out, untouched or not at all."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import httpx2
import pytest
from records import PDF, Server

from higherstudy.adapters.folder.files import FolderFiles
from higherstudy.domain.shared.ids import StudentId
from higherstudy.ports.vault import is_sealed

LARGE = PDF + b"a page of marks " * 50_000


async def a_paper(owner: httpx2.AsyncClient, content: bytes = PDF) -> str:
    """Upload a paper and return the address that opens it."""
    made = await owner.post("/v1/students/me/documents", json={"kind": "passport"})
    place = f"/v1/documents/{made.json()['id']}/versions"
    uploaded = await owner.post(f"{place}?file_name=পাসপোর্ট.pdf", content=content)
    assert uploaded.status_code == 201, uploaded.text
    led = await owner.get(f"{place}/1/content")
    assert led.status_code == 302
    return str(led.headers["location"])


async def the_file(server: Server) -> Path:
    """Return where the one kept file lies."""
    files = server.ports.files
    assert isinstance(files, FolderFiles)
    [name] = [one async for one in files.kept_before(server.clock.now() + timedelta(days=3650))]
    return files.path(name)


async def test_whoever_has_the_link_gets_the_paper_for_a_minute(
    server: Server, owner: httpx2.AsyncClient, anybody: httpx2.AsyncClient
) -> None:
    link = await a_paper(owner, LARGE)

    opened = await anybody.get(link)
    server.clock.move(timedelta(seconds=61))
    ended = await anybody.get(link)

    assert link.startswith("/v1/files/")
    assert (opened.status_code, opened.content == LARGE) == (200, True)
    assert opened.headers["content-type"] == "application/pdf"
    assert "%E0%A6%AA" in opened.headers["content-disposition"]
    assert opened.headers["cache-control"] == "private, no-store"
    assert (ended.status_code, ended.json()["errors"][0]["code"]) == (404, "file.link_not_valid")
    content = (await the_file(server)).read_bytes()
    assert (is_sealed(content), b"marks" in content) == (True, False)


@pytest.mark.parametrize(
    "damaged",
    [
        lambda content: content[:40] + bytes([content[40] ^ 1]) + content[41:],
        lambda content: content[:-1] + bytes([content[-1] ^ 1]),
        lambda content: content[:-5],
        lambda content: b"",
        lambda content: PDF,
    ],
    ids=["head", "tag", "cut short", "empty", "replaced"],
)
async def test_a_file_that_was_changed_behind_our_back_is_not_sent(
    server: Server, owner: httpx2.AsyncClient, damaged: Callable[[bytes], bytes]
) -> None:
    link = await a_paper(owner)
    path = await the_file(server)
    path.write_bytes(damaged(path.read_bytes()))

    answer = await owner.get(link)

    assert (answer.status_code, answer.json()["code"]) == (503, "unreadable")
    assert PDF[:8] not in answer.content


async def test_once_her_keys_are_destroyed_a_link_tells_no_more_than_one_that_never_was(
    server: Server, owner: httpx2.AsyncClient
) -> None:
    link = await a_paper(owner)
    student = (await owner.get("/v1/students/me/profile")).json()["student_id"]

    await server.ports.vault.destroy(StudentId(UUID(student)))
    answer = await owner.get(link)

    assert answer.status_code == 404
