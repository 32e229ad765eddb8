"""What follows from events: nothing of it is lost where tables are put together."""

from higherstudy.domain.imports.events import CatalogueImported, CatalogueReverted, ProgrammeChanged
from higherstudy.domain.notifications.use_cases.occasions import OCCASIONS
from higherstudy.domain.planning.events import DurationsAssumed, PlanMade, StepReported, TargetsChanged
from higherstudy.entrypoints.jobs.schedules import SCHEDULES
from higherstudy.entrypoints.processes.running_jobs import duties
from higherstudy.entrypoints.wiring.containers.every import use_cases_over
from higherstudy.entrypoints.wiring.memory import memory_ports

KNOWN = duties(use_cases_over(memory_ports()))


def test_people_are_told_of_every_occasion_for_which_there_are_words() -> None:
    assert [kind.tag for kind in OCCASIONS if not KNOWN.reactions.get(kind.tag)] == []


def test_plans_are_looked_through_after_each_change_of_theirs() -> None:
    for kind in (StepReported, PlanMade, TargetsChanged, DurationsAssumed):
        assert "look_through" in KNOWN.reactions[kind.tag]


def test_whose_plans_aim_at_a_programme_is_found_out_after_each_import_and_told() -> None:
    assert "follow_catalogue" in KNOWN.reactions[CatalogueImported.tag]
    assert "follow_catalogue" in KNOWN.reactions[CatalogueReverted.tag]
    assert "tell_changed_programme" in KNOWN.reactions[ProgrammeChanged.tag]


def test_whatever_is_scheduled_is_known_to_workers() -> None:
    assert sorted(SCHEDULES.keys() - KNOWN.tasks.keys()) == []
