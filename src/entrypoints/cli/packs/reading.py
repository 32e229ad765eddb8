"""Reading the packs that a command names: files, folders of them, or those that ship."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from ....adapters.bundled.packs import bundled_rulebook
from ....domain.rulebook.errors import BrokenPack
from ....domain.rulebook.pack import Rulebook, RulePack
from ....domain.rulebook.reading import read_pack
from ..bundle import read_text
from ..errors import CommandFailed, refused
from ..words import sentences_of

BUNDLED = "bundled"
"""What stands for the packs that ship."""


def files_in(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Return the files, and of folders every TOML file in them by name; raise CommandFailed for one without any."""
    return tuple(dict.fromkeys(file for path in paths for file in _files(path)))


def packs_at(paths: Iterable[Path]) -> tuple[RulePack, ...]:
    """Return the packs; raise CommandFailed with the problems of all of them, each with its file and line."""
    packs: list[RulePack] = []
    problems: list[str] = []
    for file in files_in(paths):
        try:
            packs.append(read_pack(read_text(file), str(file)))
        except BrokenPack as error:
            problems += sentences_of(error, str(file))
        except CommandFailed as failure:
            problems += failure.lines
    if problems:
        raise CommandFailed(*problems)
    return tuple(packs)


def rulebook_with(paths: Iterable[Path]) -> Rulebook:
    """Return the packs that ship with these put in, a newer version in the place of the shipped one.

    Raises CommandFailed with every problem, each with its file and line.
    """
    packs = packs_at(paths)
    try:
        return bundled_rulebook().with_packs(packs)
    except BrokenPack as error:
        raise CommandFailed(*sentences_of(error)) from None


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    found = sorted(path.glob("*.toml"))
    if not found:
        raise refused(path, "no_pack_in_folder")
    yield from found
