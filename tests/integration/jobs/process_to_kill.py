"""A process that registers somebody, begins what follows from it, and then waits at one place to be killed."""

import asyncio
import sys
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from higherstudy.adapters.folder.mailbox import FolderMailbox
from higherstudy.adapters.postgres.engine import create_engine
from higherstudy.adapters.postgres.transactions import PostgresTransactions
from higherstudy.adapters.system.clock import SystemClock
from higherstudy.adapters.system.ids import SystemIds
from higherstudy.adapters.system.secrets import SystemSecrets
from higherstudy.domain.identity.account import Account, Role
from higherstudy.domain.identity.events import AccountRegistered
from higherstudy.domain.notifications.turns import DELIVER
from higherstudy.domain.shared.ids import AccountId, DeliveryId
from higherstudy.entrypoints.jobs.duties import Duties, on
from higherstudy.entrypoints.jobs.patience import Patience
from higherstudy.entrypoints.jobs.process import running
from higherstudy.entrypoints.jobs.progress import Progress
from higherstudy.ports.jobs import Job
from higherstudy.ports.mailbox import Mail

sys.path.insert(0, str(Path(__file__).parents[2]))  # started as a program of its own
from telling import told_by

SHORT = Patience(lease=timedelta(seconds=3), heartbeat=timedelta(seconds=0.5))


class WaitingMailbox(FolderMailbox):
    """A mailbox that stands still before or after it has written a mail, and says so."""

    place = ""

    async def send(self, mail: Mail) -> str:
        await self._stand_still("before")
        sent = await super().send(mail)
        await self._stand_still("after")
        return sent

    async def _stand_still(self, place: str) -> None:
        if place == self.place:
            say(place)
            await asyncio.sleep(3600)


@dataclass(frozen=True)
class _Around:
    transactions: PostgresTransactions
    ids: SystemIds = field(default_factory=SystemIds)
    secrets: SystemSecrets = field(default_factory=SystemSecrets)


def say(word: str) -> None:
    sys.stdout.write(word + "\n")
    sys.stdout.flush()


def welcome(transactions: PostgresTransactions, mailbox: FolderMailbox) -> Duties:
    telling = told_by(_Around(transactions), mailbox)
    tell, deliver = telling["tell"], telling["deliver"]

    async def bring(job: Job, _: Progress) -> None:
        await deliver(DeliveryId(UUID(str(job.arguments["delivery"]))))

    reactions = {AccountRegistered.tag: {"mail_welcome": on(AccountRegistered, tell)}}
    return Duties(reactions, {DELIVER: bring}, tasks_one_by_one=(DELIVER,))


async def register(transactions: PostgresTransactions, email: str) -> None:
    async with transactions() as work:
        account = Account(
            AccountId(SystemIds().new()), email, "no hash", frozenset({Role.STUDENT}), None, registered_at=work.now
        )
        await work.accounts.add(account)
        work.record(account.registered(), account.version)


async def main(url: str, folder: str, place: str, email: str) -> None:
    transactions = PostgresTransactions(create_engine(url), SystemIds())
    mailbox = WaitingMailbox(Path(folder), SystemClock())
    mailbox.place = place
    await register(transactions, email)
    if place == "committed":
        say(place)
        await asyncio.sleep(3600)
    async with running(transactions, SystemIds(), welcome(transactions, mailbox), patience=SHORT):
        await asyncio.sleep(3600)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:5]))
