"""Sealed content of any length: segments under AES-256-GCM, so that none can be changed, moved, or left out.

The construction is that of streaming AEAD as Hoang, Reyhanitabar, Rogaway and Vizár describe it (STREAM, CRYPTO 2015),
with a key of its own for each stream, derived by HKDF from the student's key and a random salt, as in AES-GCM-HKDF
streaming:

    head     SEALED (4 bytes) | id of the student's key (16) | salt (32) | beginning of the nonces (7)
    segment  up to 64 KiB of content, encrypted, with its tag (16 bytes); the last one may be empty
    nonce    beginning (7) | number of the segment (4) | 1 for the last segment, else 0 (1)

Student and place go into the derivation: in any other place another key comes out. Nothing of a segment is given out
before its tag was found right, and a stream that was cut between two segments lacks its last one.
"""

import os
import struct
from collections.abc import Iterator
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ...ports.errors import Unreadable
from ...ports.vault import SEALED

SEGMENT = 64 * 1024
TAG = 16
_SALT, _NONCE_BEGIN, _ID = 32, 7, 16
HEAD = len(SEALED) + _ID + _SALT + _NONCE_BEGIN
_MOST_SEGMENTS = 2**32


class Sealing:
    """Seals one stream: take the head, feed content, then take the end."""

    def __init__(self, key_id: UUID, key: bytes, bound_to: bytes) -> None:
        salt, self._begin = os.urandom(_SALT), os.urandom(_NONCE_BEGIN)
        self.head = SEALED + key_id.bytes + salt + self._begin
        self._cipher = AESGCM(_derived(key, salt, bound_to))
        self._waiting = bytearray()
        self._number = 0

    def feed(self, content: bytes) -> Iterator[bytes]:
        """Yield each segment that is full and not the last: more content than it holds has come."""
        self._waiting += content
        taken = 0
        while len(self._waiting) - taken > SEGMENT:
            yield self._sealed(bytes(self._waiting[taken : taken + SEGMENT]), last=False)
            taken += SEGMENT
        del self._waiting[:taken]

    def end(self) -> bytes:
        """Return the last segment."""
        return self._sealed(bytes(self._waiting), last=True)

    def _sealed(self, content: bytes, *, last: bool) -> bytes:
        nonce = _nonce(self._begin, self._number, last=last)
        self._number += 1
        return self._cipher.encrypt(nonce, content, None)


class Opening:
    """Opens one stream whose head was read; raises Unreadable for anything but what was sealed."""

    def __init__(self, head: bytes, key: bytes, bound_to: bytes) -> None:
        salt = head[len(SEALED) + _ID : -_NONCE_BEGIN]
        self._begin = head[-_NONCE_BEGIN:]
        self._cipher = AESGCM(_derived(key, salt, bound_to))
        self._waiting = bytearray()
        self._number = 0

    def feed(self, sealed: bytes) -> Iterator[bytes]:
        """Yield the content of each whole segment after which more came."""
        self._waiting += sealed
        taken = 0
        while len(self._waiting) - taken > SEGMENT + TAG:
            yield self._opened(bytes(self._waiting[taken : taken + SEGMENT + TAG]), last=False)
            taken += SEGMENT + TAG
        del self._waiting[:taken]

    def end(self) -> bytes:
        """Return the content of the last segment."""
        return self._opened(bytes(self._waiting), last=True)

    def _opened(self, sealed: bytes, *, last: bool) -> bytes:
        nonce = _nonce(self._begin, self._number, last=last)
        self._number += 1
        try:
            return self._cipher.decrypt(nonce, sealed, None)
        except InvalidTag as error:
            raise Unreadable from error


def key_id_in(head: bytes) -> UUID:
    """Return which key the stream was sealed under; raise Unreadable for what is no head of one."""
    if len(head) != HEAD or not head.startswith(SEALED):
        raise Unreadable
    return UUID(bytes=head[len(SEALED) : len(SEALED) + _ID])


def _nonce(begin: bytes, number: int, *, last: bool) -> bytes:
    if number >= _MOST_SEGMENTS:  # 256 TiB
        raise OverflowError("too many segments for one stream")
    return begin + struct.pack(">I?", number, last)


def _derived(key: bytes, salt: bytes, bound_to: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt, bound_to).derive(key)
