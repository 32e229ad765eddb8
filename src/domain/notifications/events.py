"""What happens to messages, as far as others go by it."""

from typing import ClassVar
from uuid import UUID

from ..shared.dataclass import dataclass
from ..shared.events import Event
from ..shared.ids import AccountId, MessageId


@dataclass(frozen=True, slots=True)
class MessageAcknowledged(Event):
    """Somebody knows of what was repeated until she does."""

    tag: ClassVar[str] = "message.acknowledged.v1"
    aggregate: ClassVar[str] = "message"
    message_id: MessageId
    kind: str

    @property
    def aggregate_id(self) -> UUID:
        return self.message_id


@dataclass(frozen=True, slots=True)
class WayClosed(Event):
    """An account is reached on a channel no more: its address is dead, or its holder wants nothing there."""

    tag: ClassVar[str] = "way.closed.v1"
    aggregate: ClassVar[str] = "account"
    account_id: AccountId
    channel: str
    because: str

    @property
    def aggregate_id(self) -> UUID:
        return self.account_id
