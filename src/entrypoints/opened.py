"""All parts that use cases need, opened together, for whichever process works with them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass

from ..adapters.argon2.passwords import Argon2Passwords
from ..adapters.system.clock import SystemClock
from . import parts
from .http.health import Check
from .others import others
from .settings import Settings
from .wiring import Ports, real_ports


@dataclass(frozen=True)
class Opened:
    """The parts that a process has opened, and the ports over them."""

    database: parts.Database
    store: parts.Store
    nearby: parts.Nearby
    scanning: parts.Scanning
    ports: Ports

    @property
    def checks(self) -> Mapping[str, Check]:
        """A look at each part."""
        return {**self.database.checks, **self.store.checks, **self.nearby.checks, **self.scanning.checks}


@asynccontextmanager
async def opened(settings: Settings, tell: parts.Tell) -> AsyncIterator[Opened]:
    """Give every part that the use cases need."""
    clock = SystemClock()
    async with (
        others(settings) as given,
        parts.database(settings, tell) as database,
        parts.store(settings) as our_store,
        parts.nearby(settings) as nearby,
        parts.mailbox(settings, clock) as mailbox,
    ):
        store, scanning = given.store(our_store), parts.scanning(settings)
        with closing(Argon2Passwords()) as passwords:
            ports = real_ports(
                database.engine,
                clock,
                files=store.files,
                incoming=store.incoming,
                scanner=scanning.scanner,
                mailbox=mailbox,
                passwords=passwords,
                reading=database.reading,
                standings=database.standings,
            )
            yield Opened(database, store, given.nearby(nearby), scanning, given.ports(ports))
