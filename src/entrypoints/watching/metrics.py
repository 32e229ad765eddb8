"""Figures of this process in the text format of Prometheus, made when somebody asks for them."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.metadata import version

from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily, InfoMetricFamily, Metric

from ..parts.opened import Opened
from .gauge import Gauge
from .gauges import gauges_of
from .tallies import BOUNDS, Tallies
from .watched import Tallied

_LIMITS = (*(f"{bound:g}" for bound in BOUNDS), "+Inf")


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
    metric = GaugeMetricFamily(gauge.name, gauge.meaning, labels=gauge.labels)
    for label, value in found.items():
        metric.add_metric(label if isinstance(label, tuple) else (label,) if gauge.labels else (), value)
    return metric


def metrics_of(process: str, opened: Opened, tallied: Tallied) -> Metrics:
    """Return what a process with these parts shows."""
    return Metrics(
        process,
        (
            Histogram("higherstudy_http_request_seconds", "Requests by route and answer.", tallied.requests),
            Histogram("higherstudy_job_seconds", "Attempts at jobs by name and outcome.", tallied.jobs),
            Histogram("higherstudy_provider_seconds", "Calls of services outside, by outcome.", opened.calls),
        ),
        gauges_of(opened),
    )
