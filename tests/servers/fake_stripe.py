"""A Stripe on this machine, which keeps Stripe's rules about keys, states, limits and signatures.

Only what the adapter uses is there. Its clock stands still until a test moves it; webhooks are signed, and handed over
by the test.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit
from uuid import uuid4

from .fake_http import Answer, Asked, FakeService, served

SECRET_KEY = "sk_test_a_key_of_tests"
WEBHOOK_SECRET = "whsec_of_tests"
REMEMBERS_KEYS = timedelta(hours=24)
SESSION_LIVES = timedelta(hours=24)
THREE = {"bhd", "jod", "kwd", "omr", "tnd"}

Thing = dict[str, Any]


class No(Exception):
    """What Stripe answers in the place of what was asked for."""

    def __init__(self, status: int, code: str, kind: str = "invalid_request_error") -> None:
        self.status = status
        self.error = {"code": code, "type": kind, "message": f"No: {code}."}


@dataclass
class FakeStripe(FakeService):
    """Keeps everything in this process, under one lock but for the keys in use."""

    at: datetime = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)
    products: dict[str, Thing] = field(default_factory=dict)
    sessions: dict[str, Thing] = field(default_factory=dict)
    intents: dict[str, Thing] = field(default_factory=dict)
    charges: dict[str, Thing] = field(default_factory=dict)
    refunds: dict[str, Thing] = field(default_factory=dict)
    disputes: dict[str, Thing] = field(default_factory=dict)
    moved: list[Thing] = field(default_factory=list)
    events: list[bytes] = field(default_factory=list)
    keys: dict[tuple[str, str], tuple[datetime, tuple[str, bytes], Answer | None]] = field(default_factory=dict)
    """Of each key: since when, for which request, and what was answered; None while that is worked at."""
    lock: threading.RLock = field(default_factory=threading.RLock)

    def answer(self, asked: Asked) -> Answer:
        """Return what it says when all is well."""
        if asked.headers.get("authorization") != f"Bearer {SECRET_KEY}":
            return _no(No(401, "api_key_invalid"))
        key, account = asked.headers.get("idempotency-key", ""), asked.headers.get("stripe-account", "")
        if asked.method != "POST" or not key:
            return self._done(asked)
        if len(key) > 255:
            return _no(No(400, "idempotency_key_too_long"))
        request = (asked.path, asked.body)
        with self.lock:
            since, known, said = self.keys.get((account, key), (self.at, request, _NOTHING))
            if said is _NOTHING or self.at - since > REMEMBERS_KEYS:
                self.keys[account, key] = (self.at, request, None)
            elif known != request:
                return _no(No(400, "idempotency_error", "idempotency_error"))
            elif said is None:
                return _no(No(409, "idempotency_key_in_use", "idempotency_error"))
            else:
                return Answer(said.status, said.body, {**said.headers, "Idempotent-Replayed": "true"})
        said = self._done(asked)
        with self.lock:
            self.keys[account, key] = (self.at, request, said)
        return said

    # What payers, banks and time do.

    def now(self) -> datetime:
        """Return the time there."""
        return self.at

    def wait(self, how_long: timedelta) -> None:
        """Let time go by, and open sessions expire."""
        with self.lock:
            self.at += how_long
            for session in self.sessions.values():
                if session["status"] == "open" and session["expires_at"] <= _seconds(self.at):
                    self._expire(session)

    def pay(self, collection: str) -> None:
        """Let the payer pay, or promise what is to be held."""
        with self.lock:
            session, intent = self._tried(collection)
            session.update(status="complete", url=None)
            self._succeed(intent)
            self._tell("checkout.session.completed", session)

    def pay_slowly(self, collection: str) -> None:
        """Let the payer pay by a bank that takes its time."""
        with self.lock:
            session, intent = self._tried(collection)
            session.update(status="complete", url=None)
            intent.update(status="processing")
            self._tell("checkout.session.completed", session)
            self._tell("payment_intent.processing", intent)

    def finish(self, collection: str, *, paid: bool) -> None:
        """Let that bank decide."""
        with self.lock:
            session = self.sessions[collection]
            intent = self.intents[session["payment_intent"]]
            if paid:
                self._succeed(intent)
            else:
                intent.update(status="requires_payment_method", last_payment_error={"code": "debit_not_authorized"})
            self._tell(f"checkout.session.async_payment_{'succeeded' if paid else 'failed'}", session)

    def decline(self, collection: str, code: str) -> None:
        """Let the bank decline, with the code of why."""
        with self.lock:
            _, intent = self._tried(collection)
            error = {"code": "card_declined", "decline_code": code, "type": "card_error"}
            intent.update(status="requires_payment_method", last_payment_error=error)
            self._tell("payment_intent.payment_failed", intent)

    def ask_back(self, collection: str) -> None:
        """Let the bank ask the payer back."""
        with self.lock:
            _, intent = self._tried(collection)
            intent.update(status="requires_action")
            self._tell("payment_intent.requires_action", intent)

    def fail_repayment(self, repayment: str) -> None:
        """Let what was sent back come again."""
        with self.lock:
            refund = self.refunds[repayment]
            refund.update(status="failed", failure_reason="expired_or_canceled_card")
            self._move("refund_failure", refund["amount"], refund["currency"], refund)
            self._tell("refund.failed", refund)

    def dispute(self, collection: str) -> None:
        """Let the payer object at the bank to all that is left."""
        with self.lock:
            intent = self.intents[self.sessions[collection]["payment_intent"]]
            charge = self.charges[intent["latest_charge"]]
            due = {"due_by": _seconds(self.at + timedelta(days=7))}
            amount = self._left(intent)
            made = self._new("du", "dispute", amount=amount, currency=intent["currency"], status="needs_response")
            made.update(charge=charge["id"], payment_intent=intent["id"], reason="fraudulent", evidence_details=due)
            self.disputes[made["id"]] = made
            self._move("adjustment", -amount, intent["currency"], made, category="dispute")
            self._tell("charge.dispute.created", made)

    def decide(self, collection: str, *, won: bool) -> None:
        """Let the bank decide the objections, for us or for the payer."""
        with self.lock:
            intent = self.sessions[collection]["payment_intent"]
            for one in self.disputes.values():
                if one["payment_intent"] == intent and one["status"] == "needs_response":
                    one["status"] = "won" if won else "lost"
                    if won:
                        self._move("adjustment", one["amount"], one["currency"], one, category="dispute_reversal")
                    self._tell("charge.dispute.closed", one)

    def pay_out(self, amount: int, currency: str) -> None:
        """Let it go to our bank."""
        with self.lock:
            self._move("payout", -amount, currency, self._new("po", "payout", amount=amount, currency=currency))

    def notices(self) -> Sequence[tuple[dict[str, str], bytes]]:
        """Return every notice until now, each signed now."""
        return [self.signed(body, self.at) for body in self.events]

    def signed(self, body: bytes, at: datetime) -> tuple[dict[str, str], bytes]:
        """Return the request with this body, signed at that time, as Stripe signs."""
        signed_at = str(_seconds(at))
        fits = hmac.new(WEBHOOK_SECRET.encode(), f"{signed_at}.".encode() + body, hashlib.sha256).hexdigest()
        return {"Stripe-Signature": f"t={signed_at},v1={fits}"}, body

    # What it is asked for.

    def _done(self, asked: Asked) -> Answer:
        url = urlsplit(asked.path)
        given = _nested(parse_qsl(asked.body.decode() if asked.method == "POST" else url.query, True))
        try:
            with self.lock:
                found = self._routed(asked.method, unquote(url.path).removeprefix("/v1/").split("/"), given)
        except No as no:
            return _no(no)
        if found.get("object") == "list":
            found["url"] = url.path
        return Answer(200, json.dumps(found).encode(), {"Content-Type": "application/json"})

    def _routed(self, method: str, path: list[str], given: Thing) -> Thing:  # noqa: C901 - one case an operation
        match method, path:
            case "POST", ["products"]:
                if given["id"] in self.products:
                    raise No(400, "resource_already_exists")
                made = self._new("prod", "product", name=given["name"], metadata=given.get("metadata", {}))
                made["id"] = given["id"]
                self.products[given["id"]] = made
                return made
            case "GET", ["products", name]:
                return _found(self.products, name)
            case "POST", ["products", name]:
                product = _found(self.products, name)
                product["metadata"] = {**product["metadata"], **given["metadata"]}
                return product
            case "POST", ["checkout", "sessions"]:
                return self._session(given)
            case "GET", ["checkout", "sessions"]:
                wanted = given.get("payment_intent")
                since = int(given.get("created", {}).get("gte", 0))
                until = int(given.get("created", {}).get("lte", 10**12))
                every = [
                    one
                    for one in self.sessions.values()
                    if wanted in (None, one["payment_intent"]) and since <= one["created"] <= until
                ]
                return self._page(every, given)
            case "GET", ["checkout", "sessions", name]:
                return self._expanded(_found(self.sessions, name), given)
            case "POST", ["checkout", "sessions", name, "expire"]:
                session = _found(self.sessions, name)
                if session["status"] != "open":
                    raise No(400, "session_not_open")
                self._expire(session)
                return self._expanded(session, given)
            case "POST", ["payment_intents", name, "capture"]:
                return self._capture(_found(self.intents, name), int(given["amount_to_capture"]))
            case "POST", ["payment_intents", name, "cancel"]:
                intent = _found(self.intents, name)
                if intent["status"] in ("succeeded", "canceled", "processing"):
                    raise No(400, "payment_intent_unexpected_state")
                intent.update(status="canceled", amount_capturable=0)
                self._tell("payment_intent.canceled", intent)
                return intent
            case "POST", ["refunds"]:
                return self._refund(given)
            case "GET", ["refunds" | "disputes" as which]:
                things = self.refunds if which == "refunds" else self.disputes
                about = given["payment_intent"]
                return self._page([one for one in things.values() if one["payment_intent"] == about], given)
            case "GET", ["balance_transactions"]:
                since, until = int(given["created"]["gte"]), int(given["created"]["lt"])
                every = [one for one in self.moved if since <= one["created"] < until]
                page = self._page(every, given)
                page["data"] = [self._expanded(one, given) for one in page["data"]]
                return page
        raise No(404, "url_not_found")

    def _session(self, given: Thing) -> Thing:
        line = given["line_items"]["0"]
        price, intent = line["price_data"], given["payment_intent_data"]
        amount, currency = int(price["unit_amount"]), price["currency"]
        _found(self.products, price["product"])
        if not 50 <= amount <= 99_999_999:
            raise No(400, "amount_too_small" if amount < 50 else "amount_too_large")
        if (currency in ("isk", "ugx") and amount % 100) or (currency in THREE and amount % 10):
            raise No(400, "invalid_charge_amount_no_decimal_compatible")
        made = self._new("cs_test", "checkout.session", amount_total=amount, currency=currency, status="open")
        made.update(
            metadata=given["metadata"], payment_intent=None, mode=given["mode"], url=f"{self.url}/pay/{made['id']}"
        )
        made["expires_at"] = _seconds(self.at + SESSION_LIVES)
        made["_wanted"] = intent
        self.sessions[made["id"]] = made
        return _shown(made)

    def _tried(self, collection: str) -> tuple[Thing, Thing]:
        """Return the session with its intent, which there is from the first try on, as Stripe does it."""
        session = self.sessions[collection]
        if session["status"] != "open":
            raise AssertionError("nobody can pay there any more")
        if session["payment_intent"] is None:
            wanted = session["_wanted"]
            intent = self._new("pi", "payment_intent", amount=session["amount_total"], currency=session["currency"])
            intent.update(status="requires_payment_method", metadata=wanted["metadata"], latest_charge=None)
            intent.update(capture_method=wanted.get("capture_method", "automatic"), last_payment_error=None)
            intent.update(amount_received=0, amount_capturable=0)
            self.intents[intent["id"]] = intent
            session["payment_intent"] = intent["id"]
        return session, self.intents[session["payment_intent"]]

    def _succeed(self, intent: Thing) -> None:
        charge = self._new("ch", "charge", amount=intent["amount"], currency=intent["currency"])
        charge.update(payment_intent=intent["id"], metadata=intent["metadata"])
        self.charges[charge["id"]] = charge
        intent.update(latest_charge=charge["id"], last_payment_error=None)
        if intent["capture_method"] == "manual":
            intent.update(status="requires_capture", amount_capturable=intent["amount"])
            self._tell("payment_intent.amount_capturable_updated", intent)
        else:
            self._took(intent, intent["amount"])

    def _capture(self, intent: Thing, amount: int) -> Thing:
        if intent["status"] != "requires_capture":
            raise No(400, "payment_intent_unexpected_state")
        if amount > intent["amount_capturable"]:
            raise No(400, "amount_too_large")
        self._took(intent, amount)
        return intent

    def _took(self, intent: Thing, amount: int) -> None:
        intent.update(status="succeeded", amount_received=amount, amount_capturable=0)
        charge = self.charges[intent["latest_charge"]]
        self._move("charge", amount, intent["currency"], charge, fee=amount * 29 // 1000 + 30)
        self._tell("payment_intent.succeeded", intent)
        self._tell("charge.succeeded", charge)

    def _left(self, intent: Thing) -> int:
        back = sum(
            one["amount"]
            for one in self.refunds.values()
            if one["payment_intent"] == intent["id"] and one["status"] != "failed"
        )
        gone = sum(
            one["amount"]
            for one in self.disputes.values()
            if one["payment_intent"] == intent["id"] and one["status"] != "won"
        )
        return int(intent["amount_received"] - back - gone)

    def _refund(self, given: Thing) -> Thing:
        intent, amount = _found(self.intents, given["payment_intent"]), int(given["amount"])
        if intent["status"] != "succeeded":
            raise No(400, "payment_intent_unexpected_state")
        if amount > self._left(intent):
            raise No(400, "charge_already_refunded" if self._left(intent) <= 0 else "amount_too_large")
        made = self._new("re", "refund", amount=amount, currency=intent["currency"], status="succeeded")
        made.update(payment_intent=intent["id"], charge=intent["latest_charge"], metadata=given.get("metadata", {}))
        self.refunds[made["id"]] = made
        self._move("refund", -amount, intent["currency"], made)
        self._tell("charge.refunded", self.charges[intent["latest_charge"]])
        return made

    def _expire(self, session: Thing) -> None:
        session.update(status="expired", url=None)
        if session["payment_intent"]:
            self.intents[session["payment_intent"]]["status"] = "canceled"
        self._tell("checkout.session.expired", session)

    def _page(self, every: Sequence[Thing], given: Thing) -> Thing:
        newest = list(reversed(every))
        after = given.get("starting_after")
        begin = next((at + 1 for at, one in enumerate(newest) if one["id"] == after), 0)
        end = begin + int(given.get("limit", 10))
        page = [_shown(one) for one in newest[begin:end]]
        return {"object": "list", "data": page, "has_more": end < len(newest)}

    def _expanded(self, thing: Thing, given: Thing) -> Thing:
        shown = _shown(thing)
        for path in given.get("expand", {}).values():
            if path == "data.source" and shown.get("source"):
                every = {**self.charges, **self.refunds, **self.disputes}
                shown["source"] = every.get(shown["source"], shown["source"])
            if path.startswith("payment_intent") and isinstance(shown.get("payment_intent"), str):
                shown["payment_intent"] = dict(self.intents[shown["payment_intent"]])
            if path == "payment_intent.latest_charge" and shown.get("payment_intent"):
                charge = shown["payment_intent"]["latest_charge"]
                shown["payment_intent"]["latest_charge"] = self.charges.get(charge)
        return shown

    def _new(self, prefix: str, kind: str, **what: Any) -> Thing:
        return {"id": f"{prefix}_{uuid4().hex}", "object": kind, "created": _seconds(self.at), **what}

    def _move(self, kind: str, amount: int, currency: str, source: Thing, *, fee: int = 0, category: str = "") -> None:
        made = self._new("txn", "balance_transaction", amount=amount, fee=fee, net=amount - fee, currency=currency)
        made.update(type=kind, source=source["id"], reporting_category=category or kind)
        self.moved.append(made)

    def _tell(self, kind: str, about: Thing) -> None:
        told = self._new("evt", "event", type=kind, data={"object": _shown(about)}, api_version="2026-10-28.endive")
        self.events.append(json.dumps(told, indent=2).encode())


@contextmanager
def fake_stripe() -> Iterator[FakeStripe]:
    """Start one."""
    service = FakeStripe()
    with served(service):
        yield service


_NOTHING: Any = object()


def _found(things: dict[str, Thing], name: str) -> Thing:
    if name not in things:
        raise No(404, "resource_missing")
    return things[name]


def _shown(thing: Thing) -> Thing:
    return {name: value for name, value in thing.items() if not name.startswith("_")}


def _seconds(at: datetime) -> int:
    return int(at.timestamp())


def _no(no: No) -> Answer:
    return Answer(no.status, json.dumps({"error": no.error}).encode(), {"Content-Type": "application/json"})


def _nested(given: Sequence[tuple[str, str]]) -> Thing:
    """Return ``a[b][c]=d`` as tables in tables."""
    found: Thing = {}
    for name, value in given:
        path = name.replace("]", "").split("[")
        into = found
        for part in path[:-1]:
            into = into.setdefault(part, {})
        into[path[-1]] = value
    return found
