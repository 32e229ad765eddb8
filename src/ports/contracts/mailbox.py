"""What any mailbox must do."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from uuid import uuid4

import pytest

from ..mailbox import Attachment, Mail, Mailbox

Delivered = Callable[[], Sequence[Mail]]
"""Tells which mails have been handed over so far, in that order."""


class MailboxContract:
    """Override ``mailbox`` with an empty one, and ``delivered`` with what looks into it."""

    @pytest.fixture
    def mailbox(self) -> Mailbox:
        """Return a mailbox."""
        raise NotImplementedError

    @pytest.fixture
    def delivered(self, mailbox: Mailbox) -> Delivered:
        """Return what tells which mails were handed over."""
        raise NotImplementedError

    async def test_a_mail_arrives_as_it_was_written(self, mailbox: Mailbox, delivered: Delivered) -> None:
        mail = _mail(attachments=(Attachment("receipt.txt", "text/plain", b"HS-20270104\n"),))

        await mailbox.send(mail)

        assert list(delivered()) == [mail]

    async def test_letters_of_any_script_arrive(self, mailbox: Mailbox, delivered: Delivered) -> None:
        mail = _mail(subject="আবেদন জমা হয়েছে: Zürich", text="প্রিয় শিক্ষার্থী,\n\nরসিদ সঙ্গে আছে।\n")

        await mailbox.send(mail)

        assert list(delivered()) == [mail]

    async def test_the_same_id_again_changes_nothing(self, mailbox: Mailbox, delivered: Delivered) -> None:
        mail = _mail()

        await mailbox.send(mail)
        await mailbox.send(mail)

        assert list(delivered()) == [mail]

    async def test_a_line_break_in_a_subject_adds_no_header(self, mailbox: Mailbox, delivered: Delivered) -> None:
        await mailbox.send(_mail(subject="Receipt\r\nBcc: everybody@example.org"))

        [mail] = delivered()

        assert "\n" not in mail.subject
        assert mail.to == "student@example.org"

    async def test_what_lies_there_for_an_address_can_be_taken_away(
        self, mailbox: Mailbox, delivered: Delivered
    ) -> None:
        hers, another = _mail(), replace(_mail(), to="somebody-else@example.org")
        for mail in (hers, another):
            await mailbox.send(mail)

        for _ in range(2):
            await mailbox.forget(hers.to)

        assert list(delivered()) == [another]

    async def test_what_names_an_address_to_somebody_else_can_be_taken_away_too(
        self, mailbox: Mailbox, delivered: Delivered
    ) -> None:
        hers = "student@example.org"
        named = [_mail(subject=f"{hers} সাহায্য চান"), _mail(text=f"প্রিয় বাবা,\n\nask {hers}.\n")]
        longer = [_mail(text=f"Ask another.{hers} or {hers}.bd.\n"), _mail(subject="Another student@example.organ")]
        for mail in (*named, *longer):
            await mailbox.send(replace(mail, to="father@example.org"))

        await mailbox.forget(hers)

        assert sorted(mail.id for mail in delivered()) == sorted(mail.id for mail in longer)


def _mail(
    subject: str = "Your application was received",
    text: str = "Dear student,\n\nyour receipt is attached.\n",
    attachments: tuple[Attachment, ...] = (),
) -> Mail:
    return Mail(str(uuid4()), "student@example.org", subject, text, attachments)
