"""What any keeper of students' papers must do."""

import asyncio
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from ...domain.documents.document import Answer, Check, Verification
from ...domain.shared.errors import Conflict, NotFound
from ...domain.shared.ids import AccountId, DocumentId, StudentId
from ..transactions import Transactions
from .samples import AT, a_document, a_version


class DocumentsContract:
    """Override ``transactions``; the store need not be empty."""

    @pytest.fixture
    def transactions(self) -> Transactions:
        """Return transactions on a store."""
        raise NotImplementedError

    async def test_a_document_comes_back_with_all_its_versions(self, transactions: Transactions) -> None:
        document = a_document()
        document.upload(a_version(1))
        document.upload(a_version(2))

        async with transactions() as work:
            await work.documents.add(document)
        async with transactions() as work:
            found = await work.documents.get(document.id)

        assert found == document
        assert found.version == 1

    async def test_a_document_that_is_not_there_is_not_found(self, transactions: Transactions) -> None:
        async with transactions() as work:
            with pytest.raises(NotFound):
                await work.documents.get(DocumentId(uuid4()))

    async def test_a_later_version_and_what_a_check_found_are_kept(self, transactions: Transactions) -> None:
        document = a_document()
        document.upload(a_version(1))
        async with transactions() as work:
            await work.documents.add(document)

        async with transactions() as work:
            changed = await work.documents.get(document.id)
            changed.check(1, Check.REJECT, AccountId(uuid4()), "The second page is missing.")
            changed.upload(a_version(2))
            await work.documents.save(changed)
        async with transactions() as work:
            found = await work.documents.get(document.id)

        assert found == changed
        assert [version.verification for version in found.versions] == [Verification.REJECTED, Verification.PENDING]

    async def test_who_verified_first_where_two_have_to_is_kept(self, transactions: Transactions) -> None:
        document = a_document()
        document.upload(a_version(1))
        async with transactions() as work:
            await work.documents.add(document)

        async with transactions() as work:
            half = await work.documents.get(document.id)
            half.check(1, Check.VERIFY, AccountId(uuid4()), by_two=True)
            await work.documents.save(half)
        async with transactions() as work:
            found = await work.documents.get(document.id)
            assert found == half
            assert found.version_numbered(1).is_half_verified
            found.check(1, Check.VERIFY, AccountId(uuid4()), by_two=True)
            await work.documents.save(found)
        async with transactions() as work:
            whole = await work.documents.get(document.id)

        assert whole == found
        assert whole.version_numbered(1).verification is Verification.VERIFIED

    async def test_a_standing_answer_is_kept_and_taken_back(self, transactions: Transactions) -> None:
        document = a_document()
        document.give_answer(Answer.CANNOT_OBTAIN, "The archive was lost in a flood.", AT)
        async with transactions() as work:
            await work.documents.add(document)

        async with transactions() as work:
            found = await work.documents.get(document.id)
            answer = found.answer
            found.take_answer_back()
            await work.documents.save(found)
        async with transactions() as work:
            after = await work.documents.get(document.id)

        assert (answer, after.answer) == (document.answer, None)

    async def test_of_two_writers_the_second_gets_a_conflict_and_leaves_no_version(
        self, transactions: Transactions
    ) -> None:
        document = a_document()
        async with transactions() as work:
            await work.documents.add(document)
        async with transactions() as work:
            first, second = await work.documents.get(document.id), await work.documents.get(document.id)
        first.upload(a_version(1))
        second.upload(a_version(1))

        async with transactions() as work:
            await work.documents.save(first)
        with pytest.raises(Conflict):
            async with transactions() as work:
                await work.documents.save(second)
        async with transactions() as work:
            found = await work.documents.get(document.id)

        assert found.versions == first.versions

    async def test_a_student_has_her_own_documents_in_the_order_of_their_ids(self, transactions: Transactions) -> None:
        student = StudentId(uuid4())
        own = [a_document(student) for _ in range(3)]
        async with transactions() as work:
            for document in (*own, a_document()):
                await work.documents.add(document)

        async with transactions() as work:
            found = await work.documents.of_student(student)

        assert list(found) == sorted(own, key=lambda document: document.id)

    async def test_pages_of_documents_follow_one_another_without_gap_or_double(
        self, transactions: Transactions
    ) -> None:
        student = StudentId(uuid4())
        own = sorted((a_document(student) for _ in range(5)), key=lambda document: document.id)
        async with transactions() as work:
            for document in (*reversed(own), a_document()):
                await work.documents.add(document)

        async with transactions() as work:
            first = await work.documents.of_student(student, None, 2)
            second = await work.documents.of_student(student, first[-1].id, 2)
            third = await work.documents.of_student(student, second[-1].id, 2)
            fourth = await work.documents.of_student(student, third[-1].id, 2)

        assert [*first, *second, *third] == own
        assert list(fourth) == []

    async def test_a_students_documents_are_counted(self, transactions: Transactions) -> None:
        student = StudentId(uuid4())
        async with transactions() as work:
            for document in (a_document(student), a_document(student), a_document()):
                await work.documents.add(document)

        async with transactions() as work:
            counts = [await work.documents.count_of(one) for one in (student, StudentId(uuid4()))]

        assert counts == [2, 0]

    async def test_a_limit_holds_for_many_at_once(self, transactions: Transactions) -> None:
        student = StudentId(uuid4())

        async def add_unless_there_are_three() -> None:
            async with transactions() as work:
                if await work.documents.count_of(student) < 3:
                    await work.documents.add(a_document(student))

        await asyncio.gather(*(add_unless_there_are_three() for _ in range(8)))

        async with transactions() as work:
            assert await work.documents.count_of(student) == 3

    async def test_content_that_no_version_has_is_unused(self, transactions: Transactions) -> None:
        shared, old, unknown = (uuid4().hex * 2 for _ in range(3))
        one, other = a_document(), a_document()
        one.upload(a_version(1, old))
        one.upload(a_version(2, shared))
        other.upload(a_version(1, shared))

        async with transactions() as work:
            await work.documents.add(one)
            await work.documents.add(other)
        async with transactions() as work:
            unused = await work.documents.unused([shared, old, unknown])

        assert unused == {unknown}

    async def test_content_counts_under_the_name_under_which_it_is_kept(self, transactions: Transactions) -> None:
        plain, sealed, sealed_as = (uuid4().hex * 2 for _ in range(3))
        document = a_document()
        document.upload(a_version(1, plain))
        document.upload(replace(a_version(2, sealed), sealed_as=sealed_as))
        async with transactions() as work:
            await work.documents.add(document)

        async with transactions() as work:
            unused = await work.documents.unused([plain, sealed, sealed_as])
            found = await work.documents.get(document.id)

        assert unused == {sealed}
        assert [version.sealed_as for version in found.versions] == ["", sealed_as]

    async def test_papers_with_a_version_that_is_not_sealed_come_in_order_until_it_is(
        self, transactions: Transactions
    ) -> None:
        plain, half, sealed = sorted((a_document() for _ in range(3)), key=lambda document: document.id)
        plain.upload(a_version(1))
        half.upload(replace(a_version(1), sealed_as=uuid4().hex * 2))
        half.upload(a_version(2))
        sealed.upload(replace(a_version(1), sealed_as=uuid4().hex * 2))
        async with transactions() as work:
            for document in (plain, half, sealed, a_document()):
                await work.documents.add(document)
        ours = {plain.id, half.id, sealed.id}

        async with transactions() as work:
            before = [one.id for one in await work.documents.unsealed(None, 10_000) if one.id in ours]
            [next_one] = await work.documents.unsealed(DocumentId(UUID(int=half.id.int - 1)), 1)
            half.seal(2, uuid4().hex * 2)
            await work.documents.save(half)
        async with transactions() as work:
            after = [one.id for one in await work.documents.unsealed(None, 10_000) if one.id in ours]
            found = await work.documents.get(half.id)

        assert (before, after) == ([plain.id, half.id], [plain.id])
        assert next_one.id == found.id == half.id
        assert found == half

    async def test_the_papers_of_several_students_come_together(self, transactions: Transactions) -> None:
        papers = sorted((a_document(), a_document()), key=lambda document: document.id)
        papers[0].upload(a_version(1))
        async with transactions() as work:
            for document in (*papers, a_document()):
                await work.documents.add(document)

        async with transactions() as work:
            found = await work.documents.of_students([document.student_id for document in papers])

        assert list(found) == papers
