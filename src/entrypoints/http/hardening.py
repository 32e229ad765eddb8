"""What each answer tells browsers to be careful about, as OWASP recommends it for an interface of programs (its cheat
sheets on REST and on HTTP headers), and which pages of other origins may call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from litestar.config.cors import CORSConfig

# Nothing that a browser could give away is wanted here.
_NOT_WANTED = (
    "accelerometer", "autoplay", "camera", "cross-origin-isolated", "display-capture", "encrypted-media", "fullscreen",
    "geolocation", "gyroscope", "keyboard-map", "magnetometer", "microphone", "midi", "payment", "picture-in-picture",
    "publickey-credentials-get", "screen-wake-lock", "sync-xhr", "usb", "web-share", "xr-spatial-tracking",
)  # fmt: skip
SECURITY_HEADERS: Mapping[bytes, bytes] = {
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"x-permitted-cross-domain-policies": b"none",
    b"referrer-policy": b"no-referrer",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-embedder-policy": b"require-corp",
    b"cross-origin-resource-policy": b"same-origin",
    b"content-security-policy": b"default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    b"permissions-policy": ", ".join(f"{name}=()" for name in _NOT_WANTED).encode(),
    b"cache-control": b"no-store",
}
"""Of an answer that says nothing else under these names."""

_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
_READ = ["Accept-Language", "Authorization", "Content-Type", "Idempotency-Key", "If-Match", "If-None-Match",
         "Traceparent", "X-CSRF-Token", "X-Request-Id", "X-Session"]  # fmt: skip
_EXPOSED = ["Content-Language", "ETag", "Location", "RateLimit", "RateLimit-Policy", "Retry-After", "X-Request-Id"]


def security_headers(address: str, hsts_seconds: int) -> Mapping[bytes, bytes]:
    """Return the headers of a server that is reached there; over TLS, browsers are told to keep to it for so long."""
    if not address.startswith("https://") or not hsts_seconds:
        return SECURITY_HEADERS  # RFC 6797, 7.2: never over plain HTTP
    return {**SECURITY_HEADERS, b"strict-transport-security": f"max-age={hsts_seconds}".encode()}


def cors(origins: Sequence[str]) -> CORSConfig | None:
    """Return what lets pages of these origins call, each compared whole; None for none.

    Raises ValueError for what stands for several origins or for any sandboxed page: a pattern, or ``null``.
    """
    for origin in origins:
        if "*" in origin or not origin.startswith(("https://", "http://")):
            raise ValueError(f"{origin} is no origin")
    if not origins:
        return None
    # With credentials, for pages of these origins may call with the cookies of a sign-in.
    return CORSConfig(
        allow_origins=list(origins),
        allow_methods=_METHODS,  # type: ignore[arg-type]
        allow_headers=_READ,
        expose_headers=_EXPOSED,
        allow_credentials=True,
    )
