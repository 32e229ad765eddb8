"""What seals the trail beside whatever relays: again and again, also after something did not answer."""

import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial

import pytest
from waiting import until

from higherstudy.adapters.memory.anchors import MemoryAnchors
from higherstudy.domain.audit.chain import Head
from higherstudy.domain.audit.deed import Deed
from higherstudy.entrypoints.processes.sealing import sealing
from higherstudy.entrypoints.settings import Settings
from higherstudy.entrypoints.wiring.containers.every import use_cases_over
from higherstudy.entrypoints.wiring.memory import memory_ports
from higherstudy.entrypoints.wiring.ports import Ports
from higherstudy.ports.errors import Unavailable

SETTINGS = replace(Settings(), audit_seal_seconds=0.01, audit_anchor_seconds=0.01)


async def noted(ports: Ports) -> None:
    async with ports.transactions() as work:
        work.note(Deed("session.begun"))


async def is_sealed(ports: Ports, number: int) -> bool:
    async with ports.transactions() as work:
        last = await work.audit_trail.last()
    return last is not None and last.number >= number


class Moody:
    """Anchors that do not answer the first time."""

    def __init__(self) -> None:
        self.kept, self.asked = MemoryAnchors(), 0

    async def put(self, head: Head) -> None:
        self.asked += 1
        if self.asked == 1:
            raise Unavailable
        await self.kept.put(head)

    def heads(self, since: int = 0) -> AsyncIterator[Head]:
        return self.kept.heads(since)


async def test_what_is_written_is_sealed_and_its_end_is_noted_elsewhere(caplog: pytest.LogCaptureFixture) -> None:
    anchors = Moody()
    ports = replace(memory_ports(), anchors=anchors)

    async with sealing(SETTINGS, use_cases_over(ports)):
        for number in (1, 2):
            await noted(ports)
            await until(partial(is_sealed, ports, number))
        await until(partial(is_noted, anchors, 2))

    waits = [record for record in caplog.records if record.levelno == logging.WARNING]
    assert [record.getMessage() for record in waits] == ["noting its end waits: a part that it needs does not answer"]


async def is_noted(anchors: Moody, number: int) -> bool:
    return number in {head.number async for head in anchors.heads()}
