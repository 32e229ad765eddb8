"""The adapters of a server over a database and a folder, for tests that make their application by themselves."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from higherstudy.adapters.aead.secret_box import AeadSecretBox
from higherstudy.adapters.aesgcm.master_key import AesGcmMasterKey
from higherstudy.adapters.aesgcm.vault import AesGcmVault
from higherstudy.adapters.argon2.passwords import Argon2Passwords
from higherstudy.adapters.folder.files import FolderFiles
from higherstudy.adapters.folder.incoming import FolderIncoming
from higherstudy.adapters.folder.mailbox import FolderMailbox
from higherstudy.adapters.folder.paper_links import FolderPaperLinks
from higherstudy.adapters.folder.tombstones import FolderTombstones
from higherstudy.adapters.folder.wrapped_keys import FolderWrappedKeys
from higherstudy.adapters.passkeys.passkeys import WebauthnPasskeys
from higherstudy.adapters.postgres.reading import Reading
from higherstudy.adapters.postgres.transactions import PostgresTransactions
from higherstudy.adapters.system.clock import SystemClock
from higherstudy.adapters.system.ids import SystemIds
from higherstudy.entrypoints.wiring.ports import Ports
from higherstudy.entrypoints.wiring.real import real_ports as ports_over


@dataclass(frozen=True)
class RealPorts:
    """The ports, and those of the adapters that more than their port is needed of."""

    ports: Ports
    files: FolderFiles


@asynccontextmanager
async def real_ports(engine: AsyncEngine, home: Path, reading: Reading | None = None) -> AsyncIterator[RealPorts]:
    """Give adapters that keep rows behind the engine, and files and mail under ``home``."""
    clock, files = SystemClock(), FolderFiles(home / "files", b"k" * 32)
    with closing(Argon2Passwords()) as passwords:
        reading = reading or Reading(engine.url.render_as_string(hide_password=False))
        ports = ports_over(
            PostgresTransactions(engine, SystemIds()),
            reading,
            clock,
            files=files,
            incoming=FolderIncoming(files, home / "incoming", b"k" * 32),
            mailbox=FolderMailbox(home / "outbox", clock),
            passwords=passwords,
            passkeys=WebauthnPasskeys("localhost", ["http://localhost:8000"]),
            secret_box=AeadSecretBox(lambda: [b"k" * 32]),
            vault=AesGcmVault(
                FolderWrappedKeys(home / "keys"), AesGcmMasterKey(lambda: [b"m" * 32]), clock, SystemIds()
            ),
            paper_links=FolderPaperLinks(b"k" * 32),
            tombstones=FolderTombstones(home / "erased"),
        )
        yield RealPorts(ports, files)
        await reading.close()
