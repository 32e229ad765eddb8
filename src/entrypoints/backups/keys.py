"""The archive of the keys: what opens the data, and what no backup of the data may bring back."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from uuid import UUID

import msgspec

from ...adapters.archive.archive import ArchiveWriter, members, new_archive
from ...adapters.archive.manifest import Kind, Manifest
from ...domain.audit.heads import read_head, written
from ...domain.rights.erasure import Tombstone
from ...domain.shared.errors import Invalid, NotFound, Reason
from ...domain.shared.ids import AccountId, StudentId
from ...ports.master_key import Wrapped
from ...ports.wrapped_keys import WrappedKey
from ..parts.database import Tell
from ..parts.store import Store
from ..settings import Settings

_BESIDE = ("sample-accounts.json", "first-admin.json")
"""Secrets of the home that are no keys: passwords that were written down once."""


class _Key(msgspec.Struct):
    """One wrapped key of a student."""

    made_at: datetime
    master: str
    content: bytes


class _Erased(msgspec.Struct):
    """Who was erased, and when."""

    student_id: UUID
    account_id: UUID
    erased_at: datetime


async def take_keys(settings: Settings, store: Store, target: Path, tell: Tell) -> Manifest:
    """Write the archive of the keys and return what it says of itself; it has its name once it is whole.

    In it are the keys that the home made for itself, the students' wrapped keys, who was erased, and the ends of the
    audit trail. Keys that were given as settings are not. Raises Unavailable.
    """
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with new_archive(target, Kind.KEYS, datetime.now(UTC)) as archive:
        for path in _of_the_home(settings):
            archive.add_bytes(f"home/{path.name}", path.read_bytes())
        tell("writing down the keys of students")
        async for student_id in store.wrapped_keys.students():
            await _add_keys_of(archive, store, student_id)
        async for student_id in store.wrapped_keys.destroyed():
            archive.add_bytes(f"destroyed/{student_id}", b"")
        archive.add_bytes("erased.json", msgspec.json.encode(await _erased(store)))
        heads = [written(head).decode() async for head in store.anchors.heads()]
        archive.add_bytes("heads.json", msgspec.json.encode(heads))
        return archive.end(release=version("higherstudy"))


async def _erased(store: Store) -> list[_Erased]:
    return [_Erased(one.student_id, one.account_id, one.erased_at) async for one in store.tombstones.every()]


async def _add_keys_of(archive: ArchiveWriter, store: Store, student_id: StudentId) -> None:
    with suppress(NotFound):  # her keys were destroyed a moment ago
        for key in await store.wrapped_keys.of(student_id):
            kept = _Key(key.made_at, key.wrapped.version, key.wrapped.content)
            archive.add_bytes(f"students/{student_id}/{key.id}.json", msgspec.json.encode(kept))


def _of_the_home(settings: Settings) -> list[Path]:
    home = settings.home_folder
    found = [*(home / "keys").glob("*.key"), *(home / "keys").glob("*.pem"), *(home / name for name in _BESIDE)]
    return sorted(path for path in found if path.is_file())


def demand_keys(settings: Settings, manifest: Manifest) -> None:
    """Raise Invalid for an archive of something else, and for a home that has other keys than those in it already."""
    if manifest.kind is not Kind.KEYS:
        raise Invalid(Reason("backup.other_kind", {"kind": manifest.kind.value}))
    for path in _of_the_home(settings):
        member = manifest.members.get(f"home/{path.name}")
        if member is not None and member.sha256 != _sha256(path):
            raise Invalid(Reason("backup.other_keys", {"file": str(path)}))


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def put_back_own_keys(settings: Settings, archive: Path) -> None:
    """Put the keys of the home in their places, before anything is opened that would make new ones."""
    for name, content in members(archive):
        first, _, rest = name.partition("/")
        if first == "home":
            _put_in_home(settings.home_folder, rest, content.read())


async def put_back_keys(store: Store, archive: Path, tell: Tell) -> None:
    """Put what the store keeps of an archive that was checked in its place.

    Whoever was erased since it was taken stays erased: newer notes count more than its keys. Doing it again is fine.
    """
    tell("putting back the keys")
    keys: list[tuple[StudentId, WrappedKey]] = []
    for name, content in members(archive):
        said = content.read()
        first, _, rest = name.partition("/")
        if first == "destroyed":
            await store.wrapped_keys.destroy(StudentId(UUID(rest)))
        elif first == "students":
            keys.append(_read_key(rest, said))
        elif name == "erased.json":
            for one in msgspec.json.decode(said, type=list[_Erased]):
                await store.tombstones.keep(
                    Tombstone(StudentId(one.student_id), AccountId(one.account_id), one.erased_at)
                )
        elif name == "heads.json":
            await _put_heads(store, msgspec.json.decode(said, type=list[str]))
    for student_id, key in keys:
        with suppress(NotFound):
            await store.wrapped_keys.keep(student_id, key)


def _put_in_home(home: Path, name: str, said: bytes) -> None:
    target = home / name if name in _BESIDE else home / "keys" / name
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = target.with_name(f".new-{name}")
    new.touch(mode=0o600)
    new.write_bytes(said)
    new.rename(target)


def _read_key(place: str, said: bytes) -> tuple[StudentId, WrappedKey]:
    student, _, file = place.partition("/")
    kept = msgspec.json.decode(said, type=_Key)
    key = WrappedKey(UUID(file.removesuffix(".json")), kept.made_at, Wrapped(kept.master, kept.content))
    return StudentId(UUID(student)), key


async def _put_heads(store: Store, lines: list[str]) -> None:
    for line in lines:
        head = read_head(line)
        if head is not None:
            await store.anchors.put(head)
