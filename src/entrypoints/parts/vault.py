"""The keys under which a process seals what is a student's own: the master key, and the vault over it."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from ...adapters.aesgcm.master_key import AesGcmMasterKey
from ...adapters.aesgcm.vault import AesGcmVault
from ...adapters.folder.paper_links import FolderPaperLinks
from ...adapters.system.ids import SystemIds
from ...ports.clock import Clock
from ...ports.master_key import MasterKey
from ...ports.paper_links import PaperLinks
from ...ports.vault import Vault
from ...ports.wrapped_keys import WrappedKeys
from ..settings import Settings
from .keys import link_key, master_keys


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


def paper_links_of(settings: Settings) -> PaperLinks:
    """Return what signs links to sealed papers."""
    return FolderPaperLinks(link_key(settings))
