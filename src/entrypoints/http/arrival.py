"""What is known of a request the moment it arrives."""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

_KEY = "higherstudy.arrival"


@dataclass(frozen=True, slots=True)
class Arrival:
    """The request's id, and when its first bytes were here, before anything had to wait."""

    request_id: str
    at: datetime


def note(scope: MutableMapping[str, Any], arrival: Arrival) -> None:
    """Keep the arrival with the request."""
    scope[_KEY] = arrival


def arrival_of(scope: MutableMapping[str, Any]) -> Arrival:
    """Return the arrival of the request."""
    found: Arrival = scope[_KEY]
    return found
