"""What every refusal looks like (RFC 9457), and the only place that knows status codes."""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterable, Mapping
from typing import Annotated, Any

import msgspec
import structlog
from litestar import Request, Response
from litestar.background_tasks import BackgroundTask
from litestar.exceptions import HTTPException, MethodNotAllowedException, ValidationException

from ...domain.documents.errors import FileRefused
from ...domain.identity.errors import (
    AccessRefused,
    ProviderRefused,
    RefreshRefused,
    RoleRefused,
    SecondFactorNeeded,
    SecondFactorRefused,
    SignInRefused,
    SlowedDown,
)
from ...domain.shared.errors import (
    Conflict,
    DomainError,
    Forbidden,
    Invalid,
    NotFound,
    ParamValue,
    Reason,
    RuleBroken,
)
from ...ports.answers import IdempotencyKeyReused
from ...ports.errors import PerhapsKept, Unavailable
from .arrival import arrival_of
from .bodies import wrong_fields
from .expected import expected
from .words import sentence, sentence_of, title_of

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 5


class NotSignedIn(DomainError):
    """This needs a sign-in: send a valid access token as "Authorization: Bearer ..."."""

    code = "not_signed_in"


class Malformed(DomainError):
    """The request cannot be read."""

    code = "malformed"


class IfMatchNeeded(DomainError):
    """This changes something that has a version: send the ETag that you have seen as If-Match."""

    code = "if_match_needed"


class StaleVersion(Conflict):
    """It has changed since you looked at it."""

    code = "stale_version"


class TooLarge(DomainError):
    """This request is larger than is taken here."""

    code = "too_large"


class AddressTooLong(DomainError):
    """The address of this request is longer than is taken here."""

    code = "address_too_long"


class HeadTooLarge(DomainError):
    """The headers of this request are more than are taken here."""

    code = "headers_too_large"


class TooSlow(DomainError):
    """The request took too long to come."""

    code = "too_slow"


class TooManyRequests(DomainError):
    """This was asked for too often."""

    code = "too_many_requests"

    def __init__(self, seconds: int, headers: Mapping[str, str] | None = None) -> None:
        """``seconds`` is how long to wait, ``headers`` tell which limits there are."""
        self.headers = {**(headers or {}), "retry-after": str(max(1, seconds))}
        super().__init__(Reason("limit.reached", {"seconds": max(1, seconds)}))


class UnsupportedMediaType(DomainError):
    """This route takes another kind of content."""

    code = "unsupported_media_type"


# The nearest class counts. A broken rule is 422: the request was understood, and repeating it as it is will not help.
STATUS: Mapping[type[DomainError], int] = {
    Malformed: 400,
    SignInRefused: 401,
    RefreshRefused: 401,
    SecondFactorNeeded: 401,
    SecondFactorRefused: 401,
    ProviderRefused: 401,
    NotSignedIn: 401,
    Forbidden: 403,
    NotFound: 404,
    TooSlow: 408,
    Conflict: 409,
    StaleVersion: 412,
    TooLarge: 413,
    AddressTooLong: 414,
    UnsupportedMediaType: 415,
    FileRefused: 415,
    Invalid: 422,
    RuleBroken: 422,
    IdempotencyKeyReused: 422,
    IfMatchNeeded: 428,
    SlowedDown: 429,
    TooManyRequests: 429,
    HeadTooLarge: 431,
    DomainError: 422,
    Unavailable: 503,
}
_MISSING = re.compile(r"Missing required \w+ parameter '([^']+)'")
_TOO_LARGE_CODES = {"file.too_large"}
_HTTP_CODES = {400: "malformed", 404: "not_found", 405: "method_not_allowed", 413: "too_large"}
_log = structlog.get_logger("higherstudy.errors")


class FieldError(msgspec.Struct, frozen=True):
    """One thing that is wrong, and where."""

    field: Annotated[str, msgspec.Meta(description="The field, parameter, row or paper that it is about, if any.")]
    code: Annotated[str, msgspec.Meta(description="Stable, for programs.", examples=["password.too_short"])]
    detail: Annotated[str, msgspec.Meta(description="A sentence, for people.")]
    params: Annotated[dict[str, str | int | bool | None], msgspec.Meta(description="What the sentence speaks of.")] = (
        msgspec.field(default_factory=dict)
    )


class Problem(msgspec.Struct, frozen=True):
    """Why a request was refused (RFC 9457)."""

    type: Annotated[str, msgspec.Meta(examples=["/docs#problem-invalid"])]
    title: str
    status: int
    detail: str
    instance: Annotated[str, msgspec.Meta(description="The request's id, as in X-Request-Id.")]
    code: Annotated[str, msgspec.Meta(examples=["invalid"])]
    errors: list[FieldError] = msgspec.field(default_factory=list)


def status_of(error: DomainError) -> int:
    """Return the HTTP status for the error."""
    if any(reason.code in _TOO_LARGE_CODES for reason in error.reasons):
        return 413
    if any(reason.code == "version.stale" for reason in error.reasons):
        return 412
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def domain_error(request: Request[Any, Any, Any], error: DomainError) -> Response[bytes]:
    """Return the answer for a refusal of the domain or of this layer."""
    answer = problem(error, _request_id(request))
    if isinstance(error, AccessRefused | RoleRefused):
        answer.background = BackgroundTask(_noted, request, error)
    return answer


async def _noted(request: Request[Any, Any, Any], error: AccessRefused | RoleRefused) -> None:
    """Note in the audit trail, once she has her answer, who was refused on whose record, or for want of which role."""
    handler: Any = request.scope["route_handler"]
    note: Any = request.app.state["use"].note_refusal()
    try:
        asker = request.scope["state"]["asker"]
        if isinstance(error, RoleRefused):
            await note(asker, handler.operation_id, details={"role": error.role})
        else:
            student, details = error.student_id, {"doing": error.doing}
            await note(asker, handler.operation_id, "student", student, student, details)
    except Unavailable as away:
        _log.warning("refusal not noted", request_id=_request_id(request), cause=type(away.__cause__).__name__)


def problem(error: DomainError, request_id: str) -> Response[bytes]:
    """Return the same for a request that is known by its id alone."""
    status, reasons = status_of(error), error.reasons
    headers = {**error.headers} if isinstance(error, TooManyRequests) else {}
    if isinstance(error, SlowedDown):
        headers["retry-after"] = str(error.seconds)
    if status == 401:
        headers["www-authenticate"] = "Bearer"
    if status == 408:
        headers["connection"] = "close"  # the rest of the body may still come, and nobody would read it
    if status == 503:
        headers["retry-after"] = str(RETRY_AFTER_SECONDS)
        because = " ".join(reason.code for reason in error.reasons) or type(error.__cause__).__name__
        _log.warning("unavailable", request_id=request_id, cause=because)
        if isinstance(error, PerhapsKept):
            reasons = (*reasons, Reason("request.perhaps_kept", {}, "Idempotency-Key"))
    shown = StaleVersion() if status == 412 else error
    return _answer(request_id, status, shown.code, title_of(shown), reasons, headers)


def http_error(request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    """Return the answer for what the framework refused."""
    if isinstance(error, ValidationException):
        return domain_error(request, Invalid(*_reasons_of(request, error)))
    if error.status_code >= 500:
        return unexpected_error(request, error)
    code = _HTTP_CODES.get(error.status_code, f"http_{error.status_code}")
    headers = {}
    if isinstance(error, MethodNotAllowedException):
        headers["allow"] = ", ".join(allowed(request.app.routes, request.scope["path"]))
    title = sentence(f"error.{code}")
    return _answer(_request_id(request), error.status_code, code, title, (), headers)


def unexpected_error(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Return the answer for a mistake of ours: it is logged with the request's id, and tells nothing."""
    _log.error("unexpected", request_id=_request_id(request), trace=_calls(error))
    return _answer(_request_id(request), 500, "internal_error", sentence("error.internal_error"), (), {})


def _calls(error: BaseException) -> str:
    """Return the calls that led to the error and to what it came of, without the values they were made with and without
    the words of the errors: those may be somebody's own, or a secret."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    led_to = f"{_calls(before)}which led to\n" if before is not None else ""
    return f"{led_to}{''.join(traceback.format_tb(error.__traceback__))}{type(error).__name__}\n"


def field_errors(reasons: Iterable[Reason]) -> list[FieldError]:
    """Return the reasons as they are sent."""
    return [FieldError(one.where, one.code, sentence_of(one), _plain(one.params)) for one in reasons]


def _plain(params: Mapping[str, ParamValue]) -> dict[str, ParamValue]:
    return {
        name: value if value is None or isinstance(value, bool | int) else str(value) for name, value in params.items()
    }


def _answer(
    request_id: str,
    status: int,
    code: str,
    title: str,
    reasons: Iterable[Reason],
    headers: Mapping[str, str],
) -> Response[bytes]:
    errors = field_errors(reasons)
    problem = Problem(
        type=f"/docs#problem-{code}",
        title=title,
        status=status,
        detail=" ".join(dict.fromkeys(error.detail for error in errors)) or title,
        instance=request_id,
        code=code,
        errors=errors,
    )
    return Response(msgspec.json.encode(problem), status_code=status, media_type=MEDIA_TYPE, headers=dict(headers))


def _request_id(request: Request[Any, Any, Any]) -> str:
    return arrival_of(request.scope).request_id  # type: ignore[arg-type]


def _reasons_of(request: Request[Any, Any, Any], error: ValidationException) -> list[Reason]:
    """Return every wrong field, not only the first one that the framework stumbled over."""
    handler = request.scope.get("route_handler")
    found: list[Reason] = []
    told = [entry for entry in error.extra or () if isinstance(entry, dict)] if isinstance(error.extra, list) else []
    if any(entry.get("source") == "body" for entry in told) and handler is not None:
        kind = handler.parsed_fn_signature.parameters["data"].annotation
        found += wrong_fields(kind, request.scope["state"].get("json"))
    for entry in told:
        if entry.get("source") != "body" or not found:
            place = str(getattr(entry.get("source"), "value", "") or "")
            found.append(
                Reason(
                    "data.does_not_fit",
                    {"expected": _expected(handler, entry), "in": place},
                    str(entry.get("key", "")),
                )
            )
    if not found and (missing := _MISSING.match(error.detail)):
        found.append(Reason("data.missing", {}, missing[1]))
    return found or [Reason("data.does_not_fit", {"expected": sentence("expected.another_request"), "in": ""})]


def _expected(handler: Any, entry: Mapping[str, Any]) -> str:
    """Return in words for people what the parameter is to be."""
    parameters = handler.parsed_fn_signature.parameters if handler is not None else {}
    parameter = parameters.get(str(entry.get("key", "")))
    told = str(entry.get("message", "")).partition(" - at `")[0]
    return expected(told, parameter.annotation if parameter is not None else None)


def allowed(routes: Iterable[Any], path: str) -> list[str]:
    """Return the methods of the route that the path belongs to: of the one that names most of it, as routing does."""
    parts = path.strip("/").split("/")
    fitting: dict[int, Any] = {}
    for route in routes:
        pattern = route.path_format.strip("/").split("/")
        fits = len(pattern) == len(parts) and all(
            known == given or known.startswith("{") for known, given in zip(pattern, parts, strict=True)
        )
        if fits and hasattr(route, "methods"):
            fitting[sum(known.startswith("{") for known in pattern)] = route
    return sorted(fitting[min(fitting)].methods) if fitting else []
