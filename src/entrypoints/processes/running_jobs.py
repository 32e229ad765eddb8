"""Relay and workers with the parts of a process: all in one beside the API, or each in a process of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from ...adapters.postgres.listener import PostgresListener
from ...ports.jobs import Job
from ..jobs import process as jobs
from ..jobs.duties import Duties
from ..jobs.reactions import table
from ..jobs.watch import Outcome, Watch
from ..parts.opened import Opened
from ..settings import Settings
from ..watching.watched import Tallied
from .sealing import sealing

if TYPE_CHECKING:
    from ...adapters.redis.broker import RedisBroker
    from ..watching.telemetry import Telemetry
    from ..wiring.containers.every import UseCases


log = structlog.get_logger("higherstudy.jobs")


@asynccontextmanager
async def together(
    settings: Settings, opened: Opened, use_cases: UseCases, tallied: Tallied, telemetry: Telemetry | None
) -> AsyncIterator[None]:
    """Relay and work in this process while the block runs."""
    async with (
        sealing(settings, use_cases),
        jobs.running(
            opened.brief,
            opened.ports.ids,
            duties(use_cases),
            listen=PostgresListener(opened.database.url),
            watch=_watch(tallied, telemetry),
            at_once=settings.jobs_at_once,
            grace=timedelta(seconds=settings.stop_seconds),
        ),
    ):
        yield


@asynccontextmanager
async def working(
    settings: Settings, opened: Opened, use_cases: UseCases, tallied: Tallied, telemetry: Telemetry | None
) -> AsyncIterator[None]:
    """Work in this process while the block runs."""
    async with jobs.working(
        opened.brief,
        duties(use_cases),
        broker=_broker(settings),
        watch=_watch(tallied, telemetry),
        at_once=max(1, settings.jobs_at_once),
        grace=timedelta(seconds=settings.stop_seconds),
    ):
        yield


@asynccontextmanager
async def relaying(settings: Settings, opened: Opened, use_cases: UseCases) -> AsyncIterator[None]:
    """Relay in this process while the block runs."""
    async with (
        sealing(settings, use_cases),
        jobs.relaying(
            opened.brief,
            opened.ports.ids,
            duties(use_cases),
            broker=_broker(settings),
            listen=PostgresListener(opened.database.url),
        ),
    ):
        yield


def _broker(settings: Settings) -> RedisBroker | None:
    """Return what carries the ids of jobs between processes; None without REDIS_URL: workers look into the rows."""
    if settings.redis_url is None:
        return None
    from ...adapters.redis.broker import RedisBroker  # noqa: PLC0415 - only where the setting asks for it

    return RedisBroker(settings.redis_url, at_once=max(1, settings.jobs_at_once))


def _watch(tallied: Tallied, telemetry: Telemetry | None) -> Watch:
    """Return what counts and logs each attempt at a job, and traces it where there are traces."""

    def ended(job: Job, outcome: Outcome, seconds: float) -> None:
        tallied.jobs.add((job.name, outcome), seconds)
        log.info("job", outcome=outcome, attempt=job.attempts, milliseconds=round(seconds * 1000, 1))

    return Watch(ended=ended) if telemetry is None else Watch(telemetry.job, ended)


def duties(use_cases: UseCases) -> Duties:
    """Return everything that workers know how to do."""
    track = use_cases.track_happening()
    return table(
        tell=use_cases.tell(),
        deliver=use_cases.deliver(),
        send_digest=use_cases.send_digest(),
        escalate=use_cases.escalate(),
        remind=use_cases.remind(),
        track=None if track.analytics is None else track,
        sign_out_all=use_cases.sign_out_all(),
        clear_away=use_cases.clear_away(),
        break_off_imports=use_cases.break_off_imports(),
        fail_imports=use_cases.fail_imports(),
        take_import=use_cases.take_import(),
        take_rows=use_cases.take_rows(),
        follow_catalogue=use_cases.follow_catalogue(),
        scan_upload=use_cases.scan_upload(),
        scan_forgotten=use_cases.scan_forgotten(),
        expire_uploads=use_cases.expire_uploads(),
        drop_leftovers=use_cases.drop_leftovers(),
        drop_orphans=use_cases.drop_orphans(),
        follow_edition=use_cases.follow_edition(),
        work_out_impact=use_cases.work_out_impact(),
        seal_papers=use_cases.seal_papers(),
        seal_snapshots=use_cases.seal_snapshots(),
        seal_passports=use_cases.seal_passports(),
        make_export=use_cases.make_export(),
        remove_exports=use_cases.remove_exports(),
        make_report=use_cases.make_report(),
        remove_reports=use_cases.remove_reports(),
        erase=use_cases.erase(),
        erase_anew=use_cases.erase_anew(),
        detect_breaches=use_cases.detect_breaches(),
        settle_collection=use_cases.settle_collection(),
        send_refund=use_cases.send_refund(),
        look_at_payments_again=use_cases.look_at_payments_again(),
        expire_orders=use_cases.expire_orders(),
        reconcile=use_cases.reconcile(),
        forget_addresses=use_cases.forget_addresses(),
    )
