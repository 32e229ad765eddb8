"""Mail as .eml files in a folder, for those who have no mail provider; any mail program opens them."""

import asyncio
import hashlib
import re
from contextlib import suppress
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from email.utils import format_datetime
from pathlib import Path

from ...ports.clock import Clock
from ...ports.errors import Unavailable
from ...ports.mailbox import Mail, names
from .writing import keep, new_file

_PLAIN = re.compile(r"[A-Za-z0-9._-]{1,120}")


class FolderMailbox:
    """Writes each mail once, under its id."""

    def __init__(self, folder: Path, clock: Clock, *, sender: str = "Higher Study <no-reply@localhost>") -> None:
        self._folder = folder
        self._clock = clock
        self._sender = sender

    async def send(self, mail: Mail) -> None:
        try:
            await asyncio.to_thread(self._write, mail)
        except OSError as error:
            raise Unavailable from error

    def _write(self, mail: Mail) -> None:
        target = self._folder / f"{_file_name(mail.id)}.eml"
        if target.exists():
            return
        content = bytes(self._message(mail))
        with new_file(self._folder) as (file, path):
            file.write(content)
            keep(file, path, target)

    async def forget(self, address: str) -> None:
        try:
            await asyncio.to_thread(self._forget, _one_line(address))
        except OSError as error:
            raise Unavailable from error

    def _forget(self, address: str) -> None:
        for path in self._folder.glob("*.eml"):
            with suppress(FileNotFoundError):  # somebody has just taken it away
                if names(_read(path), address):
                    path.unlink()

    def _message(self, mail: Mail) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self._sender
        message["To"] = _one_line(mail.to)
        message["Subject"] = _one_line(mail.subject)
        message["Date"] = format_datetime(self._clock.now())
        message["Message-ID"] = f"<{_file_name(mail.id)}@higherstudy.localhost>"
        message.set_content(mail.text)
        for attachment in mail.attachments:
            main, _, sub = attachment.content_type.partition("/")
            message.add_attachment(
                attachment.content, maintype=main, subtype=sub or "octet-stream", filename=_one_line(attachment.name)
            )
        return message


def _read(path: Path) -> str:
    """Return for whom the mail is, its subject and its text."""
    with path.open("rb") as file:
        message = BytesParser(policy=default).parse(file)
    body = message.get_body(("plain",))
    return "\n".join((str(message["To"]), str(message["Subject"]), "" if body is None else str(body.get_content())))


def _file_name(mail_id: str) -> str:
    """The id itself where it can be a file's name, otherwise its hash."""
    return mail_id if _PLAIN.fullmatch(mail_id) and mail_id[0] != "." else hashlib.sha256(mail_id.encode()).hexdigest()


def _one_line(text: str) -> str:
    """A line break in a header would begin another header."""
    return " ".join(text.split())
