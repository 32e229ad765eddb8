"""Every action that the trail may hold is told in both languages."""

import ast
from pathlib import Path

import pytest

import higherstudy.domain
from higherstudy.adapters.bundled.locales import LANGUAGES
from higherstudy.adapters.bundled.messages import Messages, known_codes
from higherstudy.adapters.postgres.events import KNOWN
from higherstudy.domain.audit.checking import Flaw
from higherstudy.domain.audit.entry import action_of
from higherstudy.domain.identity.scopes import NEEDS

SOURCES = Path(higherstudy.domain.__file__).parents[1]
_ACTION_AT = {"Deed": 0, "refusal": 0}
"""Where the action stands among what is given to each that takes one."""


def deeds() -> set[str]:
    """Return the action of each deed in our code; a name in its place stands for a text of ours elsewhere."""
    found = set()
    for file in SOURCES.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and (at := _ACTION_AT.get(ast.unparse(node.func))) is not None:
                given = [*node.args[at : at + 1], *(one.value for one in node.keywords if one.arg == "action")]
                found |= {str(one.value) for one in given if isinstance(one, ast.Constant)}
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_action_has_a_sentence(language: str) -> None:
    actions = {action_of(event.tag) for event in KNOWN} | deeds() | set(NEEDS) | {"audit.searched", "audit.exported"}

    assert len(actions) > 30
    assert sorted(actions - known_codes(language)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_flaw_has_a_sentence(language: str) -> None:
    assert sorted({f"audit.{flaw.value}" for flaw in Flaw} - known_codes(language)) == []


def test_a_sentence_of_an_action_needs_no_parameters() -> None:
    assert [event.tag for event in KNOWN if "{" in Messages().sentence(action_of(event.tag))] == []


def test_an_action_is_the_tag_without_its_version() -> None:
    assert [action_of(tag) for tag in ("document.added.v1", "session.ended.v12", "odd.vest", "plain")] == [
        "document.added",
        "session.ended",
        "odd.vest",
        "plain",
    ]
