"""Registering, signing in, and who holds which role."""

from __future__ import annotations

from contextlib import suppress

from ....ports.common_passwords import CommonPasswords
from ....ports.ids import Ids
from ....ports.passwords import Passwords
from ....ports.transactions import Transactions, UnitOfWork
from ...audit.deed import Deed
from ...profile.profile import Profile
from ...profile.student import Student
from ...shared.dataclass import dataclass
from ...shared.errors import Conflict, DomainError, Forbidden, Invalid, NotFound, Reason, RuleBroken
from ...shared.events import Origin
from ...shared.ids import AccountId, SessionId, StudentId
from ...shared.texts import text_problems
from ..account import Account, Asker, Role, normal_email
from ..confirmation import Purpose
from ..errors import SignInRefused
from ..password import LONGEST_PASSWORD, SHORTEST_ALONE, SHORTEST_OF_TWO, check_password, normal_password
from ..policies import demand_in_person, demand_role
from ..session import Because
from ..throttle import Pace, password_key
from ..ticket import Ticket
from .attempts import PasswordDemand, claim, refusal
from .sessions import confirmed_factors, end_live


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
    common: CommonPasswords

    async def __call__(self, email: str, password: str, name: str = "", request_id: str = "") -> Account:
        """Return the new account; raise what ``prepare`` and ``keep`` raise."""
        return await self.keep(await self.prepare(email, password, name), request_id)

    async def prepare(self, email: str, password: str, name: str = "") -> Registration:
        """Return what is to be kept. Hashing takes long and has to queue, so do this while no transaction is open.

        Raises Invalid for a malformed address, RuleBroken for a weak password (both together as Invalid).
        """
        address, typed = _checked(email, password, name, self.common)
        return Registration(address, await self.passwords.hash(typed), name.strip())

    async def keep(self, registration: Registration, request_id: str = "", address: str = "") -> Account:
        """Return the new account; raise EmailTaken where the address has one."""
        account_id, student_id = AccountId(self.ids.new()), StudentId(self.ids.new())
        email, hashed = registration.email, registration.password_hash
        async with self.transactions(Origin(actor=account_id, request_id=request_id, address=address)) as work:
            account = Account(account_id, email, hashed, frozenset({Role.STUDENT}), student_id, work.now)
            await work.accounts.add(account)
            await work.students.add(Student(student_id, account_id, Profile(name=registration.name)))
            work.record(account.registered(), account.version)
        return account


@dataclass(frozen=True)
class SignIn:
    """Tell whether an address and a password belong together. It begins no session: ``BeginSession`` does."""

    transactions: Transactions
    passwords: Passwords
    pace: Pace = Pace()

    async def __call__(
        self,
        email: str,
        password: str,
        device: Ticket | None = None,
        origin: Origin = Origin(),  # noqa: B008 - frozen
    ) -> Account:
        """Return the account; raise SignInRefused otherwise, after the same time for an unknown address.

        ``device`` is the ticket of one that has signed in before. Raises SlowedDown where too much has failed, for an
        address without account as for any other, and then looks at no password.
        """
        address = _address_or_blank(email)
        async with self.transactions(origin) as work:
            account = await work.accounts.find_by_email(address)
            key = password_key(address, account.id if account else None, device)
            if address:
                await claim(work, key, self.pace)
        typed = normal_password(password[: LONGEST_PASSWORD + 1])
        # The port takes as long for a hash that it cannot read, so a blank one hides that there is no account.
        fits = await self.passwords.matches(typed, account.password_hash if account else "")
        async with self.transactions(origin) as work:
            if account is not None and fits:
                await work.throttles.remove(key)
            else:
                deed = refusal("session.refused", account)
                work.note(deed)
        if account is None or not fits:
            raise SignInRefused
        if self.passwords.is_outdated(account.password_hash):
            return await self._hashed_anew(account, await self.passwords.hash(typed))
        return account

    async def _hashed_anew(self, before: Account, hashed: str) -> Account:
        """Return the account with the password kept at the costs of now; as it was, where it has changed meanwhile."""
        with suppress(Conflict):
            async with self.transactions() as work:
                account = await work.accounts.get(before.id)
                if account.password_hash == before.password_hash:
                    account.password_hash = hashed
                    await work.accounts.save(account)
                    return account
        return before


@dataclass(frozen=True)
class ChangePassword:
    """Choose another password; whoever is signed in elsewhere has to use it."""

    transactions: Transactions
    passwords: Passwords
    common: CommonPasswords
    pace: Pace = Pace()

    async def __call__(self, asker: Asker, current: str, new: str) -> None:
        """Change it and end the account's other sessions; codes that would reset it are good no more.

        Raises RuleBroken where ``current`` is not the password that holds, or the new one is a weak one; SlowedDown
        where it was guessed at too often, for whoever has a session alone is not to find it out; Conflict where it was
        changed meanwhile.
        """
        async with self.transactions(asker.origin) as work:
            before = await work.accounts.get(asker.account_id)
            shortest, name = await demands_of(work, before)
        await PasswordDemand(self.transactions, self.passwords, self.pace)(asker, before, current, "current")
        typed = normal_password(new)
        check_password(typed, self.common.has, email=before.email, name=name, shortest=shortest, where="new")
        hashed = await self.passwords.hash(typed)
        async with self.transactions(asker.origin) as work:
            account = await work.accounts.get(asker.account_id)
            if account.password_hash != before.password_hash or await demands_of(work, account) != (shortest, name):
                raise Conflict
            event = account.change_password(hashed, is_short=len(typed) < SHORTEST_ALONE)
            await work.accounts.save(account)
            work.record(event, account.version)
            await use_up(work, account.id, Purpose.RESET_PASSWORD)
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
        """Return the account with the role; raise Forbidden for anybody but an administrator, and by a key."""
        demand_in_person(asker)
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
        role of one. Of two who take it from each other one keeps it: there always is an administrator."""
        demand_in_person(asker)
        demand_role(asker, Role.ADMIN)
        if asker.account_id == account_id and role is Role.ADMIN:
            raise RuleBroken(Reason("role.own_admin", {}, "role"))
        async with self.transactions(asker.origin) as work:
            if role is Role.ADMIN and Role.ADMIN not in (await work.accounts.held(asker.account_id)).roles:
                raise Forbidden  # whom she wants to take it from was quicker
            account = await work.accounts.get(account_id)
            event = account.revoke(role)
            if event is not None:
                await work.accounts.save(account)
                work.record(event, account.version)
        return account


def asker_of(
    account: Account,
    request_id: str = "",
    session_id: SessionId | None = None,
    methods: frozenset[str] = frozenset(),
) -> Asker:
    """Return who asks when this account does, in a session that was begun by these methods."""
    return Asker(account.id, account.roles, account.student_id, request_id, session_id=session_id, methods=methods)


async def use_up(work: UnitOfWork, account_id: AccountId, purpose: Purpose) -> None:
    """Let all codes of the account for the purpose be good no more; raise Conflict where one is used at this moment."""
    for one in await work.confirmations.open_of(account_id, purpose, work.now):
        one.use(work.now)
        await work.confirmations.save(one)


async def demands_of(work: UnitOfWork, account: Account) -> tuple[int, str]:
    """Return how long the account's password has to be, and its holder's name, which it may not be made of."""
    shortest = SHORTEST_OF_TWO if await confirmed_factors(work, account.id) else SHORTEST_ALONE
    student = await work.students.get(account.student_id) if account.student_id else None
    return shortest, student.profile.name if student else ""


def _checked(email: str, password: str, name: str, common: CommonPasswords) -> tuple[str, str]:
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
        check_password(typed, common.has, email=address, name=name)
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
