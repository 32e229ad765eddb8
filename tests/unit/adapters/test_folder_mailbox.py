"""Mail in a folder: one readable file for each id."""

from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

import pytest

from higherstudy.adapters.folder.mailbox import FolderMailbox
from higherstudy.adapters.memory.clock import MemoryClock
from higherstudy.ports.contracts.mailbox import Delivered, MailboxContract
from higherstudy.ports.errors import Unavailable
from higherstudy.ports.mailbox import Attachment, Mail, Mailbox

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture
def mailbox(tmp_path: Path) -> FolderMailbox:
    return FolderMailbox(tmp_path, MemoryClock(NOON))


def read(folder: Path) -> list[EmailMessage]:
    parser = BytesParser(policy=policy.default)
    return [parser.parsebytes(path.read_bytes()) for path in sorted(folder.iterdir())]


class TestFolderMailbox(MailboxContract):
    knows_who_is_there = False

    @pytest.fixture
    def mailbox(self, tmp_path: Path) -> Mailbox:
        return FolderMailbox(tmp_path, MemoryClock(NOON))

    @pytest.fixture
    def delivered(self, tmp_path: Path) -> Delivered:
        return lambda: [
            as_mail(message, path.stem)
            for path, message in zip(sorted(tmp_path.iterdir()), read(tmp_path), strict=True)
        ]

    @pytest.fixture
    def away(self, tmp_path: Path) -> Mailbox:
        (tmp_path / "file").write_text("in the way")
        return FolderMailbox(tmp_path / "file", MemoryClock(NOON))


def as_mail(message: EmailMessage, mail_id: str) -> Mail:
    body, html = message.get_body(("plain",)), message.get_body(("html",))
    assert body is not None
    attachments = tuple(
        Attachment(one.get_filename() or "", one.get_content_type(), content)
        for one in message.iter_attachments()
        if isinstance(content := one.get_payload(decode=True), bytes)
    )
    return Mail(
        mail_id,
        message["To"],
        message["Subject"],
        body.get_content(),
        attachments,
        html.get_content() if html else "",
        (message["List-Unsubscribe"] or "").strip("<>"),
    )


async def test_a_mail_becomes_a_file_that_mail_programs_open(mailbox: FolderMailbox, tmp_path: Path) -> None:
    receipt = Attachment("receipt.json", "application/json", b"{}")
    await mailbox.send(Mail("receipt-7", "student@example.org", "Your receipt", "আপনার রসিদ", (receipt,)))

    [message] = read(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["receipt-7.eml"]
    assert (message["To"], message["Subject"]) == ("student@example.org", "Your receipt")
    assert message.get_body().get_content().strip() == "আপনার রসিদ"  # type: ignore[union-attr]
    assert [one.get_filename() for one in message.iter_attachments()] == ["receipt.json"]


async def test_the_same_id_again_changes_nothing(mailbox: FolderMailbox, tmp_path: Path) -> None:
    await mailbox.send(Mail("receipt-7", "student@example.org", "First", "first"))
    await mailbox.send(Mail("receipt-7", "student@example.org", "Second", "second"))

    assert [message["Subject"] for message in read(tmp_path)] == ["First"]


async def test_a_line_break_begins_no_header(mailbox: FolderMailbox, tmp_path: Path) -> None:
    await mailbox.send(Mail("a", "student@example.org", "Hello\r\nBcc: others@example.org", "text"))

    [message] = read(tmp_path)

    assert message["Bcc"] is None
    assert message["Subject"] == "Hello Bcc: others@example.org"


@pytest.mark.parametrize("mail_id", ["../outside", ".hidden", "a/b", "", "ü", "x" * 300])
async def test_no_id_leads_out_of_the_folder(mailbox: FolderMailbox, tmp_path: Path, mail_id: str) -> None:
    await mailbox.send(Mail(mail_id, "student@example.org", "Hello", "text"))

    assert len(list(tmp_path.iterdir())) == 1
    assert not list(tmp_path.parent.glob("*.eml"))


async def test_a_folder_that_cannot_be_written_is_unavailable(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    mailbox = FolderMailbox(blocked, MemoryClock(NOON))

    with pytest.raises(Unavailable):
        await mailbox.send(Mail("a", "student@example.org", "Hello", "text"))


async def test_a_mail_with_html_shows_either(mailbox: FolderMailbox, tmp_path: Path) -> None:
    link = "https://study.example/v1/unsubscribe/" + "a1b2" * 50
    await mailbox.send(Mail("a", "student@example.org", "Hello", "text", html="<p>আপনি</p>", unsubscribe=link))

    [message] = read(tmp_path)
    [raw] = [path.read_text() for path in tmp_path.iterdir()]

    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert f"\nList-Unsubscribe: <{link}>\n" in raw
    assert "\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\n" in raw
