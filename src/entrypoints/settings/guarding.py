"""What students keep here: their keys, their rights, and how long."""

from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta

from .checks import key_bytes
from .declaring import setting


@dataclass(frozen=True, kw_only=True, repr=False)
class Guarding:
    """What students keep here: their keys, their rights, and how long."""

    master_key: Annotated[
        str | None,
        setting(
            "MASTER_KEY",
            "What wraps the keys under which students' papers are sealed: 32 random bytes in base64, the same in every "
            "process. Without it nothing of theirs can be read; unset: a key in the home.",
            secrecy="secret",
        ),
    ] = None
    other_master_keys: Annotated[
        str | None,
        setting(
            "OTHER_MASTER_KEYS",
            "Keys like MASTER_KEY that are known too, with spaces between: the next before it wraps, the last one "
            "until `higherstudy rotate-keys` is through.",
            secrecy="secret",
        ),
    ] = None
    key_folder: Annotated[
        str | None,
        setting(
            "KEY_FOLDER",
            "The folder for students' wrapped keys, which belongs to no backup of the data; unset: KEY_BUCKET, else "
            "beside the other keys in the home.",
        ),
    ] = None
    key_bucket: Annotated[
        str | None,
        setting(
            "KEY_BUCKET",
            "The bucket for students' wrapped keys, which belongs to no backup of the data; unset: S3_BUCKET.",
        ),
    ] = None
    student_key_days: Annotated[
        Annotated[int, Meta(ge=1, le=3660)],
        setting("STUDENT_KEY_DAYS", "After how many days what a student adds is sealed under a new key of hers."),
    ] = 365
    student_key_seconds: Annotated[
        Annotated[int, Meta(ge=1, le=3600)],
        setting(
            "STUDENT_KEY_SECONDS",
            "How many seconds a process keeps a student's keys at hand; so long may it read on when they are gone.",
        ),
    ] = 60
    verified_by_two: Annotated[
        str,
        setting(
            "VERIFIED_BY_TWO",
            "Kinds of papers, by their codes with blanks between them, or `all`, that count as verified only when two "
            "different people have verified the same version.",
        ),
    ] = ""
    export_hours: Annotated[
        Annotated[int, Meta(ge=1, le=168)],
        setting("EXPORT_HOURS", "How many hours the file of an export is kept."),
    ] = 24
    report_hours: Annotated[
        Annotated[int, Meta(ge=1, le=168)],
        setting("REPORT_HOURS", "How many hours the file of a report is kept."),
    ] = 24
    largest_export: Annotated[
        Annotated[int, Meta(ge=1024, le=2**40)],
        setting("LARGEST_EXPORT", "How many bytes the file of an export or a report may have."),
    ] = 10 * 2**30
    erasure_wait_days: Annotated[
        Annotated[int, Meta(ge=0, le=28)],
        setting(
            "ERASURE_WAIT_DAYS", "How many days an erasure waits that a student asked for; she can cancel it then."
        ),
    ] = 7
    retention_file: Annotated[
        str | None,
        setting("RETENTION_FILE", "A file with rules of retention, in the place of those that ship; unset: those."),
    ] = None

    @property
    def master_key_bytes(self) -> bytes | None:
        """The 32 bytes of MASTER_KEY."""
        return key_bytes(self.master_key) if self.master_key else None

    @property
    def other_master_key_bytes(self) -> list[bytes]:
        """The 32 bytes of each of OTHER_MASTER_KEYS."""
        return [found for word in (self.other_master_keys or "").split() if (found := key_bytes(word))]
