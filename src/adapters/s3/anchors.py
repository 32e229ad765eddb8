"""Where heads of the audit trail are noted: a bucket, an object each, locked for years where the store can."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError  # type: ignore[import-untyped]

from ...domain.audit.chain import Head
from ...domain.audit.heads import written
from . import objects
from .connection import ENCRYPTION, Bucket, code_of

_DIGITS = 16
_MOMENT = "%Y%m%dT%H%M%S.%fZ"
_NO_LOCK = {"ObjectLockConfigurationNotFoundError", "NoSuchObjectLockConfiguration", "NotImplemented", "501"}


class S3Anchors:
    """Keeps each head under a name of its own, which sorts by number; nothing is written over another."""

    def __init__(
        self, bucket: Bucket, *, locked_for: timedelta = timedelta(days=3653), prefix: str = "audit/heads/"
    ) -> None:
        """``locked_for`` is for how long a store that locks objects lets nobody take a head away."""
        self._bucket = bucket
        self._prefix = prefix
        self._locked_for = locked_for
        self._can_lock: bool | None = None

    async def put(self, head: Head) -> None:
        key, content = self._prefix + _name(head), written(head)
        if await self._is_there(key):
            return
        async with self._bucket.asked() as until:
            await self._bucket.client.put_object(
                **self._bucket.at(key),
                Body=self._bucket.sent(content, until),
                ContentType="application/json",
                ChecksumSHA256=objects.checksum_of(content),
                ServerSideEncryption=ENCRYPTION,
                **await self._lock(),
            )

    async def heads(self, since: int = 0) -> AsyncIterator[Head]:
        begin = f"{self._prefix}{max(since, 0):0{_DIGITS}}"
        async for page in self._bucket.pages("list_objects_v2", Prefix=self._prefix, StartAfter=begin):
            for one in page.get("Contents", ()):
                head = _head(one["Key"].removeprefix(self._prefix))
                if head is not None:
                    yield head

    async def _is_there(self, key: str) -> bool:
        async for page in self._bucket.pages("list_objects_v2", Prefix=key):
            return bool(page.get("Contents"))
        return False

    async def _lock(self) -> dict[str, Any]:
        if self._can_lock is None:
            self._can_lock = await self._knows_locks()
        if not self._can_lock:
            return {}
        until = datetime.now(UTC) + self._locked_for
        return {"ObjectLockMode": "COMPLIANCE", "ObjectLockRetainUntilDate": until}

    async def _knows_locks(self) -> bool:
        async with self._bucket.asked():
            try:
                found = await self._bucket.client.get_object_lock_configuration(Bucket=self._bucket.name)
            except ClientError as error:
                if code_of(error) in _NO_LOCK:
                    return False
                raise
        configuration: dict[str, Any] = found.get("ObjectLockConfiguration", {})
        return configuration.get("ObjectLockEnabled") == "Enabled"


def _name(head: Head) -> str:
    """Return the name, which says all that the object does, so that a thousand are read by one look at the names."""
    when = head.sealed_at.astimezone(UTC).strftime(_MOMENT)
    return f"{head.number:0{_DIGITS}}-{head.hash}-{when}-{head.key}-{head.signature.hex()}"


def _head(name: str) -> Head | None:
    """Return the head of that name; None for a name that is none of ours."""
    try:
        number, found, when, key, signature = name.split("-")
        at = datetime.strptime(when, _MOMENT).replace(tzinfo=UTC)
        return Head(int(number), found, at, key, bytes.fromhex(signature))
    except ValueError:
        return None
