"""Making the tickets that a client holds between two steps."""

from __future__ import annotations

from ....ports.clock import Clock
from ....ports.secrets import Secrets
from ...shared.dataclass import dataclass
from ...shared.ids import AccountId
from ..factor import Method
from ..ticket import Ticket, TicketFor, TicketLasting


@dataclass(frozen=True)
class MakeTicket:
    """Make a ticket, which nothing is kept of until it is used."""

    clock: Clock
    secrets: Secrets
    lasting: TicketLasting

    def __call__(
        self,
        purpose: TicketFor,
        account_id: AccountId | None = None,
        methods: frozenset[Method] = frozenset(),
    ) -> Ticket:
        """Return the ticket, good from now for as long as the purpose says."""
        until = (self.clock.now() + self.lasting.of(purpose)).replace(microsecond=0)
        return Ticket(self.secrets.new(), purpose, until, account_id, methods)
