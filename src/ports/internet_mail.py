"""A mail as it travels between mail servers (RFC 5322), for adapters that hand it over in that form."""

import hashlib
import re
from datetime import datetime
from email.headerregistry import HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from typing import Any, Literal

from .mailbox import Mail, one_line

ONE_CLICK = "List-Unsubscribe=One-Click"
"""What a mail program sends when its holder wants no more (RFC 8058, 3.1), and the header that says so."""
_PLAIN = re.compile(r"[A-Za-z0-9._-]{1,120}")


class _ForPrograms(UnstructuredHeader):
    """A header that programs read: it stays on one line. Otherwise a long one is written as encoded words, in which no
    mail program finds an address."""

    name: str  # which the registry gives it

    def fold(self, *, policy: Any) -> str:
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", _ForPrograms)  # type: ignore[arg-type]


def internet_message(
    mail: Mail, *, sender: str, at: datetime, domain: str, letters: Literal["7bit", "8bit"] = "8bit"
) -> EmailMessage:
    """Return the message: the text, the HTML beside it, and what goes with them.

    ``domain`` ends its Message-ID, which is the same whenever the mail is written; with ``letters`` of 7 bits it passes
    any server.
    """
    message = EmailMessage(EmailPolicy(header_factory=_HEADERS, cte_type=letters))
    message["From"] = sender
    message["To"] = one_line(mail.to)
    message["Subject"] = one_line(mail.subject)
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{plain_name(mail.id)}@{domain}>"
    for name, value in unsubscribe_headers(mail).items():
        message[name] = value
    message.set_content(mail.text)
    if mail.html:
        message.add_alternative(mail.html, subtype="html")
    for attachment in mail.attachments:
        main, _, sub = attachment.content_type.partition("/")
        message.add_attachment(
            attachment.content, maintype=main, subtype=sub or "octet-stream", filename=one_line(attachment.name)
        )
    return message


def unsubscribe_headers(mail: Mail) -> dict[str, str]:
    """Return the headers by which mail programs offer one click (RFC 8058), none where nothing can be ended."""
    if not mail.unsubscribe:
        return {}
    return {"List-Unsubscribe": f"<{one_line(mail.unsubscribe)}>", "List-Unsubscribe-Post": ONE_CLICK}


def plain_name(mail_id: str) -> str:
    """Return the id itself where it can be part of a Message-ID and of a file's name, otherwise its hash."""
    return mail_id if _PLAIN.fullmatch(mail_id) and mail_id[0] != "." else hashlib.sha256(mail_id.encode()).hexdigest()
