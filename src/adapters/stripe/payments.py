"""Payments by Stripe's Checkout, with its own library."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import stripe

from ...domain.shared.errors import Conflict, NotFound, RuleBroken
from ...domain.shared.money import Money
from ...ports.errors import Refusal, Refused, Unavailable
from ...ports.payments import Collection, Demand, Movement, Notice, Repayment, Stage
from .amounts import to_stripe
from .answers import Declined, translated
from .connections import Connections
from .notices import demand_lately, heard
from .reading import KEY, collection_of, intent_of, movement_of, repayment_of

# At finer levels it logs whole requests and answers, which hold names and cards' last digits.
logging.getLogger("stripe").setLevel(logging.WARNING)

HOSTED = "https://api.stripe.com"
_AT_A_TIME = 100
_EXPANDED = "payment_intent.latest_charge"
_ROUNDS = 3


class StripePayments:
    """A collection is a Checkout session; its id is the session's.

    Stripe forgets a key after a day, so we note at Stripe which session a key has opened: in a product whose id is made
    of the key, and of which there can be only one for ever.
    """

    def __init__(
        self,
        secret_key: str,
        webhook_secret: str,
        *,
        account: str = "",
        base_url: str = HOSTED,
        patience: timedelta = timedelta(seconds=20),
        retries: int = 2,
    ) -> None:
        """``account`` is the connected account for which everything is done, blank for our own. ``patience`` is for
        each try, of which there are ``retries`` after the first."""
        self._http = Connections(patience)
        self._client = stripe.StripeClient(
            secret_key,
            stripe_account=account or None,
            base_addresses={"api": base_url.rstrip("/")},
            max_network_retries=retries,
            http_client=self._http,
        )
        self._v1: Any = self._client.v1
        self._webhook_secret = webhook_secret
        self._account = account

    async def ask(self, demand: Demand) -> Collection:
        amount = to_stripe(demand.amount)
        try:
            with translated():
                session = await self._session_of(demand, amount)
        except Declined as error:
            if error.code == "idempotency_error":  # asked before with another page to come back to; found in a day
                raise Unavailable from error
            raise Refused(Refusal.NOT_TAKEN, error.code) from error
        return await self.look(session)

    async def look(self, collection: str) -> Collection:
        with translated():
            return await self._look(collection)

    async def take(self, collection: str, amount: Money) -> Collection:
        found = await self.look(collection)
        if found.stage is Stage.HELD and found.held is not None and amount <= found.held:
            try:
                with translated():
                    intent = await self._intent(found.id)
                    await self._v1.payment_intents.capture_async(intent, {"amount_to_capture": to_stripe(amount)})
            except Declined as error:
                found = await self.look(found.id)
                if found.taken != amount:
                    raise RuleBroken from error
            return await self.look(found.id)
        if found.taken != amount:
            raise RuleBroken
        return found

    async def close(self, collection: str) -> Collection:
        for _ in range(_ROUNDS):
            found = await self.look(collection)
            try:
                with translated():
                    if found.stage in (Stage.WAITING, Stage.ASKED_BACK):
                        await self._v1.checkout.sessions.expire_async(found.id)
                    elif found.stage is Stage.HELD:
                        await self._v1.payment_intents.cancel_async(await self._intent(found.id))
                    else:
                        return found
            except Declined:  # it has changed meanwhile: look again
                continue
        found = await self.look(collection)
        if found.page or found.held:
            raise Unavailable
        return found

    async def repay(self, key: str, collection: str, amount: Money) -> Repayment:
        with translated():
            session = await self._session(collection)
            intent = session.get("payment_intent") or {}
            known = await self._refunds(intent["id"]) if intent else []
        for one in known:
            if (one.get("metadata") or {}).get(KEY) == key:
                return _the_same(repayment_of(one, session["id"]), amount)
        if intent.get("status") != "succeeded":
            raise RuleBroken
        wanted = {"payment_intent": intent["id"], "amount": to_stripe(amount), "metadata": {KEY: key}}
        try:
            with translated():
                made = await self._v1.refunds.create_async(wanted, _keyed(key))
                return repayment_of(made.to_dict(), session["id"])
        except Declined as error:
            if error.code == "idempotency_error":
                raise Conflict from error
            raise RuleBroken from error

    async def movements(self, since: datetime, until: datetime) -> AsyncIterator[Movement]:
        with translated():
            window = {"gte": int(since.timestamp()), "lt": -int(-until.timestamp() // 1)}
            lines = await self._every(
                self._v1.balance_transactions, created=window, expand=["data.source"], limit=_AT_A_TIME
            )
            sessions: dict[str, str] = {"": ""}
            moved = []
            for line in reversed(lines):
                intent = intent_of(line)
                if intent not in sessions:
                    sessions[intent] = await self._session_with(intent)
                moved.append(movement_of(line, sessions[intent]))
        for one in sorted(moved, key=lambda one: one.at):
            if since <= one.at < until:
                yield one

    def hear(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Notice:
        demand_lately(headers, now)
        return heard(self._client, self._webhook_secret, self._account, headers, body)

    async def close_connections(self) -> None:
        """Let go of the connections."""
        await self._http.close_async()  # type: ignore[no-untyped-call]

    async def _session_of(self, demand: Demand, amount: int) -> str:
        """Return the session that the key has opened, which is opened where there is none."""
        product = await self._product(demand, amount)
        noted = product["metadata"]
        if (noted.get("amount"), noted.get("currency")) != (str(amount), demand.amount.currency):
            raise Conflict
        if noted.get("session"):
            return str(noted["session"])
        # Whoever opened one and broke off before it was noted did so after the product was made.
        session = await self._unnoted(demand.key, product["created"])
        if not session:
            opened = await self._v1.checkout.sessions.create_async(
                _wanted(demand, amount, product["id"]), _keyed(demand.key)
            )
            session = opened.id
        await self._v1.products.update_async(product["id"], {"metadata": {"session": session}})
        return session

    async def _product(self, demand: Demand, amount: int) -> dict[str, Any]:
        name = f"hs_{hashlib.sha256(demand.key.encode()).hexdigest()[:40]}"
        try:
            with translated():
                return dict((await self._v1.products.retrieve_async(name)).to_dict())
        except NotFound:
            pass
        noted = {KEY: demand.key, "amount": str(amount), "currency": demand.amount.currency}
        try:
            with translated():
                made = await self._v1.products.create_async({"id": name, "name": demand.reference, "metadata": noted})
        except Declined as error:
            if error.code != "resource_already_exists":
                raise
            made = await self._v1.products.retrieve_async(name)
        return dict(made.to_dict())

    async def _unnoted(self, key: str, since: int) -> str:
        every = await self._every(self._v1.checkout.sessions, created={"gte": since}, limit=_AT_A_TIME)
        return next((one["id"] for one in every if (one.get("metadata") or {}).get(KEY) == key), "")

    async def _look(self, collection: str) -> Collection:
        session = await self._session(collection)
        intent = session.get("payment_intent")
        if not intent or intent["status"] != "succeeded":
            return collection_of(session)
        refunds, disputes = await asyncio.gather(
            self._refunds(intent["id"]),
            self._every(self._v1.disputes, payment_intent=intent["id"], limit=_AT_A_TIME),
        )
        return collection_of(session, refunds, disputes[::-1])

    async def _session(self, collection: str) -> dict[str, Any]:
        """Return the session of that id, or the one whose intent has it."""
        name = await self._session_with(collection) if collection.startswith("pi_") else collection
        if not name:
            raise NotFound
        expanded = {"expand": [_EXPANDED]}
        return dict((await self._v1.checkout.sessions.retrieve_async(name, expanded)).to_dict())

    async def _session_with(self, intent: str) -> str:
        found = await self._v1.checkout.sessions.list_async({"payment_intent": intent, "limit": 1})
        return next((str(one.id) for one in found.data), "")

    async def _intent(self, session: str) -> str:
        return str((await self._session(session))["payment_intent"]["id"])

    async def _refunds(self, intent: str) -> list[dict[str, Any]]:
        """Return what was sent back of it, the oldest first."""
        return (await self._every(self._v1.refunds, payment_intent=intent, limit=_AT_A_TIME))[::-1]

    async def _every(self, service: Any, **wanted: Any) -> list[dict[str, Any]]:
        """Return all pages of the list, the newest first."""
        first = await service.list_async(wanted)
        return [dict(one.to_dict()) async for one in first.auto_paging_iter()]


def _wanted(demand: Demand, amount: int, product: str) -> dict[str, Any]:
    noted = {KEY: demand.key}
    intent: dict[str, Any] = {"metadata": noted, "description": demand.reference}
    if demand.hold:
        intent["capture_method"] = "manual"
    price = {"currency": demand.amount.currency.lower(), "unit_amount": amount, "product": product}
    return {
        "mode": "payment",
        "line_items": [{"quantity": 1, "price_data": price}],
        "success_url": demand.back_to,
        "cancel_url": demand.back_to,
        "client_reference_id": demand.reference,
        "metadata": noted,
        "payment_intent_data": intent,
    }


def _keyed(key: str) -> dict[str, str]:
    return {"idempotency_key": f"higherstudy:{key}"}


def _the_same(found: Repayment, amount: Money) -> Repayment:
    if found.amount != amount:
        raise Conflict
    return found
