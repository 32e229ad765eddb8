"""Messages to people."""

from dataclasses import dataclass
from typing import Annotated

from .declaring import setting


@dataclass(frozen=True, kw_only=True, repr=False)
class Telling:
    """Messages to people."""

    mail_from: Annotated[str, setting("MAIL_FROM", "Who mail comes from.")] = "Higher Study <no-reply@localhost>"
