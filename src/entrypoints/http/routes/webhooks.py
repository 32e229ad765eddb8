"""What providers report of messages that they took over, in requests that they sign."""

from __future__ import annotations

from typing import Any

from litestar import Router, post

from ..given import V1, AnyRequest, Use, refusals
from ..uploads import pieces_of

_LARGEST = 2**20


@post(
    "/webhooks/sendgrid",
    status_code=204,
    operation_id="hear_sendgrid",
    summary="Take what SendGrid reports",
    opt={"raw_body": True},
    responses=refusals(403, 404, 413, 422),
)
async def hear_sendgrid(request: AnyRequest, use: Use) -> None:
    """Take in what became of mails. What is not signed by the key of the settings is refused; what comes again changes
    nothing."""
    await use.take_mail_reports()(str(request.url), dict(request.headers), await _body(request))


@post(
    "/webhooks/twilio",
    status_code=204,
    operation_id="hear_twilio",
    summary="Take what Twilio reports",
    opt={"raw_body": True},
    responses=refusals(403, 404, 413, 422),
)
async def hear_twilio(request: AnyRequest, use: Use) -> None:
    """Take in what became of short messages. What is not signed with the account's token is refused."""
    await use.take_text_reports()(str(request.url), dict(request.headers), await _body(request))


@post(
    "/webhooks/payments",
    status_code=200,
    operation_id="hear_payment",
    summary="Take what the provider of payments tells",
    tags=["Payments"],
    opt={"raw_body": True},
    responses=refusals(403, 404, 413, 422),
)
async def hear_payment(request: AnyRequest, use: Use) -> None:
    """Keep the notice, to be followed up in the background. What is not signed is refused; what comes again is
    answered in the same way and changes nothing."""
    await use.hear_payment()(dict(request.headers), await _body(request))


async def _body(request: AnyRequest) -> bytes:
    return b"".join([piece async for piece in pieces_of(request, at_most=_LARGEST)])


router: Any = Router(V1, route_handlers=[hear_sendgrid, hear_twilio, hear_payment], tags=["Messages"])
