"""Figures in the format that Prometheus reads."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator, Mapping

import pytest
from prometheus_client.parser import text_string_to_metric_families

from higherstudy.domain.shared.errors import NotFound
from higherstudy.entrypoints.parts.called import called, no_calls
from higherstudy.entrypoints.watching.gauge import Gauge, Remembered
from higherstudy.entrypoints.watching.metrics import Histogram, Metrics
from higherstudy.entrypoints.watching.tallies import Tallies
from higherstudy.ports.errors import Unavailable

WANTED_ONLY_WHERE_ASKED = ("aioboto3", "aioclamd", "alembic", "opentelemetry", "prometheus_client", "redis")


async def test_durations_stand_in_classes_that_add_up() -> None:
    tallies = Tallies(("route", "status"))
    for seconds in (0.004, 0.005, 0.3, 99.0):
        tallies.add(("/v1/plans/{plan_id}", "200"), seconds)

    found = await _samples(Metrics("work", [Histogram("request_seconds", "Requests.", tallies)], []))

    assert found["request_seconds_bucket", "0.005"] == 2
    assert found["request_seconds_bucket", "0.25"] == 2
    assert found["request_seconds_bucket", "0.5"] == 3
    assert found["request_seconds_bucket", "60"] == 3
    assert found["request_seconds_bucket", "+Inf"] == found["request_seconds_count", ""] == 4
    assert found["request_seconds_sum", ""] == 99.309


async def test_a_figure_that_cannot_be_had_leaves_the_others_alone() -> None:
    async def waiting() -> Mapping[str, float]:
        return {"waiting": 3, "parked": 1}

    async def away() -> Mapping[str, float]:
        raise OSError("no database")

    gauges = [Gauge("jobs", "Jobs.", waiting, "state"), Gauge("age", "Age.", away)]
    found = await _samples(Metrics("work", [], gauges))

    assert (found["jobs", "waiting"], found["jobs", "parked"]) == (3, 1)
    assert ("age", "") not in found
    assert found["higherstudy_build_info", "work"] == 1


async def test_what_was_looked_up_is_remembered_for_a_while_and_a_failure_is_not() -> None:
    answers: Iterator[int | OSError] = iter([OSError("no database"), 1, 2])
    now = [0.0]

    async def look() -> int:
        answer = next(answers)
        if isinstance(answer, OSError):
            raise answer
        return answer

    remembered = Remembered(look, 5.0, lambda: now[0])
    with pytest.raises(OSError, match="no database"):
        await remembered()
    at_once = [await remembered(), await remembered()]
    now[0] = 5.0

    assert (at_once, await remembered()) == ([1, 1], 2)


async def test_a_figure_may_have_several_labels() -> None:
    async def look() -> Mapping[tuple[str, str], float]:
        return {("mail_receipt", "waiting"): 3}

    text = (await Metrics("work", [], [Gauge("jobs_open", "Jobs.", look, ("name", "state"))]).text()).decode()

    assert 'jobs_open{name="mail_receipt",state="waiting"} 3.0' in text


@pytest.mark.parametrize(
    ("error", "outcome"),
    [(None, "ok"), (Unavailable(), "unavailable"), (NotFound(), "refused"), (KeyError("one"), "error")],
)
async def test_calls_of_services_outside_are_counted_by_how_they_went(error: Exception | None, outcome: str) -> None:
    calls = no_calls()

    with contextlib.suppress(Exception), called(calls, "mail"):
        if error is not None:
            raise error

    assert {labels: sum(tally.counts) for labels, tally in calls.by_labels.items()} == {("mail", outcome): 1}


def test_a_server_loads_nothing_that_only_some_settings_ask_for() -> None:
    loaded = f"[m for m in {WANTED_ONLY_WHERE_ASKED} if m in sys.modules]"
    asked = f"import sys, higherstudy.entrypoints.processes.api; print({loaded})"

    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, timeout=60)

    assert told.stdout.strip() == "[]", told.stderr


async def _samples(metrics: Metrics) -> dict[tuple[str, str], float]:
    """Return each figure by its name and the label that tells it apart."""
    text = (await metrics.text()).decode()
    samples = (sample for family in text_string_to_metric_families(text) for sample in family.samples)
    return {
        (one.name, one.labels.get("le") or one.labels.get("state") or one.labels.get("process", "")): one.value
        for one in samples
    }
