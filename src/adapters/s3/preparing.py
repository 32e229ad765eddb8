"""Making a bucket fit for use, and looking whether it is."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial

from botocore.exceptions import ClientError  # type: ignore[import-untyped]

from ...domain.shared.errors import NotFound, Reason
from ...ports.errors import Unavailable
from .connection import ENCRYPTION, Bucket, code_of, translated
from .files import INCOMING

_THERE_ALREADY = {"BucketAlreadyOwnedByYou", "BucketAlreadyExists"}
_NOT_KNOWN = {"NotImplemented", "MethodNotAllowed", "NotSupported", "501"}


async def check(bucket: Bucket) -> bool:
    """Return True when the bucket is there, ours, and keeps versions; raise Unavailable otherwise, saying what."""
    async with bucket.asked():
        try:
            answer = await bucket.client.get_bucket_versioning(Bucket=bucket.name)
        except ClientError as error:
            if code_of(error) not in ("NoSuchBucket", "404", "AccessDenied", "403"):
                raise
            raise Unavailable(Reason("store.no_bucket", {"bucket": bucket.name})) from error
    if answer.get("Status") != "Enabled":
        raise Unavailable(Reason("store.no_versions", {"bucket": bucket.name}))
    return True


async def prepare(bucket: Bucket, *, region: str, origins: Sequence[str] = ()) -> tuple[str, ...]:
    """Make the bucket where it is missing and set all that we count on; return the names of what the store cannot.

    Versions and encryption must be; a block of public access, rules for pages of other origins and rules for what is
    left over are asked for. Raises Unavailable when the store does not answer or refuses.
    """
    client, name = bucket.client, {"Bucket": bucket.name}
    await _make(bucket, region)
    with translated():
        await client.put_bucket_versioning(**name, VersioningConfiguration={"Status": "Enabled"})
        await client.put_bucket_encryption(**name, ServerSideEncryptionConfiguration=_encryption())
    cors = partial(client.put_bucket_cors, **name, CORSConfiguration=_cors(origins))
    wishes = {
        "public access block": partial(
            client.put_public_access_block, **name, PublicAccessBlockConfiguration=_no_public_access()
        ),
        "lifecycle": partial(client.put_bucket_lifecycle_configuration, **name, LifecycleConfiguration=_lifecycle()),
        "cors": cors if origins else partial(client.delete_bucket_cors, **name),
    }
    return tuple([wish for wish, ask in wishes.items() if not await _is_known(ask)])


async def _make(bucket: Bucket, region: str) -> None:
    place = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    try:
        with translated():
            await bucket.client.head_bucket(Bucket=bucket.name)
    except NotFound:
        with translated():
            try:
                await bucket.client.create_bucket(Bucket=bucket.name, **place)
            except ClientError as error:
                if code_of(error) not in _THERE_ALREADY:  # made at this moment by another process
                    raise


async def _is_known(ask: Callable[[], Awaitable[object]]) -> bool:
    with translated():
        try:
            with suppress(NotFound):
                await ask()
        except ClientError as error:
            if code_of(error) not in _NOT_KNOWN:
                raise
            return False
    return True


def _encryption() -> dict[str, object]:
    return {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": ENCRYPTION}}]}


def _no_public_access() -> dict[str, bool]:
    return dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True)


def _lifecycle() -> dict[str, object]:
    """Unfinished parts go after two days; what a newer equal file has replaced may be got back for a month."""
    return {
        "Rules": [
            {
                "ID": "unfinished uploads",
                "Status": "Enabled",
                "Filter": {"Prefix": INCOMING},
                "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 2},
            },
            {
                "ID": "replaced versions",
                "Status": "Enabled",
                "Filter": {"Prefix": ""},
                "NoncurrentVersionExpiration": {"NoncurrentDays": 30},
            },
        ]
    }


def _cors(origins: Sequence[str]) -> dict[str, object]:
    return {
        "CORSRules": [
            {
                "AllowedOrigins": list(origins),
                "AllowedMethods": ["PUT", "GET", "HEAD"],
                "AllowedHeaders": ["*"],
                "ExposeHeaders": ["ETag"],
                "MaxAgeSeconds": 3600,
            }
        ]
    }
