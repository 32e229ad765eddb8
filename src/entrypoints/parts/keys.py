"""The keys by which a process signs: given by settings, else made once and kept in the home."""

from __future__ import annotations

import hashlib
import logging
import os
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from ...adapters.aead.secret_box import AeadSecretBox
from ...adapters.aesgcm.master_key import version_of
from ...adapters.ed25519.signatures import Ed25519Signatures
from ...adapters.folder.writing import keep as put_in_place
from ...adapters.folder.writing import new_file
from ...adapters.postgres.processes import marked
from ...adapters.tokens.jwt_tokens import JwtTokens
from ...adapters.tokens.keys import SigningKey, key_of, signing_key
from ...domain.shared.errors import Reason
from ...ports.clock import Clock
from ...ports.secret_box import SecretBox
from ...ports.tokens import Tokens
from ..settings import Settings, WrongSettings

log = logging.getLogger(__name__)
_SEALING = 1

_MASTER = "master.key"
_FACTORS = "factors.key"


def tokens(settings: Settings, clock: Clock) -> Tokens:
    """Return what makes and reads tokens, with the key of TOKEN_KEY, else one in the home; older keys are accepted."""
    return JwtTokens(_token_key(settings), clock, others=_other_token_keys(settings))


def _token_key(settings: Settings) -> SigningKey:
    given = settings.token_key_bytes
    return signing_key(settings.home_folder / "keys" / "tokens.pem") if given is None else key_of(given)


def _other_token_keys(settings: Settings) -> list[SigningKey]:
    if settings.token_key is not None or settings.other_token_keys is not None:
        return [key_of(given) for given in settings.other_token_key_bytes]
    return [signing_key(path) for path in sorted((settings.home_folder / "keys").glob("tokens-*.pem"))]


def link_key(settings: Settings) -> bytes:
    """Return the secret bytes that sign our own links, of LINK_KEY, else of a file in the home."""
    return settings.link_key_bytes or _key(settings.home_folder / "keys" / "links.key")


def analytics_key(settings: Settings) -> bytes:
    """Return the secret bytes by which students are called something else in analytics, of ANALYTICS_KEY, else of a
    file in the home; none where there are no analytics."""
    if settings.segment_write_key is None:
        return b""
    return settings.analytics_key_bytes or _key(settings.home_folder / "keys" / "analytics.key")


def master_keys(settings: Settings) -> list[bytes]:
    """Return the secret bytes that wrap the keys of students, of MASTER_KEY, else of a file in the home; behind them
    those that are known still, or already."""
    if (given := settings.master_key_bytes) is not None:
        return [given, *settings.other_master_key_bytes]
    folder = settings.home_folder / "keys"
    older = [path.read_bytes() for path in sorted(folder.glob("master-*.key"))]
    return [_key(folder / _MASTER), *settings.other_master_key_bytes, *older]


def missing_master_key(settings: Settings) -> Path | None:
    """Return where the home would keep the master key; None where it does, or where a setting gives one."""
    path = settings.home_folder / "keys" / _MASTER
    return None if settings.master_key is not None or path.exists() else path


def renew_master_key(settings: Settings) -> Path:
    """Put a new master key into the home, and return where the one before lies from now on. Whoever dies half-way has
    changed nothing, or all of it."""
    return _renewed(settings.home_folder / "keys" / _MASTER, version_of)


def _renewed(path: Path, name_of: Callable[[bytes], str]) -> Path:
    before = path.with_name(f"{path.stem}-{name_of(_key(path))}.key")
    with suppress(FileExistsError):  # somebody died before the next step
        os.link(path, before)
    with new_file(path.parent) as (file, new):
        file.write(secrets.token_bytes(32))
        put_in_place(file, new, path)
    return before


def audit_signatures(settings: Settings) -> Ed25519Signatures:
    """Return what signs the seals of the audit trail, with the key of AUDIT_KEY, else one in the home."""

    def secret() -> bytes:
        return settings.audit_key_bytes or _key(settings.home_folder / "keys" / "audit.key")

    return Ed25519Signatures(secret, settings.audit_public_key_bytes)


def secret_box(settings: Settings) -> SecretBox:
    """Return what seals the secrets of second factors, with the key of FACTOR_KEY, else one in the home."""
    return AeadSecretBox(lambda: factor_keys(settings))


def factor_keys(settings: Settings) -> list[bytes]:
    """Return the secret bytes that seal second factors, of FACTOR_KEY, else of a file in the home; behind them those
    that are known still, or already."""
    if (given := settings.factor_key_bytes) is not None:
        return [given, *settings.other_factor_key_bytes]
    folder = settings.home_folder / "keys"
    older = [path.read_bytes() for path in sorted(folder.glob("factors-*.key"))]
    return [_key(folder / _FACTORS), *settings.other_factor_key_bytes, *older]


def has_factor_key(settings: Settings) -> bool:
    """Whether there is a key for second factors already; without one nothing was ever sealed by it."""
    return settings.factor_key is not None or (settings.home_folder / "keys" / _FACTORS).exists()


def renew_factor_key(settings: Settings) -> Path:
    """Put a new key for second factors into the home, and return where the one before lies from now on, as
    ``renew_master_key`` does."""
    return _renewed(settings.home_folder / "keys" / _FACTORS, lambda key: _mark_of(key)[:8].hex())


def _mark_of(factor_key: bytes) -> bytes:
    """Return by what others know a key for second factors, from which nobody can tell the key."""
    return hashlib.sha256(hashlib.sha256(factor_key).digest()).digest()


@asynccontextmanager
async def same_keys(settings: Settings) -> AsyncIterator[None]:
    """Show other API processes on the database by which keys this one signs, while the block runs.

    Where another one signs by others, what one has signed is refused by the other. Keys that a home has made differ by
    oversight: WrongSettings is raised, with what to set. Keys that were set may be in the middle of a change from old
    to new, process by process: a warning says so.
    """
    if settings.database_url is None:
        yield
        return
    given = [settings.token_key, settings.link_key]
    said = _token_key(settings).id.encode() + hashlib.sha256(link_key(settings)).digest()
    if settings.adapters is None:  # which may bring a master key of their own
        given.append(settings.master_key)
        said += version_of(master_keys(settings)[0]).encode()
    ours = hashlib.sha256(said).digest()
    sealing, *known = (int.from_bytes(_mark_of(key)[:4], "big") >> 1 for key in factor_keys(settings))
    async with (
        marked(settings.database_url, int.from_bytes(ours[:4], "big") >> 1) as differs,
        marked(settings.database_url, sealing, _SEALING, known) as seals_differently,
    ):
        if differs and None in given:
            raise WrongSettings(Reason("setting.keys_differ", {}, "TOKEN_KEY"))
        if seals_differently and settings.factor_key is None:
            raise WrongSettings(Reason("setting.factor_keys_differ", {}, "FACTOR_KEY"))
        if differs:
            log.warning("another API process signs by other keys: each refuses what the other has signed")
        if seals_differently:
            log.warning("another API process seals second factors by a key that this one does not know")
        yield


def _key(path: Path) -> bytes:
    """Return the 32 secret bytes in the file, made at random the first time."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with new_file(path.parent) as (file, new):
            file.write(secrets.token_bytes(32))
            file.flush()
            os.fsync(file.fileno())
            with suppress(FileExistsError):  # another server that starts at the same moment was first
                os.link(new, path)
    return path.read_bytes()
