"""Messages to people."""

from dataclasses import dataclass
from typing import Annotated

from .declaring import setting


@dataclass(frozen=True, kw_only=True, repr=False)
class Telling:
    """Messages to people."""

    mail_from: Annotated[str, setting("MAIL_FROM", "Who mail comes from.")] = "Higher Study <no-reply@localhost>"
    plan_page: Annotated[
        str | None,
        setting("PLAN_PAGE", "The page of a client that shows a plan, with {plan} for its id; messages link to it."),
    ] = None
    preferences_page: Annotated[
        str | None,
        setting("PREFERENCES_PAGE", "The page of a client on which somebody says how she wants to be told."),
    ] = None
