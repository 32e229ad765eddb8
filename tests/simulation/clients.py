"""Students who register, hand in papers, apply and pay, from machines of their own: they ask again until answered."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

from simulation.desks import Desk, Later, once
from simulation.faults import Mishap
from simulation.papers import Papers
from simulation.processes import answered_by
from simulation.wire import Line

from higherstudy.domain.shared.errors import Conflict
from higherstudy.domain.shared.ids import ApplicationId, JobId
from higherstudy.ports.errors import Unavailable
from higherstudy.ports.jobs import Job
from higherstudy.ports.transactions import Transactions

if TYPE_CHECKING:
    from simulation.world import World

PAY = "pay"
TIDY = "tidy"

T = TypeVar("T")
Ask = Callable[[Line], Awaitable[T]]
"""Puts a question to the process at the other end of the line."""


class Student:
    """One student at her machine."""

    def __init__(self, world: World, number: int, chance: random.Random, desk: Desk) -> None:
        self.world = world
        self.number = number
        self.chance = chance
        self.desk = desk
        self.papers = Papers(self)

    async def live(self) -> None:
        """Do what students do, each step as often as it takes."""
        await asyncio.sleep(self.chance.uniform(0, 5))
        await self._register()
        if self.chance.random() < 0.4:
            await self._pay()
        if self.chance.random() < 0.8:
            await self._apply()
        if self.chance.random() < 0.3:
            await self._tidy()
        if self.chance.random() < (0.8 if self.world.goes_on else 0.2):
            await self.papers.be_careless()

    async def come_back(self) -> None:
        """See to what was left undone the day before."""
        await asyncio.sleep(self.chance.uniform(0, self.chance.choice((1, 15))))
        await self.papers.see_to_what_was_left()

    async def _register(self) -> None:
        email = f"student{self.number}@example.org"
        await self.until_answered("register", lambda line: self.desk.register(line, email), keyed="register")
        await self.until_answered("look at the account", self.desk.look_at_account)
        await self.unless_done("profile", self.desk.fill_profile)

    async def _apply(self) -> None:
        application_id = (await self.in_tabs("start", lambda line: self.desk.start(line, "start"), keyed="start"))[0]
        await self.papers.hand_in_all()
        if self.chance.random() < 0.9:
            await self._submit(application_id)
        if self.chance.random() < 0.2:
            withdraw = lambda line: self.desk.withdraw(line, "withdraw", application_id)  # noqa: E731
            await self.in_tabs("withdraw", withdraw, keyed="withdraw")

    async def _submit(self, application_id: ApplicationId) -> None:
        async def other_key(line: Line) -> str:
            try:
                return await self.desk.submit(line, "submit again", application_id)
            except Conflict:
                return await self.desk.receipt(line, application_id)

        first, second = await asyncio.gather(
            self.in_tabs("submit", lambda line: self.desk.submit(line, "submit", application_id), keyed="submit"),
            self.until_answered("submit again", other_key),
            return_exceptions=True,
        )
        said = await self.until_answered("receipt", lambda line: self.desk.receipt(line, application_id))
        for answer in (first[0] if isinstance(first, list) else first, second):
            if isinstance(answer, BaseException) and not isinstance(answer, Conflict):
                raise answer
            self.world.stage.demand(answer == said or isinstance(answer, Conflict), "two receipts", answer, said)

    async def _pay(self) -> None:
        """Order a payment: the order and the job that carries it out are one unit. HTTP has no such route yet."""
        who, world = self.desk.who, self.world

        async def effect(transactions: Transactions) -> str:
            async with transactions(who.origin) as work:
                payment = f"payment-{world.ids.new()}"
                job = Job(JobId(world.ids.new()), PAY, work.now, arguments={"payment": payment}, key=payment)
                world.stage.demand(await work.jobs.add(job), "an order was not taken", payment)
                return payment

        async def ask(line: Line) -> str:
            return await answered_by(line.process, lambda: once(world, who.account_id, PAY, effect), line.within)

        world.ordered.add((await self.in_tabs(PAY, ask, keyed=PAY))[0])

    async def _tidy(self) -> None:
        """Ask for work of which one piece at most may wait or run."""

        async def add() -> None:
            async with self.world.transactions(self.desk.who.origin) as work:
                await work.jobs.add(Job(JobId(self.world.ids.new()), TIDY, work.now, alone=TIDY))

        await self.in_tabs(TIDY, lambda line: answered_by(line.process, add, line.within))

    async def in_tabs(self, what: str, *asks: Ask[T], keyed: str = "") -> list[T]:
        """Ask, at times from two tabs at once and once more later; return the answers. ``asks`` are those of the
        first tab, of the second, and so on."""
        tabs = self.chance.choice((1, 1, 2))
        found = await asyncio.gather(*(self.until_answered(what, asks[tab % len(asks)], keyed) for tab in range(tabs)))
        if self.chance.random() < 0.2:
            found.append(await self.until_answered(what, asks[0], keyed))
        return found

    async def unless_done(self, what: str, *asks: Ask[None]) -> None:
        """Ask for a change that names the version which it is for: whoever comes too late is told so."""

        def once_at_most(ask: Ask[None]) -> Ask[None]:
            async def asked(line: Line) -> None:
                try:
                    await ask(line)
                except Conflict:  # an answer that we did not hear, or our other tab
                    self.world.stage.note("was done", what, self.number)

            return asked

        await self.in_tabs(what, *map(once_at_most, asks))

    async def until_answered(self, what: str, ask: Ask[T], keyed: str = "") -> T:
        """Ask one API process after another until one answers; refusals are answers too."""
        stage = self.world.stage
        while True:
            process = self.world.some_api(self.chance)
            within = 0.01 if stage.strikes(Mishap.IMPATIENCE) else 70.0
            stage.note("asks", what, self.number, process.name if process else "nobody is there")
            wait = self.chance.uniform(0.1, 3)
            try:
                if process is not None:
                    answer = await ask(Line(process, within))
                    if keyed:
                        self._same_as_before(keyed, answer)
                    return answer
            except (Unavailable, ConnectionError) as error:
                stage.note("was not answered", what, self.number, type(error).__name__)
                wait += error.seconds if isinstance(error, Later) else 0
            await asyncio.sleep(wait)

    def _same_as_before(self, key: str, answer: object) -> None:
        first = self.world.answers.setdefault((self.number, key), answer)
        self.world.stage.demand(first == answer, "a repeated request got another answer", key, first, answer)
