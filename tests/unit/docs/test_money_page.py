"""The example of the page on money runs as it stands and prints what the page says."""

import re
import subprocess
import sys
from pathlib import Path

from higherstudy.domain.rulebook.money_rules import MoneyKind

PAGE = Path(__file__).parents[3] / "docs" / "money.md"


def test_the_example_of_the_money_page_prints_what_the_page_says(tmp_path: Path) -> None:
    blocks = dict(re.findall(r"```(\w+)\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL))
    program = tmp_path / "money.py"
    program.write_text(blocks["python"], encoding="utf-8")

    found = subprocess.run([sys.executable, str(program)], capture_output=True, text=True, timeout=60)

    assert found.stderr == ""
    assert found.stdout == blocks["text"]


def test_the_page_tells_of_every_kind_of_rule() -> None:
    told = re.findall(r"^\| `(\w+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)

    assert told == list(MoneyKind)
