"""What the codes among a sentence's parameters are called: countries, levels, tests, papers, steps and the like."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from importlib import resources

from ...domain.rulebook.pack import Rulebook
from ...domain.shared.errors import DomainError
from .locales import ENGLISH

KINDS: Mapping[str, str] = {
    "test": "test",
    "other_test": "test",
    "scale": "scale",
    "own_scale": "scale",
    "conversion": "conversion",
    "tables": "concordance",
    "document": "paper",
    "documents": "paper",
    "step": "step",
    "steps": "step",
    "waits_for": "step",
    "pathways": "pathway",
    "pathway": "pathway",
    "pathway_before": "pathway",
    "level": "level",
    "of": "level",
    "title": "level",  # of a degree that has none of its own
    "country": "country",
    "nationality": "country",
    "held": "country",
    "any_of": "country",
    "none_of": "country",
    "fields": "field_of_study",
    "parts": "part",
    "needed": "part",
    "has": "part",
    "by": "part",
    "distance": "part",
    "term": "term",
    "deadline_kind": "deadline",
    "role": "role",
    "state": "state",
    "action": "action",
    "what": "what",
    "institution": "institution",
}
"""Of which kind a parameter's codes are; a parameter that is not here is no code."""

_QUOTED = frozenset({"scale", "conversion", "step", "pathway"})
_MOST_KEPT = 10_000
_DETAILED = 4  # digits of a detailed field of ISCED-F 2013; the first three are the narrow field that it belongs to


class Names:
    """Names in one language, those of the rulebook included where there is one."""

    def __init__(
        self,
        language: str,
        rulebook: Callable[[], Rulebook] | None = None,
        steps: Mapping[str, str] | None = None,
    ) -> None:
        self._language = language
        self._rulebook = rulebook
        self._steps = steps or {}
        self._found: dict[tuple[str, str], str] = {}
        self._found_in: Rulebook | None = None

    def own(self, thing: object, attribute: str) -> str:
        """Return the thing's text in this language where it has one (``title_bn`` beside ``title``), else the text."""
        other = "" if self._language == ENGLISH else getattr(thing, f"{attribute}_{self._language}", "")
        return str(other or getattr(thing, attribute))

    def name(self, kind: str, code: str) -> str:
        """Return what the code of the kind is called; the code itself where it has no name."""
        rules = self._rules()
        if rules is not self._found_in:  # other packs are in force since
            self._found_in, self._found = rules, {}
        found = self._found.get((kind, code))
        if found is None:
            found = self._looked_up(kind, code, rules)
            if len(self._found) < _MOST_KEPT:
                self._found[kind, code] = found
        return found

    def _rules(self) -> Rulebook | None:
        try:
            return self._rulebook() if self._rulebook else None
        except DomainError:  # packs that cannot be used are told of elsewhere; a sentence is still to be said
            return None

    def _looked_up(self, kind: str, code: str, rules: Rulebook | None) -> str:
        if kind == "part":
            return self._part(code)
        if kind == "step" and code in self._steps:
            return f'"{self._steps[code]}"'
        found = self._of_rulebook(kind, code, rules) if rules else ""
        found = found or _names(self._language).get(f"{kind}.{code}", "")
        if not found and kind == "field_of_study" and len(code) == _DETAILED:
            narrow = self._looked_up(kind, code[:-1], rules)
            return code if narrow == code[:-1] else f"{narrow} ({code})"
        return f'"{found}"' if found and kind in _QUOTED else found or code

    def _part(self, shown: str) -> str:
        """Name the test's part at the beginning, as in ``writing 6.5``, ``total +0.5``; a score alone stays."""
        part, space, score = shown.partition(" ")
        return f"{_names(self._language).get(f'part.{part}', part)}{space}{score}"

    def _of_rulebook(self, kind: str, code: str, rules: Rulebook) -> str:
        match kind:
            case "test":
                return self.own(rules.tests[code], "title") if code in rules.tests else ""
            case "scale":
                return self.own(rules.grade_scales[code], "title") if code in rules.grade_scales else ""
            case "conversion":
                return self.own(rules.grade_conversions[code], "title") if code in rules.grade_conversions else ""
            case "concordance":
                return self.own(rules.concordances[code], "publisher") if code in rules.concordances else ""
            case "paper":
                return self.own(rules.document_kinds[code], "title") if code in rules.document_kinds else ""
            case "pathway":
                return self.own(rules.pathways[code], "title") if code in rules.pathways else ""
            case "step":
                return self._step(rules, code.partition("@")[0])
            case _:
                return ""

    def _step(self, rules: Rulebook, code: str) -> str:
        """Return the step's title, unless pathways call different steps by this code."""
        found = (step for pathway in rules.pathways.values() if (step := pathway.step(code)))
        titles = {self.own(step, "title") for step in found}
        return titles.pop() if len(titles) == 1 else ""


@cache
def _names(language: str) -> dict[str, str]:
    file = resources.files(__package__).joinpath("messages", f"names.{language}.toml")
    sections = tomllib.loads(file.read_text(encoding="utf-8")).items()
    return {f"{section}.{code}": name for section, entries in sections for code, name in entries.items()}


def known_names(language: str) -> frozenset[str]:
    """Return the codes, as ``kind.code``, that the language has names of its own for."""
    return frozenset(_names(language))
