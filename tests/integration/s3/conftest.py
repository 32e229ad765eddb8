"""A prepared bucket of the module's own."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager

import pytest

import servers
from higherstudy.adapters.s3.connection import Bucket, bucket
from higherstudy.adapters.s3.preparing import prepare


def opening(given: servers.Bucket) -> AbstractAsyncContextManager[Bucket]:
    """Open the bucket as a process does."""
    return bucket(
        given.name,
        endpoint_url=given.endpoint_url,
        region=given.region,
        access_key_id=given.access_key_id,
        secret_access_key=given.secret_access_key,
    )


@pytest.fixture
async def opened_bucket(s3_bucket: servers.Bucket) -> AsyncIterator[Bucket]:
    """The bucket, opened and prepared."""
    async with opening(s3_bucket) as opened:
        await prepare(opened, region=s3_bucket.region)
        yield opened
