"""Mail that stays here."""

from dataclasses import replace

from ...domain.shared.errors import Reason
from ...ports.errors import Unavailable
from ...ports.mailbox import Mail, names


class MemoryMailbox:
    """Keeps what was handed over, once for each id; ``out_of_order`` lets every attempt fail. For tests."""

    def __init__(self) -> None:
        self.out_of_order = False
        self._mails: dict[str, Mail] = {}

    @property
    def mails(self) -> tuple[Mail, ...]:
        """What was handed over, in that order."""
        return tuple(self._mails.values())

    async def send(self, mail: Mail) -> None:
        if self.out_of_order:
            raise Unavailable(Reason("mailbox.out_of_order"))
        self._mails.setdefault(mail.id, replace(mail, to=_one_line(mail.to), subject=_one_line(mail.subject)))

    async def forget(self, address: str) -> None:
        if self.out_of_order:
            raise Unavailable(Reason("mailbox.out_of_order"))
        self._mails = {
            mail_id: mail
            for mail_id, mail in self._mails.items()
            if not names(f"{mail.to}\n{mail.subject}\n{mail.text}", _one_line(address))
        }


def _one_line(text: str) -> str:
    """What stands in a header of a real mail can have no line breaks."""
    return " ".join(text.split())
