"""Passkeys, asked for and checked by the library webauthn, in a thread: loading it and checking take a moment."""

from __future__ import annotations

import asyncio
from base64 import urlsafe_b64decode
from collections.abc import Sequence
from typing import Any

from ...ports.passkeys import Json, NewPasskey, PasskeyRefused, Signed

_LONGEST_ID = 1023  # WebAuthn, level 3, 5.1: an authenticator makes no longer one


class WebauthnPasskeys:
    """``site`` is the domain that passkeys belong to (the relying party's id), ``origins`` the pages that may ask."""

    def __init__(self, site: str, origins: Sequence[str]) -> None:
        self._site = site
        self._origins = list(origins)

    async def to_make(self, challenge: bytes, *, user: bytes, name: str, known: Sequence[bytes], service: str) -> Json:
        return await asyncio.to_thread(self._to_make, challenge, user, name, known, service)

    async def made(self, answer: Json, challenge: bytes) -> NewPasskey:
        return await asyncio.to_thread(self._made, answer, challenge)

    async def to_sign(self, challenge: bytes, known: Sequence[bytes], *, sure_of_user: bool) -> Json:
        return await asyncio.to_thread(self._to_sign, challenge, known, sure_of_user)

    def credential_of(self, answer: Json) -> bytes:
        given = answer.get("id")
        if not isinstance(given, str) or len(given) > 2 * _LONGEST_ID:
            raise PasskeyRefused
        try:
            return urlsafe_b64decode(given.encode("ascii") + b"=" * (-len(given) % 4))
        except ValueError as error:
            raise PasskeyRefused from error

    async def signed(
        self, answer: Json, challenge: bytes, public_key: bytes, counter: int, *, sure_of_user: bool
    ) -> Signed:
        return await asyncio.to_thread(self._signed, answer, challenge, public_key, counter, sure_of_user)

    def _to_make(self, challenge: bytes, user: bytes, name: str, known: Sequence[bytes], service: str) -> Json:
        import webauthn  # noqa: PLC0415 - for the few who have a passkey
        from webauthn.helpers import options_to_json_dict  # noqa: PLC0415
        from webauthn.helpers.structs import (  # noqa: PLC0415
            AuthenticatorSelectionCriteria,
            ResidentKeyRequirement,
            UserVerificationRequirement,
        )

        options = webauthn.generate_registration_options(
            rp_id=self._site,
            rp_name=service,
            user_id=user,
            user_name=name,
            challenge=challenge,
            exclude_credentials=_described(known),
            # So that it can be found without a name and stand alone, where the device can do that.
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.PREFERRED,
                user_verification=UserVerificationRequirement.PREFERRED,
            ),
        )
        return options_to_json_dict(options)

    def _made(self, answer: Json, challenge: bytes) -> NewPasskey:
        import webauthn  # noqa: PLC0415

        try:
            found = webauthn.verify_registration_response(
                credential=dict(answer),
                expected_challenge=challenge,
                expected_rp_id=self._site,
                expected_origin=self._origins,
            )
        except Exception as error:
            raise PasskeyRefused from error
        if not 16 <= len(found.credential_id) <= _LONGEST_ID:
            raise PasskeyRefused
        return NewPasskey(found.credential_id, found.credential_public_key, found.sign_count)

    def _to_sign(self, challenge: bytes, known: Sequence[bytes], sure_of_user: bool) -> Json:
        import webauthn  # noqa: PLC0415
        from webauthn.helpers import options_to_json_dict  # noqa: PLC0415
        from webauthn.helpers.structs import UserVerificationRequirement  # noqa: PLC0415

        options = webauthn.generate_authentication_options(
            rp_id=self._site,
            challenge=challenge,
            allow_credentials=_described(known),
            user_verification=(
                UserVerificationRequirement.REQUIRED if sure_of_user else UserVerificationRequirement.PREFERRED
            ),
        )
        return options_to_json_dict(options)

    def _signed(self, answer: Json, challenge: bytes, public_key: bytes, counter: int, sure_of_user: bool) -> Signed:
        import webauthn  # noqa: PLC0415

        try:
            found = webauthn.verify_authentication_response(
                credential=dict(answer),
                expected_challenge=challenge,
                expected_rp_id=self._site,
                expected_origin=self._origins,
                credential_public_key=public_key,
                credential_current_sign_count=counter,
                require_user_verification=sure_of_user,
            )
        except Exception as error:
            raise PasskeyRefused from error
        return Signed(found.new_sign_count, found.user_verified)


def _described(known: Sequence[bytes]) -> list[Any]:
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor  # noqa: PLC0415

    return [PublicKeyCredentialDescriptor(id=one) for one in known]
