"""SendGrid's own client, which waits no longer than it should, goes nowhere else, and tells the log nothing."""

from __future__ import annotations

import http.client
import logging
import urllib.request
from datetime import datetime, timedelta
from typing import Any

import python_http_client  # type: ignore[import-untyped]
from python_http_client.exceptions import HTTPError  # type: ignore[import-untyped]
from sendgrid import SendGridAPIClient  # type: ignore[import-untyped]

from ...ports.errors import Unavailable
from .answers import ACCEPTED, refusal_of

# At its finest level it logs whole mails and the key.
logging.getLogger("python_http_client").setLevel(logging.WARNING)


class Client:
    """Hands mails over, from any thread."""

    def __init__(self, api_key: str, base_url: str, patience: timedelta) -> None:
        self._client = SendGridAPIClient(api_key, host=base_url)
        self._client.client = _Staying(
            host=base_url,
            request_headers=self._client.client.request_headers,
            version=3,
            timeout=patience.total_seconds(),
        )

    def send(self, body: dict[str, Any], now: datetime) -> str:
        """Return SendGrid's id of the mail; raise Unavailable or Refused by what it answers at that time, Unavailable
        for anything that is no answer."""
        try:
            answer = self._client.send(body)
        except HTTPError as error:
            raise refusal_of(error.status_code, error.headers, error.body, now) from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise Unavailable from error
        if answer.status_code != ACCEPTED:
            raise Unavailable from RuntimeError(f"SendGrid answered with {answer.status_code}")
        return str(answer.headers.get("X-Message-Id") or "")


class _Staying(python_http_client.Client):  # type: ignore[misc]
    """Follows no redirect, which could take the key and the mail anywhere."""

    def _build_client(self, name: str | None = None) -> _Staying:
        return _Staying(
            host=self.host,
            version=self._version,
            request_headers=self.request_headers,
            url_path=[*self._url_path, name] if name else self._url_path,
            append_slash=self.append_slash,
            timeout=self.timeout,
        )

    def _make_request(self, opener: object, request: urllib.request.Request, timeout: float | None = None) -> object:
        del opener
        return super()._make_request(urllib.request.build_opener(_NoRedirect), request, timeout)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """Make it an answer like any other that is none."""
