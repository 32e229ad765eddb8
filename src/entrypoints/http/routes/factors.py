"""Second factors: adding and removing them, and signing in with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from litestar import Response, Router, delete, get, post
from litestar.params import FromPath, JSONBody

from ....domain.identity.errors import SecondFactorRefused, SignInRefused
from ....domain.identity.factor import Factor, Shown
from ....domain.identity.ticket import Ticket, TicketFor
from ....domain.identity.use_cases.factors import Added
from ....domain.shared.errors import Reason, RuleBroken
from ....domain.shared.ids import FactorId
from ....ports.tokens import TokenRefused, Tokens
from ..given import V1, AnyRequest, Use, Who, refusals
from .beginning import NOT_KEPT, Begins, BrowserSession, SessionBody, Transport, origin_of
from .factor_bodies import (
    AddedBody,
    FactorBody,
    FactorPage,
    FirstCode,
    LostFactors,
    NewFactor,
    NewPasskey,
    NewTotpBody,
    PasskeyAsked,
    PasskeyQuestion,
    PasskeySignIn,
    Proof,
    ProofBody,
    RecoveryCodesBody,
    SecondStep,
)
from .sessions import Issuer


@post(
    "/sessions/second-factor",
    operation_id="finish_sign_in",
    summary="Sign in: the second step",
    responses=refusals(401, 409, 413, 415, 422),
)
async def finish_sign_in(
    request: AnyRequest,
    data: JSONBody[SecondStep],
    use: Use,
    beginning: Begins,
    x_session: Transport = "bearer",
) -> Response[SessionBody | BrowserSession]:
    """Show the second factor and get the session. Failed attempts make you wait as those with a password do."""
    try:
        ticket = beginning.tokens.read_ticket(data.ticket, TicketFor.SECOND_STEP)
    except TokenRefused:
        raise SecondFactorRefused from None
    device = beginning.device_of(request, data.device_token, x_session)
    shown = Shown(data.code, data.recovery_code, data.passkey)
    account, methods = await use.finish_sign_in()(ticket, shown, device, origin_of(request))
    return await beginning.begin(request, use, account, x_session, methods, device)


@post(
    "/sessions/passkey-options",
    operation_id="ask_for_passkey",
    summary="Sign in: what a passkey is to sign",
    status_code=200,
    responses=refusals(401, 413, 415, 422),
)
async def ask_for_passkey(data: JSONBody[PasskeyAsked], use: Use, tokens: Issuer) -> Response[PasskeyQuestion]:
    """Get what a device is asked with: for the second step of a sign-in, or without a ticket to sign in by a passkey
    alone, for which the device has to make sure of its user."""
    if data.ticket is None:
        ticket = use.make_ticket()(TicketFor.PASSKEY)
    else:
        try:
            ticket = tokens.read_ticket(data.ticket, TicketFor.SECOND_STEP)
        except TokenRefused:
            raise SecondFactorRefused from None
    return await _question(use.ask_to_sign(), ticket, tokens)


@post(
    "/sessions/passkey",
    operation_id="sign_in_by_passkey",
    summary="Sign in by a passkey alone",
    responses=refusals(401, 409, 413, 415, 422),
)
async def sign_in_by_passkey(
    request: AnyRequest,
    data: JSONBody[PasskeySignIn],
    use: Use,
    beginning: Begins,
    x_session: Transport = "bearer",
) -> Response[SessionBody | BrowserSession]:
    """Begin a session by a passkey whose device has made sure of its user: no password is needed beside it."""
    try:
        ticket = beginning.tokens.read_ticket(data.ticket, TicketFor.PASSKEY)
    except TokenRefused:
        raise SignInRefused from None
    account, methods = await use.sign_in_by_passkey()(ticket, data.passkey, origin_of(request))
    device = beginning.device_of(request, data.device_token, x_session)
    return await beginning.begin(request, use, account, x_session, methods, device)


@post(
    "/me/proof",
    operation_id="prove",
    summary="Show once more that it is you",
    status_code=200,
    responses=refusals(401, 403, 409, 413, 415, 422),
)
async def prove(data: JSONBody[Proof], who: Who, use: Use, tokens: Issuer) -> ProofBody:
    """Show by a second factor, or by the password where the account has none, that it is you. It counts for a few
    minutes, for changing second factors; a sign-in counts too. With a factor shown, roles that waited for one count
    from the next refresh on."""
    ticket = None
    if data.ticket is not None:
        try:
            ticket = tokens.read_ticket(data.ticket, TicketFor.PROOF)
        except TokenRefused:
            raise RuleBroken(Reason("proof.wrong", {}, "ticket")) from None
    shown = Shown(data.code, data.recovery_code, data.passkey)
    return ProofBody(await use.prove()(who, data.password, shown, ticket))


@post(
    "/me/proof/passkey-options",
    operation_id="ask_for_proof",
    summary="What a passkey is to sign to show that it is you",
    status_code=200,
    responses=refusals(401),
)
async def ask_for_proof(who: Who, use: Use, tokens: Issuer) -> Response[PasskeyQuestion]:
    """Get what a device is asked with; send its answer with the ticket to `POST /v1/me/proof`."""
    return await _question(use.ask_to_sign(), use.make_ticket()(TicketFor.PROOF, who.account_id), tokens)


@get("/me/factors", operation_id="list_factors", summary="My second factors", responses=refusals(401))
async def list_factors(who: Who, use: Use) -> FactorPage:
    """List your second factors, and how many recovery codes are left."""
    factors, left = await use.list_factors()(who)
    return FactorPage([_factor(one) for one in factors], left)


@post(
    "/me/factors/totp",
    operation_id="begin_totp",
    summary="Set up an app that makes codes",
    responses=refusals(401, 403, 409, 413, 415, 422),
)
async def begin_totp(data: JSONBody[NewFactor], who: Who, use: Use) -> Response[NewTotpBody]:
    """Get what the app is told (TOTP, RFC 6238). Needs a sign-in or a proof (`POST /v1/me/proof`) of the last minutes;
    else the answer is 403 `proof_needed`."""
    begun = await use.begin_totp()(who, data.label)
    body = NewTotpBody(str(begun.factor.id), begun.secret, begun.address)
    return Response(body, status_code=201, headers=NOT_KEPT)


@post(
    "/me/factors/{factor_id:str}/confirmation",
    operation_id="confirm_totp",
    summary="Confirm an app by its first code",
    status_code=200,
    responses=refusals(401, 404, 409, 413, 415, 422),
)
async def confirm_totp(factor_id: FromPath[UUID], data: JSONBody[FirstCode], who: Who, use: Use) -> Response[AddedBody]:
    """Show the first code of the app within an hour; from then on it is asked for at each sign-in."""
    return _added(await use.confirm_totp()(who, FactorId(factor_id), data.code), 200)


@post(
    "/me/factors/passkey-options",
    operation_id="begin_passkey",
    summary="What a device is asked with to make a passkey",
    status_code=200,
    responses=refusals(401, 403, 422),
)
async def begin_passkey(who: Who, use: Use, tokens: Issuer) -> Response[PasskeyQuestion]:
    """Get what `navigator.credentials.create` takes. Needs a sign-in or a proof of the last minutes."""
    ticket = use.make_ticket()(TicketFor.ADD_PASSKEY, who.account_id)
    options = dict(await use.begin_passkey()(who, ticket))
    return Response(PasskeyQuestion(tokens.issue_ticket(ticket), options), headers=NOT_KEPT)


@post(
    "/me/factors/passkeys",
    operation_id="add_passkey",
    summary="Add a passkey",
    responses=refusals(401, 409, 413, 415, 422),
)
async def add_passkey(data: JSONBody[NewPasskey], who: Who, use: Use, tokens: Issuer) -> Response[AddedBody]:
    """Add the passkey that a device has just made: a second factor, and a sign-in of its own where the device makes
    sure of its user."""
    try:
        ticket = tokens.read_ticket(data.ticket, TicketFor.ADD_PASSKEY)
    except TokenRefused:
        raise RuleBroken(Reason("factor.passkey_not_made", {}, "ticket")) from None
    return _added(await use.add_passkey()(who, ticket, data.passkey, data.label), 201)


@delete(
    "/me/factors/{factor_id:str}",
    operation_id="remove_factor",
    summary="Remove a second factor",
    responses=refusals(401, 403, 404, 409, 422),
)
async def remove_factor(factor_id: FromPath[UUID], who: Who, use: Use) -> None:
    """Remove a second factor, and with the last one the recovery codes. Needs a sign-in or a proof of the last
    minutes; sessions go on, and a mail tells of it."""
    await use.remove_factor()(who, FactorId(factor_id))


@post(
    "/me/recovery-codes",
    operation_id="make_recovery_codes",
    summary="Make new recovery codes",
    responses=refusals(401, 403, 409, 422),
)
async def make_recovery_codes(who: Who, use: Use) -> Response[RecoveryCodesBody]:
    """Get ten new codes in the place of those before. Needs a sign-in or a proof of the last minutes."""
    body = RecoveryCodesBody(list(await use.make_recovery_codes()(who)))
    return Response(body, status_code=201, headers=NOT_KEPT)


@post(
    "/lost-factors",
    operation_id="remove_lost_factors",
    summary="Remove what somebody has lost",
    status_code=204,
    responses=refusals(401, 403, 404, 409, 413, 415, 422),
)
async def remove_lost_factors(data: JSONBody[LostFactors], who: Who, use: Use) -> None:
    """Remove all second factors and recovery codes of an account whose holder has lost them; an administrator may,
    who has made sure that it is she. Needs a sign-in or a proof of the last minutes. The sessions of the account end, a
    mail tells of it, and its holder reads the reason."""
    await use.remove_lost_factors()(who, data.email, data.reason)


async def _question(ask: Any, ticket: Ticket, tokens: Tokens) -> Response[PasskeyQuestion]:
    return Response(PasskeyQuestion(tokens.issue_ticket(ticket), dict(await ask(ticket))), headers=NOT_KEPT)


def _added(added: Added, status: int) -> Response[AddedBody]:
    codes: Sequence[str] = added.recovery_codes
    return Response(AddedBody(_factor(added.factor), list(codes)), status_code=status, headers=NOT_KEPT)


def _factor(one: Factor) -> FactorBody:
    return FactorBody(str(one.id), one.kind.value, one.label, one.made_at, one.used_at)


router: Any = Router(
    V1,
    route_handlers=[
        finish_sign_in,
        ask_for_passkey,
        sign_in_by_passkey,
        prove,
        ask_for_proof,
        list_factors,
        begin_totp,
        confirm_totp,
        begin_passkey,
        add_passkey,
        remove_factor,
        make_recovery_codes,
        remove_lost_factors,
    ],
    tags=["Second factors"],
)
