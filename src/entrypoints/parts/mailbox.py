"""Where mail goes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from ...adapters.folder.mailbox import FolderMailbox
from ...ports.clock import Clock
from ...ports.mailbox import Mailbox
from ..settings import Settings


@asynccontextmanager
async def open_mailbox(settings: Settings, clock: Clock) -> AsyncIterator[Mailbox]:
    """Give the folder below the home in which mail lies."""
    yield FolderMailbox(settings.home_folder / "outbox", clock, sender=settings.mail_from)
