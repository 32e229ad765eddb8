"""What is noted, and where it is told."""

from dataclasses import dataclass
from typing import Annotated, Literal

from msgspec import Meta

from .checks import key_bytes
from .declaring import Seconds, setting


@dataclass(frozen=True, kw_only=True, repr=False)
class Watching:
    """What is noted, and where it is told."""

    audit_key: Annotated[
        str | None,
        setting(
            "AUDIT_KEY",
            "What signs the seals of the audit trail: 32 random bytes in base64, the same in every process; unset: a "
            "key in the home.",
            secrecy="secret",
        ),
    ] = None
    audit_public_keys: Annotated[
        str,
        setting(
            "AUDIT_PUBLIC_KEYS",
            "Public keys, each 32 bytes in base64, with spaces between, whose seals are accepted too: those of earlier "
            "keys, and of other processes'.",
        ),
    ] = ""
    audit_seal_seconds: Annotated[
        Seconds, setting("AUDIT_SEAL_SECONDS", "After how many seconds new entries of the audit trail are sealed.")
    ] = 1.0
    audit_anchor_seconds: Annotated[
        Seconds,
        setting(
            "AUDIT_ANCHOR_SECONDS",
            "After how many seconds the end of the audit trail is noted outside the database: in the bucket, else in "
            "the home. So much of its end could be cut unseen.",
        ),
    ] = 60.0
    audit_lock_days: Annotated[
        Annotated[int, Meta(ge=1, le=36_525)],
        setting("AUDIT_LOCK_DAYS", "For how many days a bucket that locks objects lets nobody remove such a note."),
    ] = 3653
    audit_address_days: Annotated[
        Annotated[int, Meta(ge=30, le=3653)],
        setting("AUDIT_ADDRESS_DAYS", "For how many days the audit trail keeps network addresses."),
    ] = 180
    metrics: Annotated[
        bool, setting("METRICS", "Whether /metrics at HEALTH_PORT shows figures in the format of Prometheus.")
    ] = True
    otlp_endpoint: Annotated[
        str | None,
        setting("OTEL_EXPORTER_OTLP_ENDPOINT", "Where traces are sent, by OTLP over HTTP; unset: nowhere."),
    ] = None
    log_format: Annotated[
        Literal["text", "json"], setting("LOG_FORMAT", "How log lines look: for people, or one JSON object a line.")
    ] = "text"
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"], setting("LOG_LEVEL", "The least that is logged.")
    ] = "info"

    @property
    def audit_key_bytes(self) -> bytes | None:
        """The 32 bytes of AUDIT_KEY."""
        return key_bytes(self.audit_key) if self.audit_key else None

    @property
    def audit_public_key_bytes(self) -> list[bytes]:
        """The 32 bytes of each of AUDIT_PUBLIC_KEYS."""
        return [found for word in self.audit_public_keys.split() if (found := key_bytes(word))]
