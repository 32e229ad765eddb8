"""Passwords, second factors and sessions."""

from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta

from .checks import key_bytes
from .declaring import ORIGINS, Count, setting


@dataclass(frozen=True, kw_only=True, repr=False)
class SigningIn:
    """Passwords, second factors and sessions."""

    admin_email: Annotated[
        str,
        setting("ADMIN_EMAIL", "With DATABASE_URL: the first administrator; see first-admin.json in the home."),
    ] = ""
    token_minutes: Annotated[
        Count,
        setting("TOKEN_MINUTES", "How long an access token is valid, in minutes; a refresh token gives the next."),
    ] = 15
    session_days: Annotated[
        Annotated[int, Meta(ge=1, le=366)],
        setting("SESSION_DAYS", "How many days a sign-in lasts at most, however often it is refreshed."),
    ] = 30
    session_unused_days: Annotated[
        Annotated[int, Meta(ge=1, le=366)],
        setting("SESSION_UNUSED_DAYS", "After how many days without a refresh a sign-in ends."),
    ] = 14
    staff_session_hours: Annotated[
        Annotated[int, Meta(ge=1, le=8784)],
        setting("STAFF_SESSION_HOURS", "How many hours a sign-in of a counsellor or administrator lasts at most."),
    ] = 12
    token_key: Annotated[
        str | None,
        setting(
            "TOKEN_KEY",
            "What signs sign-ins: 32 random bytes in base64, the same in every API process; unset: a key in the home.",
            secrecy="secret",
        ),
    ] = None
    other_token_keys: Annotated[
        str | None,
        setting(
            "OTHER_TOKEN_KEYS",
            "Keys like TOKEN_KEY that are accepted too, with spaces between: the next before it signs, the last one "
            "until SESSION_DAYS after; unset: those that lie as tokens-*.pem beside the key in the home.",
            secrecy="secret",
        ),
    ] = None
    insecure_cookies: Annotated[
        bool,
        setting(
            "INSECURE_COOKIES",
            "For development on one machine: whether browsers may send the cookies of a sign-in over http.",
        ),
    ] = False
    code_page: Annotated[
        str | None,
        setting(
            "CODE_PAGE",
            "The page of a client that takes the codes of mails, which link to it; unset: mails say the code and the "
            "command that takes it.",
        ),
    ] = None
    argon2_passes: Annotated[
        Annotated[int, Meta(ge=1, le=100)],
        setting(
            "ARGON2_PASSES", "How often Argon2id goes over its memory for a password; kept ones follow at sign-in."
        ),
    ] = 3
    argon2_memory_kib: Annotated[
        Annotated[int, Meta(ge=64, le=2**22)],
        setting("ARGON2_MEMORY_KIB", "How many KiB of memory it takes for that."),
    ] = 65536
    argon2_lanes: Annotated[
        Annotated[int, Meta(ge=1, le=64)], setting("ARGON2_LANES", "How many lanes of that memory are filled at once.")
    ] = 4
    sign_in_free_tries: Annotated[
        Annotated[int, Meta(ge=3, le=100)],
        setting(
            "SIGN_IN_FREE_TRIES",
            "How many failed attempts in a row at an account bring no wait; then it is a second, and doubles.",
        ),
    ] = 10
    sign_in_longest_wait: Annotated[
        Annotated[int, Meta(ge=1, le=30 * 86400)],
        setting("SIGN_IN_LONGEST_WAIT", "Up to how many seconds that wait grows; a device that is known has its own."),
    ] = 86400
    device_days: Annotated[
        Annotated[int, Meta(ge=1, le=3650)],
        setting("DEVICE_DAYS", "How many days a device that has signed in is known to its account."),
    ] = 180
    second_factor_roles: Annotated[
        str | None,
        setting(
            "SECOND_FACTOR_ROLES",
            "Roles that count only in a session of two factors: of admin, counsellor, auditor and student, with spaces "
            "between, or none; unset: admin with DATABASE_URL, none without.",
        ),
    ] = None
    proof_minutes: Annotated[
        Annotated[int, Meta(ge=1, le=60)],
        setting(
            "PROOF_MINUTES",
            "How many minutes there are for the second step of a sign-in, and to change second factors after one.",
        ),
    ] = 5
    factor_key: Annotated[
        str | None,
        setting(
            "FACTOR_KEY",
            "What seals the secrets of apps that make codes: 32 random bytes in base64, the same in every API process; "
            "unset: a key in the home. Whoever loses it loses those factors.",
            secrecy="secret",
        ),
    ] = None
    other_factor_keys: Annotated[
        str | None,
        setting(
            "OTHER_FACTOR_KEYS",
            "Keys like FACTOR_KEY that are known too, with spaces between: the next before it seals, the last one "
            "until `higherstudy rotate-keys` is through.",
            secrecy="secret",
        ),
    ] = None
    passkey_site: Annotated[
        str | None,
        setting(
            "PASSKEY_SITE",
            "The domain that passkeys belong to, such as study.example; unset: that of PUBLIC_URL, or localhost. "
            "Another one makes those that were made before useless.",
        ),
    ] = None
    passkey_origins: Annotated[
        Annotated[str, Meta(pattern=ORIGINS)],
        setting(
            "PASSKEY_ORIGINS",
            "Web origins whose pages may use passkeys; a list with spaces; unset: our own and ALLOWED_ORIGINS.",
        ),
    ] = ""

    @property
    def token_key_bytes(self) -> bytes | None:
        """The 32 bytes of TOKEN_KEY."""
        return key_bytes(self.token_key) if self.token_key else None

    @property
    def other_token_key_bytes(self) -> list[bytes]:
        """The 32 bytes of each of OTHER_TOKEN_KEYS."""
        return [found for word in (self.other_token_keys or "").split() if (found := key_bytes(word))]

    @property
    def factor_key_bytes(self) -> bytes | None:
        """The 32 bytes of FACTOR_KEY."""
        return key_bytes(self.factor_key) if self.factor_key else None

    @property
    def other_factor_key_bytes(self) -> list[bytes]:
        """The 32 bytes of each of OTHER_FACTOR_KEYS."""
        return [found for word in (self.other_factor_keys or "").split() if (found := key_bytes(word))]
