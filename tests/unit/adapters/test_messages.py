"""Every code that can be said has a sentence, and every sentence its parameters."""

import ast
import re
from pathlib import Path

import pytest

import higherstudy.domain
from higherstudy.adapters.bundled.messages import Messages, known_codes
from higherstudy.domain.shared.errors import Reason
from higherstudy.ports.contracts.messages import Known, MessagesContract

DOMAIN = Path(higherstudy.domain.__file__).parent
SOURCES = DOMAIN.parent
SAYING = {"RowProblem", "Reason", "Finding", "_wrong", "_doubt", "reason", "_reason", "finding", "wrong", "note"}
CODE = re.compile(r"[a-z_]+\.[a-z_0-9]+")


class TestMessages(MessagesContract):
    @pytest.fixture
    def messages(self) -> Messages:
        return Messages()

    @pytest.fixture
    def known(self) -> Known:
        params = {"given": "6.4", "minimum": "0", "maximum": "9", "step": "0.5"}
        return Known("test.off_scale", params, "6.4 is no score here: 0 to 9 in steps of 0.5.")


def said_codes() -> set[str]:
    """Return every text of the form ``section.name`` that our code passes on as a code."""
    found = set()
    for file in SOURCES.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else str(getattr(node.func, "attr", ""))
            if name in SAYING:
                for part in node.args:
                    for text in ast.walk(part):
                        if (
                            isinstance(text, ast.Constant)
                            and isinstance(text.value, str)
                            and CODE.fullmatch(text.value)
                        ):
                            found.add(text.value)
    return found


def changes() -> set[str]:
    """Return the codes of the changes that a finding may propose."""
    found = set()
    for file in (DOMAIN / "matching").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Change":
                (code, *_) = node.args
                assert isinstance(code, ast.Constant)
                found.add("change." + str(code.value))
    return found


NO_CODES = {
    "profile.name",
    "profile.qualifications",
    "qualifications.fields",
    "qualifications.finished_on",
    "targets.starts_on",
    "targets.term",
    "mailbox.out_of_order",  # what the memory mailbox says in tests
}  # places, not codes


def test_every_code_that_is_said_has_a_sentence() -> None:
    said = said_codes()

    assert len(said) > 150
    assert sorted(said - known_codes("en") - NO_CODES) == []


def test_every_proposed_change_has_a_sentence() -> None:
    assert changes()
    assert sorted(changes() - known_codes("en")) == []


def test_a_sentence_shows_its_parameters() -> None:
    found = Messages().reason(Reason("test.off_scale", {"given": "6.4", "minimum": "0", "maximum": "9", "step": "0.5"}))

    assert found == "6.4 is no score here: 0 to 9 in steps of 0.5."


def test_a_parameter_that_is_missing_shows_as_its_name_and_never_fails() -> None:
    assert "{given}" in Messages().sentence("test.off_scale", {})


def test_a_text_with_braces_from_outside_is_shown_as_it_is() -> None:
    assert (
        Messages().sentence("data.unknown_word", {"given": "{0.__class__}", "known": "a"}).startswith('"{0.__class__}"')
    )


def test_a_code_without_a_sentence_is_still_readable() -> None:
    assert Messages().sentence("moon.too_far", {"km": 384400}) == "moon: too far (km 384400)"
