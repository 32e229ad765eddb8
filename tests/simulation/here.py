"""Stands for the ports of whichever world is being played, so that what is wired over them is wired once."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from builders import ZONES, RulePacks
from higherstudy.adapters.bundled.messages import Messages
from higherstudy.adapters.memory.reading import MemoryApplicationList, MemoryStandings
from higherstudy.entrypoints.wiring.containers.every import UseCases, use_cases_over
from higherstudy.entrypoints.wiring.memory import memory_ports
from higherstudy.entrypoints.wiring.ports import Ports

if TYPE_CHECKING:
    from simulation.world import World

_NAMES = ("transactions", "files", "incoming", "scanner", "mailbox", "clock", "ids", "vault")


class Here:
    """Stands for one port of the world that is being played."""

    worlds: list[World] = []  # noqa: RUF012  the one that is played, if any

    def __init__(self, name: str) -> None:
        self._name = name

    def __call__(self, *given: Any) -> Any:
        return getattr(Here.worlds[-1], self._name)(*given)

    def __getattr__(self, name: str) -> Any:
        return getattr(getattr(Here.worlds[-1], self._name), name)


@cache
def ports() -> Ports:
    """Return the ports of whichever world is being played."""
    here: dict[str, Any] = {name: Here(name) for name in _NAMES}
    return replace(
        memory_ports(),
        zones=ZONES,
        rule_packs=RulePacks(),
        messages=Messages(),
        application_list=MemoryApplicationList(here["transactions"]),
        standings=MemoryStandings(here["transactions"]),
        **here,
    )


@cache
def use_cases() -> UseCases:
    """Return every use case over them."""
    return use_cases_over(ports())
