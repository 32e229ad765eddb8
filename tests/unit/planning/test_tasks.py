"""Steps that do not apply to everybody, laid out over several targets."""

from datetime import date
from uuid import UUID

import pytest

from higherstudy.domain.planning.scheduling import make_schedule
from higherstudy.domain.planning.situation import Situation
from higherstudy.domain.planning.target import Target, TargetRef
from higherstudy.domain.planning.tasks import lay_out
from higherstudy.domain.rulebook.conditions import Circumstance, Is
from higherstudy.domain.rulebook.pack import Rulebook
from higherstudy.domain.rulebook.pathways import Duration, Pathway, StepDefinition, StepKind, StepScope
from higherstudy.domain.shared.ids import ProgrammeId
from higherstudy.domain.shared.sources import Confidence
from study_builders import PAGE

TODAY = date(2026, 11, 23)
IF_PRIVATE = Is("university_sector", ("private",))


def step(code: str, *after: str, scope: StepScope = StepScope.SHARED, only_if: Is | None = None) -> StepDefinition:
    return StepDefinition(
        code, code, after, scope, StepKind.TASK, "student", Duration(3), PAGE, Confidence.HIGH, only_if=only_if
    )


def way(*steps: StepDefinition) -> Pathway:
    return Pathway("way", "Way", "DE", "", (), "master", "APPLY", "APPLY", "END", "END", "", steps)


def target(number: int, starts_on: date, **circumstances: Circumstance) -> Target:
    ref = TargetRef(ProgrammeId(UUID(int=number)), "winter", starts_on)
    return Target(f"t{number}", ref, f"Target {number}", "DE", "master", starts_on, None, (), circumstances)


PUBLIC = target(1, date(2027, 4, 1), university_sector="public")
PRIVATE = target(2, date(2027, 10, 1), university_sector="private")
PATHWAY = way(
    step("LOAN", only_if=IF_PRIVATE),
    step("APPLY", "LOAN", scope=StepScope.TARGET),
    step("END", "APPLY"),
)


@pytest.mark.parametrize(("lead", "loan"), [(PUBLIC, False), (PRIVATE, True)])
def test_whether_a_shared_step_is_there_follows_the_lead_for_all_targets(lead: Target, loan: bool) -> None:
    tasks = {task.key: task.after for task in lay_out(PATHWAY, (PUBLIC, PRIVATE), lead, {})}

    assert ("LOAN" in tasks) is loan
    assert tasks["APPLY@t1"] == tasks["APPLY@t2"] == (("LOAN",) if loan else ())


def test_a_step_that_only_another_target_needs_stops_no_plan() -> None:
    plan = make_schedule(Situation(TODAY, (PUBLIC, PRIVATE), {}, {}, {}, {}), PATHWAY, Rulebook(()), "")

    assert plan.lead == PUBLIC
    assert [outlook.target.key for outlook in plan.outlooks] == ["t1", "t2"]


def test_whatever_waited_for_steps_left_out_waits_for_what_those_waited_for() -> None:
    layers = 40
    steps = [step("BEGIN")]
    for layer in range(layers):
        before = [f"{side}{layer - 1}" for side in "LR"] if layer else ["BEGIN"]
        steps += [step(f"{side}{layer}", *before, only_if=IF_PRIVATE) for side in "LR"]
    last = (f"L{layers - 1}", f"R{layers - 1}")
    pathway = way(*steps, step("APPLY", *last, scope=StepScope.TARGET), step("END", "APPLY"))

    tasks = {task.key: task.after for task in lay_out(pathway, (PUBLIC,), PUBLIC, {})}

    assert tasks == {"BEGIN": (), "APPLY@t1": ("BEGIN",), "END": ("APPLY@t1",)}
