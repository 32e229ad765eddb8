"""Use cases that belong together are given the same ports."""

from dependency_injector import providers

from higherstudy.domain.planning.use_cases.planned import Planning
from higherstudy.entrypoints.wiring.every import use_cases_over
from higherstudy.entrypoints.wiring.memory import memory_ports


def test_everything_that_works_out_a_plan_keeps_the_same_holidays() -> None:
    ports = memory_ports()
    made = [
        provider()
        for provider in use_cases_over(ports).providers.values()
        if isinstance(provider, providers.Factory) and issubclass(provider.cls, Planning)
    ]

    assert len(made) >= 12
    assert [type(one).__name__ for one in made if one.calendars is not ports.calendars] == []
