"""The keys under which a process seals what is a student's own: the master key, and the vault over it."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from functools import partial

from ...adapters.aesgcm.master_key import AesGcmMasterKey
from ...adapters.aesgcm.vault import AesGcmVault
from ...adapters.folder.paper_links import FolderPaperLinks
from ...adapters.system.ids import SystemIds
from ...domain.shared.errors import NotFound, Reason
from ...ports.clock import Clock
from ...ports.errors import Unavailable
from ...ports.master_key import MasterKey
from ...ports.paper_links import PaperLinks
from ...ports.vault import Vault
from ...ports.wrapped_keys import WrappedKeys
from ..settings import Settings, WrongSettings
from .keys import link_key, master_keys, missing_master_key


def vault_of(settings: Settings, wrapped_keys: WrappedKeys, clock: Clock, master_key: MasterKey | None = None) -> Vault:
    """Return the vault over these wrapped keys, with the master key that is given or else that of the settings."""
    return AesGcmVault(
        wrapped_keys,
        master_key or AesGcmMasterKey(partial(master_keys, settings)),
        clock,
        SystemIds(),
        renewed_after=timedelta(days=settings.student_key_days),
        at_hand=timedelta(seconds=settings.student_key_seconds),
    )


async def demand_master_key(settings: Settings, wrapped_keys: WrappedKeys) -> None:
    """Raise WrongSettings where students have keys and the home has no master key any more.

    A new one would open none of them; and who puts the old one back in its place would lose what was sealed since.
    """
    if missing_master_key(settings) is None:
        return
    with suppress(Unavailable, NotFound):  # a store that is away, or not made yet, keeps nobody from starting
        async for _ in wrapped_keys.students():
            if (missing := missing_master_key(settings)) is None:  # another process has made both meanwhile
                return
            raise WrongSettings(Reason("setting.master_key_gone", {"file": str(missing)}, "MASTER_KEY"))


def paper_links_of(settings: Settings) -> PaperLinks:
    """Return what signs links to sealed papers."""
    return FolderPaperLinks(link_key(settings))
