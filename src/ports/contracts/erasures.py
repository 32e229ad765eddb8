"""What any store must do that makes a shell of a student's record."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from ...domain.audit.deed import Deed
from ...domain.audit.query import Query
from ...domain.identity.account import Account
from ...domain.identity.confirmation import Confirmation, Purpose
from ...domain.imports.given import KeptRow
from ...domain.matching.override import TakenBack
from ...domain.profile.profile import Profile
from ...domain.profile.student import Student
from ...domain.rights.consent import Consent, Said
from ...domain.rights.erasure import Erasure, is_shell
from ...domain.shared.errors import Conflict, NotFound
from ...domain.shared.events import Origin
from ...domain.shared.ids import AccountId, ConfirmationId, ConsentId, ErasureId, ImportId, StudentId
from ..answers import RequestKey, StoredAnswer
from ..erasures import Objects
from ..transactions import Transactions, UnitOfWork
from .filed_applications import a_filed
from .record_offers import an_offer
from .samples import (
    AT,
    a_document,
    a_full_profile,
    a_hold,
    a_plan,
    a_session,
    a_version,
    an_account,
    an_application,
    an_erasure,
    an_export,
    an_override,
    an_upload,
)


class ErasuresContract:
    """Override ``transactions``; the store need not be empty, but no erasure in it was due before the year 1990."""

    @pytest.fixture
    def transactions(self) -> Transactions:
        """Return transactions on a store."""
        raise NotImplementedError

    async def test_an_erasure_comes_back_as_it_was_kept(self, transactions: Transactions) -> None:
        given = an_erasure()
        async with transactions() as work:
            await work.erasures.add(given)
        given.postpone(AT + timedelta(days=30))
        given.cancel(AT + timedelta(days=1))
        async with transactions() as work:
            await work.erasures.save(given)

        async with transactions() as work:
            found = await work.erasures.get(given.id)

        assert (found, found.version) == (given, 2)

    async def test_an_erasure_that_is_not_there_is_not_found(self, transactions: Transactions) -> None:
        async with transactions() as work:
            with pytest.raises(NotFound):
                await work.erasures.get(ErasureId(uuid4()))

    async def test_of_two_who_change_one_the_second_is_told(self, transactions: Transactions) -> None:
        given = an_erasure()
        async with transactions() as work:
            await work.erasures.add(given)
        async with transactions() as work:
            first, second = [await work.erasures.get(given.id) for _ in range(2)]
            await work.erasures.save(first)

        with pytest.raises(Conflict):
            async with transactions() as work:
                await work.erasures.save(second)

    async def test_a_student_has_one_that_waits_and_any_number_that_were_cancelled(
        self, transactions: Transactions
    ) -> None:
        student_id = StudentId(uuid4())
        cancelled, waiting = an_erasure(student_id), an_erasure(student_id)
        waiting.asked_at = AT + timedelta(days=1)
        cancelled.cancel(AT)
        async with transactions() as work:
            for one in (cancelled, waiting, an_erasure()):
                await work.erasures.add(one)

        with pytest.raises(Conflict):
            async with transactions() as work:
                await work.erasures.add(an_erasure(student_id))
        async with transactions() as work:
            assert [one.id for one in await work.erasures.of_student(student_id)] == [waiting.id, cancelled.id]

    async def test_those_that_should_have_been_done_are_found_the_oldest_first(
        self, transactions: Transactions
    ) -> None:
        long_ago = AT.replace(year=1980)
        waiting, begun, cancelled, done = [an_erasure() for _ in range(4)]
        for days, one in enumerate((begun, waiting, cancelled, done)):
            one.due_at = long_ago + timedelta(days=days)
        cancelled.cancel(AT)
        for one in (begun, done):
            one.begin(AT)
        done.finish(AT)
        async with transactions() as work:
            for one in (waiting, begun, cancelled, done):
                await work.erasures.add(one)

        async with transactions() as work:
            both = await work.erasures.unfinished(long_ago + timedelta(days=10), 10)
            first = await work.erasures.unfinished(long_ago + timedelta(days=1), 10)
            for one in (waiting, begun):
                one.due_at = AT
                await work.erasures.save(one)

        assert [one.id for one in both] == [begun.id, waiting.id]
        assert [one.id for one in first] == [begun.id]

    async def test_the_fence_stands_from_the_beginning_of_an_erasure_on(self, transactions: Transactions) -> None:
        erasure = an_erasure()
        fenced = []
        for change in (lambda: None, lambda: erasure.begin(AT), lambda: erasure.finish(AT)):
            change()
            async with transactions() as work:
                await (work.erasures.save(erasure) if erasure.version else work.erasures.add(erasure))
                fenced.append(await work.erasures.is_fenced(erasure.student_id))

        assert fenced == [False, True, True]

    async def test_nobody_is_made_a_shell_whose_erasure_has_not_begun(self, transactions: Transactions) -> None:
        account = await _a_person(transactions)

        with pytest.raises(Conflict):
            async with transactions() as work:
                await work.erasures.wipe(_record(account))
        async with transactions() as work:
            await work.erasures.add(an_erasure(_record(account)))
        with pytest.raises(Conflict):
            async with transactions() as work:
                await work.erasures.wipe(_record(account))

    async def test_a_shell_is_left_of_a_record_and_others_stay_as_they_are(self, transactions: Transactions) -> None:
        account, another = await _a_person(transactions), await _a_person(transactions)
        begun = await _begun(transactions, account)

        for _ in range(2):  # again changes nothing more
            async with transactions() as work:
                await work.erasures.wipe(_record(account))

        async with transactions() as work:
            shell, student = await work.accounts.get(account.id), await work.students.get(_record(account))
            assert is_shell(shell.email)
            assert (shell.password_hash, shell.roles, shell.email_confirmed_at) == ("", frozenset(), None)
            assert (shell.student_id, student.profile) == (account.student_id, Profile())
            assert await work.accounts.find_by_email(account.email) is None
            assert (await work.erasures.get(begun.id)).reason == ""
            assert [hold.reason for hold in await work.holds.of_student(_record(account))] == [""]
            assert await _everything(work, account) == [0] * 9
            assert await _everything(work, another) == [1] * 9
            assert (await work.accounts.get(another.id)).email == another.email
            whole = await work.erasures.whole([_record(account), _record(another), StudentId(uuid4())])
        assert list(whole) == [_record(another)]

    async def test_answers_that_name_her_are_gone_also_those_to_who_was_not_signed_in(
        self, transactions: Transactions
    ) -> None:
        account, key = await _a_person(transactions), RequestKey(None, "POST /v1/x", str(uuid4()))
        async with transactions() as work:
            await work.answers.claim(key, b"same")
            await work.answers.keep(key, StoredAnswer(201, {}, f'{{"email":"{account.email}"}}'.encode()))
        await _begun(transactions, account)

        async with transactions() as work:
            await work.erasures.wipe(_record(account))

        async with transactions() as work:
            assert await work.answers.claim(key, b"other") is None

    async def test_what_files_of_others_say_of_her_is_gone_and_what_they_say_of_others_stays(
        self, transactions: Transactions
    ) -> None:
        account, another, run = await _a_person(transactions), await _a_person(transactions), ImportId(uuid4())
        async with transactions() as work:
            for number, one in enumerate((account, another)):
                record, answered = _record(one), an_offer(import_id=run, row=10 + number)
                answered.accept(record, Profile(), frozenset({"name"}), AT)
                for offer in (an_offer(import_id=run, row=number, email=one.email), answered):
                    await work.record_offers.add(offer)
                await work.filed_applications.put(a_filed(import_id=run, row=number, student_id=record))
                about = (one.email, str(record))
                rows = [KeptRow(run, 10 * place + number, (word,), word, AT) for place, word in enumerate(about)]
                await work.imports.add_rows(rows)
        await _begun(transactions, account)

        async with transactions() as work:
            await work.erasures.wipe(_record(account))

        async with transactions() as work:
            left = await work.imports.rows(run, -1, 10)
            offers = await work.record_offers.of_import(run, -1, 10)
            filed = await work.filed_applications.of_import(run, -1, 10)
        assert [row.about for row in left] == [another.email, str(_record(another))]
        assert [(one.row, one.email == another.email) for one in offers] == [(1, True), (11, False)]
        assert [one.student_id for one in filed] == [_record(another)]

    async def test_what_her_helpers_were_answered_about_her_is_gone_and_the_rest_is_kept(
        self, transactions: Transactions
    ) -> None:
        account, helper = await _a_person(transactions), await _a_person(transactions)
        async with transactions() as work:
            [document] = await work.documents.of_student(_record(account))
        about_her, about_himself = (RequestKey(helper.id, "POST /v1/x", str(uuid4())) for _ in range(2))
        async with transactions(Origin(helper.id)) as work:
            work.note(Deed("paper.added", "grant", uuid4(), _record(account)))
            for key, named in ((about_her, document.id), (about_himself, helper.id)):
                await work.answers.claim(key, b"same")
                await work.answers.keep(key, StoredAnswer(201, {}, f'{{"id":"{named}"}}'.encode()))
        await _begun(transactions, account)

        async with transactions() as work:
            await work.erasures.wipe(_record(account))

        async with transactions() as work:
            assert await work.answers.claim(about_her, b"other") is None
            assert await work.answers.claim(about_himself, b"same") is not None

    async def test_no_network_address_is_left_of_her_nor_of_who_asked_about_her_account(
        self, transactions: Transactions
    ) -> None:
        account, another = await _a_person(transactions), await _a_person(transactions)
        for actor, subject in ((None, account.id), (account.id, None), (None, another.id)):
            async with transactions(Origin(actor, address="192.0.2.7")) as work:
                work.note(Deed("account.code_asked", "account", subject))
        await _begun(transactions, account)

        async with transactions() as work:
            await work.erasures.wipe(_record(account))

        async with transactions() as work:
            asked = (Query(subject_id=account.id), Query(actor=account.id), Query(subject_id=another.id))
            [found] = zip(*[await work.audit_trail.search(query, 5) for query in asked], strict=True)
        assert [one.entry.address is None for one in found] == [True, True, False]

    async def test_what_lies_outside_the_rows_is_told_but_for_files_that_others_have_too(
        self, transactions: Transactions
    ) -> None:
        hers, theirs = StudentId(uuid4()), StudentId(uuid4())
        alone, shared = uuid4().hex * 2, uuid4().hex * 2
        upload, export = replace(an_upload(), student_id=hers), an_export(hers)
        export.publish(uuid4().hex * 2, 9, AT, timedelta(days=1))
        async with transactions() as work:
            for student_id, hashes in ((hers, (alone, shared)), (theirs, (shared,))):
                document = replace(a_document(), student_id=student_id)
                document.versions = tuple(
                    replace(a_version(), number=number, sha256=sha256) for number, sha256 in enumerate(hashes, start=1)
                )
                await work.documents.add(document)
            await work.uploads.add(upload)
            await work.exports.add(export)

        async with transactions() as work:
            found = await work.erasures.objects_of(hers)
            none = await work.erasures.objects_of(StudentId(uuid4()))

        assert (set(found.files), found.incoming) == ({alone, export.sha256}, (upload.name,))
        assert none == Objects()

    async def test_a_file_that_was_sealed_since_goes_as_it_was_before_too(self, transactions: Transactions) -> None:
        hers, theirs = StudentId(uuid4()), StudentId(uuid4())
        alone, shared, *sealed = (uuid4().hex * 2 for _ in range(4))
        given = {
            hers: [(alone, sealed[0]), (shared, sealed[1])],
            theirs: [(shared, "")],  # which is still to be sealed
        }
        async with transactions() as work:
            for student_id, files in given.items():
                document = replace(a_document(), student_id=student_id)
                document.versions = tuple(
                    replace(a_version(), number=number, sha256=sha256, sealed_as=sealed_as)
                    for number, (sha256, sealed_as) in enumerate(files, start=1)
                )
                await work.documents.add(document)

        async with transactions() as work:
            found = await work.erasures.objects_of(hers)

        assert set(found.files) == {alone, *sealed}


def _record(account: Account) -> StudentId:
    assert account.student_id is not None
    return account.student_id


async def _begun(transactions: Transactions, account: Account) -> Erasure:
    erasure = an_erasure(_record(account))
    erasure.account_id = account.id
    erasure.begin(AT)
    async with transactions() as work:
        await work.erasures.add(erasure)
    return erasure


async def _a_person(transactions: Transactions) -> Account:
    """Keep somebody of whom there is one of everything."""
    account = an_account()
    account.email_confirmed_at = AT
    student_id = _record(account)
    application = replace(an_application(), student_id=student_id)
    override = replace(an_override(), student_id=student_id)
    async with transactions() as work:
        await work.accounts.add(account)
        account.confirm_email(AT)
        await work.students.add(Student(student_id, account.id, a_full_profile()))
        await work.sessions.add(a_session(account.id, work.now))
        code = Confirmation.of(ConfirmationId(uuid4()), account.id, Purpose.RESET_PASSWORD, str(uuid4()), work.now)
        await work.confirmations.add(code)
        await work.documents.add(replace(a_document(), student_id=student_id))
        await work.uploads.add(replace(an_upload(), student_id=student_id))
        await work.applications.add(application)
        await work.applications.keep_snapshot(application.id, b"what was sent")
        await work.plans.add(replace(a_plan(), student_id=student_id))
        await work.overrides.add(override)
        await work.overrides.take_back(override.id, TakenBack(AccountId(uuid4()), AT, "About somebody else."))
        await work.exports.add(an_export(student_id))
        await work.consents.add(Consent(ConsentId(uuid4()), student_id, "x", Said.GIVEN, "1", AT, account.id))
        await work.holds.add(a_hold(student_id))
    return account


async def _everything(work: UnitOfWork, account: Account) -> list[int]:
    """Return how many there are of each."""
    student_id = _record(account)
    return [
        len(await work.sessions.every_of(account.id)),
        len(await work.confirmations.open_of(account.id, Purpose.RESET_PASSWORD, work.now)),
        len(await work.documents.of_student(student_id)),
        len(await work.uploads.of_student(student_id)),
        len(await work.applications.of_student(student_id)),
        len(await work.plans.of_student(student_id)),
        len(await work.overrides.every_of(student_id)),
        len(await work.exports.of_student(student_id)),
        len(await work.consents.of_student(student_id)),
    ]
