"""How a setting is declared: its variable, its meaning and what of it is hidden, beside its type and default."""

from typing import Annotated, Literal

from msgspec import Meta

Port = Annotated[int, Meta(ge=0, le=65535)]
Count = Annotated[int, Meta(ge=1, le=10_000)]
Seconds = Annotated[float, Meta(gt=0, le=3600)]
ORIGINS = r"^(https?://[A-Za-z0-9.:-]+( |$))*$"

Secrecy = Literal["open", "password", "secret"]
"""What of a setting is hidden: nothing, the password of an address, or all of it."""


def setting(variable: str, meaning: str, *, secrecy: Secrecy = "open") -> Meta:
    """Return what is said about a setting beside its type: the last thing in its ``Annotated``."""
    return Meta(description=meaning, extra={"variable": variable, "secrecy": secrecy})
