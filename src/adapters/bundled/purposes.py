"""What personal data is used for: the purposes that ship."""

from __future__ import annotations

from functools import cache
from importlib import resources

from ...domain.rights.consent import Purposes
from ...domain.rights.reading import read_purposes


@cache
def bundled_purposes() -> Purposes:
    """Return the purposes that ship, read once a process."""
    return read_purposes((resources.files(f"{__package__}.rights") / "consents.toml").read_text(encoding="utf-8"))
