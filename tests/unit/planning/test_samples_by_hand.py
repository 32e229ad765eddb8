"""What a simulation is run on, and what it makes of draws that are known beforehand."""

from array import array
from datetime import date, timedelta

import pytest
from unit.planning.test_small_plans import due

from higherstudy.domain.planning.calendars import Holiday, WorkingCalendar
from higherstudy.domain.planning.chance import Chance, chances, models_of
from higherstudy.domain.planning.durations import SIZE, pert_table, still_possible
from higherstudy.domain.planning.model import Model, Node, Window
from higherstudy.domain.planning.sampling import Sampled, sample
from higherstudy.domain.planning.schedule import Report, Schedule, reason
from higherstudy.domain.planning.scheduling import make_schedule
from higherstudy.domain.rulebook.pack import Rulebook
from higherstudy.domain.rulebook.pathways import DayCount, Duration, Pathway, Place, StepKind, StepScope
from networks import TODAY, situation, step, target, way

NOW = TODAY.toordinal()
EACH = tuple(range(SIZE))
"""A table from which the n-th draw is n days."""
REST = Holiday(date(2026, 11, 25), "Day of Rest")


def office() -> WorkingCalendar:
    """Return a calendar of 2026: today is a Monday, Wednesday a holiday, Saturday and Sunday the weekend."""
    return WorkingCalendar("XX", "1", 2026, 2026, {REST.on.toordinal(): REST}, frozenset({5, 6}))


def upwards(size: int) -> bytes:
    """Return draws of 0, 1, 2 and so on, one for each sample."""
    return array("H", range(size // 2)).tobytes()


def ends(*nodes: Node, due: tuple[tuple[int, int], ...] = (), samples: int = 10) -> tuple[int, int, int, int]:
    """Return on which days from today the last node ends, early, middle and late; and how many samples are in time."""
    model = Model(NOW, nodes, len(nodes) - 1, tuple((at, NOW + last) for at, last in due))
    found = sample(model, samples, upwards)
    assert found.samples == samples
    return found.early - NOW, found.middle - NOW, found.late - NOW, found.in_time


def test_a_tenth_half_and_nine_tenths_of_the_samples_arrive_by_their_days() -> None:
    assert ends(Node((), EACH)) == (1, 5, 9, 10)
    assert ends(Node((), EACH), samples=100) == (10, 50, 90, 100)


@pytest.mark.parametrize(("last", "in_time"), [(-1, 0), (0, 1), (6, 7), (9, 10)])
def test_a_sample_that_ends_on_the_day_that_is_due_is_in_time(last: int, in_time: int) -> None:
    assert ends(Node((), EACH), due=((0, last),))[3] == in_time


def test_a_sample_that_misses_any_of_the_days_is_missed_once() -> None:
    assert ends(Node((), EACH), Node((0,), (2,)), due=((0, 6), (1, 7)))[3] == 6


def test_draws_are_taken_around_the_table() -> None:
    model = Model(NOW, (Node((), EACH),), 0, ())

    found = sample(model, 2, lambda size: array("H", [SIZE, 2 * SIZE + 3]).tobytes())

    assert (found.early, found.late) == (NOW, NOW + 3)


def test_a_node_waits_for_the_last_of_those_before_it_for_today_and_for_the_day_on_which_it_opens() -> None:
    constant = Node((), (4,))

    assert ends(constant, Node((), EACH), Node((0, 1), (1,))) == (5, 6, 10, 10)
    assert ends(Node((), EACH), constant, Node((0, 1), (1,))) == (5, 6, 10, 10)
    assert ends(Node((), EACH), Node((0,), (1,), opens=NOW + 3)) == (4, 6, 10, 10)
    assert ends(Node((), (0,), pinned=NOW - 9), Node((0,), EACH)) == (1, 5, 9, 10)
    assert ends(Node((), (0,), pinned=NOW - 9), Node((), (0,), pinned=NOW - 5), Node((0, 1), (2,))) == (2, 2, 2, 10)
    assert ends(Node((), (0,), pinned=NOW + 5), Node((), EACH), Node((0, 1), (2,))) == (7, 7, 11, 10)


def test_what_is_done_has_its_day_and_what_has_begun_lasts_from_there_but_never_before_today() -> None:
    assert ends(Node((), EACH, pinned=NOW - 3)) == (-3, -3, -3, 10)
    assert ends(Node((), EACH, began=NOW - 4)) == (0, 1, 5, 10)
    assert ends(Node((), (6,)), Node((0,), EACH, began=NOW)) == (6, 6, 9, 10)


def test_days_at_an_office_are_counted_as_a_plan_counts_them() -> None:
    there = office()

    # From Monday on: Tuesday, Thursday, Friday, then the Monday and so on after the weekend.
    assert ends(Node((), EACH, calendar=there, working=True)) == (1, 8, 14, 10)
    assert ends(Node((), EACH, calendar=there)) == (1, 7, 9, 10)
    assert ends(Node((), (2,)), Node((0,), EACH, calendar=there)) == (4, 8, 14, 10)  # it begins on Thursday
    assert ends(Node((), (2,)), Node((0,), EACH, calendar=there, lasting=True)) == (3, 7, 11, 10)
    assert ends(Node((), EACH, began=NOW - 4, calendar=there)) == (0, 1, 7, 10)
    assert ends(Node((), EACH, began=NOW - 3, calendar=there, working=True)) == (0, 7, 11, 10)


def test_beyond_the_years_of_an_office_every_day_counts() -> None:
    last = (date(2026, 12, 31) - TODAY).days  # a Thursday, so that its calendar ends with the Friday before a weekend
    there = office()
    until = Node((), (last,))

    assert ends(until, Node((0,), EACH, calendar=there, working=True)) == (last + 1, last + 5, last + 9, 10)
    assert ends(until, Node((0,), EACH, calendar=there)) == (last + 1, last + 5, last + 9, 10)
    assert ends(until, Node((0,), EACH, calendar=there, lasting=True)) == (last + 1, last + 5, last + 9, 10)


def test_before_the_years_of_an_office_every_day_counts() -> None:
    there = WorkingCalendar("XX", "1", 2027, 2027, {}, frozenset({5, 6}))
    first = (date(2027, 1, 1) - TODAY).days  # a Friday
    eve = Node((), (first - 1,))

    assert ends(eve, Node((0,), EACH, calendar=there, working=True)) == (first, first + 6, first + 12, 10)
    assert ends(eve, Node((0,), EACH, calendar=there)) == (first, first + 4, first + 10, 10)
    assert ends(eve, Node((0,), EACH, calendar=there, lasting=True)) == (first, first + 4, first + 10, 10)


def test_a_window_that_is_open_ends_no_later_than_it_closes_and_is_missed_after_that() -> None:
    call, papers = Node((), (3,)), Node((), EACH)

    def visit(table: tuple[int, ...], days: int = 4) -> Node:
        return Node((0, 1), table, window=Window((0,), (1,), days))

    assert ends(call, papers, visit((2,))) == (5, 7, 11, 8)  # open from 3 to 7: papers of the days 8 and 9 miss it
    assert ends(call, papers, visit((9,))) == (7, 7, 18, 8)
    assert ends(call, Node((), (0,)), visit(EACH)) == (4, 7, 7, 10)
    gone = Node((), (0,), pinned=NOW - 6)
    assert ends(gone, Node((), (0,), pinned=NOW - 9), visit((2,))) == (2, 2, 2, 0)  # it closed two days ago
    assert ends(gone, Node((), (0,), pinned=NOW - 9), visit((2,), 6)) == (0, 0, 0, 10)
    done = Node((0, 1), (2,), pinned=NOW, window=Window((0,), (1,), 4))
    assert ends(gone, papers, done) == (0, 0, 0, 10)


def test_durations_without_a_span_are_the_typical_one_and_with_one_go_from_the_least_to_the_most() -> None:
    assert pert_table(9, 9, 9) == (9,)
    assert pert_table(0, 1, 1) == tuple(sorted(pert_table(0, 1, 1)))
    table = pert_table(0, 60, 120)
    assert (len(table), table[0], table[-1]) == (SIZE, 4, 116)
    assert [table[-1 - at] for at in range(SIZE)] == [120 - days for days in table]  # alike on both sides
    assert pert_table(0, 0, 500)[:2] == (0, 0)
    assert pert_table(0, 500, 500)[-2:] == (500, 500)


def test_draws_are_the_quantiles_of_the_beta_distribution() -> None:
    """A typical time after a quarter of the span makes it the one with the parameters 2 and 4, which can be written."""
    least, most = 100, 5220

    def below(days: int) -> float:
        x = min(max((days - least) / (most - least), 0.0), 1.0)
        return float(1 - (1 - x) ** 5 - 5 * x * (1 - x) ** 4)

    pert_table.cache_clear()
    table = pert_table(least, least + (most - least) // 4, most)

    shares = [(at + 0.5) / SIZE for at in range(SIZE)]
    assert all(below(days - 2) <= share <= below(days + 2) for days, share in zip(table, shares, strict=True))


def test_what_is_still_possible_is_drawn_as_often_as_before() -> None:
    table = (1, 2, 3, 4)

    assert [still_possible(table, days) for days in (1, 2, 3, 4, 5)] == [
        (1, 2, 3, 4), (2, 2, 3, 4), (3, 3, 4, 4), (4, 4, 4, 4), (5,)
    ]  # fmt: skip


def plan(pathway: Pathway, **changes: object) -> Schedule:
    return make_schedule(situation(target(begins_in=60), **{"calendars": {}, **changes}), pathway, Rulebook(()), "")


VISIT = way(
    step("QUEUE", duration=Duration(30, 10, 90), kind=StepKind.QUEUE),
    step("MONEY", duration=Duration(20)),
    step("VISIT", "QUEUE", "MONEY", days=3, kind=StepKind.WINDOW, hard_days=7),
    step("END", "VISIT", duration=Duration(10, None, 40)),
)


def test_a_model_holds_the_network_of_a_plan_with_its_durations_and_its_window() -> None:
    (model,) = models_of(plan(VISIT)).values()

    assert model == Model(
        NOW,
        (
            Node((), pert_table(10, 30, 90)),
            Node((), (20,)),
            Node((0, 1), (3,), window=Window((0,), (1,), 7)),
            Node((2,), pert_table(10, 10, 40)),
        ),
        3,
        ((3, NOW + 60),),
    )


def test_a_model_knows_what_was_reported_assumed_or_runs_by_itself() -> None:
    waiting = way(
        step("ASK", days=1),
        step("WAIT", "ASK", duration=Duration(30, 10, 90), kind=StepKind.WAIT),
        step("TASK", duration=Duration(20, 10, 50)),
        step("END", "WAIT", "TASK", duration=Duration(10, 5, 40)),
    )
    reports = {"ASK": Report(TODAY - timedelta(25), TODAY - timedelta(20)), "TASK": Report(TODAY - timedelta(15))}

    (model,) = models_of(plan(waiting, reports=reports, durations={"END": 12})).values()

    assert model.nodes == (
        Node((), (0,), pinned=NOW - 20),
        Node((0,), still_possible(pert_table(10, 30, 90), 20), began=NOW - 20),
        Node((), still_possible(pert_table(10, 20, 50), 15), began=NOW - 15),
        Node((1, 2), (12,)),
    )


def test_a_model_knows_the_calendars_and_the_day_from_which_one_may_apply() -> None:
    there = office()
    applying = way(
        step("BANK", days=3, counts=DayCount.WORKING, calendar=Place.HOME),
        step("WAIT", "BANK", days=3, kind=StepKind.WAIT, calendar=Place.HOME),
        step("APPLY", "WAIT", days=2, scope=StepScope.TARGET, calendar=Place.HOME),
        step("END", "APPLY", days=1),
        application_step="APPLY",
    )
    aims = target(begins_in=60, apply_by=due(40, opens=25)), target(2, 90, apply_by=due(50))
    began = {"BANK": Report(TODAY - timedelta(1))}

    made = make_schedule(situation(*aims, calendars={"home": there}, reports=began), applying, Rulebook(()), "")
    first, second = models_of(made).values()

    assert first.nodes[:4] == (
        Node((), (3,), began=NOW - 1, calendar=there, working=True),
        Node((0,), (3,), calendar=there, lasting=True),
        Node((1,), (2,), opens=NOW + 25, calendar=there),
        Node((2,), (1,)),
    )
    assert first.due == ((2, NOW + 40), (3, NOW + 60))
    assert second.due == ((2, NOW + 50), (3, NOW + 90))


def test_a_chance_is_told_with_its_days_and_with_all_that_it_takes_for_granted() -> None:
    made = plan(VISIT, durations={"VISIT": 2})

    (one,) = chances(made, upwards, 7, 10)

    calls = pert_table(10, 30, 90)
    middle = NOW + max(calls[5], 20) + 2 + pert_table(10, 10, 40)[5]
    assert one == Chance(
        target="t1",
        title="Target 1",
        samples=10,
        in_time=sum(calls[at] + 7 >= 20 for at in range(10)),  # the money is there before the window closes
        seed=7,
        early=date.fromordinal(NOW + 20 + 2 + pert_table(10, 10, 40)[1]),
        middle=date.fromordinal(middle),
        late=date.fromordinal(NOW + 20 + 2 + pert_table(10, 10, 40)[9]),
        assumptions=(
            reason("chance.spread"),
            reason("chance.independent"),
            reason("chance.no_bounds", "MONEY", step="MONEY", days=20),
            reason("chance.assumed", "VISIT", step="VISIT", days=2),
        ),
        reasons=(
            reason("risk.late_at_worst", "END", days=72, arrives_on=date.fromordinal(NOW + 90 + 2 + 40).isoformat()),
        ),
    )


def test_only_open_steps_that_may_last_and_that_the_arrival_hangs_on_are_assumed_of() -> None:
    steps = way(
        step("DONE", duration=Duration(9)),
        step("ASIDE", duration=Duration(9)),
        step("MOMENT", "DONE", duration=Duration(0)),
        step("CALL", "MOMENT", duration=Duration(0), kind=StepKind.QUEUE),
        step("LEAST", "CALL", duration=Duration(5, 2)),
        step("END", "LEAST", duration=Duration(5, 2, 9)),
    )

    (one,) = chances(plan(steps, reports={"DONE": Report(TODAY, TODAY)}), upwards, 1, 10)

    assert one.assumptions[2:] == (
        reason("chance.no_bounds", "CALL", step="CALL", days=0),
        reason("chance.no_upper_bound", "LEAST", step="LEAST", days=5),
    )


def test_a_share_has_the_error_of_its_number_of_samples() -> None:
    def told(in_time: int, samples: int) -> Chance:
        return Chance("t", "T", samples, in_time, 1, TODAY, TODAY, TODAY, ())

    assert (told(1, 4).share, told(4, 4).share, told(0, 4).share) == (0.25, 1.0, 0.0)
    assert told(2, 4).standard_error == 0.25  # the root of a half times a half over four
    assert told(0, 98).standard_error == pytest.approx(0.0100509, abs=1e-7)  # a hundredth times 99 hundredths over 98
    assert Sampled(4, 2, 1, 2, 3).in_time == 2
