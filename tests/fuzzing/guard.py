"""What stands between those who ask and the application: nobody gets what is another's, and the world stays whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from everybody import put_back, taken_down

from .world import Asked, Owner

_OF_ACCOUNTS = frozenset({"accounts", "sessions", "confirmations"})


@dataclass
class Guard:
    """The application as one of those who ask sees it.

    Where ``forgetful``, the world after each request is the one before it; else only that she stays signed in.
    """

    asked: Asked
    role: str
    forgetful: bool
    trespasses: list[str] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._saved = taken_down(self.asked.store)
        self._hers = {owner: dict(self._rows_of(owner)) for owner in self.asked.owners if self._is_stranger_to(owner)}
        own = self.asked.account(self.role)
        self._own = {
            (name, key): row
            for name in ("accounts", "sessions")
            for key, row in self._saved[name].items()
            if own is not None and own.id in (key, getattr(row, "account_id", None))
        }

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer the request, and write down what it got or did that it may not."""
        if scope["type"] != "http":
            await self.asked.app(scope, receive, send)
            return
        pieces: list[bytes] = []

        async def hearing(message: Any) -> None:
            if message["type"] == "http.response.start":
                self.statuses.append(message["status"])
                pieces.extend(value for _, value in message.get("headers", ()))
            else:
                pieces.append(message.get("body", b""))
            await send(message)

        try:
            await self.asked.app(scope, receive, hearing)
        finally:
            self._look(
                f"{scope['method']} {scope['path']}?{scope['query_string'].decode('latin-1')}", b"\n".join(pieces)
            )
            self._restore()

    def _look(self, request: str, answer: bytes) -> None:
        for owner, rows in self._hers.items():
            if self._let_by(owner):
                continue
            seen = [marker for marker in owner.markers if marker.encode() in answer]
            if seen:
                self.trespasses.append(f"{self.role} saw {seen}: {request}")
            store = self.asked.store
            changed = [at for at, row in rows.items() if getattr(store, at[0])._kept.get(at[1]) is not row]
            if changed:
                self.trespasses.append(f"{self.role} changed {changed}: {request}")

    def _restore(self) -> None:
        store = self.asked.store
        if self.forgetful:
            put_back(store, self._saved)
            return
        for (name, key), row in self._own.items():
            getattr(store, name)._kept[key] = row

    def _is_stranger_to(self, owner: Owner) -> bool:
        account = self.asked.account(self.role)
        return account is None or (account.id != owner.account_id and not self._let_by(owner))

    def _let_by(self, owner: Owner) -> bool:
        account = self.asked.account(self.role)
        return account is not None and any(
            grant.student_id == owner.student_id and (grant.account_id == account.id or grant.email == account.email)
            for grant in self.asked.store.grants._kept.values()
        )

    def _rows_of(self, owner: Owner) -> Iterator[tuple[tuple[str, Any], Any]]:
        """Every row that names her, but for the account that administrators may give a role."""
        for name, rows in self._saved.items():
            if self.role == "administrator" and name in _OF_ACCOUNTS:
                continue
            for key, row in rows.items():
                told = repr((key, row))
                if str(owner.student_id) in told or str(owner.account_id) in told:
                    yield (name, key), row
