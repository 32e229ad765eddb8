"""The use cases that a client asks for first, which a server has at hand before the others are loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ....domain.applications.use_cases import listing as applications
from ....domain.audit.use_cases import noting
from ....domain.identity.use_cases import accounts, keys, sessions, tickets
from ....domain.profile import use_cases as profile
from .given import Given, providers

if TYPE_CHECKING:
    from ..ports import Ports


class FirstUseCases(Given):
    """Makes the use cases of who asks, and of what is hers."""

    register = providers.Factory(
        accounts.Register,
        transactions=Given.transactions,
        ids=Given.ids,
        passwords=Given.passwords,
        common=Given.common_passwords,
    )
    sign_in = providers.Factory(
        accounts.SignIn, transactions=Given.transactions, passwords=Given.passwords, pace=Given.pace
    )
    change_password = providers.Factory(
        accounts.ChangePassword,
        transactions=Given.transactions,
        passwords=Given.passwords,
        common=Given.common_passwords,
        pace=Given.pace,
    )
    make_ticket = providers.Factory(
        tickets.MakeTicket, clock=Given.clock, secrets=Given.secrets, lasting=Given.ticket_lasting
    )
    get_account = providers.Factory(accounts.GetAccount, transactions=Given.transactions)
    note_key_use = providers.Factory(keys.NoteKeyUse, transactions=Given.transactions)
    grant_role = providers.Factory(accounts.GrantRole, transactions=Given.transactions)
    revoke_role = providers.Factory(accounts.RevokeRole, transactions=Given.transactions)
    begin_session = providers.Factory(
        sessions.BeginSession, transactions=Given.transactions, ids=Given.ids, lasting=Given.session_lasting
    )
    refresh_session = providers.Factory(
        sessions.RefreshSession, transactions=Given.transactions, lasting=Given.session_lasting
    )
    note_refusal = providers.Factory(noting.NoteRefusal, transactions=Given.transactions)
    list_sessions = providers.Factory(sessions.ListSessions, transactions=Given.transactions)
    end_session = providers.Factory(sessions.EndSession, transactions=Given.transactions)
    end_sessions = providers.Factory(sessions.EndSessions, transactions=Given.transactions)
    get_profile = providers.Factory(profile.GetProfile, transactions=Given.transactions, vault=Given.vault)
    list_applications = providers.Factory(
        applications.ListApplications, applications=Given.application_list, transactions=Given.transactions
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
