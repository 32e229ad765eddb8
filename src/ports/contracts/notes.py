"""What any keeper of notes must do."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from ...domain.counselling.note import Note
from ...domain.shared.errors import Conflict, NotFound
from ...domain.shared.ids import AccountId, NoteId, StudentId
from ..transactions import Transactions
from .samples import AT


def a_note() -> Note:
    """Return a note about somebody."""
    return Note(NoteId(uuid4()), StudentId(uuid4()), AccountId(uuid4()), AT, "She called: ট্রান্সক্রিপ্ট is late.")


class NotesContract:
    """Override ``transactions``; the store need not be empty."""

    @pytest.fixture
    def transactions(self) -> Transactions:
        """Return transactions on a store."""
        raise NotImplementedError

    async def test_notes_come_back_as_they_were_given_the_newest_first(self, transactions: Transactions) -> None:
        first = a_note()
        later = replace(first, id=NoteId(uuid4()), at=AT + timedelta(hours=1), text="No.", corrects=first.id)

        async with transactions() as work:
            await work.notes.add(first)
            await work.notes.add(later)
        async with transactions() as work:
            assert await work.notes.of_student(first.student_id) == [later, first]
            assert await work.notes.get(later.id) == later

    async def test_notes_about_others_are_left_out(self, transactions: Transactions) -> None:
        mine, other = a_note(), a_note()

        async with transactions() as work:
            await work.notes.add(mine)
            await work.notes.add(other)
        async with transactions() as work:
            assert await work.notes.of_student(mine.student_id) == [mine]
            assert await work.notes.of_student(StudentId(uuid4())) == []

    async def test_a_note_that_is_not_there_is_not_found(self, transactions: Transactions) -> None:
        async with transactions() as work:
            with pytest.raises(NotFound):
                await work.notes.get(NoteId(uuid4()))

    async def test_an_id_is_given_once(self, transactions: Transactions) -> None:
        given = a_note()
        async with transactions() as work:
            await work.notes.add(given)

        async def again() -> None:
            async with transactions() as work:
                await work.notes.add(replace(given, text="Another."))

        with pytest.raises(Conflict):
            await again()
