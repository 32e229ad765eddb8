"""How long what is kept: the rules that ship, or those of a file."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources
from pathlib import Path

from ...domain.rights.reading import read_retention
from ...domain.rights.retention import RetentionRule


def bundled_retention() -> Sequence[RetentionRule]:
    """Return the rules that ship."""
    return read_retention((resources.files(f"{__package__}.rights") / "retention.toml").read_text(encoding="utf-8"))


def retention_in(file: Path) -> Sequence[RetentionRule]:
    """Return the rules of a file of the same form; raise Invalid with every place that is wrong, OSError without it."""
    return read_retention(file.read_text(encoding="utf-8"))
