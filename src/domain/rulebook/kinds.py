"""The kinds of records that a pack holds, and what names one of each kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from ..shared.dataclass import dataclass

if TYPE_CHECKING:
    from .pack import RulePack


@dataclass(frozen=True, slots=True)
class Kind:
    """One list of a pack: its name there, what people call one record of it, and how a record is named."""

    list: str
    title: str
    name_of: Callable[[Any], str]

    def of(self, pack: RulePack) -> Iterable[Any]:
        """Return the pack's records of this kind, in their order."""
        records: Iterable[Any] = getattr(pack, self.list)
        return records


_by_id, _by_code = attrgetter("id"), attrgetter("code")
KINDS = (
    Kind("facts", "fact", _by_id),
    Kind("tests", "test", _by_code),
    Kind("concordances", "concordance", _by_id),
    Kind("grade_scales", "grade scale", _by_id),
    Kind("grade_conversions", "conversion", _by_id),
    Kind("document_kinds", "document kind", _by_code),
    Kind("checklists", "checklist", _by_id),
    Kind("pathways", "pathway", _by_id),
    Kind("money_rules", "money rule", _by_id),
    Kind("intakes", "usual intake", lambda intake: f"{intake.country}/{intake.term}"),
    Kind("closures", "closure", _by_id),
)
"""Every kind there is; names are unique within a kind and a layer."""
