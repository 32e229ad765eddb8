"""Which reader takes a file."""

from importlib import import_module
from pathlib import Path

from ...domain.catalogue.errors import BrokenCatalogue
from ...domain.shared.errors import Reason
from ...ports.imports import CatalogueSource

_READERS = {
    ".xlsx": ("cricos", "CricosWorkbook"),
    ".csv": ("catalogue_csv", "CatalogueCsv"),
    ".toml": ("catalogue_toml", "CatalogueToml"),
}
"""The module and the class of each; a module is loaded when a file needs it."""


def source_of(path: Path, file_name: str = "") -> CatalogueSource:
    """Return the reader for the file, going by the end of its name; raise BrokenCatalogue where there is none."""
    name = file_name or path.name
    reader = _READERS.get(Path(name).suffix.lower())
    if reader is None:
        raise BrokenCatalogue(Reason("file.unknown_kind", {"known": " ".join(_READERS)}, name))
    module, reads = reader
    source: CatalogueSource = getattr(import_module(f".{module}", __package__), reads)(path, name)
    return source
