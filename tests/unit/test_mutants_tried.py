"""Mutants are tried in processes of their own, and what became of them is kept."""

import os
import signal
from pathlib import Path
from typing import Any

import pytest
from mutation.children import Children, Tell, limit
from mutation.memory import Memory, Outcome, Result, digest_of

pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")


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
