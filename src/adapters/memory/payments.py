"""A provider of payments that forgets all with the process, and in which tests move payers and banks."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from ...domain.shared.errors import Conflict, Invalid, NotFound, Reason, RuleBroken
from ...domain.shared.money import Money
from ...ports.delivery_reports import NotSigned
from ...ports.errors import Unavailable
from ...ports.payments import (
    Collection,
    Demand,
    Dispute,
    DisputeStage,
    Movement,
    MovementKind,
    Notice,
    Repayment,
    RepaymentStage,
    Stage,
)

SIGNED_AT, SIGNATURE = "x-memory-signed-at", "x-memory-signature"
_TOLERANCE = timedelta(minutes=5)
_ANSWER_WITHIN = timedelta(days=7)


class MemoryPayments:
    """Keeps collections in this process. No money moves."""

    def __init__(self, now: Callable[[], datetime], secret: bytes = b"memory") -> None:
        """``secret`` signs the notices."""
        self._now = now
        self._secret = secret
        self._there: dict[str, Collection] = {}
        self._by_key: dict[str, str] = {}
        self._holds: set[str] = set()
        self._repaid: dict[str, Repayment] = {}
        self._moved: list[Movement] = []
        self._told: list[bytes] = []
        self.is_away = False
        """Whether nobody answers."""

    async def ask(self, demand: Demand) -> Collection:
        self._demand_there()
        if demand.key not in self._by_key:
            new = f"col_{len(self._there) + 1}"
            self._by_key[demand.key] = new
            if demand.hold:
                self._holds.add(new)
            page = f"https://pay.example.org/{new}"
            self._there[new] = Collection(new, demand.key, demand.amount, Stage.WAITING, page)
        found = self._there[self._by_key[demand.key]]
        if found.asked != demand.amount:
            raise Conflict
        return found

    async def look(self, collection: str) -> Collection:
        return self._find(collection)

    async def take(self, collection: str, amount: Money) -> Collection:
        found = self._find(collection)
        if found.stage is Stage.TAKEN and found.taken == amount:
            return found
        if found.held is None or not amount <= found.held:
            raise RuleBroken
        return self._taken(found, amount, found.taken_at)

    async def close(self, collection: str) -> Collection:
        found = self._find(collection)
        if found.stage in (Stage.WAITING, Stage.ASKED_BACK, Stage.HELD):
            return self._put(found, stage=Stage.CLOSED, page="", held=None, taken_at=None)
        return found

    async def repay(self, key: str, collection: str, amount: Money) -> Repayment:
        found = self._find(collection)
        if key in self._repaid:
            known = self._repaid[key]
            if (known.collection, known.amount) != (collection, amount):
                raise Conflict
            return next(one for one in found.repayments if one.id == known.id)
        if self._left(found) < amount.minor:
            raise RuleBroken
        new = f"re_{len(self._repaid) + 1}"
        made = Repayment(new, key, collection, amount, RepaymentStage.DONE, self._now())
        self._repaid[key] = made
        self._move(MovementKind.REPAID, amount * -1, collection, new)
        self._put(found, repayments=(*found.repayments, made))
        return made

    async def movements(self, since: datetime, until: datetime) -> AsyncIterator[Movement]:
        self._demand_there()
        for one in list(self._moved):
            if since <= one.at < until:
                yield one

    def hear(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Notice:
        given = {name.lower(): value for name, value in headers.items()}
        signed_at, signature = given.get(SIGNED_AT, ""), given.get(SIGNATURE, "")
        fits = hmac.compare_digest(self._signature(signed_at, body).encode(), signature.encode())
        if not fits or abs(now - datetime.fromtimestamp(int(signed_at), UTC)) > _TOLERANCE:
            raise NotSigned
        try:
            told = json.loads(body)
            return Notice(told["id"], told["kind"], datetime.fromisoformat(told["at"]), told["collection"])
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise Invalid(Reason("data.not_a_list_of_tables", {}, "body")) from error

    # What payers and banks do.

    def pay(self, collection: str) -> None:
        """Let the payer pay, or promise what is to be held."""
        found = self._find(collection)
        if found.stage not in (Stage.WAITING, Stage.ASKED_BACK, Stage.UNDER_WAY):
            raise RuleBroken
        if collection in self._holds:
            self._put(found, stage=Stage.HELD, held=found.asked, page="", declined="", taken_at=self._now())
        else:
            self._taken(found, found.asked, self._now())

    def pay_slowly(self, collection: str) -> None:
        """Let the payer pay by a bank that takes its time."""
        self._put(self._find(collection), stage=Stage.UNDER_WAY, page="", declined="")

    def finish(self, collection: str, *, paid: bool) -> None:
        """Let that bank decide."""
        if paid:
            self.pay(collection)
        else:
            self._put(self._find(collection), stage=Stage.CLOSED, declined="debit_failed")

    def decline(self, collection: str, code: str) -> None:
        """Let the bank decline, with the provider's code of why."""
        self._put(self._find(collection), stage=Stage.WAITING, declined=code)

    def ask_back(self, collection: str) -> None:
        """Let the bank ask the payer back."""
        self._put(self._find(collection), stage=Stage.ASKED_BACK)

    def fail_repayment(self, repayment: str) -> None:
        """Let what was sent back come again."""
        was = next(one for one in self._repaid.values() if one.id == repayment)
        found = self._find(was.collection)
        failed = [
            replace(one, stage=RepaymentStage.FAILED, reason="declined") if one.id == repayment else one
            for one in found.repayments
        ]
        self._move(MovementKind.REPAYMENT_FAILED, was.amount, found.id, repayment)
        self._put(found, repayments=tuple(failed))

    def dispute(self, collection: str) -> None:
        """Let the payer object at the bank to all that is left."""
        found = self._find(collection)
        amount = Money(self._left(found), found.asked.currency)
        new, now = f"dp_{collection}_{len(found.disputes)}", self._now()
        made = Dispute(new, collection, amount, DisputeStage.OPEN, now, now + _ANSWER_WITHIN, "fraudulent")
        self._move(MovementKind.DISPUTED, amount * -1, collection, new)
        self._put(found, disputes=(*found.disputes, made))

    def decide(self, collection: str, *, won: bool) -> None:
        """Let the bank decide the objection, for us or for the payer."""
        found = self._find(collection)
        stage = DisputeStage.WON if won else DisputeStage.LOST
        for one in found.disputes:
            if won and one.stage is DisputeStage.OPEN:
                self._move(MovementKind.DISPUTE_WON, one.amount, collection, one.id)
        decided = (replace(one, stage=stage) if one.stage is DisputeStage.OPEN else one for one in found.disputes)
        self._put(found, disputes=tuple(decided))

    def notices(self) -> Sequence[tuple[dict[str, str], bytes]]:
        """Return every notice until now, each signed now."""
        return [self.signed(body, self._now()) for body in self._told]

    def signed(self, body: bytes, at: datetime) -> tuple[dict[str, str], bytes]:
        """Return the request with this body, signed at that time."""
        signed_at = str(int(at.timestamp()))
        return {SIGNED_AT: signed_at, SIGNATURE: self._signature(signed_at, body)}, body

    def _signature(self, signed_at: str, body: bytes) -> str:
        return hmac.new(self._secret, f"{signed_at}.".encode() + body, hashlib.sha256).hexdigest()

    def _demand_there(self) -> None:
        if self.is_away:
            raise Unavailable

    def _find(self, collection: str) -> Collection:
        self._demand_there()
        if collection not in self._there:
            raise NotFound
        return self._there[collection]

    def _left(self, found: Collection) -> int:
        if found.taken is None:
            return 0
        back = sum(one.amount.minor for one in found.repayments if one.stage is not RepaymentStage.FAILED)
        gone = sum(one.amount.minor for one in found.disputes if one.stage is not DisputeStage.WON)
        return found.taken.minor - back - gone

    def _taken(self, found: Collection, amount: Money, at: datetime | None) -> Collection:
        fee = amount.minor // 40
        self._move(MovementKind.TAKEN, amount, found.id, "", fee)
        return self._put(found, stage=Stage.TAKEN, taken=amount, taken_at=at, held=None, page="", declined="")

    def _move(self, kind: MovementKind, amount: Money, collection: str, cause: str, fee: int = 0) -> None:
        new, kept = f"txn_{len(self._moved) + 1}", Money(fee, amount.currency)
        self._moved.append(Movement(new, self._now(), kind, amount, kept, collection, cause))

    def _put(self, found: Collection, **changes: Any) -> Collection:
        self._there[found.id] = replace(found, **changes)
        told = {"id": f"evt_{len(self._told) + 1}", "kind": "changed", "at": self._now().isoformat()}
        self._told.append(json.dumps({**told, "collection": found.id}).encode())
        return self._there[found.id]
