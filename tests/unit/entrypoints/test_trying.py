"""What may be tried anew is, and what joins a unit, takes in a stream or was refused by a rule is not."""

from collections.abc import Callable

import pytest

from higherstudy.domain.shared.errors import Conflict
from higherstudy.entrypoints.trying import READS, STREAMS, TRIES, Trying, again
from higherstudy.entrypoints.wiring.containers.every import use_cases_over
from higherstudy.entrypoints.wiring.memory import memory_ports
from higherstudy.ports.errors import NotKept, PerhapsKept, RolledBack, Unavailable


class Rename:
    """Fails so often before it does what it should."""

    def __init__(self, failures: list[Exception]) -> None:
        self.failures = failures

    async def __call__(self, name: str) -> str:
        if self.failures:
            raise self.failures.pop()
        return name

    def greeting(self) -> str:
        return "hello"


class Cases:
    def __init__(self, failures: list[Exception]) -> None:
        self.case = Rename(failures)

    def rename(self, transactions: object = None) -> Rename:
        return self.case

    get_plan = rename

    def upload_version(self) -> Rename:
        return self.case

    def transactions(self) -> Callable[[], str]:
        return lambda: "a unit"


@pytest.mark.parametrize("failure", [NotKept, RolledBack])
async def test_what_was_undone_or_lost_is_tried_anew(failure: type[Exception]) -> None:
    assert await Trying(Cases([failure()] * (TRIES - 1))).rename()("Student") == "Student"


async def test_a_question_is_asked_again_though_nobody_knows_whether_its_end_was_heard() -> None:
    asked = Trying(Cases([PerhapsKept()] * (TRIES - 1)))

    assert await asked.get_plan()("Student") == "Student"


async def test_a_change_that_may_have_been_kept_is_not_tried_anew() -> None:
    cases = Cases([ValueError(), PerhapsKept()])

    with pytest.raises(PerhapsKept):
        await Trying(cases).rename()("Student")

    assert len(cases.case.failures) == 1


@pytest.mark.parametrize("since", [Unavailable, NotKept, RolledBack])
async def test_whatever_fails_since_what_may_have_been_kept_may_have_been(since: type[Exception]) -> None:
    case = Rename([since(), since(), PerhapsKept()])

    with pytest.raises(PerhapsKept):
        await again(lambda: case("Student"), known_again=True)


def test_what_only_reads_and_what_takes_in_a_stream_are_use_cases_by_these_names() -> None:
    known = set(use_cases_over(memory_ports()).providers)

    assert known >= READS | STREAMS


async def test_after_three_times_it_is_told() -> None:
    with pytest.raises(NotKept):
        await Trying(Cases([NotKept()] * TRIES)).rename()("Student")


@pytest.mark.parametrize("failure", [Conflict, Unavailable, ValueError])
async def test_what_trying_anew_would_not_help_is_told_at_once(failure: type[Exception]) -> None:
    cases = Cases([ValueError(), failure()])

    with pytest.raises(failure):
        await Trying(cases).rename()("Student")

    assert len(cases.case.failures) == 1


async def test_what_joins_a_unit_or_takes_in_a_stream_is_not_repeated() -> None:
    cases = Cases([NotKept(), NotKept(), NotKept()])

    with pytest.raises(NotKept):
        await Trying(cases).rename(transactions=object())("Student")
    with pytest.raises(NotKept):
        await Trying(cases).upload_version()("Student")

    assert len(cases.case.failures) == 1


def test_everything_else_is_as_it_was() -> None:
    trying = Trying(Cases([]))

    assert trying.transactions()() == "a unit"
    assert trying.rename().greeting() == "hello"
