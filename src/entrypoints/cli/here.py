"""What this machine's settings name, opened for whoever operates it: no sign-in is asked for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from .errors import NEGATIVE, refused
from .program import program

if TYPE_CHECKING:
    from ..wiring.containers.every import UseCases


@asynccontextmanager
async def use_cases_here() -> AsyncIterator[UseCases]:
    """Give the use cases over this machine's database; raise CommandFailed in one sentence where that cannot be."""
    from ..parts.opened import opened  # noqa: PLC0415 - the weight of a process is for those who ask for it
    from ..watching.logs import log_to_stderr  # noqa: PLC0415
    from ..wiring.containers.every import use_cases_over  # noqa: PLC0415
    from .embedded import settings_here, told_in_sentences  # noqa: PLC0415
    from .progress import doing  # noqa: PLC0415

    settings = settings_here()
    log_to_stderr("warning", settings.log_format)
    if settings.database_url is None and not settings.home_folder.is_dir():
        raise refused(settings.home_folder, "nothing_kept", exit_code=NEGATIVE, known=f"{program()} serve")
    with doing() as tell, told_in_sentences(settings) as started:
        async with opened(settings, tell, seals=False) as found:
            await found.database.demand_current()
            started()
            tell("")
            yield use_cases_over(found.ports)
