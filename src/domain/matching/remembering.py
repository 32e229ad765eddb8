"""Findings that several programmes of one answer share."""

from __future__ import annotations

from collections.abc import Callable

from ..catalogue.requirement import DegreeNeeded, GradeNeeded, Leaf, TestNeeded
from ..rulebook.facts import Scope
from .asking import Apart, Asking
from .verdict import Finding


class Remembered:
    """Findings about tests, grades and degrees that were made before, for one student, one day and one rulebook.

    The same leaf gives the same finding to all whom the rules do not tell apart.
    """

    def __init__(self, apart: Apart) -> None:
        self._apart = apart
        self._known: dict[tuple[object, ...], Finding] = {}

    def finding(self, leaf: Leaf, scope: Scope, make: Callable[[], Finding]) -> Finding:
        """Return the finding on the leaf, made where there is none yet."""
        key = self._key(leaf, scope)
        if key is None:
            return make()
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = make()
        return found

    def _key(self, leaf: Leaf, scope: Scope) -> tuple[object, ...] | None:
        """Return all that the finding depends on; None for what is judged as soon as it is looked up."""
        if not isinstance(leaf, TestNeeded | GradeNeeded | DegreeNeeded):
            return None
        source = leaf.stated.source
        page = source.id, source.url, leaf.stated.confidence
        if isinstance(leaf, DegreeNeeded):
            return *page, leaf.level, leaf.fields
        asking = Asking(scope.country, scope.level, scope.institution)
        if isinstance(leaf, GradeNeeded):
            return *page, self._apart.grades.of(asking), leaf.of, leaf.scale, leaf.at_least
        parts = tuple(leaf.sections.items())
        terms = leaf.passed, leaf.valid_at, leaf.valid_months
        return *page, self._apart.tests.of(asking), leaf.code, leaf.total, parts, *terms
