"""Who was erased: a small object each in the bucket, outside the database and its backups."""

import hashlib
import json
from collections.abc import AsyncIterator
from datetime import datetime
from uuid import UUID

from ...domain.rights.erasure import Tombstone
from ...domain.shared.ids import AccountId, StudentId
from . import objects
from .connection import Bucket

PREFIX = "erased/"


class S3Tombstones:
    """Keeps each under the student's id."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket

    async def keep(self, tombstone: Tombstone) -> None:
        said = {
            "student_id": str(tombstone.student_id),
            "account_id": str(tombstone.account_id),
            "erased_at": tombstone.erased_at.isoformat(),
        }
        content = json.dumps(said).encode()
        key = f"{PREFIX}{tombstone.student_id}.json"
        await objects.put(self._bucket, key, content, hashlib.sha256(content).digest())

    async def every(self) -> AsyncIterator[Tombstone]:
        async for page in self._bucket.pages("list_objects_v2", Prefix=PREFIX):
            for one in page.get("Contents", ()):
                pieces = [piece async for piece in objects.pieces_of(self._bucket, one["Key"])]
                said = json.loads(b"".join(pieces))
                yield Tombstone(
                    StudentId(UUID(said["student_id"])),
                    AccountId(UUID(said["account_id"])),
                    datetime.fromisoformat(said["erased_at"]),
                )
