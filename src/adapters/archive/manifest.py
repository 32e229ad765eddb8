"""What an archive says of itself: who took it of what, and what each of its members must be."""

from __future__ import annotations

import re
from datetime import datetime
from enum import StrEnum

import msgspec

from ...domain.shared.errors import Invalid, Reason

FORMAT = 1
"""The newest form of archives that this release reads, and the one that it writes."""
NAME = "manifest.json"
"""The last member: an archive without it was cut short."""
LARGEST = 256 * 1024 * 1024


class Kind(StrEnum):
    """What an archive is of."""

    DATA = "data"
    """The database, the files and the settings without secrets: nothing in it opens what is sealed."""
    KEYS = "keys"
    """The keys, who was erased, and the ends of the audit trail: what backups of the data must not bring back."""


class Member(msgspec.Struct, frozen=True):
    """One file of an archive."""

    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that an archive says of itself."""

    format: int
    kind: Kind
    taken_at: datetime
    release: str
    """Which higherstudy took it."""
    schema: str | None = None
    """The version of the tables; None where the database had none."""
    postgres: str | None = None
    members: dict[str, Member]

    @property
    def files(self) -> int:
        """How many files of the store are in it."""
        return sum(name.startswith("files/") for name in self.members)


_NAMES = {
    Kind.DATA: re.compile(r"database\.dump|settings\.json|files/[0-9a-f]{64}"),
    Kind.KEYS: re.compile(
        r"home/[a-z0-9][a-z0-9._-]{0,60}\.(key|pem|json)|students/[0-9a-f-]{36}/[0-9a-f-]{36}\.json"
        r"|destroyed/[0-9a-f-]{36}|erased\.json|heads\.json"
    ),
}


def may_be_named(kind: Kind, name: str) -> bool:
    """Whether an archive of that kind has such a member; no other name is ever taken from one."""
    return _NAMES[kind].fullmatch(name) is not None


def read_manifest(said: bytes) -> Manifest:
    """Return what an archive says of itself; raise Invalid for what cannot be understood or is of a newer release."""
    try:
        form = msgspec.json.decode(said, type=_Form).format
    except msgspec.DecodeError as error:
        raise Invalid(Reason("backup.no_archive")) from error
    if form > FORMAT:
        raise Invalid(Reason("backup.newer_form", {"form": form, "known": FORMAT}))
    try:
        return msgspec.json.decode(said, type=Manifest)
    except msgspec.DecodeError as error:
        raise Invalid(Reason("backup.no_archive")) from error


class _Form(msgspec.Struct):
    format: int
