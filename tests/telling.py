"""What tells people, over a world in memory: for tests that carry out what follows from events."""

from __future__ import annotations

from typing import Any, Protocol

from builders import ZONES, RulePacks
from higherstudy.adapters.bundled.messages import Messages
from higherstudy.adapters.letters.letters import JinjaLetters
from higherstudy.domain.identity.use_cases.confirming import MakeCode
from higherstudy.domain.notifications.channel import Channel
from higherstudy.domain.notifications.pages import Pages
from higherstudy.domain.notifications.use_cases.delivering import Deliver
from higherstudy.domain.notifications.use_cases.digesting import SendDigest
from higherstudy.domain.notifications.use_cases.escalating import Escalate
from higherstudy.domain.notifications.use_cases.occasions import Words
from higherstudy.domain.notifications.use_cases.reminding import IsStillDue, Remind
from higherstudy.domain.notifications.use_cases.saying import Say
from higherstudy.domain.notifications.use_cases.telling import IsStillSo, Tell
from higherstudy.ports.identity_providers import IdentityProviders
from higherstudy.ports.ids import Ids
from higherstudy.ports.mailbox import Mailbox
from higherstudy.ports.rule_packs import RulePacks as RulePacksPort
from higherstudy.ports.secrets import Secrets
from higherstudy.ports.text_messages import TextMessages
from higherstudy.ports.transactions import Transactions

LETTERS = JinjaLetters()


class Around(Protocol):
    """What a world has of it."""

    @property
    def transactions(self) -> Transactions: ...

    @property
    def ids(self) -> Ids: ...

    @property
    def secrets(self) -> Secrets: ...


def told_by(
    world: Around,
    mailbox: Mailbox,
    *,
    texts: dict[Channel, TextMessages] | None = None,
    pages: Pages = Pages(),  # noqa: B008 - frozen
    providers: IdentityProviders | None = None,
    rule_packs: RulePacksPort | None = None,
) -> dict[str, Any]:
    """Return the use cases that tell people, by the names under which the table of duties takes them."""
    transactions, packs = world.transactions, rule_packs or getattr(world, "rule_packs", None) or RulePacks()
    say = Say(world.ids, world.secrets, ZONES)
    still_so = IsStillSo(IsStillDue(packs, ZONES))
    make_code = MakeCode(transactions, world.ids, world.secrets)
    return {
        "tell": Tell(transactions, say, Words(Messages(), providers)),
        "deliver": Deliver(transactions, say, LETTERS, mailbox, mailbox, texts or {}, make_code, still_so, pages),
        "send_digest": SendDigest(transactions, say, LETTERS, mailbox, still_so, pages),
        "escalate": Escalate(transactions, world.ids, say, still_so),
        "remind": Remind(transactions, packs, ZONES, Messages(), say),
    }
