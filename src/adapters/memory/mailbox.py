"""Mail that stays here."""

from dataclasses import replace

from ...domain.shared.errors import Reason
from ...ports.errors import Refusal, Refused, Unavailable
from ...ports.mailbox import Mail, names, one_line


class MemoryMailbox:
    """Keeps what was handed over, once for each id. For tests: ``out_of_order`` lets every attempt fail, ``refusing``
    says why nothing is taken for an address."""

    def __init__(self) -> None:
        self.out_of_order = False
        self.refusing: dict[str, Refusal] = {}
        self._mails: dict[str, Mail] = {}

    @property
    def mails(self) -> tuple[Mail, ...]:
        """What was handed over, in that order."""
        return tuple(self._mails.values())

    async def send(self, mail: Mail) -> str:
        self._demand_order()
        if mail.to in self.refusing:
            raise Refused(self.refusing[mail.to])
        self._mails.setdefault(mail.id, replace(mail, to=one_line(mail.to), subject=one_line(mail.subject)))
        return f"memory-{mail.id}"

    async def forget(self, address: str) -> None:
        self._demand_order()
        self._mails = {
            mail_id: mail
            for mail_id, mail in self._mails.items()
            if not names(f"{mail.to}\n{mail.subject}\n{mail.text}\n{mail.html}", one_line(address))
        }

    def _demand_order(self) -> None:
        if self.out_of_order:
            raise Unavailable(Reason("mailbox.out_of_order"))
