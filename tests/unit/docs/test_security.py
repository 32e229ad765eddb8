"""docs/asvs.md is complete and true, and docs/security.md says of it what it says."""

import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "asvs.md").read_text(encoding="utf-8")
SUMMARY = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (V[0-9.]+) \| ([a-z ]+) \| (.*) \| (.*) \|$", PAGE, re.MULTILINE)
COUNTS = """
V1.1:2 V1.2:9 V1.3:11 V1.4:3 V1.5:2 V2.1:3 V2.2:3 V2.3:4 V2.4:1 V3.2:2 V3.3:4 V3.4:6 V3.5:5 V3.7:2 V4.1:3
V4.2:1 V4.3:2 V4.4:4 V5.1:1 V5.2:3 V5.3:2 V5.4:3 V6.1:3 V6.2:12 V6.3:4 V6.4:4 V6.5:5 V6.6:3 V6.8:4 V7.1:3
V7.2:4 V7.3:2 V7.4:5 V7.5:2 V7.6:2 V8.1:2 V8.2:3 V8.3:1 V8.4:1 V9.1:3 V9.2:4 V10.1:2 V10.2:2 V10.3:4 V10.4:11
V10.5:5 V10.6:2 V10.7:3 V11.1:2 V11.2:3 V11.3:3 V11.4:4 V11.5:1 V11.6:1 V12.1:3 V12.2:2 V12.3:4 V13.1:1
V13.2:5 V13.3:2 V13.4:5 V14.1:2 V14.2:4 V14.3:3 V15.1:3 V15.2:3 V15.3:7 V16.1:1 V16.2:5 V16.3:4 V16.4:3
V16.5:3
"""
"""How many requirements of levels 1 and 2 each section of OWASP ASVS 5.0.0 has."""

SECTIONS = {section: int(count) for section, count in re.findall(r"(V[0-9.]+):(\d+)", COUNTS)}


def test_every_requirement_of_both_levels_has_one_row() -> None:
    found = [number for number, *_ in ROWS]

    assert len(set(found)) == len(found) == sum(SECTIONS.values()) == 246
    assert Counter(number.rpartition(".")[0] for number in found) == SECTIONS


@pytest.mark.parametrize(("number", "state", "where", "shown"), ROWS, ids=[number for number, *_ in ROWS])
def test_a_row_says_how_it_stands_and_what_shows_it(number: str, state: str, where: str, shown: str) -> None:
    places = re.findall(r"`([^`]+)`", shown)

    assert state in ("met", "no such thing", "open")
    assert len(where) > 2
    assert places or state != "met"
    for place in places:
        name, _, test = place.partition("::")
        file = ROOT / name
        assert file.is_file(), f"{number}: there is no {name}"
        if test:
            assert re.search(rf"^ *(async )?def {test}\(", file.read_text(encoding="utf-8"), re.MULTILINE), place


def test_the_summary_counts_the_rows_and_names_every_one_that_is_open() -> None:
    states = Counter(state for _, state, *_ in ROWS)
    said = [int(one) for one in re.findall(r"(\d+) are met, (\d+) ask .*?, (\d+) are open", SUMMARY, re.DOTALL)[0]]
    open_ones = SUMMARY.partition("## Open\n")[2]

    assert said == [states["met"], states["no such thing"], states["open"]]
    assert set(re.findall(r"V\d+\.\d+\.\d+", open_ones)) == {number for number, state, *_ in ROWS if state == "open"}
