"""The chance to arrive in time: the model says what the schedule says, and the draws follow the three times."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from higherstudy.adapters.numpy.drawing import simulate
from higherstudy.domain.planning.chance import Chance, chances, models_of
from higherstudy.domain.planning.durations import SIZE, pert_table, still_possible
from higherstudy.domain.planning.sampling import sample
from higherstudy.domain.planning.schedule import Outcome, Report, Schedule
from higherstudy.domain.planning.scheduling import make_schedule
from higherstudy.domain.planning.situation import Situation
from higherstudy.domain.rulebook.pack import Rulebook
from higherstudy.domain.rulebook.pathways import Duration, Pathway, Place, StepKind
from laws import cases
from networks import TODAY, office_ways, situation, step, target, way

NO_RULES = Rulebook(())


def source(seed: int = 1) -> Random:
    return Random(seed)


@st.composite
def reported(draw: st.DrawFn) -> tuple[Pathway, Situation]:
    """Return a network with a queue and its window somewhere in it, and reports on what stands first."""
    pathway = draw(office_ways())
    first = step("CALL", days=draw(st.integers(0, 60)), kind=StepKind.QUEUE)
    window = step("WINDOW", "CALL", "S0", days=7, kind=StepKind.WINDOW, hard_days=7)
    *rest, last = pathway.steps
    steps = (first, *rest, window, replace(last, after=(*last.after, "WINDOW")))
    reports: dict[str, Report] = {}
    for one in steps:
        if not all(before in reports and reports[before].finished_on for before in one.after) or not draw(
            st.booleans()
        ):
            continue
        begun = TODAY - timedelta(days=draw(st.integers(0, 90)))
        ended = begun + timedelta(days=draw(st.integers(0, (TODAY - begun).days))) if draw(st.booleans()) else None
        reports[one.code] = Report(begun, ended)
    begins = draw(st.integers(0, 400))
    return way(*steps), situation(target(begins_in=begins), reports=reports)


def made(pathway: Pathway, found: Situation) -> Schedule:
    return make_schedule(found, pathway, NO_RULES, "")


@cases(150)
@given(reported())
def test_without_bounds_every_sample_is_the_schedule(found: tuple[Pathway, Situation]) -> None:
    plan = made(*found)
    (model,) = models_of(plan).values()

    sampled, in_arrays = sample(model, 3, source().randbytes), simulate(model, 3, 1)

    assert sampled == in_arrays
    assert date.fromordinal(sampled.middle) == plan.outlook.arrives_on
    missed = any(reason.code.endswith("window_missed") for reason in plan.outlook.reasons)
    assert (sampled.in_time == 3) is (plan.outlook.outcome is not Outcome.LATE and not missed)


@cases(150)
@given(reported(), st.integers(0, 40))
def test_the_worst_days_are_those_of_a_plan_in_which_everything_lasts_longest(
    found: tuple[Pathway, Situation], more: int
) -> None:
    pathway, there = found
    longer = {one.code: one.duration.typical + more for one in pathway.steps}
    bounded = replace(
        pathway,
        steps=tuple(
            replace(one, duration=Duration(one.duration.typical, 0, longer[one.code])) for one in pathway.steps
        ),
    )

    typical, worst = made(bounded, there), made(bounded, replace(there, durations=longer))

    late = [r.params["arrives_on"] for r in typical.outlook.reasons if r.code == "risk.late_at_worst"]
    if typical.outlook.outcome is not Outcome.LATE:
        assert late == ([worst.outlook.arrives_on.isoformat()] if worst.outlook.slack < 0 else [])


@cases(80)
@given(office_ways(), st.integers(1, 3), st.integers(0, 300), st.integers(1, 60), st.integers(0, 2**16))
def test_the_chance_falls_as_the_slack_falls(pathway: Pathway, spread: int, begins: int, less: int, seed: int) -> None:
    wide = tuple(
        replace(one, duration=Duration(one.duration.typical, one.duration.typical // 2, one.duration.typical * spread))
        for one in pathway.steps
    )
    there = replace(pathway, steps=wide)
    roomy, tight = (made(there, situation(target(begins_in=days))) for days in (begins + less, begins))

    (much,), (little,) = (chances(plan, source(seed).randbytes, seed, 128) for plan in (roomy, tight))

    assert roomy.outlook.slack == tight.outlook.slack + less
    assert much.in_time >= little.in_time
    assert (much.early, much.middle, much.late) == (little.early, little.middle, little.late)


@pytest.mark.parametrize(("least", "typical", "most"), [(0, 10, 60), (10, 40, 50), (5, 20, 35), (7, 7, 60)])
def test_draws_have_the_bounds_and_the_mean_of_pert(least: int, typical: int, most: int) -> None:
    table = pert_table(least, typical, most)

    assert len(table) == SIZE
    assert list(table) == sorted(table)
    assert least <= table[0] <= table[-1] <= most
    assert fmean(table) == pytest.approx((least + 4 * typical + most) / 6, abs=0.25)


def test_draws_agree_with_the_beta_distribution_of_the_standard_library() -> None:
    draw, (least, typical, most) = Random(3), (10, 30, 90)
    mode = (typical - least) / (most - least)
    drawn = sorted(
        least + round((most - least) * draw.betavariate(1 + 4 * mode, 1 + 4 * (1 - mode))) for _ in range(20_000)
    )
    table = pert_table(least, typical, most)

    for part in (0.05, 0.25, 0.5, 0.75, 0.95):
        assert abs(table[int(part * SIZE)] - drawn[int(part * len(drawn))]) <= 1


def test_what_has_lasted_already_is_drawn_from_what_is_still_possible() -> None:
    table = pert_table(10, 30, 90)

    assert still_possible(table, 5) is table
    assert min(still_possible(table, 50)) >= 50
    assert len(still_possible(table, 50)) == SIZE
    assert still_possible(table, 95) == (95,)


def chance(pathway: Pathway, begins_in: int, **changes: object) -> Chance:
    (one,) = chances(made(pathway, situation(target(begins_in=begins_in), **changes)), source().randbytes, 1, 2000)
    return one


BOUNDED = way(
    step("WAIT", duration=Duration(60, 20, 150), kind=StepKind.WAIT, calendar=Place.TARGET),
    step("END", "WAIT", duration=Duration(10, 5, 30)),
)


def test_more_time_never_makes_it_less_likely() -> None:
    shares = [chance(BOUNDED, days).share for days in (20, 60, 90, 120, 200)]

    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)


def test_a_share_of_nothing_or_all_is_not_told_as_certain() -> None:
    assert chance(BOUNDED, 1000).standard_error > 0


def test_assumptions_name_what_has_no_bounds_and_what_she_assumed() -> None:
    pathway = way(
        step("QUEUE", duration=Duration(570, 570), kind=StepKind.QUEUE),
        step("TASK", days=9),
        step("END", "QUEUE", "TASK", duration=Duration(10, 5, 30)),
        step("AFTER", "END", days=9),
    )
    pathway = replace(pathway, arrival_step="END", decision_step="END")

    said = chance(pathway, 700, durations={"END": 12}).assumptions

    params: Mapping[str, object] = {reason.where: reason.params.get("days") for reason in said}
    assert [(reason.code, reason.where) for reason in said] == [
        ("chance.spread", ""),
        ("chance.independent", ""),
        ("chance.no_upper_bound", "QUEUE"),
        ("chance.no_bounds", "TASK"),
        ("chance.assumed", "END"),
    ]
    assert params["QUEUE"] == 570
