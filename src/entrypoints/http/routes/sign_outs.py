"""Signing an account out everywhere, or all of them, as an administrator."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Router, post
from litestar.params import FromPath, JSONBody

from ....domain.shared.ids import AccountId
from ..given import V1, Use, Who, refusals
from ..wire import NOT_BLANK, Given
from .erasures import JobBegun

Why = Annotated[
    str,
    msgspec.Meta(min_length=1, max_length=1000, extra_json_schema=NOT_BLANK, examples=["Her laptop was stolen."]),
]


class SignOutGiven(Given):
    """Why an account is to be signed out, and of what; the student reads the reason in her activity."""

    reason: Why
    keys: Annotated[bool, msgspec.Meta(description="Whether its live API keys are revoked too, for good.")] = False


class SignOutOfAllGiven(Given):
    """Why everybody is to be signed out; the audit trail keeps it."""

    reason: Why


class SignedOutBody(msgspec.Struct, frozen=True):
    """How much was live and was ended."""

    sessions: int
    keys: int


@post(
    "/accounts/{account_id:str}/sign-out",
    status_code=200,
    operation_id="sign_out_account",
    summary="Sign an account out everywhere",
    description="For administrators, with a reason that is kept in the audit trail. Every session ends: access tokens, "
    "refresh tokens and cookies are refused within a second. API keys go on unless `keys` is true. The holder is told "
    "by mail, and may sign in again.",
    responses=refusals(401, 403, 404, 409, 413, 415, 422),
)
async def sign_out_account(
    account_id: FromPath[UUID], data: JSONBody[SignOutGiven], who: Who, use: Use
) -> SignedOutBody:
    """End all sessions of an account, for a stated reason."""
    done = await use.sign_out_account()(who, AccountId(account_id), data.reason, keys=data.keys)
    return SignedOutBody(done.sessions, done.keys)


@post(
    "/accounts/sign-out",
    status_code=202,
    operation_id="sign_out_all",
    summary="Sign everybody out",
    description="For administrators, after a leak, with a reason that is kept in the audit trail. A job ends every "
    "session that was begun by now, of whoever asks too, and each holder is told by mail; API keys go on.",
    responses=refusals(401, 403, 409, 413, 415, 422),
)
async def sign_out_all(data: JSONBody[SignOutOfAllGiven], who: Who, use: Use) -> JobBegun:
    """Have all sessions of all accounts ended, for a stated reason."""
    return JobBegun(str(await use.order_sign_out_of_all()(who, data.reason)))


router: Any = Router(V1, route_handlers=[sign_out_account, sign_out_all], tags=["Accounts"])
