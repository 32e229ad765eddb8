"""How this program is called, for commands that are printed to be pasted."""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path

_NAME = "higherstudy"


def program() -> str:
    """Return what calls this program again from the same folder: its bare name only where the shell finds it."""
    given = Path(sys.argv[0])
    if given.name == "__main__.py" and given.parent.name == "cli":
        return f"{shlex.quote(sys.executable)} -m {__package__}"
    found = shutil.which(_NAME)
    if given.stem != _NAME or not given.is_file() or (found is not None and Path(found).samefile(given)):
        return _NAME
    return shlex.quote(sys.argv[0])
