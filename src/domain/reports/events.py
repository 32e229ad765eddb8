"""What happens to reports."""

from typing import ClassVar
from uuid import UUID

from ..shared.dataclass import dataclass
from ..shared.events import Event
from ..shared.ids import ReportId, StudentId


@dataclass(frozen=True, slots=True)
class ReportMade(Event):
    """A report lies ready for whoever asked for it, or could not be made: ``result`` is the state."""

    tag: ClassVar[str] = "report.made.v1"
    aggregate: ClassVar[str] = "report"
    report_id: ReportId
    result: str
    student_id: StudentId | None = None

    @property
    def aggregate_id(self) -> UUID:
        return self.report_id
