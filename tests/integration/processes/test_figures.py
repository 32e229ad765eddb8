"""Every figure that a rule, an alert or the dashboard asks for is one that the processes show."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
import yaml  # type: ignore[import-untyped]
from processes import Processes, processes
from waiting import until

import servers
from higherstudy.domain.operations.invariants import INVARIANTS

DEPLOY = Path(__file__).parents[3] / "deploy"
FIGURE = re.compile(r"\b(?:higherstudy|process|python)_\w+")
SUFFIX = re.compile(r"_(bucket|count|sum)$")
OF_PROMETHEUS_ITSELF = {"up"}


@pytest.fixture(scope="module")
def three(database: servers.Database, redis_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Processes]:
    """An API, a relay and a worker on one database and one Redis."""
    folder = tmp_path_factory.mktemp("three")
    settings = {
        "BACKUP_FOLDER": str(folder / "backups"),
        "DATABASE_URL": database.app_url,
        "MIGRATION_DATABASE_URL": database.owner_url,
        "REDIS_URL": redis_url,
        "LOG_FORMAT": "json",
    }
    with processes(folder, settings) as all_three:
        all_three.serve(HEALTH_PORT="0")
        all_three.relay()
        all_three.work()
        yield all_three


def asked_for() -> set[str]:
    """Return the name of each figure in the rules, the alerts and the dashboard."""
    found = set()
    for name in ("recording.rules.yml", "alerts.rules.yml"):
        groups = yaml.safe_load((DEPLOY / "prometheus" / name).read_text(encoding="utf-8"))["groups"]
        found |= {word for group in groups for rule in group["rules"] for word in FIGURE.findall(rule["expr"])}
    board = json.loads((DEPLOY / "grafana" / "dashboards" / "higherstudy.json").read_text(encoding="utf-8"))
    targets = [target for panel in board["panels"] for target in panel.get("targets", ())]
    return found | {word for target in targets for word in FIGURE.findall(target["expr"])}


def shown(three: Processes, name: str) -> str:
    return httpx2.get(f"{next(one for one in three.started if one.name == name).address}/metrics").text


def test_the_processes_show_what_is_asked_for(three: Processes) -> None:
    texts = [shown(three, name) for name in ("relay", "work")]

    names = {name for text in texts for name in re.findall(r"^# TYPE (\w+) ", text, re.MULTILINE)}
    missing = {name for name in asked_for() if name not in names and SUFFIX.sub("", name) not in names}

    assert len(asked_for()) > 25
    assert missing == set()


async def test_what_must_hold_is_looked_at_and_told_from_the_start(three: Processes) -> None:
    """The schedule makes up for the slot that nobody was there for."""

    async def was_looked_at() -> bool:
        return "\nhigherstudy_invariants_checked_timestamp_seconds " in shown(three, "work")

    await until(was_looked_at)

    text = shown(three, "work")

    for one in INVARIANTS:
        assert f'higherstudy_invariant_breaches{{invariant="{one.id}"}} 0.0' in text
        assert f'higherstudy_invariant_unchecked{{invariant="{one.id}"}} 0.0' in text
    assert 'higherstudy_queue_messages{priority="high"}' in text
    assert 'higherstudy_rule_pack_review_timestamp_seconds{pack="' in text
    assert 'higherstudy_database_connections{state="waiting"} 0.0' in text


def test_figures_can_be_off(three: Processes) -> None:
    three.work(METRICS="false")
    quiet = three.started[-1]

    statuses = [httpx2.get(f"{quiet.address}{path}").status_code for path in ("/health/live", "/metrics")]

    assert statuses == [200, 404]
