"""Trying a whole unit of work anew, where it is certain that nothing of it was kept."""

import asyncio
from collections.abc import Awaitable, Callable
from inspect import iscoroutinefunction
from random import Random
from typing import Any, TypeVar

from ..ports.errors import NotKept, PerhapsKept, RolledBack, Unavailable

T = TypeVar("T")

TRIES = 3
_SHORTEST, _LONGEST = 0.01, 0.1
_jitter = Random()  # noqa: S311 - two who were in one another's way must not meet again; no secret


async def again(attempt: Callable[[], Awaitable[T]], *, known_again: bool = False) -> T:
    """Return what the attempt returns, made up to three times while the store undoes it or is lost before the end.

    The attempt must be the whole unit of work, from reading on, and must use up nothing that comes only once, such as
    a stream. ``known_again`` says that it recognises itself (by an idempotency key), so that it may also be repeated
    where nobody knows whether it was kept. Where the store then stays away, that is what is raised: PerhapsKept.
    """
    anew: tuple[type[Exception], ...] = (NotKept, RolledBack, *((PerhapsKept,) if known_again else ()))
    doubt: PerhapsKept | None = None
    tried = 0
    while True:
        try:
            return await attempt()
        except (Unavailable, RolledBack) as error:
            tried += 1
            doubt = error if isinstance(error, PerhapsKept) else doubt
            if tried == TRIES or not isinstance(error, anew):
                if doubt is None or doubt is error:
                    raise
                raise doubt from doubt.__cause__  # whatever failed since, that attempt may have been kept
        await asyncio.sleep(_jitter.uniform(_SHORTEST, _LONGEST) * tried)


READS = frozenset(
    {
        "get_account",
        "list_sessions",
        "list_keys",
        "list_service_accounts",
        "list_grants",
        "list_identities",
        "list_received",
        "list_factors",
        "ask_to_sign",
        "begin_passkey",
        "get_profile",
        "search_programmes",
        "get_programme",
        "get_institution",
        "get_import",
        "list_imports",
        "trace_programme",
        "get_programme_news",
        "list_row_problems",
        "judge_programmes",
        "match_catalogue",
        "list_overrides",
        "get_plan",
        "list_plans",
        "ask_what_if",
        "check_papers",
        "read_calendar",
        "get_calendar",
        "get_upload",
        "judge_document",
        "get_document",
        "open_paper",
        "list_documents",
        "get_application",
        "list_applications",
        "what_is_missing",
        "get_receipt",
        "get_snapshot",
        "get_job",
        "list_parked_jobs",
        "list_undelivered",
        "list_consents",
        "list_exports",
        "get_erasure",
        "list_holds",
        "show_retention",
        "search_trail",
        "export_trail",
        "verify_trail",
        "list_activity",
    }
)
"""The use cases that keep nothing, or what a second time would not change: whether they were kept does not matter.

Those who read the audit trail are noted there; read twice, they are noted twice."""

STREAMS = frozenset({"upload_version", "import_catalogue", "accept_import", "finish_provider_sign_in"})
"""The use cases that take in what comes only once."""


class Trying:
    """Use cases that are carried out anew, as ``again`` does, where what they do is one question or one change.

    Those that join an open unit are left alone: only the whole unit can be tried anew, and ``once`` does that.
    """

    def __init__(self, use_cases: object) -> None:
        self._use_cases = use_cases

    def __getattr__(self, name: str) -> Any:
        make = getattr(self._use_cases, name)
        if name in STREAMS:
            return make

        def made(**joined: Any) -> Any:
            case = make(**joined)
            if joined or not iscoroutinefunction(type(case).__call__):
                return case
            return _Tried(case, known_again=name in READS)

        return made


class _Tried:
    def __init__(self, case: Any, *, known_again: bool) -> None:
        self._case = case
        self._known_again = known_again

    def __getattr__(self, name: str) -> Any:
        return getattr(self._case, name)

    async def __call__(self, *given: Any, **named: Any) -> Any:
        return await again(lambda: self._case(*given, **named), known_again=self._known_again)
