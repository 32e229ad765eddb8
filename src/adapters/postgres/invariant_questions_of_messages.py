"""The questions to the rows about messages and what became of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from ...domain.notifications.channel import Channel
from ...domain.notifications.delivery import State
from ...domain.notifications.kinds import KINDS
from ...domain.notifications.turns import DELIVER, DIGEST, ESCALATE, REPEATED_FOR
from .questions import SOON, Question, count_of, interval, words

OVER_FOR = timedelta(days=1)
"""A report may come before it is noted that a message was taken over: the next attempt, within hours, finds it over."""

_OPEN = words([State.WAITING.value, State.SENDING.value])
_REACHING = words([one.value for one in (State.WAITING, State.SENDING, State.TAKEN, State.GATHERED, State.DELIVERED)])
_UNTRIED = words([one.value for one in (State.WAITING, State.SILENCED, State.WITHDRAWN)])
_REPEATED = words([name for name, kind in KINDS.items() if kind.until_seen])
_NEEDED = words(
    [name for name, kind in KINDS.items() if kind.unconfirmed or (kind.needed and Channel.EMAIL in kind.channels)]
)

# The key is unique by an index; here it is asked without it, and whether it is the one of what the row says.
_SAID_ONCE = f"""
SELECT id::text FROM messages WHERE key <> kind || '/' || about || '/'
    || coalesce(account_id::text, encode(sha256(convert_to(address, 'UTF8')), 'hex'))
UNION SELECT max(id::text) FROM messages GROUP BY key HAVING count(*) > 1
UNION SELECT m.id::text FROM messages m JOIN deliveries d ON d.message_id = m.id
WHERE d.state IN ({_REACHING}) AND m.kind NOT IN ({_REPEATED}) GROUP BY m.id, d.channel HAVING count(*) > 1
"""  # noqa: S608

# Whoever is told by the inbox alone has a dead address, or had one when it was said.
_GOES_OUT = f"""
SELECT m.id::text FROM messages m LEFT JOIN deliveries d ON d.message_id = m.id
LEFT JOIN ways w ON w.account_id = m.account_id AND w.channel = '{Channel.EMAIL.value}'
WHERE d.id IS NULL AND (m.address <> '' OR m.kind IN ({_NEEDED})
    AND (w.account_id IS NULL OR w.closed_at IS NULL AND w.confirmed_at < m.said_at))
"""  # noqa: S608

# A job that was set aside counts: the alert for those is another.
_ON_ITS_WAY = f"""
SELECT d.id::text FROM deliveries d
LEFT JOIN (SELECT arguments ->> 'delivery' AS delivery FROM jobs WHERE reaction = '{DELIVER}' AND status <> 'done'
) AS j ON j.delivery = d.id::text
LEFT JOIN (SELECT DISTINCT arguments ->> 'account' AS account, arguments ->> 'channel' AS channel FROM jobs
    WHERE reaction = '{DIGEST}' AND status <> 'done'
) AS g ON d.gathered AND g.account = d.account_id::text AND g.channel = d.channel
WHERE d.state IN ({_OPEN}) AND j.delivery IS NULL AND g.account IS NULL
UNION SELECT d.id::text FROM jobs j JOIN deliveries d ON d.id::text = j.arguments ->> 'delivery'
WHERE j.reaction = '{DELIVER}' AND j.status IN ('waiting', 'leased')
  AND d.state NOT IN ({_OPEN}) AND d.changed_at < now() - {interval(OVER_FOR)}
"""  # noqa: S608

_AFTER_AN_ATTEMPT = f"""
SELECT id::text FROM deliveries
WHERE attempts = 0 AND state NOT IN ({_UNTRIED}) OR state <> '{State.WAITING.value}' AND changed_at IS NULL
   OR unsure > 0 AND unsure >= attempts
"""  # noqa: S608

_UNTIL_ACKNOWLEDGED = f"""
SELECT m.id::text FROM messages m
LEFT JOIN (SELECT DISTINCT arguments ->> 'message' AS message FROM jobs
    WHERE reaction = '{ESCALATE}' AND status <> 'done') AS j ON j.message = m.id::text
WHERE m.kind IN ({_REPEATED}) AND m.acknowledged_at IS NULL AND m.withdrawn_at IS NULL AND j.message IS NULL
  AND m.said_at > now() - {interval(REPEATED_FOR)}
UNION SELECT m.id::text FROM messages m JOIN deliveries d ON d.message_id = m.id
WHERE m.kind IN ({_REPEATED}) AND d.state IN ('{State.SENDING.value}', '{State.TAKEN.value}')
  AND d.changed_at > least(m.acknowledged_at, m.withdrawn_at) + {interval(SOON)}
"""  # noqa: S608

MESSAGE_QUESTIONS: Mapping[str, Question] = {
    "message_said_once": Question(count_of("messages"), _SAID_ONCE),
    "message_goes_out": Question(count_of("messages", f"address <> '' OR kind IN ({_NEEDED})"), _GOES_OUT),
    "delivery_is_on_its_way": Question(count_of("deliveries", f"state IN ({_OPEN})"), _ON_ITS_WAY),
    "delivery_after_an_attempt": Question(count_of("deliveries"), _AFTER_AN_ATTEMPT),
    "escalation_until_acknowledged": Question(count_of("messages", f"kind IN ({_REPEATED})"), _UNTIL_ACKNOWLEDGED),
}
"""By the id of the sentence."""
