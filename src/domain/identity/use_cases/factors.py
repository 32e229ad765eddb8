"""Adding, listing and removing second factors, and the codes for when they are lost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from ....ports.ids import Ids
from ....ports.passkeys import Json, PasskeyRefused
from ....ports.secrets import Secrets
from ....ports.transactions import Transactions, UnitOfWork
from ...shared.dataclass import dataclass
from ...shared.errors import Invalid, NotFound, Reason, RuleBroken, refuse_if_any
from ...shared.ids import AccountId, FactorId
from ...shared.texts import text_problems
from ..account import Account, Asker
from ..events import FactorsChanged
from ..factor import (
    LONGEST_LABEL,
    MOST_FACTORS,
    RECOVERY_CODES,
    Factor,
    FactorKind,
    Method,
    RecoveryCodes,
    digest_of_code,
    recovery_code_of,
    totp_secret_of,
)
from ..password import SERVICE, SHORTEST_ALONE
from ..throttle import Pace, enrol_key
from ..ticket import Ticket, TicketLasting
from .attempts import claim
from .factor_checks import FactorChecks, Held, about_factor
from .proving import demand_proof
from .sessions import confirmed_factors

ENROL_WITHIN = timedelta(hours=1)
"""So long after it was begun an app can be confirmed."""


class NewTotp(NamedTuple):
    """An app that is being set up: what it is told, as text and as an address for a picture."""

    factor: Factor
    secret: str
    address: str


class Added(NamedTuple):
    """A factor that counts from now on, and the recovery codes that come with the first."""

    factor: Factor
    recovery_codes: Sequence[str]


@dataclass(frozen=True)
class ListFactors:
    """Show the second factors of an account to its holder."""

    transactions: Transactions

    async def __call__(self, asker: Asker) -> tuple[Sequence[Factor], int]:
        """Return the factors that count, the oldest first, and how many recovery codes are left."""
        async with self.transactions(asker.origin) as work:
            held = await Held.of(work, asker.account_id)
        return held.factors, len(held.codes.digests) if held.codes else 0


@dataclass(frozen=True)
class BeginTotp:
    """Begin to set up an app that makes codes."""

    transactions: Transactions
    ids: Ids
    secrets: Secrets
    checks: FactorChecks
    lasting: TicketLasting

    async def __call__(self, asker: Asker, label: str) -> NewTotp:
        """Return what the app is told; it counts once a code of it was shown (``ConfirmTotp``).

        Raises ProofNeeded unless the holder has just shown who she is, Invalid for a label that is none, RuleBroken
        where the account has too many. What was begun before and not confirmed is forgotten.
        """
        name = _label(label)
        secret, factor_id = totp_secret_of(self.secrets.new()), FactorId(self.ids.new())
        async with self.transactions(asker.origin) as work:
            await demand_proof(work, asker, self.lasting)
            account = await work.accounts.get(asker.account_id)
            await _demand_room(work, account.id)
            for old in await work.factors.of_account(account.id):
                if old.confirmed_at is None:
                    await work.factors.remove(old.id)
            sealed = self.checks.box.seal(secret, about_factor(factor_id))
            factor = Factor(factor_id, account.id, FactorKind.TOTP, name, sealed, work.now)
            await work.factors.add(factor)
        codes = self.checks.codes
        return NewTotp(factor, codes.text(secret), codes.address(secret, account.email, SERVICE))


@dataclass(frozen=True)
class ConfirmTotp:
    """Show the first code of an app, so that it counts from now on."""

    transactions: Transactions
    secrets: Secrets
    checks: FactorChecks
    pace: Pace = Pace()

    async def __call__(self, asker: Asker, factor_id: FactorId, code: str) -> Added:
        """Return the factor, with recovery codes where it is the first.

        Raises NotFound where no such app is being set up, RuleBroken for a code that is not the app's, SlowedDown where
        too much has failed: whoever confirms an app has proven who she is by it, so its code is not to be guessed.
        """
        key = enrol_key(factor_id)
        async with self.transactions(asker.origin) as work:
            await self._begun(work, asker, factor_id)
            await claim(work, key, self.pace)
        async with self.transactions(asker.origin) as work:
            factor = await self._begun(work, asker, factor_id)
            step = self.checks.step_of(factor, code, work.now)
            if step is None:
                raise RuleBroken(Reason("factor.wrong_code", {}, "code"))
            is_first = not await confirmed_factors(work, asker.account_id)
            factor.confirmed_at = work.now
            factor.use(step, work.now)
            await work.factors.save(factor)
            await work.throttles.remove(key)
            return await _added(work, asker, factor, Method.TOTP, self.secrets if is_first else None)

    async def _begun(self, work: UnitOfWork, asker: Asker, factor_id: FactorId) -> Factor:
        begun = [one for one in await work.factors.of_account(asker.account_id) if one.id == factor_id]
        if not begun or begun[0].confirmed_at is not None or work.now >= begun[0].made_at + ENROL_WITHIN:
            raise NotFound
        return begun[0]


@dataclass(frozen=True)
class BeginPasskey:
    """Ask a device to make a passkey."""

    transactions: Transactions
    checks: FactorChecks
    lasting: TicketLasting

    async def __call__(self, asker: Asker, ticket: Ticket) -> Json:
        """Return what the device is asked with; raise ProofNeeded unless the holder has just shown who she is,
        RuleBroken where the account has too many."""
        async with self.transactions(asker.origin) as work:
            await demand_proof(work, asker, self.lasting)
            account = await work.accounts.get(asker.account_id)
            await _demand_room(work, account.id)
            known = (await Held.of(work, account.id)).passkeys
        return await self.checks.passkeys.to_make(
            ticket.challenge, user=account.id.bytes, name=account.email, known=known, service=SERVICE
        )


@dataclass(frozen=True)
class AddPasskey:
    """Take in a passkey that a device has just made."""

    transactions: Transactions
    ids: Ids
    secrets: Secrets
    checks: FactorChecks

    async def __call__(self, asker: Asker, ticket: Ticket, answer: Json, label: str) -> Added:
        """Return the factor, with recovery codes where it is the first.

        Raises RuleBroken for what is no answer to the question, and where it is used a second time; Conflict for a
        passkey that is known already; Invalid for a label that is none.
        """
        name = _label(label)
        if ticket.account_id != asker.account_id:
            raise _not_made()
        try:
            made = await self.checks.passkeys.made(answer, ticket.challenge)
        except PasskeyRefused:
            raise _not_made() from None
        async with self.transactions(asker.origin) as work:
            if not await work.used_tickets.use(ticket.id, ticket.until):
                raise _not_made()
            await _demand_room(work, asker.account_id)
            is_first = not await confirmed_factors(work, asker.account_id)
            factor = Factor(
                FactorId(self.ids.new()),
                asker.account_id,
                FactorKind.PASSKEY,
                name,
                made.public_key,
                work.now,
                confirmed_at=work.now,
                credential=made.credential,
                counter=made.counter,
            )
            await work.factors.add(factor)
            return await _added(work, asker, factor, Method.PASSKEY, self.secrets if is_first else None)


@dataclass(frozen=True)
class RemoveFactor:
    """Take a second factor away."""

    transactions: Transactions
    lasting: TicketLasting

    async def __call__(self, asker: Asker, factor_id: FactorId) -> None:
        """Take it away, and with the last one the recovery codes; sessions go on.

        Raises ProofNeeded unless the holder has just shown who she is, NotFound for somebody else's, RuleBroken for
        the last one where the password is too short to stand alone.
        """
        async with self.transactions(asker.origin) as work:
            await demand_proof(work, asker, self.lasting)
            account = await work.accounts.get(asker.account_id)
            factors = await confirmed_factors(work, account.id)
            gone = next((one for one in factors if one.id == factor_id), None)
            if gone is None:
                raise NotFound
            if len(factors) == 1:
                if account.has_short_password:
                    raise RuleBroken(Reason("factor.password_too_short", {"at_least": SHORTEST_ALONE}))
                await work.factors.remove_recovery_codes(account.id)
            await work.factors.remove(gone.id)
            # Whoever shortens the password, or removes another factor, at the same moment meets this one.
            await work.accounts.save(account)
            work.record(FactorsChanged(account.id, "removed", gone.kind.value), account.version)


@dataclass(frozen=True)
class MakeRecoveryCodes:
    """Make the codes anew that let somebody in who has lost her second factor."""

    transactions: Transactions
    secrets: Secrets
    lasting: TicketLasting

    async def __call__(self, asker: Asker) -> Sequence[str]:
        """Return them, which are shown now and never again; those before are good no more.

        Raises ProofNeeded unless the holder has just shown who she is, RuleBroken without a second factor.
        """
        async with self.transactions(asker.origin) as work:
            await demand_proof(work, asker, self.lasting)
            account = await work.accounts.get(asker.account_id)
            if not await confirmed_factors(work, account.id):
                raise RuleBroken(Reason("factor.none"))
            made = await _new_codes(work, account.id, self.secrets)
            work.record(FactorsChanged(account.id, "codes_made"), account.version)
        return made


async def _added(work: UnitOfWork, asker: Asker, factor: Factor, shown: Method, first: Secrets | None) -> Added:
    """Return the factor with what follows from it: recovery codes with the first, and a session that has shown it."""
    account: Account = await work.accounts.get(asker.account_id)
    codes = await _new_codes(work, account.id, first) if first is not None else ()
    if asker.session_id is not None:
        session = await work.sessions.get(asker.session_id)
        session.prove({shown}, work.now)
        await work.sessions.save(session)
    work.record(FactorsChanged(account.id, "added", factor.kind.value), account.version)
    return Added(factor, codes)


async def _new_codes(work: UnitOfWork, account_id: AccountId, secrets: Secrets) -> Sequence[str]:
    made = [recovery_code_of(secrets.new()) for _ in range(RECOVERY_CODES)]
    before = await work.factors.recovery_codes(account_id)
    digests = frozenset(digest_of_code(account_id, code) for code in made)
    await work.factors.save_recovery_codes(
        RecoveryCodes(account_id, digests, work.now, version=before.version if before else 0)
    )
    return made


async def _demand_room(work: UnitOfWork, account_id: AccountId) -> None:
    if len(await confirmed_factors(work, account_id)) >= MOST_FACTORS:
        raise RuleBroken(Reason("factor.too_many", {"at_most": MOST_FACTORS}))


def _label(given: str) -> str:
    refuse_if_any(text_problems(given, "label", at_most=LONGEST_LABEL), Invalid)
    return given.strip()


def _not_made() -> RuleBroken:
    return RuleBroken(Reason("factor.passkey_not_made", {}, "credential"))
