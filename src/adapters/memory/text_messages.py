"""Short messages that stay here."""

from ...ports.errors import Refusal, Refused, Unavailable
from ...ports.text_messages import Text


class MemoryTextMessages:
    """Keeps what was handed over, once for each id. For tests: ``out_of_order`` lets every attempt fail, ``refusing``
    says why nothing is taken for a number."""

    def __init__(self) -> None:
        self.out_of_order = False
        self.refusing: dict[str, Refusal] = {}
        self._texts: dict[str, Text] = {}

    @property
    def texts(self) -> tuple[Text, ...]:
        """What was handed over, in that order."""
        return tuple(self._texts.values())

    async def send(self, text: Text) -> str:
        self._demand_order()
        if text.to in self.refusing:
            raise Refused(self.refusing[text.to])
        self._texts.setdefault(text.id, text)
        return f"memory-{text.id}"

    async def forget(self, number: str) -> None:
        self._demand_order()
        self._texts = {text_id: text for text_id, text in self._texts.items() if text.to != number}

    def _demand_order(self) -> None:
        if self.out_of_order:
            raise Unavailable
