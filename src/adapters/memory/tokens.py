"""Access tokens for tests: who asks, and a seal that anybody with the source could make."""

import hashlib
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from ...domain.identity.account import Asker, Role
from ...domain.identity.factor import Method
from ...domain.identity.ticket import Ticket, TicketFor
from ...domain.shared.ids import AccountId, SessionId, StudentId
from ...ports.clock import Clock
from ...ports.tokens import Refresh, TokenRefused


class MemoryTokens:
    """Seals who asks with the given secret; without third-party packages, and never for real accounts."""

    def __init__(self, clock: Clock, secret: bytes = b"memory") -> None:
        self._clock = clock
        self._secret = secret

    def issue(self, asker: Asker, lasting: timedelta) -> str:
        student = None if asker.student_id is None else str(asker.student_id)
        session = None if asker.session_id is None else str(asker.session_id)
        said = [str(asker.account_id), student, session, sorted(asker.roles), sorted(asker.methods)]
        return self._sealed("access", said, self._clock.now() + lasting)

    def read(self, token: str, request_id: str = "") -> Asker:
        account, student, session, roles, methods = self._opened("access", token)
        return Asker(
            AccountId(UUID(account)),
            frozenset(map(Role, roles)),
            None if student is None else StudentId(UUID(student)),
            request_id,
            session_id=None if session is None else SessionId(UUID(session)),
            methods=frozenset(methods),
        )

    def account_of(self, token: str) -> AccountId | None:
        try:
            return self.read(token).account_id
        except TokenRefused:
            return None

    def issue_refresh(self, refresh: Refresh, until: datetime) -> str:
        return self._sealed("refresh", [str(refresh.session_id), refresh.turn], until)

    def read_refresh(self, token: str) -> Refresh:
        session, turn = self._opened("refresh", token)
        return Refresh(SessionId(UUID(session)), turn)

    def csrf_of(self, session_id: SessionId) -> str:
        return self._seal(f"csrf {session_id}".encode())

    def is_csrf_of(self, session_id: SessionId, given: str) -> bool:
        return hmac.compare_digest(self.csrf_of(session_id).encode(), given.encode("utf-8", "replace"))

    def issue_ticket(self, ticket: Ticket) -> str:
        account = None if ticket.account_id is None else str(ticket.account_id)
        said = [ticket.id, account, sorted(ticket.methods), ticket.until.isoformat()]
        return self._sealed(f"ticket {ticket.purpose}", said, ticket.until)

    def read_ticket(self, token: str, purpose: TicketFor) -> Ticket:
        ticket_id, account, methods, until = self._opened(f"ticket {purpose}", token)
        return Ticket(
            ticket_id,
            purpose,
            datetime.fromisoformat(until),
            None if account is None else AccountId(UUID(account)),
            frozenset(map(Method, methods)),
        )

    def public_keys(self) -> Sequence[Mapping[str, str]]:
        return []

    def _sealed(self, kind: str, what: list[Any], ends: datetime) -> str:
        said = json.dumps([kind, what, self._clock.now().isoformat(), ends.isoformat()]).encode()
        return f"{urlsafe_b64encode(said).decode()}.{self._seal(said)}"

    def _opened(self, kind: str, token: str) -> list[Any]:
        try:
            body, _, seal = token.partition(".")
            said = urlsafe_b64decode(body.encode("ascii"))
            if not hmac.compare_digest(token.encode("ascii"), f"{urlsafe_b64encode(said).decode()}.{seal}".encode()):
                raise TokenRefused
            if not hmac.compare_digest(seal, self._seal(said)):
                raise TokenRefused
            what: list[Any]
            is_kind, what, begins, ends = json.loads(said)
        except ValueError as error:
            raise TokenRefused from error
        if is_kind != kind or not datetime.fromisoformat(begins) <= self._clock.now() < datetime.fromisoformat(ends):
            raise TokenRefused
        return what

    def _seal(self, said: bytes) -> str:
        return hmac.new(self._secret, said, hashlib.sha256).hexdigest()
