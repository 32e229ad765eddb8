"""Writing and reading archives. Whatever is read was checked as a whole before."""

from __future__ import annotations

import hashlib
import os
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import IO, BinaryIO

import msgspec

from ...domain.shared.errors import Invalid, Reason
from .manifest import FORMAT, LARGEST, NAME, Kind, Manifest, Member, may_be_named, read_manifest

_PIECE = 1024 * 1024
_JSON = msgspec.json.Encoder(order="sorted")


class ArchiveWriter:
    """Takes the members of an archive, one after another."""

    def __init__(self, tar: tarfile.TarFile, kind: Kind, taken_at: datetime) -> None:
        self._tar = tar
        self._kind = kind
        self._taken_at = taken_at
        self._members: dict[str, Member] = {}

    def add(self, name: str, content: BinaryIO | IO[bytes], size: int) -> None:
        """Take so many bytes of the content as a member."""
        if not may_be_named(self._kind, name) or name in self._members:
            raise ValueError(name)
        reading = _Hashing(content)
        self._tar.addfile(self._info(name, size), reading)
        self._members[name] = Member(size, reading.digest.hexdigest())

    def add_bytes(self, name: str, content: bytes) -> None:
        """Take the bytes as a member."""
        self.add(name, BytesIO(content), len(content))

    def end(self, *, release: str, schema: str | None = None, postgres: str | None = None) -> Manifest:
        """Write what the archive says of itself, and return it."""
        said = Manifest(
            format=FORMAT,
            kind=self._kind,
            taken_at=self._taken_at,
            release=release,
            schema=schema,
            postgres=postgres,
            members=self._members,
        )
        encoded = _JSON.encode(said)
        self._tar.addfile(self._info(NAME, len(encoded)), BytesIO(encoded))
        return said

    def _info(self, name: str, size: int) -> tarfile.TarInfo:
        info = tarfile.TarInfo(name)
        info.size, info.mode, info.mtime = size, 0o600, int(self._taken_at.timestamp())
        return info


@contextmanager
def new_archive(target: Path, kind: Kind, taken_at: datetime) -> Iterator[ArchiveWriter]:
    """Give what writes an archive, which has its name once the block has ended well, and else was never there.

    Only its owner can read it.
    """
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
                yield ArchiveWriter(tar, kind, taken_at)
            file.flush()
            os.fsync(file.fileno())
        Path(name).rename(target)
        _note(target.parent)
    finally:
        Path(name).unlink(missing_ok=True)


def check(path: Path) -> Manifest:
    """Return what the archive says of itself once every byte of it was looked at.

    Raises Invalid for a file that is no archive, was cut short, or has a member that is missing, strange or changed.
    """
    with _readable(path):
        found, said = _looked_at(path)
    if said is None:
        raise Invalid(Reason("backup.cut_short"))
    manifest = read_manifest(said)
    for name in sorted({*found, *manifest.members}):
        if not may_be_named(manifest.kind, name) or name not in manifest.members:
            raise _broken("backup.strange_member", name)
        if found.get(name) != manifest.members[name]:
            raise _broken("backup.member_differs", name)
    return manifest


def _looked_at(path: Path) -> tuple[dict[str, Member], bytes | None]:
    """Return the members that are there, and what the archive says of itself."""
    found: dict[str, Member] = {}
    said: bytes | None = None
    for info, content in _members(path):
        if said is not None or info.name in found:  # nothing comes after the manifest, and nothing twice
            raise _broken("backup.strange_member", info.name)
        if info.name == NAME:
            if info.size > LARGEST:
                raise _broken("backup.strange_member", NAME)
            said = content.read()
            continue
        reading = _Hashing(content)
        while reading.read(_PIECE):
            pass
        found[info.name] = Member(info.size, reading.digest.hexdigest())
    return found, said


def members(path: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """Yield name and content of each member of an archive that was checked, each to be read before the next."""
    for info, content in _members(path):
        if info.name != NAME:
            yield info.name, content


def _members(path: Path) -> Iterator[tuple[tarfile.TarInfo, IO[bytes]]]:
    with tarfile.open(path, mode="r:") as tar:
        for info in tar:
            content = tar.extractfile(info) if info.isreg() else None
            if content is None:
                raise _broken("backup.strange_member", info.name)
            yield info, content


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except tarfile.ReadError as error:
        raise Invalid(Reason("backup.cut_short" if _is_tar(path) else "backup.no_archive")) from error
    except (tarfile.TarError, EOFError, ValueError, OverflowError) as error:
        raise Invalid(Reason("backup.no_archive")) from error


def _note(folder: Path) -> None:
    """Return once the folder's names are on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _is_tar(path: Path) -> bool:
    with suppress(OSError), path.open("rb") as file:
        return file.read(262)[257:] == b"ustar"
    return False


def _broken(code: str, name: str) -> Invalid:
    return Invalid(Reason(code, {"member": name[:100]}))


class _Hashing:
    """Reads content, and hashes what was read."""

    def __init__(self, content: BinaryIO | IO[bytes]) -> None:
        self._content = content
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self._content.read(size)
        self.digest.update(piece)
        return piece
