"""Checking what somebody answers with when she is asked for a second factor."""

from __future__ import annotations

from datetime import datetime

from ....ports.one_time_codes import OneTimeCodes
from ....ports.passkeys import Json, PasskeyRefused, Passkeys
from ....ports.secret_box import BoxNotOpened, SecretBox
from ....ports.transactions import UnitOfWork
from ...shared.dataclass import dataclass
from ...shared.ids import AccountId, FactorId
from ..account import Account
from ..events import FactorsChanged
from ..factor import Factor, FactorKind, Method, RecoveryCodes, Shown
from .sessions import confirmed_factors


@dataclass(frozen=True)
class Held:
    """What an account can show, as one unit of work has found it."""

    factors: list[Factor]
    codes: RecoveryCodes | None

    @classmethod
    async def of(cls, work: UnitOfWork, account_id: AccountId) -> Held:
        """Return it for the account."""
        return cls(await confirmed_factors(work, account_id), await work.factors.recovery_codes(account_id))

    def of_kind(self, kind: FactorKind) -> list[Factor]:
        """Return the factors of the kind."""
        return [one for one in self.factors if one.kind is kind]

    @property
    def passkeys(self) -> list[bytes]:
        """The ids of the passkeys."""
        return [one.credential for one in self.factors if one.credential is not None]


@dataclass(frozen=True)
class Found:
    """What was shown: by which methods, and what of it has to be kept so that it is not shown a second time."""

    methods: frozenset[Method]
    factor: Factor | None = None
    codes: RecoveryCodes | None = None

    async def keep(self, work: UnitOfWork, account: Account) -> None:
        """Keep it; raise Conflict where it was shown at the same moment by another request."""
        if self.factor is not None:
            await work.factors.save(self.factor)
        if self.codes is not None:
            await work.factors.save_recovery_codes(self.codes)
            work.record(FactorsChanged(account.id, "code_used"), account.version)


@dataclass(frozen=True)
class FactorChecks:
    """Checks codes of apps, recovery codes and what passkeys sign."""

    codes: OneTimeCodes
    box: SecretBox
    passkeys: Passkeys

    async def check(self, shown: Shown, held: Held, challenge: bytes, now: datetime) -> Found | None:
        """Return what was shown, None where that is nothing of the account's."""
        if shown.code is not None:
            return self._by_code(shown.code, held, now)
        if shown.recovery_code is not None:
            return _by_recovery_code(shown.recovery_code, held)
        return await self.by_passkey(shown.passkey or {}, held.of_kind(FactorKind.PASSKEY), challenge, now)

    async def by_passkey(
        self, answer: Json, known: list[Factor], challenge: bytes, now: datetime, *, sure_of_user: bool = False
    ) -> Found | None:
        """Return which of the known passkeys has signed, None where none has."""
        try:
            credential = self.passkeys.credential_of(answer)
            factor = next((one for one in known if one.credential == credential), None)
            if factor is None:
                return None
            signed = await self.passkeys.signed(
                answer, challenge, factor.secret, factor.counter, sure_of_user=sure_of_user
            )
        except PasskeyRefused:
            return None
        factor.use(signed.counter, now)
        sure = {Method.USER_VERIFIED} if signed.user_verified else set()
        return Found(frozenset({Method.PASSKEY} | sure), factor)

    def step_of(self, factor: Factor, code: str, now: datetime) -> int | None:
        """Return the step of the code, None where it is none of the app's or not later than the last that was used."""
        try:
            secret = self.box.open(factor.secret, about_factor(factor.id))
        except BoxNotOpened:  # the key was lost: recovery codes and passkeys still let her in
            return None
        step = self.codes.step_of(secret, code, now)
        return step if step is not None and step > factor.counter else None

    def _by_code(self, code: str, held: Held, now: datetime) -> Found | None:
        for factor in held.of_kind(FactorKind.TOTP):
            step = self.step_of(factor, code, now)
            if step is not None:
                factor.use(step, now)
                return Found(frozenset({Method.TOTP}), factor)
        return None


def about_factor(factor_id: FactorId) -> bytes:
    """Return what the secret of an app is sealed for."""
    return f"factor:{factor_id}".encode()


def _by_recovery_code(code: str, held: Held) -> Found | None:
    if held.codes is None or not held.codes.use(code):
        return None
    return Found(frozenset({Method.RECOVERY}), codes=held.codes)
