"""Access tokens for tests: who asks, and a seal that anybody with the source could make."""

import hashlib
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta
from uuid import UUID

from ...domain.identity.account import Asker, Role
from ...domain.shared.ids import AccountId, StudentId
from ...ports.clock import Clock
from ...ports.tokens import TokenRefused


class MemoryTokens:
    """Seals who asks with the given secret; without third-party packages, and never for real accounts."""

    def __init__(self, clock: Clock, secret: bytes = b"memory") -> None:
        self._clock = clock
        self._secret = secret

    def issue(self, asker: Asker, lasting: timedelta) -> str:
        now = self._clock.now()
        student = None if asker.student_id is None else str(asker.student_id)
        span = [now.isoformat(), (now + lasting).isoformat()]
        said = json.dumps([str(asker.account_id), student, sorted(asker.roles), span]).encode()
        return f"{urlsafe_b64encode(said).decode()}.{self._seal(said)}"

    def read(self, token: str, request_id: str = "") -> Asker:
        try:
            body, _, seal = token.partition(".")
            said = urlsafe_b64decode(body.encode("ascii"))
            if not hmac.compare_digest(token.encode("ascii"), f"{urlsafe_b64encode(said).decode()}.{seal}".encode()):
                raise TokenRefused
            if not hmac.compare_digest(seal, self._seal(said)):
                raise TokenRefused
            account, student, roles, (begins, ends) = json.loads(said)
        except ValueError as error:
            raise TokenRefused from error
        if not datetime.fromisoformat(begins) <= self._clock.now() < datetime.fromisoformat(ends):
            raise TokenRefused
        return Asker(
            AccountId(UUID(account)),
            frozenset(map(Role, roles)),
            None if student is None else StudentId(UUID(student)),
            request_id,
        )

    def account_of(self, token: str) -> AccountId | None:
        try:
            return self.read(token).account_id
        except TokenRefused:
            return None

    def _seal(self, said: bytes) -> str:
        return hmac.new(self._secret, said, hashlib.sha256).hexdigest()
