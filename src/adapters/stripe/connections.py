"""The connections of Stripe's library to Stripe."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import stripe


class Connections(stripe.HTTPXClient):
    """Waits for the whole of an answer no longer than its patience, where httpx counts from each piece anew."""

    def __init__(self, patience: timedelta) -> None:
        self._patience = patience.total_seconds()
        super().__init__(timeout=self._patience)

    async def request_async(
        self, method: str, url: str, headers: Mapping[str, str], post_data: Any = None
    ) -> tuple[bytes, int, Mapping[str, str]]:
        """Return body, status and headers of the answer; raise APIConnectionError where none came in time."""
        try:
            async with asyncio.timeout(self._patience):
                return await super().request_async(method, url, headers, post_data)
        except TimeoutError as error:
            raise stripe.APIConnectionError("no answer in time", should_retry=True) from error  # type: ignore[no-untyped-call]

    def _get_request_args_kwargs(self, method: str, url: str, headers: Mapping[str, str], post_data: Any) -> Any:
        """Hand the body over as what it is: httpx warns of a text that comes as a form."""
        args, kwargs = super()._get_request_args_kwargs(method, url, headers, post_data)
        kwargs["content"] = kwargs.pop("data") or None
        return args, kwargs
