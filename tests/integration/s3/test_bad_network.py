"""A slow way to the store may take its time, and one on which nothing is heard may not."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from proxy import Proxy

import servers
from higherstudy.adapters.s3 import objects, preparing
from higherstudy.adapters.s3.connection import Bucket
from higherstudy.ports.errors import Unavailable

from .conftest import opening

MIB = 2**20
LARGE = bytes(40 * MIB)
SHA256 = hashlib.sha256(LARGE)


@pytest.fixture
async def network(s3_bucket: servers.Bucket, opened_bucket: Bucket) -> AsyncIterator[Proxy]:
    """The way to the prepared bucket."""
    with Proxy.before(s3_bucket.endpoint_url) as network:
        yield network


@pytest.fixture
async def far_bucket(s3_bucket: servers.Bucket, network: Proxy) -> AsyncIterator[Bucket]:
    async with opening(replace(s3_bucket, endpoint_url=network.url(s3_bucket.endpoint_url))) as far:
        yield far


async def test_a_file_that_takes_longer_than_our_patience_is_kept_as_long_as_more_of_it_goes(
    network: Proxy, far_bucket: Bucket
) -> None:
    network.be(rate=8 * MIB)
    patient = replace(far_bucket, patience=timedelta(seconds=3))

    await objects.put(patient, "files/slow", LARGE, SHA256.digest())

    network.heal()
    assert sum([len(piece) async for piece in objects.pieces_of(patient, "files/slow")]) == len(LARGE)


async def test_whatever_is_asked_of_a_store_that_is_not_heard_of_is_unavailable_in_time(
    network: Proxy, far_bucket: Bucket
) -> None:
    network.be(silent=True)
    hasty = replace(far_bucket, patience=timedelta(seconds=0.3))

    with pytest.raises(Unavailable):
        await objects.put(hasty, "files/silent", LARGE, SHA256.digest())
    with pytest.raises(Unavailable):
        await objects.copy(hasty, "files/silent", "files/copied")
    with pytest.raises(Unavailable):
        await objects.remove(hasty, "files/silent")
    with pytest.raises(Unavailable):
        await anext(objects.pieces_of(hasty, "files/silent"))
    with pytest.raises(Unavailable):
        await preparing.check(hasty)
