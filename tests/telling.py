"""What tells people, over a world in memory: for tests that carry out what follows from events."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from builders import ZONES, RulePacks
from higherstudy.adapters.bundled.messages import Messages
from higherstudy.adapters.letters.letters import JinjaLetters
from higherstudy.domain.identity.use_cases.confirming import MakeCode
from higherstudy.domain.notifications.channel import Channel
from higherstudy.domain.notifications.pages import Pages
from higherstudy.domain.notifications.use_cases.delivering import Deliver, StillTrue
from higherstudy.domain.notifications.use_cases.digesting import SendDigest
from higherstudy.domain.notifications.use_cases.escalating import Escalate
from higherstudy.domain.notifications.use_cases.hearing import HearReports
from higherstudy.domain.notifications.use_cases.occasions import Words
from higherstudy.domain.notifications.use_cases.reminding import IsStillDue, Remind
from higherstudy.domain.notifications.use_cases.saying import Say, Saying
from higherstudy.domain.notifications.use_cases.telling import IsStillSo, Tell
from higherstudy.domain.shared.ids import AccountId, DeliveryId, MessageId
from higherstudy.ports.identity_providers import IdentityProviders
from higherstudy.ports.ids import Ids
from higherstudy.ports.jobs import Job, JobStatus
from higherstudy.ports.mailbox import Mailbox
from higherstudy.ports.rule_packs import RulePacks as RulePacksPort
from higherstudy.ports.secrets import Secrets
from higherstudy.ports.text_messages import TextMessages
from higherstudy.ports.transactions import Transactions

LETTERS = JinjaLetters()


class Around(Protocol):
    """What a world has of it."""

    @property
    def transactions(self) -> Transactions: ...

    @property
    def ids(self) -> Ids: ...

    @property
    def secrets(self) -> Secrets: ...


def told_by(
    world: Around,
    mailbox: Mailbox,
    *,
    texts: dict[Channel, TextMessages] | None = None,
    pages: Pages = Pages(),  # noqa: B008 - frozen
    providers: IdentityProviders | None = None,
    rule_packs: RulePacksPort | None = None,
) -> dict[str, Any]:
    """Return the use cases that tell people, by the names under which the table of duties takes them."""
    transactions, packs = world.transactions, rule_packs or getattr(world, "rule_packs", None) or RulePacks()
    say = Say(world.ids, world.secrets, ZONES)
    still_so = IsStillSo(IsStillDue(packs, ZONES))
    make_code = MakeCode(transactions, world.ids, world.secrets)
    return {
        "tell": Tell(transactions, say, Words(Messages(), providers)),
        "deliver": Deliver(transactions, say, LETTERS, mailbox, mailbox, texts or {}, make_code, still_so, pages),
        "send_digest": SendDigest(transactions, say, LETTERS, mailbox, still_so, pages),
        "escalate": Escalate(transactions, world.ids, say, still_so),
        "remind": Remind(transactions, packs, ZONES, Messages(), say),
    }


class Post:
    """Carries out what brings messages to people, by a clock that goes on from one job that is due to the next."""

    def __init__(self, world: Any, mailbox: Mailbox, still_true: StillTrue | None = None, **given: Any) -> None:
        self.world = world
        telling = told_by(world, mailbox, **given)
        self.say: Say = telling["deliver"].say
        if still_true is not None:
            for name in ("deliver", "send_digest", "escalate"):
                telling[name] = replace(telling[name], still_true=still_true)
        self.telling = telling
        self.hear = HearReports(world.transactions, self.say)

    async def said(self, *sayings: Saying) -> None:
        """Say these in one unit of work."""
        async with self.world.transactions() as work:
            await self.say(work, sayings)

    async def carry_out(self) -> None:
        """Carry out every job that is due by now, and what becomes due with it."""
        while job := await self._next(self.world.clock.now()):
            await self._do(job)

    async def until(self, moment: datetime) -> None:
        """Carry out everything that becomes due until then, each when it is due, and let it be then."""
        while job := await self._next(moment):
            self.world.clock.set(max(job.due_at, self.world.clock.now()))
            await self._do(job)
        self.world.clock.set(moment)

    async def _next(self, until: datetime) -> Job | None:
        waiting = [kept.job for kept in self.world.store.jobs.rows() if kept.job.status is JobStatus.WAITING]
        due = [job for job in waiting if job.due_at <= until]
        return min(due, key=lambda job: (job.due_at, job.priority, job.id), default=None)

    async def _do(self, job: Job) -> None:
        async with self.world.transactions() as work:
            ours = await work.jobs.lease_many([job.id], timedelta(minutes=1))
        given = job.arguments
        match job.name:
            case "deliver":
                await self.telling["deliver"](DeliveryId(UUID(str(given["delivery"]))))
            case "digest":
                await self.telling["send_digest"](
                    AccountId(UUID(str(given["account"]))), Channel(str(given["channel"]))
                )
            case "escalate":
                await self.telling["escalate"](MessageId(UUID(str(given["message"]))), int(given["turn"]))
        async with self.world.transactions() as work:
            await work.jobs.finish_many(ours)
