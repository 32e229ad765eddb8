"""Findings that several programmes of one answer share."""

from __future__ import annotations

from collections.abc import Callable

from ..catalogue.requirement import DegreeNeeded, GradeNeeded, Leaf, TestNeeded
from ..rulebook.facts import Scope
from .asking import ANYBODY, Apart, Asking
from .leaf import on_page
from .verdict import Finding


class Remembered:
    """Findings about tests, grades and degrees that were made before, for one student, one day and one rulebook.

    A leaf that asks for the same gives the same finding to all whom the rules do not tell apart, but for the page it
    stands on. What is said of the records that a verdict leans on is made once, too.
    """

    def __init__(self, apart: Apart) -> None:
        self._apart = apart
        self._known: dict[tuple[object, ...], Finding] = {}
        self._scope: Scope | None = None
        self._askers = ANYBODY, ANYBODY
        self._warnings: dict[tuple[str, ...], tuple[str, ...]] = {}

    def finding(self, leaf: Leaf, scope: Scope, make: Callable[[], Finding]) -> Finding:
        """Return the finding on the leaf, made where there is none yet."""
        key = self._key(leaf, scope)
        if key is None:
            return make()
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = make()
        return on_page(found, leaf.stated.source)

    def warnings(self, names: tuple[str, ...], make: Callable[[], tuple[str, ...]]) -> tuple[str, ...]:
        """Return what is to be said of the records of these names, made where nobody has asked yet."""
        found = self._warnings.get(names)
        if found is None:
            found = self._warnings[names] = make()
        return found

    def _key(self, leaf: Leaf, scope: Scope) -> tuple[object, ...] | None:
        """Return all but the page that the finding depends on; None for what is judged as soon as it is looked up."""
        if not isinstance(leaf, TestNeeded | GradeNeeded | DegreeNeeded):
            return None
        trusted = leaf.stated.confidence
        if isinstance(leaf, DegreeNeeded):
            return trusted, leaf.level, leaf.fields
        if scope is not self._scope:  # the leaves of one programme share theirs
            asking = Asking(scope.country, scope.level, scope.institution)
            self._scope, self._askers = scope, (self._apart.grades.of(asking), self._apart.tests.of(asking))
        if isinstance(leaf, GradeNeeded):
            return trusted, self._askers[0], leaf.of, leaf.scale, leaf.at_least
        parts = tuple(leaf.sections.items())
        terms = leaf.passed, leaf.valid_at, leaf.valid_months
        return trusted, self._askers[1], leaf.code, leaf.total, parts, *terms
