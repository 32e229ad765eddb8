"""The small catalogue that ships, for trying things out and as an example of the form."""

from __future__ import annotations

import uuid
from functools import cache
from importlib import resources

from ...domain.catalogue.programme import Programme
from ...domain.catalogue.reading import CatalogueFile, read_catalogue

_NAMESPACE = uuid.UUID("5a1f0f5e-6a0b-5d3e-9d8e-2f9f4c6b7a10")


def bundled_texts() -> tuple[tuple[str, str], ...]:
    """Return the name and the text of every bundled catalogue file, by name."""
    files = resources.files(__package__).joinpath("catalogue").iterdir()
    named = sorted((file for file in files if file.name.endswith(".toml")), key=lambda file: file.name)
    return tuple((file.name, file.read_text(encoding="utf-8")) for file in named)


@cache
def bundled_catalogue() -> tuple[CatalogueFile, ...]:
    """Return the bundled catalogue; ids follow from the keys, so that they are the same in every process."""
    return tuple(read_catalogue(text, name, _id_of) for name, text in bundled_texts())


def bundled_programmes() -> tuple[Programme, ...]:
    """Return every programme of the bundled catalogue."""
    return tuple(programme for file in bundled_catalogue() for programme in file.programmes)


def _id_of(key: str) -> uuid.UUID:
    return uuid.uuid5(_NAMESPACE, key)
