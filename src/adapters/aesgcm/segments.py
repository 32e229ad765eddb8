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
from typing import TypeAlias
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ...ports.errors import Unreadable
from ...ports.vault import SEALED

Buffer: TypeAlias = bytes | bytearray | memoryview

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

    def feed(self, content: bytes) -> list[bytes]:
        """Return each segment that is full and not the last: more content than it holds has come."""
        return [self._sealed(one, last=False) for one in _full(self._waiting, content, SEGMENT)]

    def end(self) -> bytes:
        """Return the last segment."""
        return self._sealed(self._waiting, last=True)

    def _sealed(self, content: Buffer, *, last: bool) -> bytes:
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

    def feed(self, sealed: bytes) -> list[bytes]:
        """Return the content of each whole segment after which more came."""
        return [self._opened(one, last=False) for one in _full(self._waiting, sealed, SEGMENT + TAG)]

    def end(self) -> bytes:
        """Return the content of the last segment."""
        return self._opened(self._waiting, last=True)

    def _opened(self, sealed: Buffer, *, last: bool) -> bytes:
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


def _full(waiting: bytearray, came: bytes, size: int) -> Iterator[Buffer]:
    """Yield what waits and came in parts of that size, each without a copy where it can be had, but for the last one,
    full or not: it waits until more comes."""
    came_view, taken = memoryview(came), 0
    if waiting:
        taken = min(size - len(waiting), len(came))
        waiting += came_view[:taken]
        if len(came) == taken:
            return
        yield waiting
        waiting.clear()
    while len(came) - taken > size:
        yield came_view[taken : taken + size]
        taken += size
    waiting += came_view[taken:]


def _nonce(begin: bytes, number: int, *, last: bool) -> bytes:
    if number >= _MOST_SEGMENTS:  # 256 TiB
        raise OverflowError("too many segments for one stream")
    return begin + struct.pack(">I?", number, last)


def _derived(key: bytes, salt: bytes, bound_to: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt, bound_to).derive(key)
