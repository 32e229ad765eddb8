"""What the machine gives does what every adapter must."""

import os
import time
from uuid import UUID

import pytest

from higherstudy.adapters.system.clock import SystemClock
from higherstudy.adapters.system.ids import SystemIds
from higherstudy.adapters.system.secrets import SystemSecrets
from higherstudy.adapters.system.zones import SystemZones
from higherstudy.ports.clock import Clock
from higherstudy.ports.contracts.clock import ClockContract
from higherstudy.ports.contracts.ids import IdsContract
from higherstudy.ports.contracts.secrets import SecretsContract
from higherstudy.ports.contracts.zones import ZonesContract
from higherstudy.ports.ids import Ids
from higherstudy.ports.secrets import Secrets
from higherstudy.ports.zones import Zones


class TestSystemClock(ClockContract):
    @pytest.fixture
    def clock(self) -> Clock:
        return SystemClock()


class TestSystemIds(IdsContract):
    @pytest.fixture
    def ids(self) -> Ids:
        return SystemIds()


class TestSystemSecrets(SecretsContract):
    @pytest.fixture
    def secrets(self) -> Secrets:
        return SystemSecrets()


class TestSystemZones(ZonesContract):
    @pytest.fixture
    def zones(self) -> Zones:
        return SystemZones()


class TestSystemZonesOfTheMachine(ZonesContract):
    @pytest.fixture
    def zones(self) -> Zones:
        return SystemZones(prefer_package=False)


def test_an_id_tells_when_it_was_made() -> None:
    before = time.time_ns() // 1_000_000

    made = SystemIds().new()

    assert before <= made.int >> 80 <= time.time_ns() // 1_000_000


def test_ids_rise_even_when_the_clock_steps_back(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = iter([2_000_000_000, 1_000_000_000, 1_500_000_000, 3_000_000_000])
    monkeypatch.setattr(time, "time_ns", lambda: next(moments))
    ids = SystemIds()

    made: list[UUID] = [ids.new() for _ in range(4)]

    assert made == sorted(set(made))


def test_a_forked_process_makes_ids_of_its_own() -> None:
    ids = SystemIds()
    ids.new()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, b" ".join(ids.new().hex.encode() for _ in range(500)))
        os._exit(0)
    os.close(writing)

    ours = {ids.new().hex for _ in range(500)}

    with os.fdopen(reading, "rb") as answer:
        theirs = set(answer.read().decode().split())
    os.waitpid(child, 0)
    assert (len(ours), len(theirs), ours & theirs) == (500, 500, set())


def test_the_pinned_zones_name_their_edition() -> None:
    version = SystemZones().version

    assert version[:4].isdigit()
    assert version[4:].isalpha()
