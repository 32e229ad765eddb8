"""Where everything is kept."""

from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta

from .checks import key_bytes
from .declaring import Count, Seconds, setting


@dataclass(frozen=True, kw_only=True, repr=False)
class Storing:
    """Where everything is kept."""

    database_url: Annotated[
        str | None,
        setting(
            "DATABASE_URL", "The database to use; unset: a PostgreSQL of our own below the home.", secrecy="password"
        ),
    ] = None
    migration_database_url: Annotated[
        str | None,
        setting(
            "MIGRATION_DATABASE_URL",
            "The same database as the owner of its tables, for migrations; unset: DATABASE_URL.",
            secrecy="password",
        ),
    ] = None
    migrate_at_start: Annotated[
        bool,
        setting("MIGRATE_AT_START", "With DATABASE_URL: whether `serve` brings the database up to date by itself."),
    ] = True
    database_connections: Annotated[
        Count, setting("DATABASE_CONNECTIONS", "How many connections a process keeps open.")
    ] = 8
    database_extra_connections: Annotated[
        Annotated[int, Meta(ge=0, le=10_000)],
        setting("DATABASE_EXTRA_CONNECTIONS", "How many more it may open for a while."),
    ] = 4
    statement_timeout: Annotated[
        Seconds, setting("DATABASE_STATEMENT_TIMEOUT", "How many seconds a statement may take.")
    ] = 15.0
    lock_timeout: Annotated[
        Seconds, setting("DATABASE_LOCK_TIMEOUT", "How many seconds a statement may wait for a row.")
    ] = 3.0
    pool_wait: Annotated[
        Seconds, setting("DATABASE_POOL_WAIT", "How many seconds a request waits for a free connection.")
    ] = 5.0
    backup_folder: Annotated[
        str | None,
        setting(
            "BACKUP_FOLDER",
            "Where `serve` writes backups of the data; unset: `backups` in the home, and none with DATABASE_URL.",
        ),
    ] = None
    backup_hours: Annotated[
        Annotated[int, Meta(ge=0, le=24 * 31)],
        setting("BACKUP_HOURS", "How many hours after the last backup `serve` takes the next one; 0: never."),
    ] = 24
    backups_kept: Annotated[
        Annotated[int, Meta(ge=1, le=10_000)],
        setting("BACKUPS_KEPT", "How many backups are kept; older ones are removed."),
    ] = 14
    redis_url: Annotated[
        str | None,
        setting(
            "REDIS_URL",
            "The Redis for cache, limits and the doorbell of jobs, such as redis://localhost:6379/0; unset: none, "
            "all of it stays within the process.",
            secrecy="password",
        ),
    ] = None
    s3_bucket: Annotated[
        str | None, setting("S3_BUCKET", "The bucket that keeps the files; unset: a folder below the home.")
    ] = None
    s3_endpoint_url: Annotated[
        str | None, setting("S3_ENDPOINT_URL", "Where the store is; unset: Amazon's own for the region.")
    ] = None
    s3_region: Annotated[str, setting("S3_REGION", "The region of the bucket.")] = "us-east-1"
    s3_access_key_id: Annotated[
        str | None,
        setting("S3_ACCESS_KEY_ID", "The key to the store; unset: what the machine itself is given."),
    ] = None
    s3_secret_access_key: Annotated[
        str | None, setting("S3_SECRET_ACCESS_KEY", "The secret to that key.", secrecy="secret")
    ] = None
    link_seconds: Annotated[
        Annotated[int, Meta(ge=1, le=60)], setting("LINK_SECONDS", "How long a link to a file is valid, in seconds.")
    ] = 60
    link_key: Annotated[
        str | None,
        setting(
            "LINK_KEY",
            "What signs our own links to files: 32 random bytes in base64, the same in every API process; unset: a key "
            "in the home.",
            secrecy="secret",
        ),
    ] = None
    clamd: Annotated[
        str | None,
        setting(
            "CLAMD",
            "The clamd that scans uploads, as host:port or as the path of its socket; unset: none. Its "
            "StreamMaxLength must be LARGEST_UPLOAD at least.",
        ),
    ] = None
    largest_upload: Annotated[
        Annotated[int, Meta(ge=1024, le=2**30)],
        setting("LARGEST_UPLOAD", "How many bytes an uploaded document may have."),
    ] = 20 * 2**20
    largest_catalogue: Annotated[
        Annotated[int, Meta(ge=1024, le=2**32)],
        setting("LARGEST_CATALOGUE", "How many bytes an uploaded catalogue may have."),
    ] = 100 * 2**20

    @property
    def link_key_bytes(self) -> bytes | None:
        """The 32 bytes of LINK_KEY."""
        return key_bytes(self.link_key) if self.link_key else None
