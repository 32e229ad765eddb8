"""Rules, alerts and dashboards agree with one another and with their runbooks; promtool, where there is one, checks
more."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from higherstudy.domain.operations.invariants import INVARIANTS

ROOT = Path(__file__).parents[3]
PROMETHEUS, GRAFANA = ROOT / "deploy" / "prometheus", ROOT / "deploy" / "grafana"
DASHBOARD = json.loads((GRAFANA / "dashboards" / "higherstudy.json").read_text(encoding="utf-8"))
TESTS = ("alerts.test.yml", "promises.test.yml")
KINDS = {"row", "timeseries", "stat"}


def read(name: str) -> Any:
    return yaml.safe_load((PROMETHEUS / name).read_text(encoding="utf-8"))


def rules(name: str) -> list[dict[str, Any]]:
    return [rule for group in read(name)["groups"] for rule in group["rules"]]


def queries() -> list[str]:
    return [target["expr"] for panel in DASHBOARD["panels"] for target in panel.get("targets", ())]


@pytest.fixture
def promtool() -> str:
    found = os.environ.get("TEST_PROMTOOL") or shutil.which("promtool")
    if found is None:
        pytest.skip("promtool is not installed (Debian: prometheus), and TEST_PROMTOOL names none")
    return found


def run(promtool: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([promtool, *arguments], cwd=PROMETHEUS, capture_output=True, text=True, timeout=60)


def test_promtool_takes_the_configuration_and_every_rule(promtool: str) -> None:
    done = run(promtool, "check", "config", "prometheus.yml")

    assert done.returncode == 0, done.stdout + done.stderr


def test_every_alert_fires_when_it_should_and_only_then(promtool: str) -> None:
    done = run(promtool, "test", "rules", *TESTS)

    assert done.returncode == 0, done.stdout + done.stderr


def test_promtool_takes_every_query_of_the_dashboard(promtool: str, tmp_path: Path) -> None:
    recorded = [{"record": f"query:{number}", "expr": expr} for number, expr in enumerate(queries())]
    file = tmp_path / "queries.yml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "queries", "rules": recorded}]}), encoding="utf-8")

    done = run(promtool, "check", "rules", str(file))

    assert done.returncode == 0, done.stdout + done.stderr


def test_each_alert_says_how_bad_it_is_what_it_means_and_where_to_read_on() -> None:
    page = (ROOT / "docs" / "runbooks.md").read_text(encoding="utf-8")
    sections = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL))
    alerts = rules("alerts.rules.yml")

    assert [rule["alert"] for rule in alerts] == list(sections)
    for rule in alerts:
        assert rule["labels"]["severity"] in ("critical", "warning")
        assert rule["annotations"]["runbook"] == f"docs/runbooks.md#{rule['alert'].lower()}"
        assert rule["annotations"].keys() == {"summary", "description", "runbook"}
        assert all(word in sections[rule["alert"]] for word in ("**Means.**", "**Look.**", "**Do.**"))


def test_each_alert_is_tried_both_ways() -> None:
    tried = Counter(
        (one["alertname"], bool(one["exp_alerts"]))
        for name in TESTS
        for test in read(name)["tests"]
        for one in test["alert_rule_test"]
    )

    assert tried == {(rule["alert"], fires): 1 for rule in rules("alerts.rules.yml") for fires in (True, False)}


def test_the_dashboard_is_what_its_table_makes_of_it() -> None:
    assert _generator().text() == (GRAFANA / "dashboards" / "higherstudy.json").read_text(encoding="utf-8")


def test_panels_have_ids_of_their_own_known_kinds_and_places_that_do_not_overlap() -> None:
    panels = DASHBOARD["panels"]
    taken = Counter(
        (x, y)
        for panel in panels
        for x in range(panel["gridPos"]["x"], panel["gridPos"]["x"] + panel["gridPos"]["w"])
        for y in range(panel["gridPos"]["y"], panel["gridPos"]["y"] + panel["gridPos"]["h"])
    )

    assert len({panel["id"] for panel in panels}) == len(panels)
    assert {panel["type"] for panel in panels} == KINDS
    assert max(taken.values()) == 1
    assert max(x for x, _ in taken) < 24
    for panel in panels:
        targets = panel.get("targets", [])
        assert bool(targets) is (panel["type"] != "row")
        assert len({target["refId"] for target in targets}) == len(targets)
        assert all(target["expr"].strip() and target["datasource"] == DASHBOARD_SOURCE for target in targets)


DASHBOARD_SOURCE = {"type": "prometheus", "uid": "prometheus"}


def test_grafana_is_told_of_the_source_that_panels_name_and_of_the_folder() -> None:
    folder = GRAFANA / "provisioning"
    [source] = yaml.safe_load((folder / "datasources" / "prometheus.yml").read_text(encoding="utf-8"))["datasources"]
    [provider] = yaml.safe_load((folder / "dashboards" / "higherstudy.yml").read_text(encoding="utf-8"))["providers"]

    assert {"type": source["type"], "uid": source["uid"]} == DASHBOARD_SOURCE
    assert provider["type"] == "file"


def test_every_recorded_figure_that_is_asked_for_is_recorded() -> None:
    recorded = {rule["record"] for rule in rules("recording.rules.yml")}
    asked = [*queries(), *(rule["expr"] for rule in rules("alerts.rules.yml"))]

    assert {name for one in asked for name in re.findall(r"higherstudy:[\w:]+", one)} <= recorded


def test_every_sentence_that_must_hold_has_a_row_in_its_page() -> None:
    page = (ROOT / "docs" / "invariants.md").read_text(encoding="utf-8")

    assert {one.id for one in INVARIANTS} - set(re.findall(r"`(\w+)`", page)) == set()


def _generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("dashboard", GRAFANA / "dashboard.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
