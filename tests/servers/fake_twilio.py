"""A Twilio on this machine: takes short messages as its API does, and signs status callbacks as it does."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from .fake_http import Answer, Asked, FakeService, served

ACCOUNT, TOKEN = "AC" + "0" * 32, "a-token-of-tests"
SENDER = "+15005550006"
INVALID = "+15005550001"
"""Twilio's own number for trying out what becomes of an invalid one."""
PUBLIC = "https://api.study.example/v1/webhooks/twilio"
LONGEST = 1600
_NUMBER = re.compile(r"(whatsapp:)?\+[1-9]\d{6,14}")


@dataclass
class FakeTwilio(FakeService):
    """Takes every message that has the form, twice the same one too, as the real one does: it knows no id of ours."""

    taken: dict[str, dict[str, str]] = field(default_factory=dict)
    """What was given of each message, by Twilio's own id."""
    stopped: set[str] = field(default_factory=set)
    """Numbers that have answered STOP."""
    on_their_way: set[str] = field(default_factory=set)
    """Ids of messages that cannot be deleted yet."""
    page: int = 2
    """So many messages a page of a list has."""

    def answer(self, asked: Asked) -> Answer:
        """Return what it says."""
        login = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        if asked.headers.get("authorization") != f"Basic {login}":
            return _wrong(401, 20003, "Authenticate")
        parts, base = urlsplit(asked.path), f"/2010-04-01/Accounts/{ACCOUNT}/Messages"
        match asked.method, parts.path:
            case "POST", path if path == f"{base}.json":
                return self._take(dict(parse_qsl(asked.body.decode(), strict_parsing=True)))
            case "GET", path if path == f"{base}.json":
                return self._list(dict(parse_qsl(parts.query)), path)
            case "DELETE", path if path.startswith(f"{base}/"):
                return self._delete(path.removeprefix(f"{base}/").removesuffix(".json"))
        return _wrong(404, 20404, f"The requested resource {parts.path} was not found")

    def callback(self, sid: str, status: str, **more: str) -> tuple[str, dict[str, str], bytes]:
        """Return the request, as address, headers and body, that tells what became of one message."""
        given = self.taken[sid]
        form = {
            "AccountSid": ACCOUNT,
            "ApiVersion": "2010-04-01",
            "From": given.get("From", ""),
            "MessageSid": sid,
            "MessageStatus": status,
            "SmsSid": sid,
            "SmsStatus": status,
            "To": given["To"],
            **more,
        }
        return signed_form(given["StatusCallback"], form)

    def _take(self, form: dict[str, str]) -> Answer:
        to = form.get("To", "")
        if not _NUMBER.fullmatch(to) or to.removeprefix("whatsapp:") == INVALID:
            return _wrong(400, 21211, f"Invalid 'To' Phone Number: {to}")
        if to in self.stopped:
            return _wrong(400, 21610, "Attempt to send to unsubscribed recipient")
        if "MessagingServiceSid" not in form and form.get("From", "").removeprefix("whatsapp:") != SENDER:
            return _wrong(400, 21606, f"The From phone number {form.get('From')} is not a valid one")
        if to.startswith("whatsapp:") != form.get("From", to).startswith("whatsapp:"):
            return _wrong(400, 21910, "Invalid From and To pair. From and To should be of the same channel")
        if len(form.get("Body", "")) > LONGEST:
            return _wrong(400, 21617, "The concatenated message body exceeds the 1600 character limit")
        sid = f"SM{len(self.taken):032x}"
        self.taken[sid] = form
        return _json(201, self._shown(sid))

    def _list(self, query: dict[str, str], path: str) -> Answer:
        found = [sid for sid, form in self.taken.items() if form["To"] == query["To"]]
        begin = int(query.get("Page", 0)) * self.page
        more = {"To": query["To"], "Page": int(query.get("Page", 0)) + 1}
        after = f"{path}?{urlencode(more)}" if begin + self.page < len(found) else None
        shown = [self._shown(sid) for sid in found[begin : begin + self.page]]
        return _json(200, {"messages": shown, "next_page_uri": after, "page": begin // self.page})

    def _delete(self, sid: str) -> Answer:
        if sid not in self.taken:
            return _wrong(404, 20404, "not found")
        if sid in self.on_their_way:
            return _wrong(409, 20009, "Cannot delete message because delivery has not been completed.")
        del self.taken[sid]
        return Answer(204)

    def _shown(self, sid: str) -> dict[str, Any]:
        form = self.taken[sid]
        return {"sid": sid, "account_sid": ACCOUNT, "status": "queued", "to": form["To"], "body": form.get("Body", "")}


def signed_form(url: str, form: Mapping[str, str], token: str = TOKEN) -> tuple[str, dict[str, str], bytes]:
    """Return the request with this form."""
    told = url + "".join(name + form[name] for name in sorted(form))
    return url, _signature(told, token), urlencode(form).encode()


def signed_body(url: str, body: bytes, token: str = TOKEN) -> tuple[str, dict[str, str], bytes]:
    """Return the request with this body, signed as the form that it is taken for."""
    form = dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))
    told = url + "".join(name + form[name] for name in sorted(form))
    return url, _signature(told, token), body


def _signature(told: str, token: str) -> dict[str, str]:
    made = hmac.new(token.encode(), told.encode(), hashlib.sha1).digest()
    return {"X-Twilio-Signature": base64.b64encode(made).decode()}


@contextmanager
def fake_twilio() -> Iterator[FakeTwilio]:
    """Start one."""
    service = FakeTwilio()
    with served(service):
        yield service


def _wrong(status: int, code: int, message: str) -> Answer:
    told = {"code": code, "message": message, "more_info": f"https://www.twilio.com/docs/errors/{code}"}
    return _json(status, {**told, "status": status})


def _json(status: int, told: Any) -> Answer:
    return Answer(status, json.dumps(told).encode(), {"Content-Type": "application/json"})
