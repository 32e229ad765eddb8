"""State tables and the page drawn from them."""

import runpy
from enum import StrEnum
from pathlib import Path

from higherstudy.domain.shared.states import Move, actions_from, move_for, state_diagram

DOCS = Path(__file__).parents[3] / "docs"


class Light(StrEnum):
    RED = "red"
    GREEN = "green"
    OFF = "off"


class Turn(StrEnum):
    GO = "go"
    STOP = "stop"
    QUIT = "quit"


class Who(StrEnum):
    WARDEN = "warden"


MOVES = (
    Move(Turn.GO, (Light.RED,), Light.GREEN, Who.WARDEN),
    Move(Turn.STOP, (Light.GREEN,), Light.RED, Who.WARDEN),
    Move(Turn.QUIT, (Light.RED, Light.GREEN), Light.OFF, Who.WARDEN),
)


def test_a_move_is_found_by_its_action_and_where_it_begins() -> None:
    assert move_for(MOVES, Turn.QUIT, Light.GREEN) is MOVES[2]
    assert move_for(MOVES, Turn.GO, Light.GREEN) is None


def test_what_can_be_done_comes_in_the_order_of_the_table() -> None:
    assert actions_from(MOVES, Light.RED) == (Turn.GO, Turn.QUIT)
    assert actions_from(MOVES, Light.OFF) == ()


def test_the_diagram_shows_every_arrow_with_its_action_and_side() -> None:
    assert state_diagram(MOVES, Light.RED) == (
        "stateDiagram-v2\n"
        "    [*] --> red\n"
        "    red --> green: go (warden)\n"
        "    green --> red: stop (warden)\n"
        "    red --> off: quit (warden)\n"
        "    green --> off: quit (warden)\n"
        "    off --> [*]\n"
    )


def test_the_page_of_states_is_as_fresh_as_the_tables() -> None:
    page = runpy.run_path(str(DOCS / "states.py"))["page"]

    assert (DOCS / "states.md").read_text(encoding="utf-8") == page()
