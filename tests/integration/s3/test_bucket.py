"""What counts on a real store beyond the contracts: encryption, versions, nothing in public, what is left behind."""

import hashlib
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx2
import pytest

import servers
from higherstudy.adapters.s3.connection import Bucket, bucket
from higherstudy.adapters.s3.files import S3Files
from higherstudy.adapters.s3.incoming import S3Incoming
from higherstudy.adapters.s3.preparing import check, prepare
from higherstudy.domain.documents.upload import Announced
from higherstudy.domain.shared.errors import RuleBroken
from higherstudy.ports.errors import Unavailable
from higherstudy.ports.files import StoredFile
from servers.programs import free_port
from servers.seaweed import client

from .conftest import opening

MEGABYTE = 2**20


def fresh(size: int = 300) -> bytes:
    begin = b"%PDF-1.7 " + uuid4().hex.encode()
    return (begin * (size // len(begin) + 1))[:size]


async def pieces(content: bytes, size: int = 300_000) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


def announced(content: bytes) -> Announced:
    return Announced(len(content), "application/pdf", hashlib.sha256(content).hexdigest())


def everything_in(given: servers.Bucket) -> tuple[list[str], list[str]]:
    """Return the keys of all versions, and those of attempts that were not finished."""
    s3 = client(given)
    found = s3.list_object_versions(Bucket=given.name)
    keys = [one["Key"] for one in (*found.get("Versions", ()), *found.get("DeleteMarkers", ()))]
    return sorted(keys), [one["Key"] for one in s3.list_multipart_uploads(Bucket=given.name).get("Uploads", ())]


@pytest.fixture
def alone(s3_store: servers.Store) -> Any:
    """A bucket of this test's own, that is not there yet."""
    given = s3_store.name("alone")
    yield given
    s3_store.drop(given)


async def test_a_bucket_is_made_ready_once_and_again(alone: servers.Bucket) -> None:
    async with opening(alone) as opened:
        with pytest.raises(Unavailable) as missing:
            await check(opened)
        first = await prepare(opened, region=alone.region, origins=["https://study.example"])
        second = await prepare(opened, region=alone.region, origins=["https://study.example"])
        ready = await check(opened)

    s3 = client(alone)
    rules = s3.get_bucket_cors(Bucket=alone.name)["CORSRules"]
    assert missing.value.reasons[0].code == "store.no_bucket"
    assert (first, second, ready) == (("public access block",), ("public access block",), True)
    assert s3.get_bucket_versioning(Bucket=alone.name)["Status"] == "Enabled"
    assert rules[0]["AllowedOrigins"] == ["https://study.example"]
    assert s3.get_bucket_encryption(Bucket=alone.name)["ServerSideEncryptionConfiguration"]["Rules"]


async def test_a_bucket_that_keeps_no_versions_is_not_ready(s3_store: servers.Store) -> None:
    plain = s3_store.fresh("plain")
    try:
        async with opening(plain) as opened:
            with pytest.raises(Unavailable) as refused:
                await check(opened)
    finally:
        s3_store.drop(plain)

    assert refused.value.reasons[0].code == "store.no_versions"


async def test_everything_is_encrypted_by_the_store(opened_bucket: Bucket, s3_bucket: servers.Bucket) -> None:
    files, incoming = S3Files(opened_bucket), S3Incoming(opened_bucket)
    content, large, sent = fresh(), fresh(17 * MEGABYTE), fresh()
    names = [(await files.store(pieces(one), at_most=10**9)).sha256 for one in (content, large)]
    name = str(uuid4())
    [part] = (await incoming.ticket(name, announced(sent), datetime.now(UTC) + timedelta(minutes=1))).parts
    async with httpx2.AsyncClient() as browser:
        assert (await browser.put(part.url, headers=dict(part.headers), content=sent)).status_code == 200

    heads = [
        client(s3_bucket).head_object(Bucket=s3_bucket.name, Key=key)
        for key in (*(f"files/{one}" for one in names), f"incoming/{name}")
    ]

    assert [head["ServerSideEncryption"] for head in heads] == ["AES256"] * 3


async def test_nothing_is_readable_without_a_signature(opened_bucket: Bucket, s3_bucket: servers.Bucket) -> None:
    stored = await S3Files(opened_bucket).store(pieces(fresh()), at_most=MEGABYTE)

    async with httpx2.AsyncClient() as stranger:
        answers = [
            await stranger.get(f"{s3_bucket.endpoint_url}/{s3_bucket.name}{path}")
            for path in ("", "?versions", f"/files/{stored.sha256}")
        ]
        written = await stranger.put(f"{s3_bucket.endpoint_url}/{s3_bucket.name}/incoming/a", content=b"a")

    assert {answer.status_code for answer in (*answers, written)} == {403}


@pytest.mark.parametrize("left_out", ["x-amz-checksum-sha256", "x-amz-server-side-encryption", "content-type"])
async def test_the_store_refuses_an_upload_without_a_header_of_its_ticket(opened_bucket: Bucket, left_out: str) -> None:
    content = fresh()
    ticket = await S3Incoming(opened_bucket).ticket(
        str(uuid4()), announced(content), datetime.now(UTC) + timedelta(minutes=1)
    )
    [part] = ticket.parts
    headers = {name: value for name, value in part.headers.items() if name != left_out}

    async with httpx2.AsyncClient() as browser:
        answer = await browser.put(part.url, headers=headers, content=content)

    assert answer.status_code == 403


async def test_a_large_file_is_kept_whole_and_leaves_nothing_else(alone: servers.Bucket) -> None:
    content, seen = fresh(17 * MEGABYTE + 5), []

    async def look(stored: StoredFile, read: AsyncIterator[bytes]) -> None:
        seen.append((stored.sha256, hashlib.sha256(b"".join([piece async for piece in read])).hexdigest()))

    async with opening(alone) as opened:
        await prepare(opened, region=alone.region)
        files = S3Files(opened)
        stored = await files.store(pieces(content), at_most=10**9, look=look)
        kept = hashlib.sha256(b"".join([piece async for piece in files.read(stored.sha256)])).hexdigest()

    assert seen == [(stored.sha256, stored.sha256)]
    assert kept == stored.sha256 == announced(content).sha256
    assert everything_in(alone) == ([f"files/{stored.sha256}"], [])


@pytest.mark.parametrize("how", ["too large", "broken off", "refused"])
async def test_a_large_file_that_is_not_kept_leaves_nothing(alone: servers.Bucket, how: str) -> None:
    async def broken() -> AsyncIterator[bytes]:
        async for piece in pieces(fresh(17 * MEGABYTE)):
            yield piece
        if how == "broken off":
            raise ConnectionResetError

    async def look(_: StoredFile, __: AsyncIterator[bytes]) -> None:
        raise RuleBroken

    async with opening(alone) as opened:
        await prepare(opened, region=alone.region)
        at_most = 16 * MEGABYTE if how == "too large" else 10**9
        with pytest.raises((RuleBroken, ConnectionResetError)):
            await S3Files(opened).store(broken(), at_most=at_most, look=look)

    assert everything_in(alone) == ([], [])


async def test_deleting_leaves_no_version_and_no_trace(alone: servers.Bucket) -> None:
    content = fresh()
    async with opening(alone) as opened:
        await prepare(opened, region=alone.region)
        files = S3Files(opened)
        stored, *_ = [await files.store(pieces(content), at_most=MEGABYTE) for _ in range(3)]
        client(alone).delete_object(Bucket=alone.name, Key=f"files/{stored.sha256}")  # by hand: a marker on top
        await files.delete(stored.sha256)

    assert everything_in(alone) == ([], [])


async def test_a_removal_that_comes_late_takes_only_what_was_there_before(alone: servers.Bucket) -> None:
    content = fresh()
    async with opening(alone) as opened:
        await prepare(opened, region=alone.region)
        files = S3Files(opened)
        await files.store(pieces(content), at_most=MEGABYTE)
        old = client(alone).list_object_versions(Bucket=alone.name)["Versions"][0]["VersionId"]

        stored = await files.store(pieces(content), at_most=MEGABYTE)
        await opened.client.delete_object(**opened.at(f"files/{stored.sha256}"), VersionId=old)

        assert b"".join([piece async for piece in files.read(stored.sha256)]) == content


async def test_bytes_that_changed_on_their_way_are_refused_by_the_store(opened_bucket: Bucket) -> None:
    from higherstudy.adapters.s3 import objects

    with pytest.raises(Unavailable):
        await objects.put(opened_bucket, "files/" + "a" * 64, b"changed", hashlib.sha256(b"whole").digest())


async def test_a_store_that_is_away_is_unavailable_and_soon(s3_bucket: servers.Bucket) -> None:
    nowhere = replace(s3_bucket, endpoint_url=f"http://127.0.0.1:{free_port()}")
    async with opening(nowhere) as opened:
        files, incoming = S3Files(opened), S3Incoming(opened)
        for asked in (
            files.store(pieces(fresh()), at_most=MEGABYTE),
            files.delete("a" * 64),
            anext(files.read("a" * 64)),
            anext(files.kept_before(datetime.now(UTC))),
            incoming.arrived(str(uuid4()), announced(fresh())),
            incoming.drop(str(uuid4())),
            anext(incoming.left_before(datetime.now(UTC))),
            check(opened),
            prepare(opened, region="us-east-1"),
        ):
            with pytest.raises(Unavailable):
                await asked


async def test_a_wrong_secret_opens_nothing_and_stands_in_no_log(
    s3_bucket: servers.Bucket, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    wrong = replace(s3_bucket, secret_access_key="wrong-" + uuid4().hex)
    async with opening(wrong) as opened:
        with pytest.raises(Unavailable) as refused:
            await check(opened)

    assert wrong.secret_access_key not in caplog.text + repr(refused.value) + repr(refused.value.__cause__)
    assert s3_bucket.secret_access_key not in caplog.text


async def test_one_connection_serves_many_at_once(opened_bucket: Bucket) -> None:
    import asyncio

    files = S3Files(opened_bucket)
    contents = [fresh(20_000) for _ in range(40)]

    stored = await asyncio.gather(*(files.store(pieces(one), at_most=MEGABYTE) for one in contents))

    assert [one.sha256 for one in stored] == [hashlib.sha256(one).hexdigest() for one in contents]


async def test_opening_asks_the_store_nothing() -> None:
    async with bucket("no-such", endpoint_url="http://127.0.0.1:1", access_key_id="a", secret_access_key="b"):
        pass
