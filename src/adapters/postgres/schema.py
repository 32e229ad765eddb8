"""The whole schema: every module that holds tables is named here, so that migrations and rights know them all."""

from . import (
    tables,
    tables_audit,
    tables_catalogue,
    tables_invariants,
    tables_providers,
    tables_rights,
    tables_rulebook,
)
from .metadata import metadata

__all__ = [
    "metadata",
    "tables",
    "tables_audit",
    "tables_catalogue",
    "tables_invariants",
    "tables_providers",
    "tables_rights",
    "tables_rulebook",
]
