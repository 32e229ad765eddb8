"""Figures of this process in the text format of Prometheus, made when somebody asks for them."""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version

from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily, InfoMetricFamily, Metric

from ...adapters.postgres.job_figures import job_figures
from ..parts.opened import Opened
from .tallies import BOUNDS, Tallies
from .watched import Tallied

_LIMITS = (*(f"{bound:g}" for bound in BOUNDS), "+Inf")


@dataclass(frozen=True)
class Gauge:
    """A figure that is looked up when it is asked for, by the values of one label, or alone under ``""``."""

    name: str
    meaning: str
    look: Callable[[], Awaitable[Mapping[str, float]]]
    label: str = ""


@dataclass(frozen=True)
class Histogram:
    """What was tallied, under its name."""

    name: str
    meaning: str
    tallies: Tallies


@dataclass(frozen=True)
class Metrics:
    """What one process shows."""

    process: str
    histograms: Iterable[Histogram]
    gauges: Iterable[Gauge]
    system: CollectorRegistry = field(default_factory=CollectorRegistry)

    def __post_init__(self) -> None:
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=self.system)

    async def text(self) -> bytes:
        """Return every figure; one that cannot be looked up now is left out."""
        found = [await _looked_up(gauge) for gauge in self.gauges]
        build = InfoMetricFamily("higherstudy_build", "What runs.")
        build.add_metric((), {"version": version("higherstudy"), "process": self.process})
        ours = [build, *map(_tallied, self.histograms), *(metric for metric in found if metric is not None)]
        return bytes(generate_latest(_Once(ours))) + bytes(generate_latest(self.system))


@dataclass(frozen=True)
class _Once:
    """What is rendered in place of a registry: figures of this moment."""

    metrics: Iterable[Metric]

    def collect(self) -> Iterable[Metric]:
        return self.metrics


def _tallied(histogram: Histogram) -> Metric:
    metric = HistogramMetricFamily(histogram.name, histogram.meaning, labels=histogram.tallies.labels)
    for labels, tally in list(histogram.tallies.by_labels.items()):
        totals = itertools.accumulate(map(float, tally.counts))
        metric.add_metric(labels, list(zip(_LIMITS, totals, strict=True)), tally.seconds)
    return metric


async def _looked_up(gauge: Gauge) -> Metric | None:
    try:
        found = await gauge.look()
    except Exception:  # noqa: BLE001 - the other figures are wanted all the more when a part is gone
        return None
    metric = GaugeMetricFamily(gauge.name, gauge.meaning, labels=[gauge.label] if gauge.label else [])
    for label, value in found.items():
        metric.add_metric([label] if gauge.label else [], value)
    return metric


def metrics_of(process: str, opened: Opened, tallied: Tallied) -> Metrics:
    """Return what a process with these parts shows."""
    reading = opened.database.reading

    async def jobs() -> Mapping[str, float]:
        found = await job_figures(reading)
        return {"waiting": found.waiting, "leased": found.leased, "parked": found.parked}

    async def oldest() -> Mapping[str, float]:
        return {"": (await job_figures(reading)).oldest_waiting_seconds}

    async def ahead() -> Mapping[str, float]:
        return {"": await opened.clock.ahead()}

    async def connections() -> Mapping[str, float]:
        return opened.database.connections

    return Metrics(
        process,
        (
            Histogram("higherstudy_http_request_seconds", "Requests by route and answer.", tallied.requests),
            Histogram("higherstudy_job_seconds", "Attempts at jobs by name and outcome.", tallied.jobs),
        ),
        (
            Gauge("higherstudy_jobs", "Jobs that are due, that a worker has, that were set aside.", jobs, "state"),
            Gauge("higherstudy_oldest_waiting_job_seconds", "For how long the oldest waiting job is due.", oldest),
            Gauge(
                "higherstudy_clock_ahead_seconds",
                "How far this process's clock is ahead of the database's; negative when it is behind.",
                ahead,
            ),
            Gauge("higherstudy_database_connections", "Connections of this process.", connections, "state"),
        ),
    )
