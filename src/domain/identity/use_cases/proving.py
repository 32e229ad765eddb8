"""Showing a second factor, signing in by a passkey alone, and showing once more within a session who one is."""

from __future__ import annotations

from datetime import datetime

from ....ports.passkeys import Json, PasskeyRefused, Passkeys
from ....ports.passwords import Passwords
from ....ports.transactions import Transactions, UnitOfWork
from ...shared.dataclass import dataclass
from ...shared.errors import NotFound, Reason, RuleBroken
from ...shared.events import Origin
from ...shared.ids import AccountId
from ..account import Account, Asker
from ..errors import ProofNeeded, SecondFactorRefused, SignInRefused
from ..factor import Method, Shown
from ..password import LONGEST_PASSWORD, normal_password
from ..session import Session
from ..throttle import Pace, factor_key, proof_key
from ..ticket import Ticket, TicketLasting
from .attempts import claim, refusal
from .factor_checks import FactorChecks, Found, Held


@dataclass(frozen=True)
class AskToSign:
    """Ask a device to sign with a passkey."""

    transactions: Transactions
    passkeys: Passkeys

    async def __call__(self, ticket: Ticket) -> Json:
        """Return what the device is asked with: for one of the account's passkeys, or where the ticket says no account,
        for any of ours, by a device that makes sure of its user."""
        if ticket.account_id is None:
            return await self.passkeys.to_sign(ticket.challenge, [], sure_of_user=True)
        async with self.transactions() as work:
            held = await Held.of(work, ticket.account_id)
        return await self.passkeys.to_sign(ticket.challenge, held.passkeys, sure_of_user=False)


@dataclass(frozen=True)
class FinishSignIn:
    """Show the second factor after the first."""

    transactions: Transactions
    checks: FactorChecks
    pace: Pace = Pace()

    async def __call__(
        self,
        ticket: Ticket,
        shown: Shown,
        device: Ticket | None = None,
        origin: Origin = Origin(),  # noqa: B008 - frozen
    ) -> tuple[Account, frozenset[Method]]:
        """Return the account, and by which methods its holder has shown who she is, both steps together.

        Raises SecondFactorRefused for what is no factor of hers and for a ticket that was used, SlowedDown where too
        much has failed, Invalid for no or two answers, Conflict where the same was shown twice at once.
        """
        shown.demand_one()
        async with self.transactions(origin) as work:
            account = await _account(work, ticket.account_id)
            key = factor_key(account.id, device)
            await claim(work, key, self.pace)
            held, now = await Held.of(work, account.id), work.now
        found = await self.checks.check(shown, held, ticket.challenge, now)
        async with self.transactions(origin) as work:
            is_good = found is not None and await work.used_tickets.use(ticket.id, ticket.until)
            if found is not None and is_good:
                await found.keep(work, account)
                await work.throttles.remove(key)
            else:
                deed = refusal("account.second_factor_refused", account)
                work.note(deed)
        if found is None or not is_good:
            raise SecondFactorRefused
        return account, ticket.methods | found.methods


@dataclass(frozen=True)
class SignInByPasskey:
    """Tell whose passkey has signed, on a device that has made sure of its user: both factors at once."""

    transactions: Transactions
    checks: FactorChecks

    async def __call__(
        self,
        ticket: Ticket,
        answer: Json,
        origin: Origin = Origin(),  # noqa: B008 - frozen
    ) -> tuple[Account, frozenset[Method]]:
        """Return the account and the methods; raise SignInRefused for anything else, and for a ticket that was used."""
        account: Account | None = None
        found: Found | None = None
        async with self.transactions(origin) as work:
            now, known = work.now, []
            try:
                factor = await work.factors.find_passkey(self.checks.passkeys.credential_of(answer))
                account, known = await work.accounts.get(factor.account_id), [factor]
            except (NotFound, PasskeyRefused):
                pass
        if known and known[0].confirmed_at is not None:
            found = await self.checks.by_passkey(answer, known, ticket.challenge, now, sure_of_user=True)
        async with self.transactions(origin) as work:
            is_good = found is not None and await work.used_tickets.use(ticket.id, ticket.until)
            if found is not None and account is not None and is_good:
                await found.keep(work, account)
            else:
                deed = refusal("account.sign_in_refused", account)
                work.note(deed)
        if found is None or account is None or not is_good:
            raise SignInRefused
        return account, found.methods


@dataclass(frozen=True)
class Prove:
    """Show once more, within a session, that its account's holder sits there."""

    transactions: Transactions
    passwords: Passwords
    checks: FactorChecks
    lasting: TicketLasting
    pace: Pace = Pace()

    async def __call__(
        self, asker: Asker, password: str | None, shown: Shown, ticket: Ticket | None = None
    ) -> datetime:
        """Return until when that counts.

        An account with a second factor takes one of those, for the password is what a thief of it has; others take
        the password. ``ticket`` is what a passkey was asked with. Raises ProofNeeded where the other is given,
        RuleBroken for a wrong answer, SlowedDown where too much has failed, Invalid for no or two answers.
        """
        if password is None or shown != Shown():
            shown.demand_one(beside=password is not None)
        async with self.transactions(asker.origin) as work:
            session, account = await _own_session(work, asker), await work.accounts.get(asker.account_id)
            held, now = await Held.of(work, account.id), work.now
            if bool(held.factors) == (password is not None):
                raise ProofNeeded(Reason("proof.by_factor" if held.factors else "proof.by_password", {}, "password"))
            await claim(work, proof_key(session.id, account.id), self.pace)
        found = await self._found(password, shown, held, account, ticket, now)
        async with self.transactions(asker.origin) as work:
            is_good = found is not None and (ticket is None or await work.used_tickets.use(ticket.id, ticket.until))
            if found is not None and is_good:
                await found.keep(work, account)
                session = await _own_session(work, asker)
                session.prove(found.methods, work.now)
                await work.sessions.save(session)
                await work.throttles.remove(proof_key(session.id, account.id))
            else:
                deed = refusal("account.proof_refused", account)
                work.note(deed)
            until = work.now + self.lasting.step
        if found is None or not is_good:
            raise RuleBroken(Reason("proof.wrong", {}, "password" if password is not None else "code"))
        return until

    async def _found(
        self, password: str | None, shown: Shown, held: Held, account: Account, ticket: Ticket | None, now: datetime
    ) -> Found | None:
        if password is None:
            challenge = b"" if ticket is None else ticket.challenge
            if shown.passkey is not None and (ticket is None or ticket.account_id != account.id):
                return None
            return await self.checks.check(shown, held, challenge, now)
        typed = normal_password(password[: LONGEST_PASSWORD + 1])
        fits = await self.passwords.matches(typed, account.password_hash)
        return Found(frozenset({Method.PASSWORD})) if fits else None


async def demand_proof(work: UnitOfWork, asker: Asker, lasting: TicketLasting) -> Session:
    """Return the asker's session; raise ProofNeeded unless she has just shown in it that it is she."""
    session = await _own_session(work, asker)
    if not session.is_proven(work.now, lasting.step):
        raise ProofNeeded
    return session


async def _own_session(work: UnitOfWork, asker: Asker) -> Session:
    if asker.session_id is None:
        raise ProofNeeded
    session = await work.sessions.get(asker.session_id)
    if session.account_id != asker.account_id:
        raise NotFound
    return session


async def _account(work: UnitOfWork, account_id: AccountId | None) -> Account:
    if account_id is None:
        raise SecondFactorRefused
    try:
        return await work.accounts.get(account_id)
    except NotFound:
        raise SecondFactorRefused from None
