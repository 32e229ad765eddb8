"""Several processes count one limit together, whatever their clocks say, and make one answer together."""

import os
import subprocess
import sys
import time
from pathlib import Path
from uuid import uuid4

import pytest
from processes import under_another_clock

PROGRAM = Path(__file__).with_name("counting_process.py")


def _begun(*arguments: object, clock: str = "") -> subprocess.Popen[str]:
    command = [sys.executable, str(PROGRAM), *map(str, arguments)]
    more = under_another_clock(clock) if clock else {}
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ | more)


def _said(process: subprocess.Popen[str]) -> list[str]:
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    return said.splitlines()


@pytest.mark.parametrize(
    ("times", "clocks"),
    [(20, ("", "", "")), (20, ("", "+10m", "-10m")), (180, ("", "", ""))],
    ids=["right clocks", "clocks minutes apart", "by handfuls"],
)
def test_a_window_that_slides_holds_over_all_processes_together(
    redis_url: str, times: int, clocks: tuple[str, ...]
) -> None:
    if any(clocks) and not under_another_clock("+10m"):
        pytest.skip("clocks can only be moved where libfaketime is")
    name, window = f"matches-{uuid4().hex}", 1.0

    started = [_begun("hit", redis_url, name, times, window, 4, clock=clock) for clock in clocks]
    allowed = [[tuple(map(float, line.split())) for line in _said(process)] for process in started]

    begun = sorted(before for one in allowed for before, _ in one)
    ended = sorted(after for one in allowed for _, after in one)
    assert all(allowed), "each of them got something"
    assert len(begun) >= 2 * times, "it opened again"
    # However the hits are paired: the first of one more than the limit began a window before the last of them ended.
    assert min(after - before for before, after in zip(begun, ended[times:], strict=False)) >= window


def test_what_many_processes_want_at_once_is_made_once(redis_url: str, tmp_path: Path) -> None:
    book, key = tmp_path / "made", f"page-{uuid4().hex}"

    started = [_begun("ask", redis_url, key, book, 1.5) for _ in range(3)]

    assert [_said(process) for process in started] == [["True"]] * 3
    assert book.read_text().count("made") == 1


def test_a_process_that_dies_while_it_makes_an_answer_holds_nobody_up_for_good(redis_url: str, tmp_path: Path) -> None:
    book, key = tmp_path / "made", f"page-{uuid4().hex}"
    dies = _begun("ask", redis_url, key, book, 60)
    end = time.monotonic() + 30
    while not book.exists() and time.monotonic() < end:
        time.sleep(0.02)
    dies.kill()
    dies.communicate(timeout=10)

    begun = time.monotonic()
    said = _said(_begun("ask", redis_url, key, book, 0.01))

    assert said == ["True"]
    assert time.monotonic() - begun < 20
    assert book.read_text().count("made") == 2
