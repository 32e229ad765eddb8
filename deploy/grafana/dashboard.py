"""Write dashboards/higherstudy.json from the table below; with --check, say whether it is fresh.

The standard library alone, so that it runs anywhere: python deploy/grafana/dashboard.py
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, NamedTuple

FILE = Path(__file__).parent / "dashboards" / "higherstudy.json"
SOURCE = {"type": "prometheus", "uid": "prometheus"}
_WIDTH, _HEIGHT, _ACROSS = 8, 7, 24


class Panel(NamedTuple):
    """One picture: its title, its unit, and its queries with what each line is called."""

    title: str
    unit: str
    queries: tuple[tuple[str, str], ...]
    kind: str = "timeseries"


def _one(title: str, unit: str, query: str, called: str = "", kind: str = "timeseries") -> Panel:
    return Panel(title, unit, ((query, called),), kind)


ROWS: tuple[tuple[str, tuple[Panel, ...]], ...] = (
    (
        "Is it well?",
        (
            _one("Processes that answer", "short", 'sum(up{job="higherstudy"})', kind="stat"),
            _one("Share of requests that fail", "percentunit", "higherstudy:http_errors:ratio_rate5m", kind="stat"),
            _one(
                "Sentences that do not hold",
                "short",
                "sum(max by (invariant) (higherstudy_invariant_breaches) > bool 0)",
                kind="stat",
            ),
        ),
    ),
    (
        "Requests",
        (
            _one("Requests", "reqps", "sum by (status) (higherstudy:http_requests:rate5m)", "{{status}}"),
            Panel(
                "How long they take",
                "s",
                (
                    ("higherstudy:http_request_seconds:p50_5m", "half"),
                    ("higherstudy:http_request_seconds:p95_5m", "95 %"),
                ),
            ),
            _one("Busiest routes", "reqps", "topk(8, sum by (route) (higherstudy:http_requests:rate5m))", "{{route}}"),
        ),
    ),
    (
        "Jobs",
        (
            _one("Jobs", "short", "max by (state) (higherstudy_jobs)", "{{state}}"),
            Panel(
                "What waits longest",
                "s",
                (
                    ("max(higherstudy_oldest_waiting_job_seconds)", "job"),
                    ("max(higherstudy_outbox_oldest_seconds)", "event"),
                ),
            ),
            _one("Attempts", "ops", "sum by (outcome) (higherstudy:job_attempts:rate5m)", "{{outcome}}"),
            _one("Slowest jobs", "s", "topk(8, higherstudy:job_seconds:p95_5m)", "{{name}}"),
            _one(
                "Open jobs by name",
                "short",
                "topk(8, sum by (name) (max by (name, priority, state) (higherstudy_jobs_open)))",
                "{{name}}",
            ),
            Panel(
                "On the way",
                "short",
                (
                    ("max(higherstudy_outbox_events)", "events"),
                    ("max by (priority) (higherstudy_queue_messages)", "{{priority}} in Redis"),
                ),
            ),
        ),
    ),
    (
        "Services outside",
        (
            _one(
                "Calls",
                "ops",
                "sum by (provider, outcome) (higherstudy:provider_calls:rate5m)",
                "{{provider}} {{outcome}}",
            ),
            _one("Share that fails", "percentunit", "higherstudy:provider_failures:ratio_rate10m", "{{provider}}"),
            _one("How long they take", "s", "higherstudy:provider_seconds:p95_5m", "{{provider}}"),
        ),
    ),
    (
        "Processes",
        (
            Panel(
                "Connections to the database",
                "short",
                (
                    ("higherstudy_database_connections", "{{instance}} {{state}}"),
                    ("higherstudy_reading_connections", "{{instance}} reading, {{state}}"),
                ),
            ),
            _one("Memory", "bytes", 'process_resident_memory_bytes{job="higherstudy"}', "{{instance}}"),
            _one("Clock ahead of the database's", "s", "higherstudy_clock_ahead_seconds", "{{instance}}"),
            _one("Time since the start", "s", 'time() - process_start_time_seconds{job="higherstudy"}', "{{instance}}"),
            _one("What runs", "short", "count by (version) (higherstudy_build_info)", "{{version}}"),
            _one("Processes behind the rules in force", "short", "sum(higherstudy_rules_behind)"),
        ),
    ),
    (
        "What must hold, and the rules",
        (
            _one(
                "Rows that break a sentence",
                "short",
                "max by (invariant) (higherstudy_invariant_breaches) > 0",
                "{{invariant}}",
            ),
            _one(
                "Sentences nobody could look at",
                "short",
                "max by (invariant) (higherstudy_invariant_unchecked) > 0",
                "{{invariant}}",
            ),
            _one(
                "Days until a pack is stale",
                "d",
                "(min by (pack) (higherstudy_rule_pack_review_timestamp_seconds) - time()) / 86400",
                "{{pack}}",
            ),
            _one("Since the last look", "s", "time() - max(higherstudy_invariants_checked_timestamp_seconds)"),
        ),
    ),
    (
        "The service",
        (
            Panel(
                "Students and what they have",
                "short",
                (
                    ("max(higherstudy_students)", "students"),
                    ("max(higherstudy_plans)", "plans"),
                    ("max(higherstudy_documents)", "papers"),
                ),
            ),
            _one("Applications", "short", "max by (state) (higherstudy_applications)", "{{state}}"),
            Panel(
                "Rights",
                "short",
                (
                    ("max by (state) (higherstudy_erasures_open)", "erasure {{state}}"),
                    ("max(higherstudy_exports_ready)", "exports ready"),
                ),
            ),
            _one("Programmes", "short", "max(higherstudy_programmes)"),
            Panel(
                "Refunds",
                "short",
                (
                    ("max(higherstudy_refunds_running)", "running"),
                    ("max(higherstudy_refunds_late)", "late"),
                ),
            ),
            Panel(
                "Payments",
                "short",
                (
                    ("max(higherstudy_payment_differences)", "differences"),
                    ("max(higherstudy_payment_notices_unknown)", "told and not followed up"),
                ),
            ),
        ),
    ),
)


def dashboard() -> dict[str, Any]:
    """Return the dashboard in Grafana's own form."""
    panels: list[dict[str, Any]] = []
    line = 0
    for title, row in ROWS:
        panels.append(
            {
                "id": len(panels) + 1,
                "type": "row",
                "title": title,
                "collapsed": False,
                "gridPos": {"h": 1, "w": _ACROSS, "x": 0, "y": line},
                "panels": [],
            }
        )
        line += 1
        for number, panel in enumerate(row):
            x, y = number * _WIDTH % _ACROSS, line + number * _WIDTH // _ACROSS * _HEIGHT
            panels.append(_panel(len(panels) + 1, panel, {"h": _HEIGHT, "w": _WIDTH, "x": x, "y": y}))
        line += -(-len(row) * _WIDTH // _ACROSS) * _HEIGHT
    return {
        "uid": "higherstudy",
        "title": "Higher Study",
        "tags": ["higherstudy"],
        "timezone": "browser",
        "schemaVersion": 39,
        "version": 1,
        "editable": False,
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "templating": {"list": []},
        "annotations": {"list": []},
        "panels": panels,
    }


def _panel(number: int, panel: Panel, place: dict[str, int]) -> dict[str, Any]:
    return {
        "id": number,
        "type": panel.kind,
        "title": panel.title,
        "datasource": SOURCE,
        "gridPos": place,
        "fieldConfig": {
            "defaults": {
                "unit": panel.unit,
            },
            "overrides": [],
        },
        "targets": [
            {"refId": chr(ord("A") + index), "datasource": SOURCE, "expr": expr, "legendFormat": called or "__auto"}
            for index, (expr, called) in enumerate(panel.queries)
        ],
    }


def text() -> str:
    """Return the file's text."""
    return json.dumps(dashboard(), indent=2, ensure_ascii=False) + "\n"


def main(arguments: list[str]) -> int:
    """Write the file, or say whether it is what the table makes."""
    if arguments == ["--check"]:
        fresh = FILE.exists() and FILE.read_text(encoding="utf-8") == text()
        if not fresh:
            sys.stderr.write(f"{FILE.name} is stale: run python deploy/grafana/dashboard.py\n")
        return 0 if fresh else 1
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(text(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
