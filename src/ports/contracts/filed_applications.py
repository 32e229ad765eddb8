"""What any keeper of what files say of applications must do."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from ...domain.imports.filed import Filed
from ...domain.shared.ids import ApplicationId, ImportId, StudentId
from ..transactions import Transactions
from .samples import AT


def a_filed(**changes: object) -> Filed:
    """What the second row of a file said of an application that it began."""
    says = {"state": "submitted", "portal_reference": "U-4711 — ঢাকা"}
    columns = {"state": "State", "portal_reference": "Reference"}
    filed = Filed(ImportId(uuid4()), 2, ApplicationId(uuid4()), StudentId(uuid4()), AT, says, columns, True, 1)
    return replace(filed, **changes)  # type: ignore[arg-type]


class FiledApplicationsContract:
    """Override ``transactions``; the store need not be empty."""

    @pytest.fixture
    def transactions(self) -> Transactions:
        """Return transactions on a store."""
        raise NotImplementedError

    async def test_what_was_said_of_an_application_comes_back_the_oldest_first(
        self, transactions: Transactions
    ) -> None:
        first = a_filed()
        later = a_filed(
            application_id=first.application_id, student_id=first.student_id, at=AT + timedelta(days=1), began=False
        )
        other = a_filed(student_id=first.student_id, at=AT + timedelta(days=2))
        await _put(transactions, later, first, other, a_filed())

        async with transactions() as work:
            of_application = await work.filed_applications.of_application(first.application_id)
            of_student = await work.filed_applications.of_students([first.student_id])
            of_nobody = await work.filed_applications.of_students([])

        assert (list(of_application), list(of_student), list(of_nobody)) == ([first, later], [first, later, other], [])

    async def test_a_row_is_kept_once_as_it_was_put_last(self, transactions: Transactions) -> None:
        filed = a_filed()
        await _put(transactions, filed, replace(filed, undone=True))

        async with transactions() as work:
            found = await work.filed_applications.of_application(filed.application_id)

        assert list(found) == [replace(filed, undone=True)]

    async def test_those_of_an_import_come_by_their_rows(self, transactions: Transactions) -> None:
        import_id = ImportId(uuid4())
        rows = [a_filed(import_id=import_id, row=row) for row in (5, 2, 3)]
        await _put(transactions, *rows, a_filed())

        async with transactions() as work:
            first = await work.filed_applications.of_import(import_id, 0, 2)
            rest = await work.filed_applications.of_import(import_id, 3, 2)

        assert [one.row for one in first] == [2, 3]
        assert list(rest) == [rows[0]]


async def _put(transactions: Transactions, *filed: Filed) -> None:
    async with transactions() as work:
        for one in filed:
            await work.filed_applications.put(one)
