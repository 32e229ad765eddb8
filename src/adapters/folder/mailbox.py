"""Mail as .eml files in a folder, for those who have no mail provider; any mail program opens them."""

import asyncio
from contextlib import suppress
from email.parser import BytesParser
from email.policy import default
from pathlib import Path

from ...ports.clock import Clock
from ...ports.errors import Unavailable
from ...ports.internet_mail import internet_message, plain_name
from ...ports.mailbox import Mail, names, one_line
from .writing import keep, new_file

_DOMAIN = "higherstudy.localhost"


class FolderMailbox:
    """Writes each mail once, under its id."""

    def __init__(self, folder: Path, clock: Clock, *, sender: str = "Higher Study <no-reply@localhost>") -> None:
        self._folder = folder
        self._clock = clock
        self._sender = sender

    async def send(self, mail: Mail) -> str:
        try:
            await asyncio.to_thread(self._write, mail)
        except OSError as error:
            raise Unavailable from error
        return ""

    def _write(self, mail: Mail) -> None:
        target = self._folder / f"{plain_name(mail.id)}.eml"
        if target.exists():
            return
        content = bytes(internet_message(mail, sender=self._sender, at=self._clock.now(), domain=_DOMAIN))
        with new_file(self._folder) as (file, path):
            file.write(content)
            keep(file, path, target)

    async def forget(self, address: str) -> None:
        try:
            await asyncio.to_thread(self._forget, one_line(address))
        except OSError as error:
            raise Unavailable from error

    def _forget(self, address: str) -> None:
        for path in self._folder.glob("*.eml"):
            with suppress(FileNotFoundError):  # somebody has just taken it away
                if names(_read(path), address):
                    path.unlink()


def _read(path: Path) -> str:
    """Return for whom the mail is, its subject and what it says."""
    with path.open("rb") as file:
        message = BytesParser(policy=default).parse(file)
    bodies = (message.get_body((kind,)) for kind in ("plain", "html"))
    said = ("" if body is None else str(body.get_content()) for body in bodies)
    return "\n".join((str(message["To"]), str(message["Subject"]), *said))
