"""The key that signs access tokens: made once, and kept where only we can read it."""

import hashlib
import hmac
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)


@dataclass(frozen=True)
class SigningKey:
    """A private key and the name that tokens know it by: the first half of its public half's SHA-256."""

    private: Ed25519PrivateKey

    @property
    def public(self) -> Ed25519PublicKey:
        """The half that checks signatures."""
        return self.private.public_key()

    @property
    def id(self) -> str:
        """The key's name in a token's ``kid``."""
        return hashlib.sha256(self.public.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()[:32]

    def secret_for(self, purpose: bytes) -> bytes:
        """Return 32 bytes for one other purpose, from which nobody finds the key (HMAC as in RFC 5869, 2.2)."""
        return hmac.digest(self.private.private_bytes_raw(), purpose, "sha256")


def key_of(secret: bytes) -> SigningKey:
    """Return the key that these 32 random bytes are (RFC 8032, 5.1.5)."""
    return SigningKey(Ed25519PrivateKey.from_private_bytes(secret))


def signing_key(path: Path) -> SigningKey:
    """Return the key in the file, made at random when there is none yet; raise ValueError for a file that holds
    another kind of key or that others may read."""
    try:
        _create(path)
    except FileExistsError:
        if path.stat().st_mode & 0o077:
            raise ValueError(f"{path} must be readable by its owner alone (chmod 600)") from None
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError(f"{path} holds no Ed25519 key")  # noqa: TRY004 - a wrong value, not a programming mistake
    return SigningKey(key)


def _create(path: Path) -> None:
    """Write a new key under its name in one step, unless somebody was first."""
    if path.exists():
        raise FileExistsError(path)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    new = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(new, path)  # fails where the name is taken, unlike a rename
    finally:
        new.unlink()
