"""Which reader takes a file."""

from pathlib import Path

from ...domain.catalogue.errors import BrokenCatalogue
from ...domain.shared.errors import Reason
from ...ports.imports import CatalogueSource
from .catalogue_csv import CatalogueCsv
from .catalogue_toml import CatalogueToml
from .cricos import CricosWorkbook

_READERS: dict[str, type[CricosWorkbook | CatalogueCsv | CatalogueToml]] = {
    ".xlsx": CricosWorkbook,
    ".csv": CatalogueCsv,
    ".toml": CatalogueToml,
}


def source_of(path: Path, file_name: str = "") -> CatalogueSource:
    """Return the reader for the file, going by the end of its name; raise BrokenCatalogue where there is none."""
    name = file_name or path.name
    reader = _READERS.get(Path(name).suffix.lower())
    if reader is None:
        raise BrokenCatalogue(Reason("file.unknown_kind", {"known": " ".join(_READERS)}, name))
    return reader(path, name)
