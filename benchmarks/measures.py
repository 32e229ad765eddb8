"""The measures by name; whoever writes one adds it here."""

from collections.abc import Callable, Iterable, Mapping

from benchmarks.results import Result


def _importing() -> Iterable[Result]:
    from benchmarks.importing import measure  # noqa: PLC0415  each measure brings its own needs

    return measure()


def _planning() -> Iterable[Result]:
    from benchmarks.planning import measure  # noqa: PLC0415

    return measure()


def _starting() -> Iterable[Result]:
    from benchmarks.starting import measure  # noqa: PLC0415

    return measure()


def _api() -> Iterable[Result]:
    from benchmarks.api import measure  # noqa: PLC0415

    return measure()


def _cold() -> Iterable[Result]:
    from benchmarks.cold import measure  # noqa: PLC0415

    return measure()


def _matching() -> Iterable[Result]:
    from benchmarks.matching import measure  # noqa: PLC0415

    return measure()


def _jobs() -> Iterable[Result]:
    from benchmarks.jobs import measure  # noqa: PLC0415

    return measure()


def _sealing() -> Iterable[Result]:
    from benchmarks.sealing import measure  # noqa: PLC0415

    return measure()


def _gate() -> Iterable[Result]:
    from benchmarks.gate import measure  # noqa: PLC0415

    return measure()


def _signing_in() -> Iterable[Result]:
    from benchmarks.signing_in import measure  # noqa: PLC0415

    return measure()


def _report() -> Iterable[Result]:
    from benchmarks.report import measure  # noqa: PLC0415

    return measure()


def _queue() -> Iterable[Result]:
    from benchmarks.queue import measure  # noqa: PLC0415

    return measure()


def _payments() -> Iterable[Result]:
    from benchmarks.payments import measure  # noqa: PLC0415

    return measure()


def _reminding() -> Iterable[Result]:
    from benchmarks.reminding import measure  # noqa: PLC0415

    return measure()


MEASURES: Mapping[str, Callable[[], Iterable[Result]]] = {
    "api": _api,
    "cold": _cold,
    "gate": _gate,
    "import": _importing,
    "jobs": _jobs,
    "match": _matching,
    "payments": _payments,
    "plan": _planning,
    "queue": _queue,
    "remind": _reminding,
    "report": _report,
    "sign-in": _signing_in,
    "seal": _sealing,
    "start": _starting,
}
