"""Grants: a student lets somebody else see or do something with her record, until a day, and ends it when she likes.

She names an address, not an account, so that she learns nothing about who is registered. It begins once somebody
accepts it whose account is known to read the mail of that address. An administrator can take one for a while, with a
reason that the student sees.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from ..shared.dataclass import dataclass
from ..shared.errors import Conflict, Invalid, NotFound, Reason, RuleBroken, refuse_if_any
from ..shared.ids import AccountId, GrantId, StudentId
from ..shared.texts import text_problems
from .account import Account
from .grant_events import AccessTaken, GrantAccepted, GrantEnded, GrantOffered
from .scopes import TO_BE_TAKEN, Granted, Kind, Scope

MOST_AT_ONCE = 50
"""So many grants that are live or offered a record may have."""
LONGEST = timedelta(days=366)
LONGEST_TAKEN = timedelta(hours=1)
LONGEST_REASON = 1000


@dataclass(slots=True)
class Grant:
    """What one account may do with a student's record, from its acceptance until its end.

    ``owner`` is the student's account; ``account_id`` is None until somebody has accepted.
    """

    id: GrantId
    student_id: StudentId
    owner: AccountId
    kind: Kind
    email: str
    scopes: frozenset[Scope]
    given_at: datetime
    until: datetime
    reason: str = ""
    account_id: AccountId | None = None
    accepted_at: datetime | None = None
    ended_at: datetime | None = None
    ended_by: AccountId | None = None
    version: int = 0

    def is_open(self, now: datetime) -> bool:
        """Whether it is live, or could still be accepted."""
        return self.ended_at is None and now < self.until

    def is_live(self, now: datetime) -> bool:
        """Whether its holder may use it."""
        return self.accepted_at is not None and self.is_open(now)

    @property
    def granted(self) -> Granted:
        """What its holder comes with while it is live."""
        return Granted(self.id, self.owner, self.scopes, self.kind, self.reason)

    def offered(self) -> GrantOffered:
        """Return what offering it means to others."""
        return GrantOffered(self.id, self.student_id, self.owner)

    def taken(self) -> AccessTaken:
        """Return what taking it means to others."""
        return AccessTaken(self.id, self.student_id, self.owner)

    def accept(self, account: Account, now: datetime) -> GrantAccepted:
        """Let the account hold it.

        Raises NotFound where it was offered to another address or is over, RuleBroken while nobody has shown that the
        mail of the address is read by the account's holder, Conflict where it was accepted before.
        """
        if account.email != self.email or not self.is_open(now):
            raise NotFound
        if account.email_confirmed_at is None:
            raise RuleBroken(Reason("grant.confirm_address_first"))
        if self.accepted_at is not None:
            raise Conflict(Reason("grant.accepted_already"))
        self.account_id, self.accepted_at = account.id, now
        return GrantAccepted(self.id, self.student_id, self.owner)

    def end(self, by: AccountId, now: datetime) -> GrantEnded | None:
        """End it; return the event, None where it is over already."""
        if not self.is_open(now):
            return None
        self.ended_at, self.ended_by = now, by
        return GrantEnded(self.id, self.student_id, self.owner)


def check_grant(scopes: frozenset[Scope], until: datetime, reason: str, now: datetime, kind: Kind) -> None:
    """Raise Invalid with everything that is wrong with what is to be given or taken."""
    refuse_if_any(_problems(scopes, until, reason, now, kind), Invalid)


def _problems(scopes: frozenset[Scope], until: datetime, reason: str, now: datetime, kind: Kind) -> Iterator[Reason]:
    if not scopes:
        yield Reason("data.missing", {}, "scopes")
    longest = LONGEST if kind is Kind.GIVEN else LONGEST_TAKEN
    if kind is Kind.TAKEN and scopes - TO_BE_TAKEN:
        named = ", ".join(sorted(scopes - TO_BE_TAKEN))
        yield Reason("grant.not_to_be_taken", {"scopes": named}, "scopes")
    if not now < until:
        yield Reason(
            "grant.ends_before_it_begins", {"until": f"{until.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"}, "until"
        )
    elif until - now > longest and kind is Kind.TAKEN:
        yield Reason("grant.access_too_long", {"minutes": int(longest.total_seconds() // 60)}, "minutes")
    elif until - now > longest:
        yield Reason("grant.too_long", {"days": longest.days}, "until")
    if kind is Kind.TAKEN and not reason.strip():
        yield Reason("grant.reason_needed", {}, "reason")
    yield from text_problems(reason, "reason", at_most=LONGEST_REASON)
