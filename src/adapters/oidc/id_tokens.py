"""Whether an ID token is what was asked for (OpenID Connect Core 1.0, 3.1.3.7)."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from authlib.oidc.core.claims import CodeIDToken  # type: ignore[import-untyped]
from joserfc import jwt
from joserfc.errors import ClaimError, ExpiredTokenError, InvalidKeyIdError, JoseError, UnsupportedAlgorithmError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from .trusted import Trusted

LONGEST_SUBJECT = 255
"""OpenID Connect Core 1.0, 2: a subject has at most so many ASCII letters."""

_LAST_MOMENT = 2**53
"""No later second is told; what reckons with moments need not be able to hold it."""


class NotTrusted(Exception):
    """A token that says nothing here; ``because`` is a code for whoever looks after the server."""

    def __init__(self, because: str) -> None:
        self.because = because
        super().__init__(because)


def claims_of(
    token: str, keys: KeySet, trusted: Trusted, *, nonce: str, access_token: str, now: datetime, leeway: timedelta
) -> Mapping[str, Any]:
    """Return what the token says; raise NotTrusted unless it is signed by one of the keys with the one algorithm that
    is expected, of this issuer, for us alone, of now, and in answer to the nonce."""
    try:
        # Whatever the token's own header says of algorithms and keys, only these count.
        registry = JWSRegistry(algorithms=[trusted.algorithm], strict_check_header=False)
        read = jwt.decode(token, keys, algorithms=[trusted.algorithm], registry=registry)
        claims = CodeIDToken(
            read.claims,
            read.header,
            options={
                "iss": {"essential": True, "value": trusted.issuer},
                "aud": {"essential": True, "value": trusted.client_id},
            },
            params={"nonce": nonce, "client_id": trusted.client_id, "access_token": access_token},
        )
        claims.validate(now=int(now.timestamp()), leeway=int(leeway.total_seconds()))
    except UnsupportedAlgorithmError as error:
        raise NotTrusted("algorithm") from error
    except InvalidKeyIdError as error:
        raise NotTrusted("key") from error
    except ExpiredTokenError as error:
        raise NotTrusted("expired") from error
    except ClaimError as error:
        raise NotTrusted(f"claim_{error.claim}") from error
    except (JoseError, ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
        raise NotTrusted("signature") from error
    if claims["aud"] not in (trusted.client_id, [trusted.client_id]):  # 3.1.3.7, 3: no other audience is trusted
        raise NotTrusted("claim_aud")
    if not 0 < len(claims["sub"]) <= LONGEST_SUBJECT or not claims["sub"].isprintable():
        raise NotTrusted("claim_sub")
    if trusted.max_age is not None and not _is_recent(claims.get("auth_time"), now, trusted.max_age + leeway, leeway):
        raise NotTrusted("claim_auth_time")  # 3.1.3.7, 13
    return dict(claims)


def _is_recent(auth_time: object, now: datetime, age: timedelta, leeway: timedelta) -> bool:
    """Whether it is a moment (seconds since 1970) no longer ago than that, and not to come."""
    if isinstance(auth_time, bool) or not isinstance(auth_time, int | float) or not 0 <= auth_time < _LAST_MOMENT:
        return False
    return -leeway.total_seconds() <= now.timestamp() - auth_time <= age.total_seconds()


def key_id_of(token: str) -> object:
    """Return which key the token says it is signed with, before anything of it is believed; None for no word."""
    head = token.partition(".")[0][:4096]
    try:
        header = json.loads(urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    except (ValueError, RecursionError):
        return None
    return header.get("kid") if isinstance(header, dict) else None
