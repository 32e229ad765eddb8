"""Passes events on: each becomes one job for each of its reactions, in the order of its aggregate."""

from dataclasses import dataclass, replace

from ...domain.shared.events import Envelope
from ...domain.shared.ids import JobId
from ...ports.ids import Ids
from ...ports.jobs import Job
from ...ports.transactions import Transactions, UnitOfWork
from ..about import passed_on
from .duties import Reactions


@dataclass(frozen=True)
class Relay:
    """Turns events that wait in the outbox into jobs; several relays may share the work."""

    transactions: Transactions
    ids: Ids
    reactions: Reactions

    async def pass_on(self, limit: int = 100) -> int:
        """Pass on at most ``limit`` events and return how many it was."""
        async with self.transactions() as work:
            envelopes = await work.outbox.take(limit)
            if envelopes:
                await work.jobs.add_many([job for envelope in envelopes for job in self._following(work, envelope)])
                await work.outbox.passed_on([envelope.id for envelope in envelopes])
        return len(envelopes)

    def _following(self, work: UnitOfWork, envelope: Envelope) -> list[Job]:
        reactions = self.reactions.get(envelope.event.tag, {})
        origin = passed_on(envelope) if reactions else envelope.origin
        return [
            replace(Job.following(JobId(self.ids.new()), name, envelope, work.now, reaction.priority), origin=origin)
            for name, reaction in reactions.items()
        ]
