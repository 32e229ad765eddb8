"""Every setting of the server: its variable, its meaning, its default; read once from the environment."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import msgspec
import msgspec.inspect
from msgspec import Meta, Struct
from msgspec.structs import FieldInfo, fields

from ..domain.shared.errors import Invalid, Reason
from .settings_checks import key_bytes, wrong_together

HIDDEN = "***"
_PASSWORD = re.compile(r"(?<=:)(?!//).*(?=@)|(?<=password=)[^&]*")

Port = Annotated[int, Meta(ge=0, le=65535)]
Count = Annotated[int, Meta(ge=1, le=10_000)]
Seconds = Annotated[float, Meta(gt=0, le=3600)]


_ORIGINS = r"^(https?://[A-Za-z0-9.:-]+( |$))*$"

Secrecy = Literal["open", "password", "secret"]
"""What of a setting is hidden: nothing, the password of an address, or all of it."""


def _setting(variable: str, meaning: str, *, secrecy: Secrecy = "open") -> Meta:
    return Meta(description=meaning, extra={"variable": variable, "secrecy": secrecy})


class Settings(Struct, frozen=True, kw_only=True):
    """What the server was told; adapters get single values of it as plain arguments."""

    home: Annotated[str, _setting("HIGHERSTUDY_HOME", "The one folder under which everything is kept.")] = (
        ".higherstudy"
    )
    host: Annotated[str, _setting("HOST", "The address to listen on.")] = "127.0.0.1"
    port: Annotated[Port, _setting("PORT", "The port to listen on; 0 takes a free one.")] = 8000
    public_url: Annotated[
        str | None, _setting("PUBLIC_URL", "Where clients reach the server, for links; unset: the host and port.")
    ] = None
    database_url: Annotated[
        str | None,
        _setting(
            "DATABASE_URL", "The database to use; unset: a PostgreSQL of our own below the home.", secrecy="password"
        ),
    ] = None
    migration_database_url: Annotated[
        str | None,
        _setting(
            "MIGRATION_DATABASE_URL",
            "The same database as the owner of its tables, for migrations; unset: DATABASE_URL.",
            secrecy="password",
        ),
    ] = None
    database_connections: Annotated[
        Count, _setting("DATABASE_CONNECTIONS", "How many connections a process keeps open.")
    ] = 8
    database_extra_connections: Annotated[
        Annotated[int, Meta(ge=0, le=10_000)],
        _setting("DATABASE_EXTRA_CONNECTIONS", "How many more it may open for a while."),
    ] = 4
    statement_timeout: Annotated[
        Seconds, _setting("DATABASE_STATEMENT_TIMEOUT", "How many seconds a statement may take.")
    ] = 15.0
    lock_timeout: Annotated[
        Seconds, _setting("DATABASE_LOCK_TIMEOUT", "How many seconds a statement may wait for a row.")
    ] = 3.0
    pool_wait: Annotated[
        Seconds, _setting("DATABASE_POOL_WAIT", "How many seconds a request waits for a free connection.")
    ] = 5.0
    migrate_at_start: Annotated[
        bool,
        _setting("MIGRATE_AT_START", "With DATABASE_URL: whether `serve` brings the database up to date by itself."),
    ] = True
    redis_url: Annotated[
        str | None,
        _setting(
            "REDIS_URL",
            "The Redis for cache, limits and the doorbell of jobs, such as redis://localhost:6379/0; unset: none, "
            "all of it stays within the process.",
            secrecy="password",
        ),
    ] = None
    s3_bucket: Annotated[
        str | None, _setting("S3_BUCKET", "The bucket that keeps the files; unset: a folder below the home.")
    ] = None
    s3_endpoint_url: Annotated[
        str | None, _setting("S3_ENDPOINT_URL", "Where the store is; unset: Amazon's own for the region.")
    ] = None
    s3_region: Annotated[str, _setting("S3_REGION", "The region of the bucket.")] = "us-east-1"
    s3_access_key_id: Annotated[
        str | None,
        _setting("S3_ACCESS_KEY_ID", "The key to the store; unset: what the machine itself is given."),
    ] = None
    s3_secret_access_key: Annotated[
        str | None, _setting("S3_SECRET_ACCESS_KEY", "The secret to that key.", secrecy="secret")
    ] = None
    clamd: Annotated[
        str | None,
        _setting(
            "CLAMD",
            "The clamd that scans uploads, as host:port or as the path of its socket; unset: none. Its "
            "StreamMaxLength must be LARGEST_UPLOAD at least.",
        ),
    ] = None
    adapters: Annotated[
        str | None,
        _setting(
            "ADAPTERS",
            "A function as package.module:name that gives adapters of your own in the place of ours, as "
            "docs/writing-an-adapter.md describes; unset: none.",
        ),
    ] = None
    largest_upload: Annotated[
        Annotated[int, Meta(ge=1024, le=2**30)],
        _setting("LARGEST_UPLOAD", "How many bytes an uploaded document may have."),
    ] = 20 * 2**20
    largest_catalogue: Annotated[
        Annotated[int, Meta(ge=1024, le=2**32)],
        _setting("LARGEST_CATALOGUE", "How many bytes an uploaded catalogue may have."),
    ] = 100 * 2**20
    token_minutes: Annotated[
        Count,
        _setting("TOKEN_MINUTES", "How long an access token is valid, in minutes; a refresh token gives the next."),
    ] = 15
    session_days: Annotated[
        Annotated[int, Meta(ge=1, le=366)],
        _setting("SESSION_DAYS", "How many days a sign-in lasts at most, however often it is refreshed."),
    ] = 30
    session_unused_days: Annotated[
        Annotated[int, Meta(ge=1, le=366)],
        _setting("SESSION_UNUSED_DAYS", "After how many days without a refresh a sign-in ends."),
    ] = 14
    staff_session_hours: Annotated[
        Annotated[int, Meta(ge=1, le=8784)],
        _setting("STAFF_SESSION_HOURS", "How many hours a sign-in of a counsellor or administrator lasts at most."),
    ] = 12
    link_seconds: Annotated[
        Annotated[int, Meta(ge=1, le=60)], _setting("LINK_SECONDS", "How long a link to a file is valid, in seconds.")
    ] = 60
    code_page: Annotated[
        str | None,
        _setting(
            "CODE_PAGE",
            "The page of a client that takes the codes of mails, which link to it; unset: mails say the code and the "
            "command that takes it.",
        ),
    ] = None
    identity_providers: Annotated[
        str | None,
        _setting(
            "IDENTITY_PROVIDERS",
            "The OpenID providers at which one can sign in, as TOML; docs/operating.md says how; unset: none.",
            secrecy="secret",
        ),
    ] = None
    sign_in_redirect_url: Annotated[
        str | None,
        _setting(
            "SIGN_IN_REDIRECT_URL",
            "Where providers send browsers back to, as it is registered there, to the letter; unset: "
            "/v1/sign-in/callback of PUBLIC_URL.",
        ),
    ] = None
    provider_seconds: Annotated[
        Seconds, _setting("PROVIDER_SECONDS", "How many seconds a provider may take for an answer.")
    ] = 10.0
    provider_clock_seconds: Annotated[
        Annotated[int, Meta(ge=0, le=300)],
        _setting("PROVIDER_CLOCK_SECONDS", "How many seconds the clock of a provider may be off."),
    ] = 60
    provider_kept_minutes: Annotated[
        Count,
        _setting("PROVIDER_KEPT_MINUTES", "For how many minutes a provider's addresses and keys are kept."),
    ] = 60
    erasure_wait_days: Annotated[
        Annotated[int, Meta(ge=0, le=28)],
        _setting(
            "ERASURE_WAIT_DAYS", "How many days an erasure waits that a student asked for; she can cancel it then."
        ),
    ] = 7
    export_hours: Annotated[
        Annotated[int, Meta(ge=1, le=168)],
        _setting("EXPORT_HOURS", "How many hours the file of an export is kept."),
    ] = 24
    export_limit: Annotated[
        Annotated[int, Meta(ge=1, le=1000)],
        _setting("EXPORT_LIMIT", "How often an account may ask for an export in a day."),
    ] = 3
    largest_export: Annotated[
        Annotated[int, Meta(ge=1024, le=2**40)],
        _setting("LARGEST_EXPORT", "How many bytes the file of an export may have."),
    ] = 10 * 2**30
    retention_file: Annotated[
        str | None,
        _setting("RETENTION_FILE", "A file with rules of retention, in the place of those that ship; unset: those."),
    ] = None
    argon2_passes: Annotated[
        Annotated[int, Meta(ge=1, le=100)],
        _setting(
            "ARGON2_PASSES", "How often Argon2id goes over its memory for a password; kept ones follow at sign-in."
        ),
    ] = 3
    argon2_memory_kib: Annotated[
        Annotated[int, Meta(ge=64, le=2**22)],
        _setting("ARGON2_MEMORY_KIB", "How many KiB of memory it takes for that."),
    ] = 65536
    argon2_lanes: Annotated[
        Annotated[int, Meta(ge=1, le=64)], _setting("ARGON2_LANES", "How many lanes of that memory are filled at once.")
    ] = 4
    other_token_keys: Annotated[
        str | None,
        _setting(
            "OTHER_TOKEN_KEYS",
            "Keys like TOKEN_KEY that are accepted too, with spaces between: the next before it signs, the last one "
            "until SESSION_DAYS after; unset: those that lie as tokens-*.pem beside the key in the home.",
            secrecy="secret",
        ),
    ] = None
    token_key: Annotated[
        str | None,
        _setting(
            "TOKEN_KEY",
            "What signs sign-ins: 32 random bytes in base64, the same in every API process; unset: a key in the home.",
            secrecy="secret",
        ),
    ] = None
    link_key: Annotated[
        str | None,
        _setting(
            "LINK_KEY",
            "What signs our own links to files: 32 random bytes in base64, the same in every API process; unset: a key "
            "the home.",
            secrecy="secret",
        ),
    ] = None
    master_key: Annotated[
        str | None,
        _setting(
            "MASTER_KEY",
            "What wraps the keys under which students' papers are sealed: 32 random bytes in base64, the same in every "
            "process. Without it nothing of theirs can be read; unset: a key in the home.",
            secrecy="secret",
        ),
    ] = None
    other_master_keys: Annotated[
        str | None,
        _setting(
            "OTHER_MASTER_KEYS",
            "Keys like MASTER_KEY that are known too, with spaces between: the next before it wraps, the last one "
            "until `higherstudy rotate-keys` is through.",
            secrecy="secret",
        ),
    ] = None
    key_folder: Annotated[
        str | None,
        _setting(
            "KEY_FOLDER",
            "The folder for students' wrapped keys, which belongs to no backup of the data; unset: KEY_BUCKET, else "
            "beside the other keys in the home.",
        ),
    ] = None
    key_bucket: Annotated[
        str | None,
        _setting(
            "KEY_BUCKET",
            "The bucket for students' wrapped keys, which belongs to no backup of the data; unset: S3_BUCKET.",
        ),
    ] = None
    student_key_days: Annotated[
        Annotated[int, Meta(ge=1, le=3660)],
        _setting("STUDENT_KEY_DAYS", "After how many days what a student adds is sealed under a new key of hers."),
    ] = 365
    student_key_seconds: Annotated[
        Annotated[int, Meta(ge=1, le=3600)],
        _setting(
            "STUDENT_KEY_SECONDS",
            "How many seconds a process keeps a student's keys at hand; so long may it read on when they are gone.",
        ),
    ] = 60
    audit_key: Annotated[
        str | None,
        _setting(
            "AUDIT_KEY",
            "What signs the seals of the audit trail: 32 random bytes in base64, the same in every process; unset: a "
            "key in the home.",
            secrecy="secret",
        ),
    ] = None
    audit_public_keys: Annotated[
        str,
        _setting(
            "AUDIT_PUBLIC_KEYS",
            "Public keys, each 32 bytes in base64, with spaces between, whose seals are accepted too: those of earlier "
            "keys, and of other processes'.",
        ),
    ] = ""
    audit_seal_seconds: Annotated[
        Seconds, _setting("AUDIT_SEAL_SECONDS", "After how many seconds new entries of the audit trail are sealed.")
    ] = 1.0
    audit_anchor_seconds: Annotated[
        Seconds,
        _setting(
            "AUDIT_ANCHOR_SECONDS",
            "After how many seconds the end of the audit trail is noted outside the database: in the bucket, else in "
            "the home. So much of its end could be cut unseen.",
        ),
    ] = 60.0
    audit_lock_days: Annotated[
        Annotated[int, Meta(ge=1, le=36_525)],
        _setting("AUDIT_LOCK_DAYS", "For how many days a bucket that locks objects lets nobody remove such a note."),
    ] = 3653
    audit_address_days: Annotated[
        Annotated[int, Meta(ge=30, le=3653)],
        _setting("AUDIT_ADDRESS_DAYS", "For how many days the audit trail keeps network addresses."),
    ] = 180
    factor_key: Annotated[
        str | None,
        _setting(
            "FACTOR_KEY",
            "What seals the secrets of apps that make codes: 32 random bytes in base64, the same in every API process; "
            "unset: a key in the home. Whoever loses it loses those factors.",
            secrecy="secret",
        ),
    ] = None
    other_factor_keys: Annotated[
        str | None,
        _setting(
            "OTHER_FACTOR_KEYS",
            "Keys like FACTOR_KEY that are known too, with spaces between: the next before it seals, the last one "
            "until `higherstudy rotate-keys` is through.",
            secrecy="secret",
        ),
    ] = None
    passkey_site: Annotated[
        str | None,
        _setting(
            "PASSKEY_SITE",
            "The domain that passkeys belong to, such as study.example; unset: that of PUBLIC_URL, or localhost. "
            "Another one makes those that were made before useless.",
        ),
    ] = None
    passkey_origins: Annotated[
        Annotated[str, Meta(pattern=_ORIGINS)],
        _setting(
            "PASSKEY_ORIGINS",
            "Web origins whose pages may use passkeys; a list with spaces; unset: our own and ALLOWED_ORIGINS.",
        ),
    ] = ""
    second_factor_roles: Annotated[
        str | None,
        _setting(
            "SECOND_FACTOR_ROLES",
            "Roles that count only in a session of two factors: of admin, counsellor, auditor and student, with spaces "
            "between, or none; unset: admin with DATABASE_URL, none without.",
        ),
    ] = None
    sign_in_free_tries: Annotated[
        Annotated[int, Meta(ge=3, le=100)],
        _setting(
            "SIGN_IN_FREE_TRIES",
            "How many failed attempts in a row at an account bring no wait; then it is a second, and doubles.",
        ),
    ] = 10
    sign_in_longest_wait: Annotated[
        Annotated[int, Meta(ge=1, le=30 * 86400)],
        _setting("SIGN_IN_LONGEST_WAIT", "Up to how many seconds that wait grows; a device that is known has its own."),
    ] = 86400
    device_days: Annotated[
        Annotated[int, Meta(ge=1, le=3650)],
        _setting("DEVICE_DAYS", "How many days a device that has signed in is known to its account."),
    ] = 180
    proof_minutes: Annotated[
        Annotated[int, Meta(ge=1, le=60)],
        _setting(
            "PROOF_MINUTES",
            "How many minutes there are for the second step of a sign-in, and to change second factors after one.",
        ),
    ] = 5
    sign_in_limit: Annotated[
        Annotated[int, Meta(ge=1, le=1_000_000)],
        _setting(
            "SIGN_IN_LIMIT",
            "How often an address may sign in, and as often register, in 15 minutes; one e-mail address a tenth of it.",
        ),
    ] = 200
    request_limit: Annotated[
        Annotated[int, Meta(ge=1, le=100_000_000)],
        _setting("REQUEST_LIMIT", "How often an account, or an address without sign-in, may ask in a minute."),
    ] = 6000
    address_limit: Annotated[
        Annotated[int, Meta(ge=1, le=100_000_000)],
        _setting("ADDRESS_LIMIT", "How often all accounts that come from one address may ask in a minute, together."),
    ] = 60_000
    match_limit: Annotated[
        Annotated[int, Meta(ge=1, le=1_000_000)],
        _setting("MATCH_LIMIT", "How often an account may be matched with the whole catalogue in a minute."),
    ] = 60
    upload_limit: Annotated[
        Annotated[int, Meta(ge=1, le=1_000_000)],
        _setting("UPLOAD_LIMIT", "How many uploads an account may begin in an hour."),
    ] = 240
    trusted_proxies: Annotated[
        str,
        _setting(
            "TRUSTED_PROXIES",
            "The networks of your own proxies, such as 10.0.0.0/8 fd00::/8, between spaces: they are believed when "
            "they say whom they speak for; unset: nobody is.",
        ),
    ] = ""
    proxy_header: Annotated[
        Literal["x-forwarded-for", "forwarded"],
        _setting("PROXY_HEADER", "The one header in which those proxies say it; the other one is not read."),
    ] = "x-forwarded-for"
    allowed_hosts: Annotated[
        str,
        _setting(
            "ALLOWED_HOSTS",
            "The names under which the server may be asked (header Host, without its port), with spaces between; "
            "unset: any. Checks of health are answered under any name.",
        ),
    ] = ""
    hsts_seconds: Annotated[
        Annotated[int, Meta(ge=0, le=63_072_000)],
        _setting(
            "HSTS_SECONDS",
            "For how many seconds browsers keep to TLS, told where PUBLIC_URL begins with https; 0 does not tell them.",
        ),
    ] = 31_536_000
    jobs_at_once: Annotated[
        Annotated[int, Meta(ge=0, le=1000)],
        _setting("JOBS_AT_ONCE", "How many jobs run at the same time; 0 runs none in this process."),
    ] = 4
    allowed_origins: Annotated[
        Annotated[str, Meta(pattern=_ORIGINS)],
        _setting(
            "ALLOWED_ORIGINS", "Web origins whose pages may call, such as https://study.example; a list with spaces."
        ),
    ] = ""
    insecure_cookies: Annotated[
        bool,
        _setting(
            "INSECURE_COOKIES",
            "For development on one machine: whether browsers may send the cookies of a sign-in over http.",
        ),
    ] = False
    admin_email: Annotated[
        str,
        _setting("ADMIN_EMAIL", "With DATABASE_URL: the first administrator; see first-admin.json in the home."),
    ] = ""
    mail_from: Annotated[str, _setting("MAIL_FROM", "Who mail comes from.")] = "Higher Study <no-reply@localhost>"
    health_port: Annotated[
        Annotated[int, Meta(ge=0, le=65535)] | None,
        _setting(
            "HEALTH_PORT",
            "A second port, on HOST, with /health/live, /health/ready and /metrics; 0 takes a free one; unset: none.",
        ),
    ] = None
    stop_seconds: Annotated[
        Seconds,
        _setting("STOP_SECONDS", "How many seconds requests and jobs have to finish once the process is to stop."),
    ] = 10.0
    otlp_endpoint: Annotated[
        str | None,
        _setting("OTEL_EXPORTER_OTLP_ENDPOINT", "Where traces are sent, by OTLP over HTTP; unset: nowhere."),
    ] = None
    log_format: Annotated[
        Literal["text", "json"], _setting("LOG_FORMAT", "How log lines look: for people, or one JSON object a line.")
    ] = "text"
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"], _setting("LOG_LEVEL", "The least that is logged.")
    ] = "info"

    @property
    def home_folder(self) -> Path:
        """The home as an absolute path."""
        return Path(self.home).expanduser().absolute()

    @property
    def token_key_bytes(self) -> bytes | None:
        """The 32 bytes of TOKEN_KEY."""
        return key_bytes(self.token_key) if self.token_key else None

    @property
    def other_token_key_bytes(self) -> list[bytes]:
        """The 32 bytes of each of OTHER_TOKEN_KEYS."""
        return [found for word in (self.other_token_keys or "").split() if (found := key_bytes(word))]

    @property
    def link_key_bytes(self) -> bytes | None:
        """The 32 bytes of LINK_KEY."""
        return key_bytes(self.link_key) if self.link_key else None

    @property
    def master_key_bytes(self) -> bytes | None:
        """The 32 bytes of MASTER_KEY."""
        return key_bytes(self.master_key) if self.master_key else None

    @property
    def other_master_key_bytes(self) -> list[bytes]:
        """The 32 bytes of each of OTHER_MASTER_KEYS."""
        return [found for word in (self.other_master_keys or "").split() if (found := key_bytes(word))]

    @property
    def audit_key_bytes(self) -> bytes | None:
        """The 32 bytes of AUDIT_KEY."""
        return key_bytes(self.audit_key) if self.audit_key else None

    @property
    def audit_public_key_bytes(self) -> list[bytes]:
        """The 32 bytes of each of AUDIT_PUBLIC_KEYS."""
        return [found for word in self.audit_public_keys.split() if (found := key_bytes(word))]

    @property
    def factor_key_bytes(self) -> bytes | None:
        """The 32 bytes of FACTOR_KEY."""
        return key_bytes(self.factor_key) if self.factor_key else None

    @property
    def other_factor_key_bytes(self) -> list[bytes]:
        """The 32 bytes of each of OTHER_FACTOR_KEYS."""
        return [found for word in (self.other_factor_keys or "").split() if (found := key_bytes(word))]

    @property
    def site_of_passkeys(self) -> str:
        """The domain that passkeys belong to. They know no numbers: a server of this machine alone is localhost."""
        host = self.passkey_site or urlsplit(self.address).hostname or "localhost"
        return "localhost" if host in ("127.0.0.1", "::1") else host

    @property
    def pages_of_passkeys(self) -> list[str]:
        """The web origins whose pages may use passkeys."""
        if self.passkey_origins:
            return self.passkey_origins.split()
        ours = urlsplit(self.address)
        named = ours._replace(netloc=f"localhost:{ours.port}" if ours.port else "localhost")
        own = named if self.site_of_passkeys == "localhost" else ours
        return [f"{own.scheme}://{own.netloc}", *self.allowed_origins.split()]

    @property
    def roles_of_two_factors(self) -> frozenset[str]:
        """The roles that count only where two factors were shown."""
        if self.second_factor_roles is None:
            return frozenset({"admin"} if self.database_url else ())
        return frozenset(self.second_factor_roles.split()) - {"none"}

    @property
    def address(self) -> str:
        """Where clients reach the server, as far as that is known here, without a slash at its end."""
        if self.public_url:
            return self.public_url.rstrip("/")
        if self.host in ("0.0.0.0", "::"):  # noqa: S104 - all of this machine's addresses are no place to go to
            return f"http://localhost:{self.port}"
        return f"http://[{self.host}]:{self.port}" if ":" in self.host else f"http://{self.host}:{self.port}"

    @property
    def sign_in_redirect(self) -> str:
        """Where providers send browsers back to."""
        return self.sign_in_redirect_url or f"{self.address}/v1/sign-in/callback"

    def __repr__(self) -> str:
        shown = ", ".join(f"{one.name}={one.shown!r}" for one in described(self))
        return f"Settings({shown})"


class WrongSettings(Invalid):
    """The server cannot start with these settings."""

    code = "wrong_settings"


@dataclass(frozen=True, slots=True)
class Described:
    """One setting as it is shown: secrets are hidden, and of a URL its password is."""

    name: str
    variable: str
    meaning: str
    default: str
    shown: str


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Return the settings in the environment; a blank variable counts as unset.

    What is secret may be in a file instead, which the variable with _FILE at its end names.
    Raises WrongSettings with every variable that is wrong.
    """
    values: dict[str, Any] = {}
    reasons: list[Reason] = []
    for field, variable, said in _fields():
        try:
            given = _given(environment, variable, said)
        except Invalid as error:
            reasons += error.reasons
            continue
        if not given:
            continue
        try:
            values[field.name] = msgspec.convert(given, field.type, strict=False)
        except msgspec.ValidationError:
            reasons.append(_wrong(field.type, _shown(given, said)[:100], variable))
    reasons += wrong_together(values)
    if reasons:
        raise WrongSettings(*reasons)
    return Settings(**values)


def _given(environment: Mapping[str, str], variable: str, said: Meta) -> str:
    """Return what the variable says, or the file that is named in its place."""
    given = environment.get(variable, "").strip()
    file = environment.get(f"{variable}_FILE", "").strip() if _secrecy(said) != "open" else ""
    if not file:
        return given
    if given:
        raise Invalid(Reason("setting.given_twice", {"other": variable}, f"{variable}_FILE"))
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        detail = getattr(error, "strerror", None) or "it is no text"
        raise Invalid(Reason("setting.file_not_read", {"file": file, "detail": detail}, f"{variable}_FILE")) from error


def described(settings: Settings) -> tuple[Described, ...]:
    """Return every setting with its meaning, default and present value, in the order in which they are declared."""
    return tuple(
        Described(
            name=field.name,
            variable=variable,
            meaning=_meaning(variable, said),
            default=_shown(field.default, said),
            shown=_shown(getattr(settings, field.name), said),
        )
        for field, variable, said in _fields()
    )


def _fields() -> Iterator[tuple[FieldInfo, str, Meta]]:
    """Yield each field with its variable and what was said about it."""
    for field in fields(Settings):
        said = field.type.__metadata__[-1]
        yield field, said.extra["variable"], said


def _wrong(kind: Any, given: str, variable: str) -> Reason:
    """Return what the variable may be, from its own type."""
    match _innermost(msgspec.inspect.type_info(kind)):
        case msgspec.inspect.IntType(ge=least, le=most):
            return Reason("setting.not_whole", {"at_least": least, "at_most": most, "given": given}, variable)
        case msgspec.inspect.FloatType(gt=above, le=most):
            limits = {"above": f"{above or 0:g}", "at_most": f"{most or 0:g}"}
            return Reason("setting.not_a_number", {**limits, "given": given}, variable)
        case msgspec.inspect.LiteralType(values=words):
            return Reason("setting.unknown_word", {"known": ", ".join(map(str, words)), "given": given}, variable)
        case _:
            return Reason("setting.not_origins", {"given": given}, variable)


def _innermost(said: msgspec.inspect.Type) -> msgspec.inspect.Type:
    """Return the type itself, without what was said about it and without that it may be left out."""
    match said:
        case msgspec.inspect.Metadata(type=inner):
            return _innermost(inner)
        case msgspec.inspect.UnionType(types=types):
            return _innermost(next(one for one in types if not isinstance(one, msgspec.inspect.NoneType)))
        case _:
            return said


def _meaning(variable: str, said: Meta) -> str:
    instead = "" if _secrecy(said) == "open" else f" May be in a file instead, which {variable}_FILE names."
    return f"{said.description}{instead}"


def _secrecy(said: Meta) -> Secrecy:
    found: Secrecy = (said.extra or {})["secrecy"]
    return found


def _shown(value: object, said: Meta) -> str:
    """Return the value as text, without what is secret of it."""
    if value is None:
        return ""
    match _secrecy(said):
        case "open":
            return str(value).lower() if isinstance(value, bool) else str(value)
        case "password":
            return _PASSWORD.sub(HIDDEN, str(value))
        case "secret":
            return HIDDEN
