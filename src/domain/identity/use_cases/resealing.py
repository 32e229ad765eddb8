"""Sealing the secrets of apps that make codes anew, once another key seals them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from ....ports.secret_box import BoxNotOpened, SecretBox
from ....ports.transactions import Transactions
from ....ports.vault import Report
from ...audit.deed import Deed
from ...shared.dataclass import dataclass
from ...shared.errors import Conflict
from ...shared.ids import FactorId
from ..factor import Factor
from .factor_checks import about_factor

_AT_A_TIME = 200
_TRIES = 5  # for one whose code is just being used


@dataclass(frozen=True, slots=True)
class Resealed:
    """How many apps were sealed anew, and how many no key that is known here opens."""

    anew: int = 0
    not_opened: int = 0

    def __add__(self, other: Resealed) -> Resealed:
        return Resealed(self.anew + other.anew, self.not_opened + other.not_opened)


@dataclass(frozen=True)
class SealFactorsAnew:
    """Seal by the key in use whatever an earlier one has sealed; nobody has to set up an app anew."""

    transactions: Transactions
    box: SecretBox

    async def __call__(self, report: Report) -> Resealed:
        """Return how many that were; may be repeated or cut short at any point, while codes are being used.

        Raises Conflict where an app is in use all the time, which another run takes.
        """
        done, after = Resealed(), None
        while page := await self._page(after):
            for factor in page:
                done += await self._sealed(factor)
            after = page[-1].id
            await report(done.anew)
        async with self.transactions() as work:
            details = {"anew": str(done.anew), "not_opened": str(done.not_opened), "by": "operator"}
            work.note(Deed("factor.sealed_anew", "factor", details=details))
        return done

    async def _page(self, after: FactorId | None) -> Sequence[Factor]:
        async with self.transactions() as work:
            return await work.factors.apps(after, _AT_A_TIME)

    async def _sealed(self, factor: Factor) -> Resealed:
        about = about_factor(factor.id)
        try:
            if not self.box.is_outdated(factor.secret, about):
                return Resealed()
            secret = self.box.open(factor.secret, about)
        except BoxNotOpened:
            return Resealed(not_opened=1)
        for _ in range(_TRIES - 1):
            with suppress(Conflict):
                return await self._keep(factor, self.box.seal(secret, about))
        return await self._keep(factor, self.box.seal(secret, about))

    async def _keep(self, factor: Factor, sealed: bytes) -> Resealed:
        """Put it in the place of the former one, unless the app was removed meanwhile; its secret never changes."""
        async with self.transactions() as work:
            for now in await work.factors.of_account(factor.account_id):
                if now.id == factor.id:
                    now.secret = sealed
                    await work.factors.save(now)
                    return Resealed(anew=1)
        return Resealed()
