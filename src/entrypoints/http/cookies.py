"""Sign-ins that a browser keeps: in cookies that no script reads and no other site has sent along."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from litestar.datastructures import Cookie

from ...domain.shared.errors import Forbidden, Reason
from ...domain.shared.ids import SessionId
from ...ports.tokens import Tokens

CSRF_HEADER = "X-CSRF-Token"
SESSIONS_PATH = "/v1/sessions"
"""Where the refresh token is sent to, and what makes the device known, and nowhere else."""

_FOR_SIGN_INS = frozenset({"refresh", "device"})
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_OURS = frozenset({"same-origin", "none"})


@dataclass(frozen=True)
class Cookies:
    """Sets, reads and clears the cookies of sign-ins.

    ``origins`` are those whose pages may call with them, besides that of the host which is asked. Where they are not
    ``secure``, they are sent over http too and have no prefixes that browsers would hold us to: for development on one
    machine alone.
    """

    origins: frozenset[str] = frozenset()
    secure: bool = True

    def signed_in(
        self, access: str, lasts: timedelta, refresh: str, session_lasts: timedelta, csrf: str
    ) -> list[Cookie]:
        """Return the cookies of a sign-in."""
        return [
            self._cookie("access", access, lasts),
            self._cookie("refresh", refresh, session_lasts),
            self._cookie("csrf", csrf, session_lasts),
        ]

    def known_device(self, token: str, lasts: timedelta) -> Cookie:
        """Return the cookie by which the device is known at the next sign-in; it stays when somebody signs out."""
        return self._cookie("device", token, lasts)

    def signed_out(self) -> list[Cookie]:
        """Return the cookies that put an end to those of a sign-in."""
        return [self._cookie(kind, "", timedelta()) for kind in ("access", "refresh", "csrf")]

    def access_of(self, scope: Mapping[str, Any]) -> str:
        """Return the access token that the browser sent; blank where there is none or more than one."""
        return _only(scope, self.name_of("access"))

    def refresh_of(self, scope: Mapping[str, Any]) -> str:
        """Return the refresh token that the browser sent; blank where there is none or more than one."""
        return _only(scope, self.name_of("refresh"))

    def device_of(self, scope: Mapping[str, Any]) -> str:
        """Return what makes the device known that the browser sent; blank where there is none or more than one."""
        return _only(scope, self.name_of("device"))

    def name_of(self, kind: str) -> str:
        """Return what the cookie is called: ``__Host-`` holds browsers to our host and all paths, ``__Secure-`` to
        https."""
        if not self.secure:
            return kind
        return f"__Secure-{kind}" if kind in _FOR_SIGN_INS else f"__Host-{kind}"

    def demand_own_page(self, scope: Mapping[str, Any]) -> None:
        """Raise Forbidden where the browser says that a page asks which is neither ours nor allowed."""
        origin = _header(scope, b"origin")
        if origin:
            is_ours = origin in self.origins or origin.casefold() == self._origin_of(_header(scope, b"host"))
        else:
            is_ours = (_header(scope, b"sec-fetch-site") or "none") in _OURS
        if not is_ours:
            raise Forbidden(Reason("request.foreign_page", {}, "Origin" if origin else "Sec-Fetch-Site"))

    def demand_meant(self, scope: Mapping[str, Any], session_id: SessionId | None, tokens: Tokens) -> None:
        """Raise Forbidden for a change that a page of ours did not mean: one that does not know the CSRF token of the
        session, or is another's."""
        if scope["method"] in _SAFE:
            return
        self.demand_own_page(scope)
        given = _header(scope, CSRF_HEADER.lower().encode())
        if session_id is None or not tokens.is_csrf_of(session_id, given):
            raise Forbidden(Reason("request.csrf_token_needed", {}, CSRF_HEADER))

    def _origin_of(self, host: str) -> str:
        return f"{'https' if self.secure else 'http'}://{host}".casefold()

    def _cookie(self, kind: str, value: str, lasts: timedelta) -> Cookie:
        return Cookie(
            key=self.name_of(kind),
            value=value,
            path=SESSIONS_PATH if kind in _FOR_SIGN_INS else "/",
            max_age=int(lasts.total_seconds()),
            secure=self.secure,
            httponly=kind != "csrf",  # a page of ours reads that one, to send it in the header
            samesite="strict",
        )


def _only(scope: Mapping[str, Any], name: str) -> str:
    found = list(_values(scope, name))
    return found[0] if len(found) == 1 else ""


def _values(scope: Mapping[str, Any], name: str) -> Iterator[str]:
    for key, value in scope["headers"]:
        if key == b"cookie":
            for pair in value.decode("latin-1").split(";"):
                given, _, content = pair.strip().partition("=")
                if given == name:
                    yield content.strip('"')


def origin_of(address: str) -> str:
    """Return the origin of the pages at a web address (RFC 6454, 6.2)."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _header(scope: Mapping[str, Any], name: bytes) -> str:
    return next((bytes(value).decode("latin-1") for key, value in scope["headers"] if key == name), "")
