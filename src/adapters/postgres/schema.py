"""The whole schema: every module that holds tables is named here, so that migrations and rights know them all."""

from . import (
    tables,
    tables_audit,
    tables_catalogue,
    tables_counselling,
    tables_invariants,
    tables_messages,
    tables_payments,
    tables_people,
    tables_providers,
    tables_reports,
    tables_rights,
    tables_rulebook,
)
from .metadata import metadata

__all__ = [
    "metadata",
    "tables",
    "tables_audit",
    "tables_catalogue",
    "tables_counselling",
    "tables_invariants",
    "tables_messages",
    "tables_payments",
    "tables_people",
    "tables_providers",
    "tables_reports",
    "tables_rights",
    "tables_rulebook",
]
