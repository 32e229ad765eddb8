"""Signing in at a provider: there, back, and into an account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field, replace
from typing import NamedTuple

from ....ports.identity_providers import Answer, IdentityProviders, Provider
from ....ports.ids import Ids
from ....ports.secrets import Secrets
from ....ports.transactions import Transactions, UnitOfWork
from ...audit.deed import Deed
from ...profile.profile import Profile
from ...profile.student import Student
from ...shared.dataclass import dataclass
from ...shared.errors import DomainError, NotFound, Reason, RuleBroken
from ...shared.events import Origin
from ...shared.ids import AccountId, LinkedIdentityId, ProviderSignInId, StudentId
from ...shared.texts import text_problems
from ..account import Account, Asker, Role
from ..errors import ProviderRefused
from ..factor import Method
from ..linked_identity import Identity, LinkedIdentity
from ..provider_sign_in import ProviderSignIn, Way, digest_of, is_of, not_good


@dataclass(frozen=True, slots=True)
class Begun:
    """A way that has begun: where the browser is to go, and the secret that it alone is to keep."""

    address: str
    secret: str = field(repr=False)


class Came(NamedTuple):
    """Who came back from a provider to an account of hers, and how she has shown there who she is."""

    account: Account
    methods: frozenset[Method]


@dataclass(frozen=True)
class ListProviders:
    """Say at which providers one can sign in."""

    providers: IdentityProviders

    def __call__(self) -> Sequence[Provider]:
        """Return them in the order in which they are to be shown."""
        return self.providers.offered()


@dataclass(frozen=True)
class BeginProviderSignIn:
    """Send a browser to a provider, to sign in or to link what it proves there."""

    transactions: Transactions
    ids: Ids
    secrets: Secrets
    providers: IdentityProviders

    async def __call__(self, provider: str, origin: Origin, asker: Asker | None = None) -> Begun:
        """Return where to go; with ``asker``, who comes back is to be linked with the asker's account.

        Raises NotFound for a provider that is not offered, Unavailable where it does not answer.
        """
        secret = self.secrets.new()
        way = Way.of(secret)
        address = await self.providers.begin(provider, way)
        async with self.transactions(origin) as work:
            account_id = asker.account_id if asker else None
            begun = ProviderSignIn.begun(ProviderSignInId(self.ids.new()), provider, way, work.now, account_id)
            await work.provider_sign_ins.add(begun)
        return Begun(address, secret)


@dataclass(frozen=True)
class FinishProviderSignIn:
    """Take what came back from a provider."""

    transactions: Transactions
    ids: Ids
    providers: IdentityProviders

    async def __call__(self, secret: str, state: str, answer: Answer, origin: Origin) -> Came | None:
        """Return the account that is signed in to now, and how; None where the identity waits to be linked with one.

        An identity that is linked signs in. One that nobody knows opens a student's account, unless the way was begun
        to link it, or its e-mail address has an account: that one's holder has to be proved too, by signing in to it.

        Raises RuleBroken for an answer that this browser did not ask for, or has given before, and where the provider
        tells no address to open an account with; ProviderRefused and Unavailable as the provider's port does.
        """
        way = await self._used(secret, state, origin)
        try:
            identity = await self.providers.finish(way.provider, Way.of(secret), answer)
        except (ProviderRefused, NotFound) as refused:
            await self._note_refusal(way, refused, origin)
            raise
        async with self.transactions(origin) as work:
            known = await work.linked_identities.find(identity.issuer, identity.subject)
            if known is None or way.account_id is not None:
                same = await work.accounts.find_by_email(identity.email) if identity.email else None
                waits_for = way.account_id or (same.id if same else None)
                if waits_for is not None:
                    way.wait_for_link(identity, waits_for, work.now)
                    await work.provider_sign_ins.save(way)
                    return None
        if known is None:
            return Came(await self._registered(identity, way, origin), identity.methods)
        async with self.transactions(replace(origin, actor=known.account_id)) as work:
            account = await work.accounts.get(known.account_id)
            _note_sign_in(work, account, way)
        return Came(account, identity.methods)

    async def _used(self, secret: str, state: str, origin: Origin) -> ProviderSignIn:
        """Return the browser's way, which is used up from now on, before anybody outside is asked."""
        try:
            if not is_of(secret, state):
                raise not_good()
            async with self.transactions(origin) as work:
                way = await work.provider_sign_ins.find(digest_of(state))
                way.use(work.now)
                await work.provider_sign_ins.save(way)
        except (NotFound, RuleBroken):
            async with self.transactions(origin) as work:
                work.note(Deed("provider_sign_in.state_refused"))
            raise not_good() from None
        return way

    async def _note_refusal(self, way: ProviderSignIn, refused: DomainError, origin: Origin) -> None:
        because = next((str(one.params.get("because", one.code)) for one in refused.reasons), refused.code)
        async with self.transactions(origin) as work:
            details = {"provider": way.provider, "because": because}
            work.note(Deed("provider_sign_in.refused", "provider_sign_in", way.id, details=details))

    async def _registered(self, identity: Identity, way: ProviderSignIn, origin: Origin) -> Account:
        """Return a new student's account, without a password; raise RuleBroken without an address for it."""
        if identity.email is None:
            raise RuleBroken(Reason("provider.no_email", {}, "email"))
        account_id, student_id = AccountId(self.ids.new()), StudentId(self.ids.new())
        async with self.transactions(replace(origin, actor=account_id)) as work:
            confirmed = work.now if identity.email_verified else None
            roles = frozenset({Role.STUDENT})
            account = Account(account_id, identity.email, "", roles, student_id, work.now, email_confirmed_at=confirmed)
            await work.accounts.add(account)
            await work.students.add(Student(student_id, account_id, Profile(name=_name(identity))))
            linked = LinkedIdentity(
                LinkedIdentityId(self.ids.new()), account_id, identity.issuer, identity.subject, work.now
            )
            await work.linked_identities.add(linked)
            work.record(account.registered(), account.version)
            _note_sign_in(work, account, way)
        return account


def _note_sign_in(work: UnitOfWork, account: Account, way: ProviderSignIn) -> None:
    details = {"provider": way.provider}
    work.note(Deed("provider_sign_in.accepted", "account", account.id, account.student_id, details=details))


def _name(identity: Identity) -> str:
    """Return the name where it is one that can be kept: she writes it as in her passport later."""
    name = identity.name.strip()
    return "" if any(text_problems(name, "name", at_most=200)) else name
