"""Files and uploads on a real store that speaks S3 do what every adapter must."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

import httpx2
import pytest

from higherstudy.adapters.s3.anchors import S3Anchors
from higherstudy.adapters.s3.connection import Bucket
from higherstudy.adapters.s3.files import S3Files
from higherstudy.adapters.s3.incoming import S3Incoming
from higherstudy.adapters.s3.wrapped_keys import S3WrappedKeys
from higherstudy.domain.shared.errors import NotFound
from higherstudy.ports.anchors import Anchors
from higherstudy.ports.contracts.anchors import HEAD, AnchorsContract
from higherstudy.ports.contracts.files import FilesContract, Opener
from higherstudy.ports.contracts.incoming import IncomingContract, Putter
from higherstudy.ports.contracts.wrapped_keys import WrappedKeysContract
from higherstudy.ports.files import Files
from higherstudy.ports.incoming import Incoming
from higherstudy.ports.wrapped_keys import WrappedKeys


class TestS3Files(FilesContract):
    @pytest.fixture
    def files(self, opened_bucket: Bucket) -> Files:
        return S3Files(opened_bucket)

    @pytest.fixture
    def opener(self) -> Opener:
        async def opened(_: Files, link: str) -> tuple[str, str, bytes]:
            async with httpx2.AsyncClient() as client:
                answer = await client.get(link)
            if answer.status_code != 200:
                raise NotFound
            return _name_in(answer.headers["content-disposition"]), answer.headers["content-type"], answer.content

        return opened


class TestS3WrappedKeys(WrappedKeysContract):
    @pytest.fixture
    def wrapped_keys(self, opened_bucket: Bucket) -> WrappedKeys:
        return S3WrappedKeys(opened_bucket)


class TestS3Incoming(IncomingContract):
    @pytest.fixture
    def incoming(self, opened_bucket: Bucket) -> Incoming:
        return S3Incoming(opened_bucket)

    @pytest.fixture
    def put(self) -> Putter:
        async def sent(_: Incoming, url: str, headers: Mapping[str, str], content: bytes) -> bool:
            async with httpx2.AsyncClient(timeout=30) as client:
                answer = await client.put(url, headers=dict(headers), content=content)
            return answer.status_code == 200

        return sent


class TestS3Anchors(AnchorsContract):
    @pytest.fixture
    def anchors(self, opened_bucket: Bucket) -> Anchors:
        return S3Anchors(opened_bucket, prefix=f"{uuid4()}/")


async def test_a_head_is_locked_where_the_store_locks_objects(opened_bucket: Bucket) -> None:
    store = _Locking(opened_bucket.client)

    await S3Anchors(Bucket(store, opened_bucket.name), prefix=f"{uuid4()}/", locked_for=timedelta(days=9)).put(HEAD)

    [sent] = store.sent
    assert sent["ObjectLockMode"] == "COMPLIANCE"
    assert sent["ObjectLockRetainUntilDate"] > datetime.now(UTC) + timedelta(days=8)


class _Locking:
    """A store that says it locks objects, and takes what is locked in the place of the one behind it, which cannot."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.sent: list[dict[str, Any]] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    async def get_object_lock_configuration(self, **_: Any) -> dict[str, Any]:
        return {"ObjectLockConfiguration": {"ObjectLockEnabled": "Enabled"}}

    async def put_object(self, **given: Any) -> None:
        self.sent.append(given)


def _name_in(disposition: str) -> str:
    """Return the name as a browser reads it (RFC 6266: the extended form counts)."""
    assert disposition.startswith("attachment; ")
    return unquote(disposition.rpartition("filename*=UTF-8''")[2])
