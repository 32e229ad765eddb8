"""Registering, signing in, and who holds which role."""

from __future__ import annotations

from contextlib import suppress

from ....ports.ids import Ids
from ....ports.passwords import Passwords
from ....ports.transactions import Transactions
from ...audit.deed import Deed
from ...profile.profile import Profile
from ...profile.student import Student
from ...shared.dataclass import dataclass
from ...shared.errors import Conflict, DomainError, Invalid, NotFound, Reason, RuleBroken
from ...shared.events import Origin
from ...shared.ids import AccountId, SessionId, StudentId
from ...shared.texts import text_problems
from ..account import LONGEST_PASSWORD, Account, Asker, Role, check_password, normal_email, normal_password
from ..errors import SignInRefused
from ..policies import demand_role
from ..session import Because
from .sessions import end_live


@dataclass(frozen=True, slots=True)
class Registration:
    """A registration that is in order, with the password hashed already."""

    email: str
    password_hash: str
    name: str


@dataclass(frozen=True)
class Register:
    """Open an account with an empty student's record behind it."""

    transactions: Transactions
    ids: Ids
    passwords: Passwords

    async def __call__(self, email: str, password: str, name: str = "", request_id: str = "") -> Account:
        """Return the new account; raise what ``prepare`` and ``keep`` raise."""
        return await self.keep(await self.prepare(email, password, name), request_id)

    async def prepare(self, email: str, password: str, name: str = "") -> Registration:
        """Return what is to be kept. Hashing takes long and has to queue, so do this while no transaction is open.

        Raises Invalid for a malformed address, RuleBroken for a weak password (both together as Invalid).
        """
        address, typed = _checked(email, password, name)
        return Registration(address, await self.passwords.hash(typed), name.strip())

    async def keep(self, registration: Registration, request_id: str = "") -> Account:
        """Return the new account; raise EmailTaken where the address has one."""
        account_id, student_id = AccountId(self.ids.new()), StudentId(self.ids.new())
        email, hashed = registration.email, registration.password_hash
        async with self.transactions(Origin(actor=account_id, request_id=request_id)) as work:
            account = Account(account_id, email, hashed, frozenset({Role.STUDENT}), student_id, work.now)
            await work.accounts.add(account)
            await work.students.add(Student(student_id, account_id, Profile(name=registration.name)))
            work.record(account.registered(), account.version)
        return account


@dataclass(frozen=True)
class SignIn:
    """Tell whether an address and a password belong together."""

    transactions: Transactions
    passwords: Passwords

    async def __call__(self, email: str, password: str, origin: Origin = Origin()) -> Account:  # noqa: B008 - frozen
        """Return the account; raise SignInRefused otherwise, after the same time for an unknown address.

        That it was refused is noted with the account, where there is one, and never with what was typed.
        """
        async with self.transactions() as work:
            account = await work.accounts.find_by_email(_address_or_blank(email))
        typed = normal_password(password[: LONGEST_PASSWORD + 1])
        # The port takes as long for a hash that it cannot read, so a blank one hides that there is no account.
        fits = await self.passwords.matches(typed, account.password_hash if account else "")
        if account is None or not fits:
            async with self.transactions(origin) as work:
                work.note(Deed("session.refused", "account", account.id if account else None))
            raise SignInRefused
        if self.passwords.is_outdated(account.password_hash):
            await self._hash_anew(account.id, account.password_hash, await self.passwords.hash(typed))
        return account

    async def _hash_anew(self, account_id: AccountId, before: str, hashed: str) -> None:
        """Keep the password at the costs of now, unless somebody has changed the account meanwhile."""
        with suppress(Conflict):
            async with self.transactions() as work:
                account = await work.accounts.get(account_id)
                if account.password_hash == before:
                    account.password_hash = hashed
                    await work.accounts.save(account)


@dataclass(frozen=True)
class ChangePassword:
    """Choose another password; whoever is signed in elsewhere has to use it."""

    transactions: Transactions
    passwords: Passwords

    async def __call__(self, asker: Asker, current: str, new: str) -> None:
        """Change it and end the account's other sessions.

        Raises RuleBroken where ``current`` is not the password that holds, or the new one is a weak one; Conflict where
        it was changed meanwhile.
        """
        async with self.transactions(asker.origin) as work:
            before = await work.accounts.get(asker.account_id)
        if not await self.passwords.matches(normal_password(current[: LONGEST_PASSWORD + 1]), before.password_hash):
            raise RuleBroken(Reason("password.not_the_current", {}, "current"))
        typed = normal_password(new)
        check_password(typed, before.email, "new")
        hashed = await self.passwords.hash(typed)
        async with self.transactions(asker.origin) as work:
            account = await work.accounts.get(asker.account_id)
            if account.password_hash != before.password_hash:
                raise Conflict
            event = account.change_password(hashed)
            await work.accounts.save(account)
            work.record(event, account.version)
            await end_live(work, account.id, Because.PASSWORD_CHANGED, but=asker.session_id)


@dataclass(frozen=True)
class GetAccount:
    """Show an account to its holder, or to staff."""

    transactions: Transactions

    async def __call__(self, asker: Asker, account_id: AccountId) -> Account:
        """Return the account; raise NotFound for somebody else's."""
        if asker.account_id != account_id and Role.ADMIN not in asker.roles:
            raise NotFound
        async with self.transactions(asker.origin) as work:
            account = await work.accounts.get(account_id)
            if asker.account_id != account_id:
                work.note(Deed("account.seen", "account", account_id, account.student_id))
            return account


@dataclass(frozen=True)
class GrantRole:
    """Give an account another role; an administrator does."""

    transactions: Transactions

    async def __call__(self, asker: Asker, account_id: AccountId, role: Role) -> Account:
        """Return the account with the role; raise Forbidden for anybody but an administrator."""
        demand_role(asker, Role.ADMIN)
        async with self.transactions(asker.origin) as work:
            account = await work.accounts.get(account_id)
            if role not in account.roles:
                event = account.grant(role)
                await work.accounts.save(account)
                work.record(event, account.version)
        return account


@dataclass(frozen=True)
class RevokeRole:
    """Take a role from an account; an administrator does."""

    transactions: Transactions

    async def __call__(self, asker: Asker, account_id: AccountId, role: Role) -> Account:
        """Return the account without the role; raise Forbidden for anybody but an administrator, RuleBroken for her own
        role of one, so that there always is one."""
        demand_role(asker, Role.ADMIN)
        if asker.account_id == account_id and role is Role.ADMIN:
            raise RuleBroken(Reason("role.own_admin", {}, "role"))
        async with self.transactions(asker.origin) as work:
            account = await work.accounts.get(account_id)
            event = account.revoke(role)
            if event is not None:
                await work.accounts.save(account)
                work.record(event, account.version)
        return account


def asker_of(account: Account, request_id: str = "", session_id: SessionId | None = None) -> Asker:
    """Return who asks when this account does."""
    return Asker(account.id, account.roles, account.student_id, request_id, session_id=session_id)


def _checked(email: str, password: str, name: str) -> tuple[str, str]:
    """Return the normal address and password; raise for everything that is wrong with them, at once."""
    typed = normal_password(password)
    reasons: list[Reason] = []
    error: type[DomainError] = RuleBroken
    address = ""
    try:
        address = normal_email(email)
    except Invalid as malformed:
        reasons.extend(malformed.reasons)
        error = Invalid
    try:
        check_password(typed, address)
    except RuleBroken as weak:
        reasons.extend(weak.reasons)
    if wrong := list(text_problems(name, "name", at_most=200)):
        reasons.extend(wrong)
        error = Invalid
    if reasons:
        raise error(*reasons)
    return address, typed


def _address_or_blank(email: str) -> str:
    try:
        return normal_email(email)
    except Invalid:
        return ""
