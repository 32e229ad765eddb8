"""Which reader takes a file."""

from importlib import import_module
from pathlib import Path
from typing import Any

from ...domain.catalogue.errors import BrokenCatalogue
from ...domain.imports.catalogue_import import ImportKind
from ...domain.imports.corrections import Corrections
from ...domain.shared.errors import Reason
from ...ports.imports import CatalogueSource

_READERS = {
    ".xlsx": ("cricos", "CricosWorkbook", ImportKind.CRICOS_WORKBOOK),
    ".csv": ("catalogue_csv", "CatalogueCsv", ImportKind.CATALOGUE_CSV),
    ".toml": ("catalogue_toml", "CatalogueToml", ImportKind.CATALOGUE_TOML),
}
"""The module and the class of each; a module is loaded when a file needs it."""


def kind_of(file_name: str) -> ImportKind:
    """Return the form of the file, going by the end of its name; raise BrokenCatalogue where there is none."""
    return _reader(file_name)[2]


def source_of(path: Path, file_name: str = "", corrections: Corrections | None = None) -> CatalogueSource:
    """Return the reader for the file, going by the end of its name; raise BrokenCatalogue where there is none, or
    where the form takes no corrections."""
    name = file_name or path.name
    module, reads, kind = _reader(name)
    given: dict[str, Any] = {}
    if corrections is not None:
        if kind is ImportKind.CATALOGUE_TOML:
            raise BrokenCatalogue(Reason("corrections.not_here", {}, name))
        given["corrections"] = corrections
    source: CatalogueSource = getattr(import_module(f".{module}", __package__), reads)(path, name, **given)
    return source


def _reader(name: str) -> tuple[str, str, ImportKind]:
    reader = _READERS.get(Path(name).suffix.lower())
    if reader is None:
        raise BrokenCatalogue(Reason("file.unknown_kind", {"known": " ".join(_READERS)}, name))
    return reader
