"""Rule packs from files: the bundled ones, or those of a folder."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from ...domain.rulebook.errors import BrokenPack
from ...domain.rulebook.pack import Rulebook, RulePack
from ...domain.rulebook.reading import read_pack
from ...domain.shared.canonical import sha256_of
from ...domain.shared.errors import NotFound, Reason


class BundledRulePacks:
    """The packs that ship, read once a process."""

    def rulebook(self) -> Rulebook:
        """Return the bundled packs; raise BrokenPack when one of them cannot be used."""
        return bundled_rulebook()

    def edition(self, sha256: str) -> Rulebook:
        """Return the bundled packs, which are the one edition that there is."""
        return _the_one(bundled_rulebook(), sha256)

    def shipped(self) -> Rulebook:
        """Return the bundled packs."""
        return bundled_rulebook()

    def text(self, sha256: str) -> str:
        """Return the text of a bundled pack."""
        return _text_among(_bundled(), sha256)


class FolderRulePacks:
    """The packs of a folder beside the bundled ones, or in the place of one with the same id, read when it is made."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._rulebook = bundled_rulebook().with_packs(_read_all(folder.iterdir()))

    def rulebook(self) -> Rulebook:
        """Return the packs as they were when this was made."""
        return self._rulebook

    def edition(self, sha256: str) -> Rulebook:
        """Return the packs as they were when this was made: the one edition that is known here."""
        return _the_one(self._rulebook, sha256)

    def shipped(self) -> Rulebook:
        """Return the packs as they were when this was made."""
        return self._rulebook

    def text(self, sha256: str) -> str:
        """Return the text of a bundled pack or of one in the folder."""
        return _text_among((*_bundled(), *self._folder.iterdir()), sha256)


@cache
def bundled_rulebook() -> Rulebook:
    """Return the bundled packs as one rulebook."""
    return Rulebook(_read_all(_bundled()))


def _bundled() -> Iterable[Traversable]:
    return resources.files(__package__).joinpath("packs").iterdir()


def _the_one(rulebook: Rulebook, sha256: str) -> Rulebook:
    if sha256 != rulebook.edition_id:
        raise NotFound(Reason("edition.unknown", {"given": sha256[:80]}, "edition"))
    return rulebook


def _text_among(files: Iterable[Traversable], sha256: str) -> str:
    for file in files:
        if file.name.endswith(".toml"):
            content = file.read_bytes()
            if sha256_of(content) == sha256:
                return content.decode()
    raise NotFound(Reason("edition.unknown_pack", {"sha256": sha256[:80]}))


def pack_schema() -> bytes:
    """Return the JSON Schema (draft 2020-12) of packs, as UTF-8."""
    return resources.files(__package__).joinpath("pack.schema.json").read_bytes()


def read_pack_file(file: Traversable) -> RulePack:
    """Return the pack in the file; raise BrokenPack naming the file when it is no UTF-8 text or no pack."""
    try:
        text = file.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise BrokenPack(Reason("file.not_utf8", {"position": error.start}, file.name)) from None
    except OSError as error:
        raise BrokenPack(Reason("file.not_readable", {"detail": error.strerror or ""}, file.name)) from None
    return read_pack(text, file.name)


def _read_all(files: Iterable[Traversable]) -> tuple[RulePack, ...]:
    """Read every TOML file by name order, and name the problems of all broken ones at once."""
    packs: list[RulePack] = []
    problems: list[Reason] = []
    for file in sorted((file for file in files if file.name.endswith(".toml")), key=lambda file: file.name):
        try:
            packs.append(read_pack_file(file))
        except BrokenPack as error:
            problems.extend(error.reasons)
    if problems:
        raise BrokenPack(*problems)
    return tuple(packs)
