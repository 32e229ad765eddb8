"""What any mailbox must do."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from uuid import uuid4

import pytest

from ..errors import Refusal, Refused, Unavailable
from ..mailbox import Attachment, Mail, Mailbox

Delivered = Callable[[], Sequence[Mail]]
"""Tells which mails have been handed over so far, in that order."""
NOBODYS = "nobody@example.org"
"""An address that nobody has."""


class MailboxContract:
    """Override ``mailbox`` with an empty one that, where it can tell, takes nothing for ``NOBODYS``, ``delivered`` with
    what looks into it, and ``away`` with one where nobody answers."""

    knows_our_ids = True
    """False for a mailbox that takes a mail again under the id of an earlier one."""
    keeps_mail = True
    """False for a mailbox that hands each mail on at once, and has nothing of it afterwards."""
    knows_who_is_there = True
    """False for a mailbox that takes mail for whatever address."""

    @pytest.fixture
    def mailbox(self) -> Mailbox:
        """Return a mailbox."""
        raise NotImplementedError

    @pytest.fixture
    def delivered(self, mailbox: Mailbox) -> Delivered:
        """Return what tells which mails were handed over."""
        raise NotImplementedError

    @pytest.fixture
    def away(self) -> Mailbox:
        """Return a mailbox where nobody answers."""
        raise NotImplementedError

    async def test_a_mail_arrives_as_it_was_written(self, mailbox: Mailbox, delivered: Delivered) -> None:
        mail = _mail(attachments=(Attachment("receipt.txt", "text/plain", b"HS-20270104\n"),))

        name = await mailbox.send(mail)

        assert list(delivered()) == [mail]
        assert isinstance(name, str)

    async def test_html_and_a_way_to_end_it_go_with_a_mail(self, mailbox: Mailbox, delivered: Delivered) -> None:
        link = f"https://study.example/v1/unsubscribe/{'Ab3_-' * 40}?language=bn&kind=deadline"
        mail = replace(
            _mail(attachments=(Attachment("receipt.txt", "text/plain", b"HS-20270104\n"),)),
            html='<!doctype html>\n<html lang="bn"><title>রসিদ</title>\n<p>আপনার রসিদ সঙ্গে আছে।</p>\n</html>\n',
            unsubscribe=link,
        )

        await mailbox.send(mail)

        assert list(delivered()) == [mail]

    async def test_letters_of_any_script_arrive(self, mailbox: Mailbox, delivered: Delivered) -> None:
        mail = _mail(subject="আবেদন জমা হয়েছে: Zürich", text="প্রিয় শিক্ষার্থী,\n\nরসিদ সঙ্গে আছে।\n")

        await mailbox.send(mail)

        assert list(delivered()) == [mail]

    async def test_the_same_id_again_changes_nothing(self, mailbox: Mailbox, delivered: Delivered) -> None:
        if not self.knows_our_ids:
            pytest.skip("knows_our_ids is False: a mail is taken as often as it is handed over")
        mail = _mail()

        names = [await mailbox.send(mail) for _ in range(2)]

        assert list(delivered()) == [mail]
        assert names[0] == names[1]

    async def test_what_is_refused_for_good_is_said_to_be(self, mailbox: Mailbox, delivered: Delivered) -> None:
        if not self.knows_who_is_there:
            pytest.skip("knows_who_is_there is False: mail is taken for whatever address")
        with pytest.raises(Refused) as refused:
            await mailbox.send(replace(_mail(), to=NOBODYS))

        assert refused.value.because is Refusal.NO_SUCH_ADDRESS
        assert NOBODYS not in str(refused.value)
        assert list(delivered()) == []

    async def test_where_nobody_answers_nobody_is_told_that_a_mail_was_taken(self, away: Mailbox) -> None:
        with pytest.raises(Unavailable):
            await away.send(_mail())

    async def test_a_line_break_in_a_subject_adds_no_header(self, mailbox: Mailbox, delivered: Delivered) -> None:
        await mailbox.send(_mail(subject="Receipt\r\nBcc: everybody@example.org"))

        [mail] = delivered()

        assert "\n" not in mail.subject
        assert "\r" not in mail.subject
        assert mail.to == "student@example.org"

    async def test_what_lies_there_for_an_address_can_be_taken_away(
        self, mailbox: Mailbox, delivered: Delivered
    ) -> None:
        if not self.keeps_mail:
            pytest.skip("keeps_mail is False: each mail is handed on at once")
        hers, another = _mail(), replace(_mail(), to="somebody-else@example.org")
        for mail in (hers, another):
            await mailbox.send(mail)

        for _ in range(2):
            await mailbox.forget(hers.to)

        assert list(delivered()) == [another]

    async def test_what_names_an_address_to_somebody_else_can_be_taken_away_too(
        self, mailbox: Mailbox, delivered: Delivered
    ) -> None:
        if not self.keeps_mail:
            pytest.skip("keeps_mail is False: each mail is handed on at once")
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
