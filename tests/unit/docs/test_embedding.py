"""The examples for other teams run as they stand, one after another, and print what the page says."""

import re
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).parents[3] / "docs" / "embedding.md"


def test_the_example_of_the_embedding_page_prints_what_the_page_says(tmp_path: Path) -> None:
    blocks = re.findall(r"```(\w+)\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    code = "".join(body for kind, body in blocks if kind == "python")
    printed = "".join(body for kind, body in blocks if kind == "text")
    program = tmp_path / "first.py"
    program.write_text(code, encoding="utf-8")

    found = subprocess.run([sys.executable, str(program)], capture_output=True, text=True, timeout=60)

    assert found.stderr == ""
    assert found.stdout == printed


def test_the_example_stays_short_and_needs_the_standard_library_alone() -> None:
    code, *_ = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    lines = [line for line in code.splitlines() if line.strip()]
    imports = [line for line in lines if line.startswith(("from ", "import "))]

    assert len(lines) - len(imports) <= 30
    assert all(line.startswith(("from higherstudy.", "from datetime ")) for line in imports)
    assert not any("postgres" in line or "http" in line for line in imports)


def test_the_views_of_the_embedding_page_go_on_from_the_first_example(tmp_path: Path) -> None:
    blocks = re.findall(r"```(\w+)\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    program = tmp_path / "first.py"
    program.write_text("".join(body for kind, body in blocks if kind in ("python", "py")), encoding="utf-8")

    found = subprocess.run([sys.executable, str(program)], cwd=tmp_path, capture_output=True, text=True, timeout=60)

    assert found.stderr == ""
    assert found.stdout == "".join(body for kind, body in blocks if kind in ("text", "out"))
    assert (tmp_path / "plan.svg").read_bytes().endswith(b"</svg>\n")
