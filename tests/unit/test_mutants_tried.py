"""Mutants are tried in processes of their own, and what became of them is kept."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from mutation.children import Children, Tell, limit
from mutation.memory import Memory, Outcome, Result, digest_of

pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")


PROJECT = {
    "pyproject.toml": """
[tool.mutmut]
source_paths = ["higherstudy"]
only_mutate = ["higherstudy/domain/*/*"]
pytest_add_cli_args_test_selection = ["tests"]
also_copy = ["tests"]
[tool.pytest.ini_options]
pythonpath = ["tests", "."]
""",
    "higherstudy/__init__.py": "",
    "higherstudy/domain/__init__.py": "",
    "higherstudy/domain/funding/__init__.py": "",
    "higherstudy/domain/funding/sums.py": """
_kept = {}


def count_down(number):
    while number > 0:
        number -= 1
    return number


def kept(number):
    if number not in _kept:
        _kept[number] = double(number)
    return _kept[number]


def double(number):
    return number + number


def never_asked(number):
    return number + 1


def asked_in_vain(number):
    return number + 1
""",
    "tests/test_sums.py": """
from higherstudy.domain.funding.sums import asked_in_vain, count_down, kept


def test_down_to_nought():
    assert count_down(3) == 0


def test_the_double_is_kept():
    assert kept(2) == kept(2) == 4


def test_something_is_said():
    assert asked_in_vain(1) is not None
""",
}


@pytest.mark.slow
def test_each_mutant_of_a_project_is_noticed_or_not_and_a_second_run_has_nothing_left_to_try(tmp_path: Path) -> None:
    for name, text in PROJECT.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)

    def run(module: str, *arguments: str) -> str:
        command = [sys.executable, "-m", module, *arguments]
        path = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}
        return subprocess.run(command, cwd=tmp_path, env=path, capture_output=True, text=True, check=True).stdout

    run("mutation.making")
    run("mutation.trying", "mutants.json")

    found: dict[str, set[str]] = {}
    for key, one in Memory(tmp_path / "mutants.json").results.items():
        found.setdefault(key.rpartition(".")[2].rpartition("__mutmut_")[0], set()).add(one.outcome.value)
    assert "died" in found.pop("x_count_down")  # it counts up instead, for ever
    assert found == {
        "x_kept": {"failed"},
        "x_double": {"failed"},
        "x_never_asked": {"unreached"},
        "x_asked_in_vain": {"unnoticed"},
    }
    assert "Trying 0 mutants" in run("mutation.trying", "mutants.json")


def test_a_child_hands_on_what_it_told_and_that_it_came_to_its_end() -> None:
    heard: list[tuple[list[Any], bool]] = []

    def work(tell: Tell) -> None:
        tell("first")
        tell(["second", 2])

    children = Children(most=1)
    children.start(work, lambda told, has_ended: heard.append((told, has_ended)))

    assert children.wait()
    assert heard == [(["first", ["second", 2]], True)]
    assert not children.wait()


def test_what_a_child_told_before_it_died_is_not_lost() -> None:
    heard: list[tuple[list[Any], bool]] = []

    def dies(tell: Tell) -> None:
        tell("first")
        os.kill(os.getpid(), signal.SIGKILL)

    def hangs(tell: Tell) -> None:
        limit(0.05)
        while True:
            pass

    children = Children(most=2)
    for work in (dies, hangs):
        children.start(work, lambda told, has_ended: heard.append((told, has_ended)))
    while children.wait():
        pass

    assert sorted(heard) == [([], False), (["first"], False)]


def test_what_became_of_a_mutant_is_read_again_and_of_one_that_is_gone_forgotten(tmp_path: Path) -> None:
    memory = Memory(tmp_path / "mutants.json")
    died, gone = Result(Outcome.DIED, "f1", "t1"), Result(Outcome.FAILED, "f2", "t2", "test_a")
    memory.results.update({"a": died, "b": gone})
    memory.save()

    again = Memory(tmp_path / "mutants.json")
    assert again.results == {"a": died, "b": gone}
    again.forget_others(["a"])
    assert again.results == {"a": died}


@pytest.mark.parametrize(
    ("outcome", "noticed"),
    [(Outcome.FAILED, True), (Outcome.DIED, True), (Outcome.UNNOTICED, False), (Outcome.UNREACHED, False)],
)
def test_a_mutant_is_noticed_by_a_test_that_fails_or_never_ends_and_else_not(outcome: Outcome, noticed: bool) -> None:
    assert outcome.is_noticed is noticed


def test_a_digest_changes_with_a_name_or_a_text_and_not_with_the_order(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.write_text("1")
    other.write_text("2")
    before = digest_of([one, other])

    assert digest_of([other, one]) == before
    other.write_text("3")
    assert digest_of([one, other]) != before
