"""Students who register, hand in papers, apply and pay, from machines of their own: they ask again until answered."""

from __future__ import annotations

import asyncio
import hashlib
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from simulation.faults import Mishap
from simulation.processes import answered_by

from builders import a_profile
from higherstudy.domain.applications.application import Receipt
from higherstudy.domain.documents.document import Document, Stated
from higherstudy.domain.identity.account import Account, Asker
from higherstudy.domain.identity.use_cases import asker_of
from higherstudy.domain.shared.errors import Conflict
from higherstudy.domain.shared.events import Origin
from higherstudy.domain.shared.ids import AccountId, ApplicationId, DocumentId, JobId, ProgrammeId, StudentId
from higherstudy.ports.answers import RequestKey, StoredAnswer
from higherstudy.ports.errors import Unavailable
from higherstudy.ports.jobs import Job
from higherstudy.ports.transactions import Transactions, joined

if TYPE_CHECKING:
    from simulation.world import World

PASSWORD = "a long enough password"
PDF = b"%PDF-1.7\n" + b"paper " * 20
PAY = "pay"
TIDY = "tidy"

T = TypeVar("T")
Effect = Callable[[Transactions], Awaitable[str]]


@dataclass
class Student:
    """One student at her machine."""

    world: World
    number: int
    chance: random.Random

    async def live(self) -> None:
        """Do what students do, each step as often as it takes."""
        await asyncio.sleep(self.chance.uniform(0, 5))
        who = await self._register()
        await self._fill_profile(who)
        if self.chance.random() < 0.4:
            await self._pay(who)
        if self.chance.random() < 0.8:
            await self._apply(who)
        if self.chance.random() < 0.3:
            await self._tidy(who)

    async def _apply(self, who: Asker) -> None:
        application = await self._start(who)
        papers = [("passport", Stated(date(2022, 6, 1), date(2032, 5, 31))), ("transcript", Stated(date(2025, 8, 1)))]
        for kind, stated in papers:
            await self._hand_in(who, kind, stated)
        if self.chance.random() < 0.9:
            await self._submit(who, application)
        if self.chance.random() < 0.2:
            await self._withdraw(who, application)

    async def _register(self) -> Asker:
        email = f"student{self.number}@example.org"
        use = self.world.use

        async def ask() -> str:
            registration = await use.register().prepare(email, PASSWORD)

            async def effect(transactions: Transactions) -> str:
                account = await use.register(transactions=transactions).keep(registration)
                return str(account.id)

            return await self._once("register", None, effect)

        account_id = AccountId(UUID(await self._until_answered("register", ask, keyed="register")))
        account = await self._until_answered("look at the account", lambda: self._account(account_id))
        return asker_of(account)

    async def _account(self, account_id: AccountId) -> Account:
        return await self.world.use.get_account()(Asker(account_id, frozenset()), account_id)

    async def _fill_profile(self, who: Asker) -> None:
        async def ask() -> None:
            async with self.world.transactions(who.origin) as work:
                student = await work.students.get(_record(who))
                student.change_profile(a_profile())
                await work.students.save(student)

        await self._until_answered("profile", ask)

    async def _start(self, who: Asker) -> ApplicationId:
        programme = self.world.programme_id

        async def effect(transactions: Transactions) -> str:
            start = self.world.use.start_application(transactions=transactions)
            return str((await start(who, _record(who), ProgrammeId(programme), "winter", date(2027, 10, 1))).id)

        answer = await self._asked_twice("start", who, effect)
        return ApplicationId(UUID(answer))

    async def _hand_in(self, who: Asker, kind: str, stated: Stated) -> None:
        use = self.world.use

        async def effect(transactions: Transactions) -> str:
            return str((await use.add_document(transactions=transactions)(who, _record(who), kind)).id)

        document_id = DocumentId(UUID(await self._asked_twice(f"add {kind}", who, effect)))

        async def upload() -> Document | None:
            try:
                return await use.upload_version()(who, document_id, _pieces(PDF), "paper.pdf", stated, 1)
            except Conflict:  # an answer that we did not hear, or our other tab
                return None

        await self._in_tabs(f"upload {kind}", upload)
        seen = await self._until_answered("look at the paper", lambda: use.get_document()(who, document_id))
        self.world.stage.demand(len(seen.versions) == 1, "a paper has not one version", kind, len(seen.versions))

    async def _submit(self, who: Asker, application_id: ApplicationId) -> None:
        use = self.world.use

        async def effect(transactions: Transactions) -> str:
            submit = use.submit_application(transactions=transactions)
            return _said(await submit(who, application_id, self.world.stage.now()))

        async def other_key() -> str:
            try:
                return await self._once("submit again", who.account_id, effect)
            except Conflict:
                return _said(await use.get_receipt()(who, application_id))

        first, second = await asyncio.gather(
            self._asked_twice("submit", who, effect),
            self._until_answered("submit again", other_key),
            return_exceptions=True,
        )
        for answer in (first, second):
            if isinstance(answer, BaseException) and not isinstance(answer, Conflict):
                raise answer
        said = _said(await self._until_answered("receipt", lambda: use.get_receipt()(who, application_id)))
        for answer in (first, second):
            self.world.stage.demand(answer == said or isinstance(answer, Conflict), "two receipts", first, second)

    async def _withdraw(self, who: Asker, application_id: ApplicationId) -> None:
        async def effect(transactions: Transactions) -> str:
            withdraw = self.world.use.withdraw(transactions=transactions)
            return (await withdraw(who, application_id, "another offer")).state.value

        await self._asked_twice("withdraw", who, effect)

    async def _pay(self, who: Asker) -> None:
        """Order a payment: the order and the job that carries it out are one unit."""

        async def effect(transactions: Transactions) -> str:
            async with transactions(who.origin) as work:
                payment = f"payment-{self.world.ids.new()}"
                job = Job(JobId(self.world.ids.new()), PAY, work.now, arguments={"payment": payment}, key=payment)
                self.world.stage.demand(await work.jobs.add(job), "an order was not taken", payment)
                return payment

        self.world.ordered.add(await self._asked_twice(PAY, who, effect))

    async def _tidy(self, who: Asker) -> None:
        """Ask for work of which one piece at most may wait or run."""

        async def ask() -> None:
            async with self.world.transactions(who.origin) as work:
                await work.jobs.add(Job(JobId(self.world.ids.new()), TIDY, work.now, alone=TIDY))

        await self._in_tabs(TIDY, ask)

    async def _asked_twice(self, what: str, who: Asker, effect: Effect) -> str:
        """Ask under one key, at times from two tabs at once and once more later; return the answer."""
        answers = await self._in_tabs(what, lambda: self._once(what, who.account_id, effect), keyed=what)
        return answers[0]

    async def _in_tabs(self, what: str, ask: Callable[[], Awaitable[T]], keyed: str = "") -> list[T]:
        tabs = self.chance.choice((1, 1, 2))
        found = await asyncio.gather(*(self._until_answered(what, ask, keyed) for _ in range(tabs)))
        if self.chance.random() < 0.2:
            found.append(await self._until_answered(what, ask, keyed))
        return found

    async def _once(self, what: str, account_id: AccountId | None, effect: Effect) -> str:
        """Answer once for each key, as the API does: the effect and its answer are kept in one unit."""
        key = RequestKey(account_id, what, f"{self.number} {what}")
        async with self.world.transactions(Origin(actor=account_id, request_id=f"{what} {self.number}")) as work:
            before = await work.answers.claim(key, hashlib.sha256(what.encode()).digest())
            if before is None:
                before = StoredAnswer(201, {}, (await effect(joined(work))).encode())
                await work.answers.keep(key, before)
        return before.body.decode()

    async def _until_answered(self, what: str, ask: Callable[[], Awaitable[T]], keyed: str = "") -> T:
        """Ask one API process after another until one answers; refusals are answers too."""
        stage = self.world.stage
        while True:
            process = self.world.some_api(self.chance)
            within = 0.01 if stage.strikes(Mishap.IMPATIENCE) else 70.0
            stage.note("asks", what, self.number, process.name if process else "nobody is there")
            try:
                if process is not None:
                    answer = await answered_by(process, ask, within)
                    if keyed:
                        self._same_as_before(keyed, answer)
                    return answer
            except (Unavailable, ConnectionError) as error:
                stage.note("was not answered", what, self.number, type(error).__name__)
            await asyncio.sleep(self.chance.uniform(0.1, 3))

    def _same_as_before(self, key: str, answer: object) -> None:
        first = self.world.answers.setdefault((self.number, key), answer)
        self.world.stage.demand(first == answer, "a repeated request got another answer", key, first, answer)


def _record(who: Asker) -> StudentId:
    assert who.student_id is not None
    return who.student_id


def _said(receipt: Receipt) -> str:
    return f"{receipt.number} {receipt.snapshot_sha256}"


async def _pieces(content: bytes) -> AsyncIterator[bytes]:
    yield content
