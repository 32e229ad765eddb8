"""What the shared suite cannot know: how the server keeps files, and what happens when it does not answer."""

import asyncio
import hashlib
import os
import socket
import time
import tracemalloc
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from higherstudy.domain.shared.errors import RuleBroken
from higherstudy.ports.errors import Unavailable
from higherstudy.ports.files import StoredFile

from conftest import KEY, PASSWORD, USER, Collection
from higherstudy_webdav_files.files import WebDavFiles
from higherstudy_webdav_files.server import connected

MEGABYTE = 2**20


async def pieces(content: bytes, size: int = 65_536) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


async def whole(files: WebDavFiles, sha256: str) -> bytes:
    return b"".join([piece async for piece in files.read(sha256)])


async def swept(files: WebDavFiles, papers: Collection) -> list[str]:
    """Return what is left once nobody writes any more: a server may begin to write after its client has given up."""
    for _ in range(50):
        await files.remove_unfinished(datetime.now(UTC) + timedelta(minutes=1))
        if not papers.names():
            break
        await asyncio.sleep(0.1)
    return papers.names()


async def test_a_file_lies_under_its_hash_and_nothing_is_left_on_its_way(
    files: WebDavFiles, papers: Collection
) -> None:
    content = os.urandom(200_000)

    stored = await files.store(pieces(content), at_most=MEGABYTE)

    assert stored.sha256 == hashlib.sha256(content).hexdigest()
    assert (papers.folder / stored.sha256[:2] / stored.sha256).read_bytes() == content
    assert list((papers.folder / "new").iterdir()) == []


async def test_what_breaks_off_or_is_too_large_leaves_nothing_on_the_server(
    files: WebDavFiles, papers: Collection
) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield os.urandom(100_000)
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await files.store(broken(), at_most=MEGABYTE)
    with pytest.raises(RuleBroken):
        await files.store(pieces(os.urandom(300_000)), at_most=200_000)

    assert await swept(files, papers) == []


async def test_an_upload_that_is_cancelled_leaves_nothing_on_the_server(files: WebDavFiles, papers: Collection) -> None:
    begun = asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield os.urandom(100_000)
        begun.set()
        await asyncio.Event().wait()

    upload = asyncio.create_task(files.store(slow(), at_most=MEGABYTE))
    await begun.wait()
    upload.cancel()
    with pytest.raises(asyncio.CancelledError):
        await upload

    assert await swept(files, papers) == []


async def test_what_somebody_refuses_after_a_look_is_gone_at_once(files: WebDavFiles, papers: Collection) -> None:
    async def refuse(_: StoredFile, content: AsyncIterator[bytes]) -> None:
        await anext(content)
        raise RuleBroken

    with pytest.raises(RuleBroken):
        await files.store(pieces(os.urandom(200_000)), at_most=MEGABYTE, look=refuse)

    assert papers.names() == []


async def test_many_uploads_of_one_content_at_once_are_one_whole_file(files: WebDavFiles, papers: Collection) -> None:
    content = os.urandom(100_000)

    stored = await asyncio.gather(*(files.store(pieces(content), at_most=MEGABYTE) for _ in range(6)))

    assert len(set(stored)) == 1
    assert await whole(files, stored[0].sha256) == content
    assert list((papers.folder / "new").iterdir()) == []


async def test_a_large_file_never_lies_in_memory(files: WebDavFiles) -> None:
    async def large() -> AsyncIterator[bytes]:
        for number in range(64):
            yield number.to_bytes(2, "big") * (MEGABYTE // 2)

    tracemalloc.start()
    try:
        stored = await files.store(large(), at_most=64 * MEGABYTE)
        read = 0
        async for piece in files.read(stored.sha256):
            read += len(piece)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert read == stored.size == 64 * MEGABYTE
    assert most < 16 * MEGABYTE


async def test_what_a_dead_process_left_is_removed_and_a_running_upload_is_not(
    files: WebDavFiles, papers: Collection
) -> None:
    now = datetime.now(UTC)
    for name, age in (("0" * 32, timedelta(days=2)), ("f" * 32, timedelta())):
        left = papers.folder / "new" / name
        left.write_bytes(b"half a transcript")
        os.utime(left, ((now - age).timestamp(),) * 2)

    removed = await files.remove_unfinished(now - timedelta(days=1))

    assert (removed, [path.name for path in (papers.folder / "new").iterdir()]) == (1, ["f" * 32])


async def test_a_stranger_among_the_files_is_never_named(files: WebDavFiles, papers: Collection) -> None:
    stored = await files.store(pieces(b"a transcript"), at_most=MEGABYTE)
    shard = papers.folder / stored.sha256[:2]
    (shard / "notes.txt").write_text("left here by somebody")
    (shard / ("0" * 64)).write_text("in the wrong place")

    found = {sha256 async for sha256 in files.kept_before(datetime.now(UTC) + timedelta(minutes=1))}

    assert stored.sha256 in found
    assert not {"notes.txt", "0" * 64} & found


async def test_a_server_that_is_not_there_is_unavailable() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        async with connected(f"http://127.0.0.1:{nobody.getsockname()[1]}/papers") as server:
            files = WebDavFiles(server, KEY)

            with pytest.raises(Unavailable) as refused:
                await files.store(pieces(b"a transcript"), at_most=MEGABYTE)
            with pytest.raises(Unavailable):
                await whole(files, "0" * 64)
            with pytest.raises(Unavailable):
                await files.delete("0" * 64)
            with pytest.raises(Unavailable):
                _ = [name async for name in files.kept_before(datetime.now(UTC))]

    assert refused.value.__cause__ is not None


async def test_a_server_that_says_nothing_is_unavailable_after_the_time_that_was_set() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        async with connected(f"http://127.0.0.1:{silent.getsockname()[1]}/papers", seconds=0.3) as server:
            begun = time.monotonic()
            with pytest.raises(Unavailable):
                await whole(WebDavFiles(server, KEY), "0" * 64)

    assert time.monotonic() - begun < 3


async def test_a_wrong_password_is_unavailable_and_is_not_told(papers: Collection) -> None:
    async with connected(papers.url, user=USER, password=PASSWORD + "!") as server:
        with pytest.raises(Unavailable) as refused:
            await whole(WebDavFiles(server, KEY), "0" * 64)

    assert "401" in str(refused.value)
    assert PASSWORD not in str(refused.value)


async def test_a_collection_that_was_not_prepared_is_named(papers: Collection) -> None:
    async with connected(f"{papers.url}/nowhere", user=USER, password=PASSWORD) as server:
        with pytest.raises(Unavailable, match="not_prepared"):
            await WebDavFiles(server, KEY).store(pieces(b"a transcript"), at_most=MEGABYTE)
