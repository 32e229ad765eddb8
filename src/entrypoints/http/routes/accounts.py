"""Registering, and who is asking."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response, Router, delete, get, post, put
from litestar.params import FromPath, JSONBody

from ....domain.identity.account import Account, Role
from ....domain.identity.errors import EmailTaken, SignInRefused
from ....domain.shared.events import Origin
from ....domain.shared.ids import AccountId
from ....ports.answers import StoredAnswer
from ....ports.transactions import Transactions
from ..addresses import address_of
from ..given import V1, AnyRequest, Use, Who, refusals, request_id_of
from ..limits import count_email, count_own
from ..once import IdempotencyKey, created, once
from ..wire import Given, Id


class NewAccount(Given):
    """Who wants to register."""

    email: Annotated[str, msgspec.Meta(max_length=320, examples=["student@example.org"])]
    password: Annotated[
        str,
        msgspec.Meta(max_length=1024, description="15 to 256 characters.", examples=["seven quiet rivers at dawn"]),
    ]
    name: Annotated[str, msgspec.Meta(max_length=200, description="As in the passport.", examples=["MY NAME"])] = ""


class PasswordGiven(Given):
    """Another password."""

    current: Annotated[str, msgspec.Meta(max_length=1024, description="The one that holds now.")]
    new: Annotated[
        str, msgspec.Meta(max_length=1024, description="15 to 256 characters, with a second factor from 8 on.")
    ]


class RoleGiven(Given):
    """Which role the account is to hold besides those it has."""

    role: Role


class AccountBody(msgspec.Struct, frozen=True):
    """An account; ``student_id`` is the record behind it, which goes by ``me`` too."""

    id: Id
    email: str
    roles: list[str]
    student_id: Id | None
    registered_at: datetime
    email_confirmed_at: Annotated[
        datetime | None, msgspec.Meta(description="When it was shown that the address is the holder's; null: not yet.")
    ]


@post("/accounts", operation_id="register", summary="Register", responses=refusals(409, 413, 415, 422))
async def register(
    request: AnyRequest, data: JSONBody[NewAccount], use: Use, idempotency_key: IdempotencyKey = None
) -> Response[AccountBody]:
    """Open an account with an empty profile behind it."""
    await count_email(request, data.email)
    registration = await use.register().prepare(data.email, data.password, data.name)
    is_new, whence = False, (request_id_of(request), address_of(request.scope))

    async def effect(transactions: Transactions) -> StoredAnswer:
        nonlocal is_new
        account = await use.register(transactions=transactions).keep(registration, *whence)
        is_new = True
        return created(account_body(account), "/v1/me")

    # Nothing quicker to guess from than the account's own hash may be kept of a password, so it is no part of what
    # tells two requests apart; whoever wants the first answer again has to have the account's password instead.
    about = msgspec.json.encode([data.email, data.name])
    response = await once(request, use.transactions(), idempotency_key, effect, None, about=about)
    if not is_new:
        await _demand_same_password(use, data, Origin(request_id=whence[0], address=whence[1]))
    return response


async def _demand_same_password(use: Use, data: NewAccount, origin: Origin) -> None:
    try:
        await use.sign_in()(data.email, data.password, origin=origin)
    except SignInRefused:
        raise EmailTaken from None


@get("/me", operation_id="get_me", summary="Who am I?", responses=refusals(401))
async def get_me(who: Who, use: Use) -> AccountBody:
    """Show the account that asks."""
    return account_body(await use.get_account()(who, who.account_id))


@put(
    "/me/password",
    operation_id="change_password",
    summary="Change the password",
    status_code=204,
    responses=refusals(401, 409, 413, 415, 422),
)
async def change_password(request: AnyRequest, data: JSONBody[PasswordGiven], who: Who, use: Use) -> None:
    """Choose another password; your sessions elsewhere end, and a mail tells you of it."""
    await count_own(request, who.account_id)
    await use.change_password()(who, data.current, data.new)


@post(
    "/accounts/{account_id:str}/roles",
    operation_id="grant_role",
    summary="Give a role",
    status_code=200,
    responses=refusals(401, 403, 404, 409, 413, 415, 422),
)
async def grant_role(account_id: FromPath[UUID], data: JSONBody[RoleGiven], who: Who, use: Use) -> AccountBody:
    """Give an account another role; an administrator may. Having it already changes nothing."""
    return account_body(await use.grant_role()(who, AccountId(account_id), data.role))


@delete(
    "/accounts/{account_id:str}/roles/{role:str}",
    operation_id="revoke_role",
    summary="Take a role",
    status_code=200,
    responses=refusals(401, 403, 404, 409, 422),
)
async def revoke_role(account_id: FromPath[UUID], role: FromPath[Role], who: Who, use: Use) -> AccountBody:
    """Take a role from an account; an administrator may. It stops within a second; not having it changes nothing."""
    return account_body(await use.revoke_role()(who, AccountId(account_id), role))


def account_body(account: Account) -> AccountBody:
    """Return the account as it is sent."""
    return AccountBody(
        id=str(account.id),
        email=account.email,
        roles=sorted(account.roles),
        student_id=None if account.student_id is None else str(account.student_id),
        registered_at=account.registered_at,
        email_confirmed_at=account.email_confirmed_at,
    )


router: Any = Router(V1, route_handlers=[register, get_me, change_password, grant_role, revoke_role], tags=["Accounts"])
