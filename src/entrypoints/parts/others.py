"""Adapters of other teams in the place of ours: what the function gives that the setting ADAPTERS names."""

from __future__ import annotations

import importlib
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any, get_args, get_type_hints

from ...domain.shared.errors import Reason
from ...ports.master_key import MasterKey
from ...ports.transactions import Transactions
from ...ports.wrapped_keys import WrappedKeys
from ..settings import Settings, WrongSettings
from ..wiring.ports import Ports
from .nearby import Nearby
from .store import Store

VARIABLE = "ADAPTERS"
_NEARBY = ("cache", "limits")
_KEYS = {"master_key": MasterKey, "wrapped_keys": WrappedKeys}
"""What the vault is made over, where it is ours."""
_LINKS = "links"
_OPEN_LINK = "open_link"


@dataclass(frozen=True)
class Others:
    """Adapters by names: the fields of Ports, ``cache`` and ``limits``, ``master_key`` and ``wrapped_keys``; ``links``
    opens what ``files`` has signed."""

    given: Mapping[str, Any] = field(default_factory=dict)

    def store(self, ours: Store) -> Store:
        """Return where files are kept now; clients bring theirs where they did before, unless ``incoming`` is given."""
        if "wrapped_keys" in self.given:
            ours = replace(ours, wrapped_keys=self.given["wrapped_keys"])
        if "files" not in self.given:
            return ours
        files = self.given["files"]
        incoming = self.given.get("incoming", ours.incoming)
        return replace(ours, files=files, incoming=incoming, links=self.given.get(_LINKS, ours.links))

    @property
    def master_key(self) -> MasterKey | None:
        """What wraps the keys of students, in the place of MASTER_KEY."""
        given: MasterKey | None = self.given.get("master_key")
        return given

    def nearby(self, ours: Nearby) -> Nearby:
        """Return what may be lost at any time, with the given adapters in the place of ours."""
        return replace(ours, **{name: self.given[name] for name in _NEARBY if name in self.given})

    def brief(self, ours: Transactions) -> Transactions:
        """Return the units of work of what hands out jobs; those of another database know their own limits."""
        given: Transactions = self.given.get("transactions", ours)
        return given

    def ports(self, ours: Ports) -> Ports:
        """Return the ports with the given adapters in the place of ours."""
        return replace(ours, **{name: self.given[name] for name in vars(ours) if name in self.given})


@asynccontextmanager
async def others(settings: Settings) -> AsyncIterator[Others]:
    """Give what the function gives, for as long as the process runs; raise WrongSettings for what cannot be used."""
    if settings.adapters is None:
        yield Others()
        return
    async with _function(settings.adapters) as given:
        _demand_ports(given)
        yield Others(given)


def _function(place: str) -> AbstractAsyncContextManager[Mapping[str, Any]]:
    module, _, name = place.partition(":")
    try:
        manager = getattr(importlib.import_module(module), name)()
        if not isinstance(manager, AbstractAsyncContextManager):
            raise TypeError("it gives no async context manager")
    except (ImportError, AttributeError, TypeError, ValueError) as error:
        raise WrongSettings(Reason("setting.not_adapters", {"given": place, "detail": str(error)}, VARIABLE)) from error
    return manager


def _demand_ports(given: Mapping[str, Any]) -> None:
    promised = {_LINKS: {_OPEN_LINK}}
    for name, port in (get_type_hints(Ports) | {n: get_type_hints(Nearby)[n] for n in _NEARBY} | _KEYS).items():
        protocol = next(iter(get_args(port)), port)  # a port that may be left out is "Scanner | None"
        promised[name] = {one for one in vars(protocol) if not one.startswith("_") or one == "__call__"}
    reasons = []
    if strange := sorted(given.keys() - promised.keys()):
        params = {"given": ", ".join(strange), "known": ", ".join(promised)}
        reasons.append(Reason("setting.unknown_adapter", params, VARIABLE))
    reasons += [
        Reason("setting.not_the_port", {"name": name, "missing": ", ".join(missing)}, VARIABLE)
        for name, members in promised.items()
        if name in given and (missing := sorted(one for one in members if not hasattr(given[name], one)))
    ]
    if reasons:
        raise WrongSettings(*reasons)
