"""Where it is kept which reports there are, and how far each is."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from ..domain.reports.report import Report
from ..domain.shared.ids import AccountId, ReportId, StudentId


class Reports(Protocol):
    """All reports that were asked for. Their files are where files are kept."""

    async def add(self, report: Report) -> None:
        """Keep a new report at version 1; raise Conflict where the id is taken."""
        ...

    async def save(self, report: Report) -> None:
        """Keep the changed report and count its version up; raise Conflict when another writer was first."""
        ...

    async def get(self, report_id: ReportId) -> Report:
        """Return the report; raise NotFound where there is none."""
        ...

    async def of_account(self, account_id: AccountId, limit: int) -> Sequence[Report]:
        """Return at most so many that the account has asked for, the newest first; of one moment, by falling id."""
        ...

    async def of_student(self, student_id: StudentId) -> Sequence[Report]:
        """Return the reports about the student, whoever asked, in the same order."""
        ...

    async def over(self, now: datetime, limit: int) -> Sequence[Report]:
        """Return at most so many whose file is to go: its time is over, or the report was withdrawn; by rising id."""
        ...

    async def unused(self, hashes: Sequence[str]) -> frozenset[str]:
        """Return those of the hashes that are of no report's file."""
        ...
