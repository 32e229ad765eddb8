"""The use cases that a client asks for first, which a server has at hand before the others are loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...domain.applications.use_cases import listing as applications
from ...domain.audit.use_cases import noting
from ...domain.identity.session import Lasting
from ...domain.identity.throttle import Pace
from ...domain.identity.ticket import TicketLasting
from ...domain.identity.use_cases import accounts, keys, sessions, tickets
from ...domain.profile import use_cases as profile
from ...ports.clock import Clock
from ...ports.common_passwords import CommonPasswords
from ...ports.ids import Ids
from ...ports.passwords import Passwords
from ...ports.reading import ApplicationList
from ...ports.secrets import Secrets
from ...ports.transactions import Transactions
from ...ports.vault import Vault
from ..starting import without

if TYPE_CHECKING:
    from .ports import Ports


with without("pydantic", "pydantic_settings"):  # would be loaded to ask for its version
    from dependency_injector import containers
    from dependency_injector import providers as providers  # noqa: PLC0414 - handed on


class FirstUseCases(containers.DeclarativeContainer):
    """Makes the use cases of who asks, and of what is hers."""

    transactions: providers.Dependency[Transactions] = providers.Dependency()
    passwords: providers.Dependency[Passwords] = providers.Dependency()
    ids: providers.Dependency[Ids] = providers.Dependency()
    application_list: providers.Dependency[ApplicationList] = providers.Dependency()

    common_passwords: providers.Dependency[CommonPasswords] = providers.Dependency()
    clock: providers.Dependency[Clock] = providers.Dependency()
    secrets: providers.Dependency[Secrets] = providers.Dependency()
    vault: providers.Dependency[Vault] = providers.Dependency()

    session_lasting: providers.Dependency[Lasting] = providers.Dependency()
    pace: providers.Dependency[Pace] = providers.Dependency()
    ticket_lasting: providers.Dependency[TicketLasting] = providers.Dependency()

    register = providers.Factory(
        accounts.Register, transactions=transactions, ids=ids, passwords=passwords, common=common_passwords
    )
    sign_in = providers.Factory(accounts.SignIn, transactions=transactions, passwords=passwords, pace=pace)
    change_password = providers.Factory(
        accounts.ChangePassword, transactions=transactions, passwords=passwords, common=common_passwords, pace=pace
    )
    make_ticket = providers.Factory(tickets.MakeTicket, clock=clock, secrets=secrets, lasting=ticket_lasting)
    get_account = providers.Factory(accounts.GetAccount, transactions=transactions)
    note_key_use = providers.Factory(keys.NoteKeyUse, transactions=transactions)
    grant_role = providers.Factory(accounts.GrantRole, transactions=transactions)

    revoke_role = providers.Factory(accounts.RevokeRole, transactions=transactions)

    begin_session = providers.Factory(
        sessions.BeginSession, transactions=transactions, ids=ids, lasting=session_lasting
    )
    refresh_session = providers.Factory(sessions.RefreshSession, transactions=transactions, lasting=session_lasting)
    note_refusal = providers.Factory(noting.NoteRefusal, transactions=transactions)
    list_sessions = providers.Factory(sessions.ListSessions, transactions=transactions)
    end_session = providers.Factory(sessions.EndSession, transactions=transactions)
    end_sessions = providers.Factory(sessions.EndSessions, transactions=transactions)

    get_profile = providers.Factory(profile.GetProfile, transactions=transactions, vault=vault)

    list_applications = providers.Factory(
        applications.ListApplications, applications=application_list, transactions=transactions
    )


def first_use_cases_over(ports: Ports) -> FirstUseCases:
    """Return those use cases over these adapters."""
    given = {name: providers.Object(getattr(ports, name)) for name in _NEEDED}
    return FirstUseCases(**given)


_NEEDED = (
    "transactions",
    "passwords",
    "common_passwords",
    "ids",
    "clock",
    "secrets",
    "application_list",
    "session_lasting",
    "pace",
    "ticket_lasting",
    "vault",
)
