"""Students' wrapped keys may lie in a bucket of their own, which belongs to no backup of the papers."""

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import uuid4

import pytest

import servers
from higherstudy.domain.shared.errors import NotFound
from higherstudy.domain.shared.ids import StudentId
from higherstudy.entrypoints.parts.store import open_store
from higherstudy.entrypoints.settings import read_settings
from higherstudy.ports.master_key import Wrapped
from higherstudy.ports.wrapped_keys import WrappedKey
from servers.seaweed import client


@pytest.fixture
def buckets(s3_store: servers.Store) -> Iterator[tuple[servers.Bucket, servers.Bucket]]:
    """A bucket for papers and one for keys, neither of which is there yet."""
    given = s3_store.name("papers"), s3_store.name("keys")
    yield given
    for bucket in given:
        s3_store.drop(bucket)


def everything_in(bucket: servers.Bucket) -> list[str]:
    """Return the key of each version of each object."""
    answer = client(bucket).list_object_versions(Bucket=bucket.name)
    return [one["Key"] for one in (*answer.get("Versions", ()), *answer.get("DeleteMarkers", ()))]


async def test_keys_lie_in_their_own_bucket_and_are_destroyed_with_every_version_of_them(
    buckets: tuple[servers.Bucket, servers.Bucket],
) -> None:
    papers, keys = buckets
    settings = read_settings({**papers.settings(), "KEY_BUCKET": keys.name})
    student, key_id, at = StudentId(uuid4()), uuid4(), datetime(2026, 11, 27, tzinfo=UTC)

    async with open_store(settings) as store:
        await store.prepare()
        for content in (b"wrapped", b"wrapped anew"):
            await store.wrapped_keys.keep(student, WrappedKey(key_id, at, Wrapped("1", content)))
        kept = everything_in(keys)
        await store.wrapped_keys.destroy(student)
        with pytest.raises(NotFound):
            await store.wrapped_keys.of(student)
        ready = [await check.look() for check in store.checks.values()]

    assert kept == [f"keys/{student}/{key_id}"] * 2
    assert everything_in(keys) == [f"destroyed/{student}"]
    assert everything_in(papers) == []
    assert ready == [True]
