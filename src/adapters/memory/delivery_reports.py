"""What a service reports that there is not, signed with a word: for tests and for embedding."""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from ...domain.shared.errors import Invalid, Reason
from ...ports.clock import Clock
from ...ports.delivery_reports import DeliveryReport, Heard, NotSigned, demand_fresh

_SIGNED_AT, _SIGNATURE = "x-signed-at", "x-signature"


class Signed(NamedTuple):
    """A request as it comes, to be handed to ``read``."""

    url: str
    headers: Mapping[str, str]
    body: bytes


class MemoryDeliveryReports:
    """Reads what it has signed itself, or another one with the same word."""

    def __init__(self, clock: Clock, key: str = "memory") -> None:
        self._clock = clock
        self._key = key.encode()

    def signed(self, *reports: DeliveryReport, at: datetime | None = None) -> Signed:
        """Return the request that tells these reports, signed now unless it says when."""
        told = [
            {
                "event_id": one.event_id,
                "message_id": one.message_id,
                "provider_id": one.provider_id,
                "heard": one.heard,
                "at": one.at.isoformat(),
                "detail": one.detail,
            }
            for one in reports
        ]
        return self.signed_body(json.dumps(told).encode(), at)

    def signed_body(self, body: bytes, at: datetime | None = None) -> Signed:
        """Return the request with this body, whatever it is."""
        signed_at = (at or self._clock.now()).isoformat()
        headers = {_SIGNED_AT: signed_at, _SIGNATURE: self._signature(signed_at, body)}
        return Signed("/v1/webhooks/memory", headers, body)

    def read(self, url: str, headers: Mapping[str, str], body: bytes) -> Sequence[DeliveryReport]:
        del url  # tells nothing here
        given = {name.lower(): value for name, value in headers.items()}
        signed_at = given.get(_SIGNED_AT, "")
        if not hmac.compare_digest(
            self._signature(signed_at, body).encode(), given.get(_SIGNATURE, "").encode(errors="replace")
        ):
            raise NotSigned
        demand_fresh(datetime.fromisoformat(signed_at), self._clock.now())
        try:
            told = json.loads(body)
            if not isinstance(told, list):
                raise TypeError
            return [_report(one) for one in told if one["heard"] in set(Heard)]
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise Invalid(Reason("data.not_a_list_of_tables", {}, "body")) from error

    def _signature(self, signed_at: str, body: bytes) -> str:
        return hmac.new(self._key, signed_at.encode(errors="replace") + b"." + body, hashlib.sha256).hexdigest()


def _report(told: Mapping[str, Any]) -> DeliveryReport:
    return DeliveryReport(
        str(told["event_id"]),
        str(told["message_id"]),
        str(told["provider_id"]),
        Heard(told["heard"]),
        datetime.fromisoformat(told["at"]),
        str(told["detail"]),
    )
