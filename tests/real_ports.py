"""The adapters of a server over a database and a folder, for tests that make their application by themselves."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from higherstudy.adapters.argon2.passwords import Argon2Passwords
from higherstudy.adapters.folder.files import FolderFiles
from higherstudy.adapters.folder.incoming import FolderIncoming
from higherstudy.adapters.folder.mailbox import FolderMailbox
from higherstudy.adapters.system.clock import SystemClock
from higherstudy.entrypoints import wiring


@dataclass(frozen=True)
class RealPorts:
    """The ports, and those of the adapters that more than their port is needed of."""

    ports: wiring.Ports
    files: FolderFiles
    incoming: FolderIncoming
    passwords: Argon2Passwords


def real_ports(engine: AsyncEngine, home: Path) -> RealPorts:
    """Return adapters that keep rows behind the engine, and files and mail under ``home``."""
    clock, files, passwords = SystemClock(), FolderFiles(home / "files", b"k" * 32), Argon2Passwords()
    mailbox = FolderMailbox(home / "outbox", clock)
    incoming = FolderIncoming(files, home / "incoming", b"k" * 32)
    ports = wiring.real_ports(engine, clock, files=files, incoming=incoming, mailbox=mailbox, passwords=passwords)
    return RealPorts(ports, files, incoming, passwords)
