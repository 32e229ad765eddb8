"""Relay and workers with the parts of a process: all in one beside the API, or each in a process of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from ..adapters.postgres.listener import PostgresListener
from .jobs import process as jobs
from .jobs.duties import Duties
from .jobs.reactions import table
from .opened import Opened
from .settings import Settings
from .tallies import Tallies
from .wiring import UseCases


@asynccontextmanager
async def together(settings: Settings, opened: Opened, use_cases: UseCases, tallies: Tallies) -> AsyncIterator[None]:
    """Relay and work in this process while the block runs."""
    listener = PostgresListener(opened.database.url)
    async with jobs.running(
        opened.ports.transactions,
        opened.ports.ids,
        duties(use_cases),
        listen=listener,
        at_once=settings.jobs_at_once,
        grace=timedelta(seconds=settings.stop_seconds),
    ):
        yield


@asynccontextmanager
async def working(settings: Settings, opened: Opened, use_cases: UseCases, tallies: Tallies) -> AsyncIterator[None]:
    """Work in this process while the block runs."""
    async with together(settings, opened, use_cases, tallies):
        yield


@asynccontextmanager
async def relaying(settings: Settings, opened: Opened, use_cases: UseCases) -> AsyncIterator[None]:
    """Relay in this process while the block runs."""
    async with together(settings, opened, use_cases, Tallies(())):
        yield


def duties(use_cases: UseCases) -> Duties:
    """Return everything that workers know how to do."""
    return table(mail_welcome=use_cases.mail_welcome(), mail_receipt=use_cases.mail_receipt())
