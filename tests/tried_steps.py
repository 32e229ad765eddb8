"""The changes that are tried for one student, before requirements of which each is a leaf by itself."""

from dataclasses import replace
from datetime import date
from typing import Any

from higherstudy.adapters.bundled.packs import bundled_rulebook
from higherstudy.domain.catalogue.requirement import Requirement
from higherstudy.domain.matching.asking import ANYBODY, Apart
from higherstudy.domain.matching.evidence import Days, Evidence, Serving
from higherstudy.domain.matching.step import Step
from higherstudy.domain.matching.steps import steps_of
from higherstudy.domain.matching.trees import Trees
from higherstudy.domain.matching.verdict import Standing
from higherstudy.domain.matching.whole import Whole
from higherstudy.domain.rulebook.pack import Rulebook
from study_builders import profile

ON = date(2026, 11, 23)
RULES = bundled_rulebook()
MET, PROBABLY = Standing.MET, Standing.PROBABLY_MET


def evidence(**changes: Any) -> Evidence:
    """Return what a graduate shows who has sat no test and says nothing of her budget, with papers and a case."""
    usual = Evidence(
        profile(tests=()), ON, {"cv": True}, Days(ON, date(2027, 10, 1), date(2027, 8, 1)), {"cv": Serving(0)}
    )
    return with_profile(usual, **changes)


def with_profile(one: Evidence, **changes: Any) -> Evidence:
    """Return the evidence with another profile and all else as it is."""
    return replace(one, profile=replace(one.profile, **changes))


def asking(*asked: Requirement) -> Trees:
    """Return the trees of the requirements; the leaves are numbered from 1, as they are given."""
    trees = Trees(Apart())
    for requirement in asked:
        trees.tree(requirement, ANYBODY)
    return trees


def tried(one: Evidence, *asked: Requirement, rulebook: Rulebook = RULES, trees: Trees | None = None) -> list[Step]:
    """Return all changes that are tried before the requirements, or before trees that others may have asked of."""
    return list(steps_of(Whole(trees or asking(*asked), one, rulebook)))
