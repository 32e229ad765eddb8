"""What any simulation must do."""

from datetime import date

import pytest

from ...domain.planning.calendars import ClosedDays, Holiday, calendars_for
from ...domain.planning.durations import pert_table
from ...domain.planning.model import Model, Node, Window
from ..simulation import Simulation

TODAY = date(2026, 11, 23).toordinal()
SAMPLES = 4000


def _closed(country: str, first: int, last: int) -> ClosedDays:
    holidays = tuple(Holiday(date(year, 12, 16), "Victory Day") for year in range(first, last + 1))
    return ClosedDays(country, "sample", first, last, frozenset({4, 5}), holidays)


HOME = calendars_for("BD", [], date.fromordinal(TODAY), _closed)["home"]


def _model(*nodes: Node, due: int) -> Model:
    return Model(TODAY, nodes, len(nodes) - 1, ((len(nodes) - 1, due),))


class SimulationContract:
    """Override ``simulation``."""

    @pytest.fixture
    def simulation(self) -> Simulation:
        """Return a simulation."""
        raise NotImplementedError

    async def test_what_is_certain_is_certain(self, simulation: Simulation) -> None:
        model = _model(Node((), (10,)), Node((0,), (5,)), due=TODAY + 15)

        found = await simulation.run(model, 100, 1)

        assert (found.samples, found.in_time) == (100, 100)
        assert found.early == found.middle == found.late == TODAY + 15

    async def test_what_cannot_be_in_time_never_is(self, simulation: Simulation) -> None:
        model = _model(Node((), (10,)), Node((0,), (5,)), due=TODAY + 14)

        assert (await simulation.run(model, 100, 1)).in_time == 0

    async def test_equal_seeds_give_equal_results_and_others_differ(self, simulation: Simulation) -> None:
        model = _model(Node((), pert_table(10, 30, 90)), Node((0,), pert_table(5, 10, 40)), due=TODAY + 50)

        one, same, other = [await simulation.run(model, SAMPLES, seed) for seed in (1, 1, 2)]

        assert one == same
        assert one != other

    async def test_half_of_a_symmetric_duration_is_done_by_its_typical_time(self, simulation: Simulation) -> None:
        model = _model(Node((), pert_table(0, 100, 200)), due=TODAY + 100)

        found = await simulation.run(model, SAMPLES, 3)

        assert 0.45 < found.in_time / SAMPLES < 0.55
        assert abs(found.middle - TODAY - 100) <= 5
        assert found.early < found.middle < found.late

    async def test_a_day_at_an_office_falls_on_an_open_day(self, simulation: Simulation) -> None:
        thursday = date(2026, 11, 26).toordinal()
        waiting = Node((), (thursday - TODAY,))
        working = Node((0,), (1,), calendar=HOME, working=True)
        model = _model(waiting, working, due=thursday + 3)

        found = await simulation.run(model, 50, 1)

        assert date.fromordinal(found.middle) == date(2026, 11, 29)

    async def test_beyond_the_years_of_a_calendar_days_are_plain(self, simulation: Simulation) -> None:
        far = Node((), (9000,))
        model = _model(far, Node((0,), (10,), calendar=HOME, working=True), due=TODAY + 9010)

        assert (await simulation.run(model, 20, 1)).late == TODAY + 9010

    async def test_what_has_begun_ends_today_at_the_earliest(self, simulation: Simulation) -> None:
        model = _model(Node((), (10,), began=TODAY - 300), due=TODAY)

        found = await simulation.run(model, 20, 1)

        assert (found.in_time, found.late) == (20, TODAY)

    async def test_what_is_done_counts_from_its_day(self, simulation: Simulation) -> None:
        model = _model(Node((), (0,), pinned=TODAY - 5), Node((0,), (3,)), due=TODAY + 3)

        assert (await simulation.run(model, 20, 1)).middle == TODAY + 3

    @pytest.mark.parametrize(("other", "in_time"), [(25, 20), (28, 0)])
    async def test_a_window_that_closes_before_all_else_is_ready_is_missed(
        self, simulation: Simulation, other: int, in_time: int
    ) -> None:
        queue, papers = Node((), (20,)), Node((), (other,))
        model = _model(queue, papers, Node((0, 1), (7,), window=Window((0,), (1,), 7)), due=TODAY + 300)

        assert (await simulation.run(model, 20, 1)).in_time == in_time

    async def test_nothing_begins_before_it_may(self, simulation: Simulation) -> None:
        model = _model(Node((), (2,), opens=TODAY + 40), due=TODAY + 42)

        assert (await simulation.run(model, 20, 1)).early == TODAY + 42
