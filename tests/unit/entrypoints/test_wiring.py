"""Use cases that belong together are given the same ports."""

from dependency_injector import providers

from higherstudy.domain.planning.use_cases.planned import Planning
from higherstudy.entrypoints.wiring.containers.every import use_cases_over
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


def test_mails_call_pathways_by_the_titles_of_the_packs_in_force() -> None:
    params = {"pathway": "de-free-movement", "pathway_before": "de-dhaka-master"}

    told = memory_ports().messages.in_language("bn").sentence("impact.pathway_changed", params)

    assert "ভিসা ছাড়া জার্মানিতে পড়াশোনা" in told
    assert "de-" not in told
