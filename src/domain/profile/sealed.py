"""The one field of a profile that is kept sealed: the number of the passport."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace

from .profile import Profile

SEALED_TEXT = "sealed:"
"""How a sealed number begins; one that a student gives is sealed whatever it begins with."""

Change = Callable[[bytes], bytes]


def has_sealed_number(profile: Profile) -> bool:
    """Whether the number of the passport is there and sealed."""
    return profile.passport is not None and (profile.passport.number or "").startswith(SEALED_TEXT)


def has_plain_number(profile: Profile) -> bool:
    """Whether the number of the passport is there as it was given."""
    return profile.passport is not None and bool(profile.passport.number) and not has_sealed_number(profile)


def with_number_opened(profile: Profile, open_: Change) -> Profile:
    """Return the profile with the passport's number as it was given."""
    if profile.passport is None or profile.passport.number is None or not has_sealed_number(profile):
        return profile
    sealed = base64.b64decode(profile.passport.number.removeprefix(SEALED_TEXT))
    return replace(profile, passport=replace(profile.passport, number=open_(sealed).decode()))


def with_number_sealed(profile: Profile, seal: Change) -> Profile:
    """Return the profile with the passport's number sealed, whatever it says."""
    if profile.passport is None or not profile.passport.number:
        return profile
    sealed = SEALED_TEXT + base64.b64encode(seal(profile.passport.number.encode())).decode()
    return replace(profile, passport=replace(profile.passport, number=sealed))
