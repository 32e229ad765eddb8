"""How often somebody may ask."""

from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta

from .declaring import setting


@dataclass(frozen=True, kw_only=True, repr=False)
class Limiting:
    """How often somebody may ask."""

    sign_in_limit: Annotated[
        Annotated[int, Meta(ge=1, le=1_000_000)],
        setting(
            "SIGN_IN_LIMIT",
            "How often an address may sign in, and as often register, in 15 minutes; a tenth of it is how often codes "
            "and invitations may be sent to one e-mail address.",
        ),
    ] = 200
    request_limit: Annotated[
        Annotated[int, Meta(ge=1, le=100_000_000)],
        setting("REQUEST_LIMIT", "How often an account, or an address without sign-in, may ask in a minute."),
    ] = 6000
    address_limit: Annotated[
        Annotated[int, Meta(ge=1, le=100_000_000)],
        setting("ADDRESS_LIMIT", "How often all accounts that come from one address may ask in a minute, together."),
    ] = 60_000
    match_limit: Annotated[
        Annotated[int, Meta(ge=1, le=1_000_000)],
        setting("MATCH_LIMIT", "How often an account may be matched with the whole catalogue in a minute."),
    ] = 60
    upload_limit: Annotated[
        Annotated[int, Meta(ge=1, le=1_000_000)],
        setting("UPLOAD_LIMIT", "How many uploads an account may begin in an hour."),
    ] = 240
    export_limit: Annotated[
        Annotated[int, Meta(ge=1, le=1000)],
        setting("EXPORT_LIMIT", "How often an account may ask for an export in a day."),
    ] = 3
