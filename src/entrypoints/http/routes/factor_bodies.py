"""What is sent and answered about second factors."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec

from ....domain.identity.factor import LONGEST_LABEL
from ..wire import NOT_BLANK, Given, Id
from .beginning import DeviceToken

_TicketText = Annotated[str, msgspec.Meta(max_length=4096, description="As it came with the question; good once.")]
_Code = Annotated[
    Annotated[str, msgspec.Meta(max_length=20, examples=["492039"])] | None,
    msgspec.Meta(description="What the app shows."),
]
_RecoveryCode = Annotated[
    Annotated[str, msgspec.Meta(max_length=100)] | None,
    msgspec.Meta(description="One of those made for the account."),
]
_Passkey = Annotated[
    dict[str, Any] | None, msgspec.Meta(description="What `navigator.credentials.get` gave, by its `toJSON`.")
]
_Label = Annotated[str, msgspec.Meta(max_length=LONGEST_LABEL, examples=["My telephone"])]


class SecondStep(Given):
    """The second factor: one of `code`, `recovery_code` and `passkey`."""

    ticket: _TicketText
    code: _Code = None
    recovery_code: _RecoveryCode = None
    passkey: _Passkey = None
    device_token: DeviceToken = None


class LostFactors(Given):
    """Whose second factors are lost, and how that was made sure of."""

    email: Annotated[str, msgspec.Meta(max_length=320, examples=["student@example.org"])]
    reason: Annotated[
        str,
        msgspec.Meta(
            min_length=1,
            max_length=1000,
            extra_json_schema=NOT_BLANK,
            examples=["She came by with her passport."],
        ),
    ]


class PasskeyAsked(Given):
    """For what a passkey is to sign: left out, to sign in by it alone."""

    ticket: Annotated[
        Annotated[str, msgspec.Meta(max_length=4096)] | None,
        msgspec.Meta(description="That of a sign-in whose second step it is."),
    ] = None


class PasskeyQuestion(msgspec.Struct, frozen=True):
    """What a device is asked with."""

    ticket: Annotated[str, msgspec.Meta(description="To send with the answer.")]
    options: Annotated[
        dict[str, Any],
        msgspec.Meta(description="For `navigator.credentials`, by `parseRequestOptionsFromJSON` or its like."),
    ]


class PasskeySignIn(Given):
    """What a passkey has signed."""

    ticket: _TicketText
    passkey: Annotated[dict[str, Any], msgspec.Meta(description="What `navigator.credentials.get` gave.")]
    device_token: DeviceToken = None


class Proof(Given):
    """Who you are, once more: `password` where the account has no second factor, else one of the others."""

    password: Annotated[str, msgspec.Meta(max_length=1024)] | None = None
    code: _Code = None
    recovery_code: _RecoveryCode = None
    passkey: _Passkey = None
    ticket: Annotated[
        Annotated[str, msgspec.Meta(max_length=4096)] | None,
        msgspec.Meta(description="With a passkey: that of the question."),
    ] = None


class ProofBody(msgspec.Struct, frozen=True):
    """That it counts."""

    until: datetime


class NewFactor(Given):
    """What you call the factor."""

    label: _Label = ""


class FirstCode(Given):
    """What the app shows now."""

    code: Annotated[str, msgspec.Meta(max_length=20, examples=["492039"])]


class NewPasskey(Given):
    """A passkey that was just made."""

    ticket: _TicketText
    passkey: Annotated[dict[str, Any], msgspec.Meta(description="What `navigator.credentials.create` gave.")]
    label: _Label = ""


class FactorBody(msgspec.Struct, frozen=True):
    """A second factor."""

    id: Id
    kind: Annotated[str, msgspec.Meta(description="`totp` or `passkey`.")]
    label: str
    made_at: datetime
    used_at: datetime | None


class FactorPage(msgspec.Struct, frozen=True):
    """All second factors, the oldest first; there is never a next page."""

    items: list[FactorBody]
    recovery_codes_left: int
    next: None = None


class NewTotpBody(msgspec.Struct, frozen=True):
    """An app that is being set up; it counts once a code of it was confirmed."""

    id: Id
    secret: Annotated[str, msgspec.Meta(description="In base 32, to type in. It is not shown again.")]
    address: Annotated[str, msgspec.Meta(description="otpauth://..., to show as a QR code.")]


class AddedBody(msgspec.Struct, frozen=True):
    """The factor, which counts from now on."""

    factor: FactorBody
    recovery_codes: Annotated[
        list[str], msgspec.Meta(description="With the first factor: shown once, each good once. Keep them apart.")
    ]


class RecoveryCodesBody(msgspec.Struct, frozen=True):
    """Codes for when the second factors are lost: shown once, each good once. Those before are good no more."""

    recovery_codes: list[str]
