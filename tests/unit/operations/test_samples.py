"""Sentences about the rules in force: what breaks one is named."""

from collections.abc import Callable
from copy import copy
from dataclasses import replace

import pytest
from worlds import World

from higherstudy.adapters.bundled.packs import BundledRulePacks
from higherstudy.domain.operations.use_cases.samples import Samples
from higherstudy.domain.rulebook.pack import Rulebook
from higherstudy.domain.rulebook.pathways import Pathway
from higherstudy.ports.rule_packs import RulePacks

PATHWAYS = "pathway_leads_somewhere"


class OtherPacks(BundledRulePacks):
    """The bundled packs, past the checks of whoever reads them: with one pathway in another's place."""

    def __init__(self, broken: Pathway) -> None:
        self.broken = broken

    def rulebook(self) -> Rulebook:
        found = copy(super().rulebook())
        object.__setattr__(found, "pathways", {**found.pathways, self.broken.id: self.broken})
        return found


def samples(packs: RulePacks) -> Samples:
    world = World()
    return Samples(world.transactions, world.files, world.vault, packs)


async def test_every_pathway_that_is_shipped_leads_somewhere() -> None:
    packs = BundledRulePacks()

    found, reached = await samples(packs).by_invariant()[PATHWAYS]("", ())

    assert (found.looked_at, found.count, found.rows, reached) == (len(packs.rulebook().pathways), 0, (), "")
    assert found.looked_at > 1


def a_circle(pathway: Pathway) -> Pathway:
    first, *others = pathway.steps
    behind = next(one for one in others if first.code in one.after)
    return replace(pathway, steps=(replace(first, after=(behind.code,)), *others))


def a_loose_step(pathway: Pathway) -> Pathway:
    steps = [replace(one, after=()) if one.code == pathway.arrival_step else one for one in pathway.steps]
    return replace(pathway, steps=tuple(steps))


def a_step_that_is_none(pathway: Pathway) -> Pathway:
    return replace(pathway, application_step="NONE")


@pytest.mark.parametrize("breaking", [a_circle, a_loose_step, a_step_that_is_none])
async def test_exactly_the_pathway_that_was_broken_is_named(breaking: Callable[[Pathway], Pathway]) -> None:
    pathways = BundledRulePacks().rulebook().pathways
    name = next(iter(pathways))

    found, _ = await samples(OtherPacks(breaking(pathways[name]))).by_invariant()[PATHWAYS]("", ())

    assert (found.rows, found.count, found.looked_at) == ((name,), 1, len(pathways))
