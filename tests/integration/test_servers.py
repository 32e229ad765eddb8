"""The servers of the tests start, keep what they say, and leave nothing behind."""

import asyncio
import os
import tempfile
from pathlib import Path

import asyncpg
import pytest
import redis

import servers
from servers.own_postgres import OwnPostgres
from servers.seaweed import client


def test_a_redis_forgets_everything_with_its_end_unless_it_is_to_keep_it(tmp_path: Path) -> None:
    for keep, found in ((None, None), (tmp_path, b"10")):
        server = servers.OwnRedis(keep)
        try:
            server.program.start()
            with redis.Redis.from_url(server.url) as before:
                before.set("seats", 10)
            server.program.kill()
            server.program.start()
            with redis.Redis.from_url(server.url) as after:
                assert after.get("seats") == found
        finally:
            server.close()


def test_a_store_refuses_wrong_keys_and_unknown_buckets_and_keeps_files_over_a_kill() -> None:
    server = servers.OwnSeaweedFS()
    try:
        server.program.start()
        bucket = server.store.fresh("kept")
        client(bucket).put_object(Bucket=bucket.name, Key="passport", Body=b"scan")
        server.program.kill()
        server.program.start()

        again = client(bucket).get_object(Bucket=bucket.name, Key="passport")["Body"]
        with again:
            assert again.read() == b"scan"
        stranger = servers.Bucket(bucket.name, bucket.endpoint_url, bucket.access_key_id, "another secret")
        for asking, name in ((client(stranger), bucket.name), (client(bucket), "nobody-made-this")):
            with pytest.raises(asking.exceptions.ClientError, match=r"SignatureDoesNotMatch|NoSuchBucket"):
                asking.get_object(Bucket=name, Key="passport")
    finally:
        server.close()
    port = server.store.endpoint_url.rpartition(":")[2]
    assert not list(Path(tempfile.gettempdir()).glob(f"seaweedfs-*{port}*.sock"))


async def test_a_postgres_that_is_killed_has_what_was_committed() -> None:
    server = OwnPostgres()
    try:
        place = (await asyncio.to_thread(server.start)).admin_url
        connection = await asyncpg.connect(place)
        await connection.execute("CREATE TABLE seat AS SELECT 1 AS number")
        await connection.close()
        await asyncio.to_thread(server.kill)

        place = (await asyncio.to_thread(server.start)).admin_url
        connection = await asyncpg.connect(place)
        assert await connection.fetchval("SELECT number FROM seat") == 1
        await connection.close()
    finally:
        server.close()


def test_servers_that_the_environment_names_are_taken_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "TEST_REDIS_URL", "redis://cache.example:6379/0")
    monkeypatch.setitem(os.environ, "TEST_S3_ENDPOINT_URL", "https://store.example")
    monkeypatch.setitem(os.environ, "TEST_S3_ACCESS_KEY_ID", "key")
    monkeypatch.setitem(os.environ, "TEST_S3_SECRET_ACCESS_KEY", "secret")

    with servers.redis() as url, servers.seaweedfs() as store:
        assert url == "redis://cache.example:6379"
        assert store == servers.Store("https://store.example", "key", "secret")
