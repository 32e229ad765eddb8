"""A student's applications at a glance, straight from what is kept."""

from __future__ import annotations

from collections.abc import Sequence

from ....ports.reading import ApplicationList, ApplicationRow
from ....ports.transactions import Transactions
from ...identity.account import Asker
from ...identity.policies import admitted
from ...identity.scopes import Doing
from ...identity.use_cases.admitting import admit
from ...shared.dataclass import dataclass
from ...shared.ids import ApplicationId, StudentId


@dataclass(frozen=True, slots=True)
class ApplicationPage:
    """Some applications; ``next`` is what to ask after for more, None at the end."""

    items: Sequence[ApplicationRow]
    next: ApplicationId | None


@dataclass(frozen=True)
class ListApplications:
    """Show a student's applications, a page at a time."""

    applications: ApplicationList
    transactions: Transactions

    async def __call__(
        self, asker: Asker, student_id: StudentId, after: ApplicationId | None = None, limit: int = 50
    ) -> ApplicationPage:
        """Return the page of at most ``limit`` (1 to 100) applications after the given one."""
        if admitted(asker, student_id, Doing.SEE_APPLICATIONS) is not None:  # a use to be noted
            async with self.transactions(asker.origin) as work:
                admit(work, asker, student_id, Doing.SEE_APPLICATIONS)
        size = max(1, min(limit, 100))
        found = await self.applications.of_student(student_id, after, size + 1)
        return ApplicationPage(found[:size], ApplicationId(found[size - 1].id) if len(found) > size else None)
