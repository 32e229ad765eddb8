"""The command ``pack schema``: the JSON Schema of packs, for editors and other programs."""

from __future__ import annotations

import sys

from ....adapters.bundled.packs import pack_schema


def schema() -> int:
    """Print the JSON Schema (draft 2020-12) of rule packs."""
    sys.stdout.write(pack_schema().decode())
    return 0
