"""A forgotten password, and an address that is confirmed: codes that come by mail."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Response, Router, post
from litestar.params import JSONBody

from ..addresses import address_of
from ..given import V1, AnyRequest, Use, Who, refusals, request_id_of
from ..limits import count_email, count_own
from ..wire import Given
from .beginning import NOT_KEPT, Begins, Transport


class EmailGiven(Given):
    """Whose password is forgotten."""

    email: Annotated[str, msgspec.Meta(max_length=320, examples=["student@example.org"])]


class ResetGiven(Given):
    """The code of the mail, and the password that is to hold from now on."""

    code: Annotated[str, msgspec.Meta(max_length=200, examples=["kV3mVb0m3l0cZ0Zk8mN2Qw"])]
    password: Annotated[
        str,
        msgspec.Meta(
            max_length=1024,
            description="15 to 256 characters, with a second factor from 8 on.",
            examples=["seven quiet rivers at dawn"],
        ),
    ]


class ResetBody(msgspec.Struct, frozen=True):
    """What makes this device known to the account."""

    device_token: Annotated[
        str | None, msgspec.Meta(description="Send it with the next sign-in; null: the browser keeps it in a cookie.")
    ]


class CodeGiven(Given):
    """The code of the mail."""

    code: Annotated[str, msgspec.Meta(max_length=200, examples=["kV3mVb0m3l0cZ0Zk8mN2Qw"])]


@post(
    "/password-resets",
    operation_id="ask_for_reset",
    summary="Ask for a new password",
    status_code=204,
    responses=refusals(413, 415, 422),
)
async def ask_for_reset(request: AnyRequest, data: JSONBody[EmailGiven], use: Use) -> None:
    """Get a mail with a code, good once for an hour. Whether the address has an account is not told."""
    await count_email(request, data.email)
    await use.ask_for_reset()(data.email, request_id_of(request), address_of(request.scope))


@post(
    "/password-resets/completion",
    operation_id="reset_password",
    summary="Set a new password",
    status_code=200,
    responses=refusals(403, 409, 413, 415, 422),
)
async def reset_password(
    request: AnyRequest, data: JSONBody[ResetGiven], use: Use, beginning: Begins, x_session: Transport = "bearer"
) -> Response[ResetBody]:
    """Put a new password in the place of the forgotten one; all sessions end, and a mail tells of it. The device is
    known from now on, so that nobody else's failed attempts make you wait."""
    if x_session == "cookie":
        beginning.cookies.demand_own_page(request.scope)
    account = await use.reset_password()(data.code, data.password, request_id_of(request), address_of(request.scope))
    if x_session != "cookie":
        return Response(ResetBody(beginning.device_token(use, account.id)), headers=NOT_KEPT)
    answer = Response(ResetBody(None), headers=NOT_KEPT)
    beginning.know_device(use, account.id, answer)
    return answer


@post(
    "/me/email-confirmation",
    operation_id="ask_to_confirm",
    summary="Ask for another mail to confirm the address",
    status_code=204,
    responses=refusals(401, 422),
)
async def ask_to_confirm(request: AnyRequest, who: Who, use: Use) -> None:
    """Get a mail with a code, good once for a day, unless the address is confirmed; five an hour at most."""
    await count_own(request, who.account_id)
    await use.ask_to_confirm()(who)


@post(
    "/email-confirmations",
    operation_id="confirm_email",
    summary="Confirm an address",
    status_code=204,
    responses=refusals(401, 409, 413, 415, 422),
)
async def confirm_email(data: JSONBody[CodeGiven], who: Who, use: Use) -> None:
    """Show by the code of a mail that the address of the account you are signed in to is yours."""
    await use.confirm_email()(who, data.code)


router: Any = Router(
    V1, route_handlers=[ask_for_reset, reset_password, ask_to_confirm, confirm_email], tags=["Accounts"]
)
