"""The simulations, each by itself and the two against one another."""

import subprocess
import sys
from datetime import date
from math import sqrt

import pytest

from higherstudy.adapters.memory.calendars import MemoryCalendars
from higherstudy.adapters.memory.simulation import MemorySimulation
from higherstudy.adapters.numpy.simulation import NumpySimulation
from higherstudy.domain.planning.calendars import calendars_for
from higherstudy.domain.planning.durations import pert_table
from higherstudy.domain.planning.model import Model, Node, Window
from higherstudy.ports.contracts.simulation import SimulationContract
from higherstudy.ports.simulation import Simulation

TODAY = date(2026, 11, 23)


class TestMemorySimulation(SimulationContract):
    @pytest.fixture
    def simulation(self) -> Simulation:
        return MemorySimulation()


class TestNumpySimulation(SimulationContract):
    @pytest.fixture
    def simulation(self) -> Simulation:
        return NumpySimulation()

    def test_numpy_is_loaded_with_the_first_simulation_only(self) -> None:
        asked = "import sys; import higherstudy.adapters.numpy.simulation; print('numpy' in sys.modules)"

        told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, timeout=60)

        assert told.stdout.strip() == "False", told.stderr


@pytest.mark.parametrize("due", [120, 140, 150, 160, 180])
async def test_both_agree_within_the_error_of_sampling(due: int) -> None:
    calendars = calendars_for("BD", ["DE"], TODAY, MemoryCalendars().closed_days)
    today, samples = TODAY.toordinal(), 10_000
    nodes = (
        Node((), pert_table(20, 40, 90)),
        Node((), pert_table(30, 60, 120)),
        Node((0,), pert_table(5, 10, 30), calendar=calendars["home"], working=True),
        Node((1, 2), (7,), window=Window((1,), (2,), 7)),
        Node((3,), pert_table(10, 21, 60), calendar=calendars["both:DE"]),
        Node((4,), pert_table(10, 21, 60), calendar=calendars["target:DE"], lasting=True),
    )
    model = Model(today, nodes, 5, ((5, today + due),))

    one, other = await MemorySimulation().run(model, samples, 7), await NumpySimulation().run(model, samples, 7)

    shares = one.in_time / samples, other.in_time / samples
    error = sqrt(sum(share * (1 - share) for share in shares) / samples)
    assert abs(shares[0] - shares[1]) <= 4 * error + 1 / samples
    assert abs(one.middle - other.middle) <= 3
