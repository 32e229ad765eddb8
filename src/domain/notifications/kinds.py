"""What kinds of messages there are, and how each is to reach people: one table."""

from __future__ import annotations

from collections.abc import Mapping

from ..shared.dataclass import dataclass
from .channel import Channel, Topic

_MAIL = (Channel.EMAIL,)
_ANY = (Channel.EMAIL, Channel.WHATSAPP, Channel.SMS)
_SOON = (Channel.SMS, Channel.WHATSAPP, Channel.EMAIL)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of message.

    ``channels`` are tried in this order, each when the one before it has failed. What is ``needed`` for somebody's
    safety or by law cannot be silenced. What is ``urgent`` waits for no quiet hours. What is ``gathered`` goes into a
    digest where it would be one of many. ``until_seen`` is repeated on one way after another until it is acknowledged.
    ``secret`` holds a code that is made as late as it is sent, and stands in no inbox.
    """

    topic: Topic
    channels: tuple[Channel, ...] = _ANY
    needed: bool = False
    urgent: bool = False
    gathered: bool = False
    until_seen: bool = False
    secret: bool = False
    unconfirmed: bool = False
    """It goes to an address of which it is to be found out whose it is, which is in its parameters."""


_ABOUT_THE_ACCOUNT = Kind(Topic.ACCOUNT, needed=True, urgent=True)
_CODE = Kind(Topic.ACCOUNT, _MAIL, needed=True, urgent=True, secret=True)
_ABOUT_HER_RECORD = Kind(Topic.RECORD, needed=True)
_LATER = Kind(Topic.WORK, gathered=True)

KINDS: Mapping[str, Kind] = {
    "welcome": Kind(Topic.ACCOUNT, _MAIL, needed=True, urgent=True, secret=True),
    "code_confirm_email": _CODE,
    "code_reset_password": _CODE,
    "code_confirm_phone": Kind(Topic.ACCOUNT, (Channel.SMS,), needed=True, urgent=True, secret=True, unconfirmed=True),
    "password_changed": _ABOUT_THE_ACCOUNT,
    "role_granted": _ABOUT_THE_ACCOUNT,
    "role_revoked": _ABOUT_THE_ACCOUNT,
    "signed_out": _ABOUT_THE_ACCOUNT,
    "key_made": _ABOUT_THE_ACCOUNT,
    "factors_changed": _ABOUT_THE_ACCOUNT,
    "identity_linked": _ABOUT_THE_ACCOUNT,
    "identity_unlinked": _ABOUT_THE_ACCOUNT,
    "channel_off": Kind(Topic.ACCOUNT, needed=True),
    "grant_offered": Kind(Topic.RECORD, _MAIL, needed=True),
    "record_offered": Kind(Topic.RECORD, _MAIL, needed=True),
    "access_taken": Kind(Topic.RECORD, needed=True, urgent=True),
    "export_ready": _ABOUT_HER_RECORD,
    "erasure_asked": Kind(Topic.RECORD, needed=True, urgent=True),
    "account_dormant": Kind(Topic.RECORD, needed=True),
    "erasure_cancelled": _ABOUT_HER_RECORD,
    "receipt": Kind(Topic.APPLICATIONS, needed=True, urgent=True),  # what she has just done is proved at once
    "order_placed": _ABOUT_HER_RECORD,
    "order_paid": _ABOUT_HER_RECORD,
    "order_ended": _ABOUT_HER_RECORD,
    "payment_declined": _ABOUT_HER_RECORD,
    "refund_moved": _ABOUT_HER_RECORD,
    "dispute_moved": _ABOUT_HER_RECORD,
    "plan_moved": Kind(Topic.PLAN, gathered=True),
    "programme_changed": Kind(Topic.PLAN, gathered=True),
    "reminder": Kind(Topic.DEADLINES, gathered=True),
    "window_open": Kind(Topic.WINDOWS, _SOON, needed=True, urgent=True, until_seen=True),
    "window_unacknowledged": Kind(Topic.WINDOWS, _SOON, needed=True, urgent=True),
    "paper_verified": Kind(Topic.PAPERS, gathered=True),
    "paper_rejected": Kind(Topic.PAPERS),
    "task_given": _LATER,
    "import_finished": _LATER,
    "import_failed": Kind(Topic.WORK),
    "report_ready": _LATER,
    "report_failed": Kind(Topic.WORK),
    "test": Kind(Topic.WORK),
}
"""By the name that a message keeps, so a name stays for as long as there are messages of it."""

DIGEST = "digest"
"""The letter in which gathered messages go out together; it is no message of its own."""
