"""Letting schemathesis ask the application as one person, and noting what it found."""

from __future__ import annotations

import asyncio
import json
import re
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import schemathesis
from schemathesis.engine import events, from_schema

from . import checks as checks  # noqa: PLC0414 - says to schemathesis that they are there
from .guard import Guard
from .world import AS_IT_IS, ROLES, VERSIONS, Asked, asked_world

_TOO_MUCH = ("413", "414", "431")
_TAKEN = ("2xx", "3xx", "401", "403", "404", "409", "429", *_TOO_MUCH)
_REFUSED = ("400", "401", "403", "404", "405", "409", "415", "422", "428", "429", *_TOO_MUCH)
UNIT, STATEFUL = ("examples", "coverage", "fuzzing"), ("stateful",)
_TIMES = 10
"""How often stories are told anew where they break off: the world is not the same when hypothesis tells one again."""


@dataclass(frozen=True)
class Turn:
    """One person's turn: who, which phases, how many examples of each operation, by which seed."""

    role: str
    seed: int
    examples: int
    phases: tuple[str, ...]
    only: str = ""

    @property
    def replay(self) -> str:
        return f"--role={self.role!r} --seed={self.seed} --examples={self.examples} --phases={','.join(self.phases)}"


@dataclass
class Found:
    """What a turn has asked and found."""

    turn: Turn
    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    failures: dict[tuple[str, ...], str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    stories: int = 0

    @property
    def requests(self) -> int:
        return sum(self.answers.values())


def take(turn: Turn, around: Callable[[Any], Any] | None = None) -> Found:
    """Return what came of the turn, in a world of its own; ``around`` puts something around the application."""
    with tempfile.TemporaryDirectory() as folder:
        return _taken(turn, Path(folder), around)


def _taken(turn: Turn, folder: Path, around: Callable[[Any], Any] | None) -> Found:
    found, counting = Found(turn), False

    def answered(method: str, route: str, status: int, seconds: float, request_id: str) -> None:
        if counting:
            found.answers[f"{method} {route}", status] += 1

    asked = asyncio.run(asked_world(folder, answered))
    if around is not None:
        asked.world.server.app = around(asked.app)
    guard = Guard(asked, turn.role, forgetful=turn.phases != STATEFUL)
    for time in range(_TIMES):
        schema = _schema(replace(turn, seed=turn.seed + 1000 * time), asked, guard, folder)
        counting = True
        for event in from_schema(schema).execute():
            _note(found, event)
        counting = False
        if turn.phases != STATEFUL or found.stories >= turn.examples:
            break
    else:
        found.errors.append(f"Only {found.stories} of {turn.examples} stories were told")
    for trespass in guard.trespasses:
        found.failures["trespass", trespass] = trespass
    return found


def _note(found: Found, event: Any) -> None:
    if isinstance(event, events.NonFatalError):
        found.errors.append(f"{event.label}: {event.info.format()}")
    if isinstance(event, events.FatalError):
        raise event.exception
    if not isinstance(event, events.ScenarioFinished):
        return
    found.stories += 1
    for nodes in event.recorder.checks.values():
        for node in nodes:
            if node.failure_info is not None:
                failure = node.failure_info.failure
                key = (node.name, failure.operation or "", _gist(failure.message))
                found.failures.setdefault(key, f"{failure.title}: {failure.message}\n{node.failure_info.code_sample}")


def _gist(message: str) -> str:
    """The message without what differs each time."""
    return re.sub(r"\d+|[\"'`].*?[\"'`]", "_", message)[:200]


def _schema(turn: Turn, asked: Asked, guard: Guard, folder: Path) -> Any:
    config = schemathesis.Config.from_dict(_settings(turn, asked, folder))
    document = asyncio.run(_document(asked))
    if turn.phases == STATEFUL:
        document = _about_herself(document)
    _say_versions(document)
    schema = schemathesis.openapi.from_dict(document, config=config)
    schema.app, schema.location = guard, "/v1/openapi.json"
    return schema.include(operation_id=turn.only) if turn.only else schema


async def _document(asked: Asked) -> dict[str, Any]:
    async with asked.world.server.client() as client:
        found: dict[str, Any] = (await client.get("/v1/openapi.json")).json()
    return found


def _about_herself(document: dict[str, Any]) -> dict[str, Any]:
    """Let everybody make things in her own record, and ``programme_id`` come from the search for programmes.

    Otherwise nothing leads to what belongs to a student, since no answer makes one.
    """
    text = (
        json.dumps(document).replace("ProgrammeSummary", "Programme").replace("/students/{student_id}", "/students/me")
    )
    own: dict[str, Any] = json.loads(text)
    for methods in own["paths"].values():
        for operation in methods.values():
            operation["parameters"] = [one for one in operation.get("parameters", ()) if one["name"] != "student_id"]
    return own


def _say_versions(document: dict[str, Any]) -> None:
    """Take the pattern off If-Match, since schemathesis makes no header of it; tests/bad_requests.py breaks it."""
    for path, methods in document["paths"].items():
        for operation in methods.values():
            for parameter in operation.get("parameters", ()):
                if parameter["name"] == "If-Match":
                    parameter["schema"] = {"type": "string"}
                    parameter["example"] = AS_IT_IS.get(path.rpartition("/")[2], VERSIONS[0])


def _settings(turn: Turn, asked: Asked, folder: Path) -> dict[str, Any]:
    names = {name: values for name, values in asked.names.items() if values}
    settings: dict[str, Any] = {
        "seed": turn.seed,
        "continue-on-failure": True,
        "workers": 1,
        "generation": {
            "max-examples": turn.examples,
            "deterministic": True,
            "no-shrink": True,
            "database": "none",
            # No text may hold a null character, which a schema cannot say; tests/bad_requests.py tries them.
            "allow-x00": False,
            # Each role's own token is sent; ignored_auth leaves it out and sends wrong ones by itself.
            "with-security-parameters": False,
        },
        "checks": {
            # A schema says how a request is built. What it may say besides is a rule: refused, and by another code
            # than those of the shape (our own check, ``refused_for_its_shape``).
            "positive_data_acceptance": {"expected-statuses": [*_TAKEN, "412", "415", "422"]},
            "missing_required_header": {"expected-statuses": ["400", "401", "403", "404", "422", "428"]},
            # The version is compared before anything is read, and nothing is read of what is too large.
            "negative_data_rejection": {"expected-statuses": [*_REFUSED, "412"]},
        },
        "suppress-health-check": ["all"],
        "phases": {name: {"enabled": name in turn.phases} for name in (*UNIT, *STATEFUL)},
        "dictionaries": {_plain(name): {"values": list(values)} for name, values in names.items()},
        "parameters": {
            f"{place}.{name}": {"dictionary": _plain(name), "probability": 1.0 if name == "If-Match" else 0.8}
            for name in names
            for place in ("path", "query", "header")
        },
    }
    if turn.role != "anonymous":
        people = [
            {"name": role, "fixedHeaders": [{"name": "Authorization", "value": f"Bearer {asked.token(role)}"}]}
            for role in ROLES
            if role != "anonymous"
        ]
        file = folder / "people.json"
        file.write_text(json.dumps({"auth": people}), encoding="utf-8")
        settings["auth"] = {"wfc": {"path": str(file), "user": turn.role, "peers": ["student", "another student"]}}
    return settings


def _plain(name: str) -> str:
    return name.replace("-", "_").lower()
