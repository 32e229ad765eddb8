"""What any service for short messages must do."""

from collections.abc import Callable, Sequence
from uuid import uuid4

import pytest

from ..errors import Refusal, Refused, Unavailable
from ..text_messages import Text, TextMessages

Told = Callable[[], Sequence[Text]]
"""Tells which messages lie at the service, in the order in which they were handed over."""
NOBODYS = "+15005550001"
"""A number that nobody can have."""


class TextMessagesContract:
    """Override ``text_messages`` with a service that has taken nothing yet and takes nothing for ``NOBODYS``, ``told``
    with what looks into it, and ``away`` with one where nobody answers."""

    knows_our_ids = True
    """False for a service that takes a message again under the id of an earlier one."""

    @pytest.fixture
    def text_messages(self) -> TextMessages:
        """Return a service."""
        raise NotImplementedError

    @pytest.fixture
    def told(self, text_messages: TextMessages) -> Told:
        """Return what tells which messages lie at the service."""
        raise NotImplementedError

    @pytest.fixture
    def away(self) -> TextMessages:
        """Return a service where nobody answers."""
        raise NotImplementedError

    async def test_a_message_arrives_as_it_was_written(self, text_messages: TextMessages, told: Told) -> None:
        text = _text(
            "Your visa interview: 14 Jan, 09:30 Dhaka time. Reply is not read. https://study.example/p?a=1&b=2"
        )

        await text_messages.send(text)

        assert list(told()) == [text]

    async def test_letters_of_any_script_arrive(self, text_messages: TextMessages, told: Told) -> None:
        text = _text("আপনার ভিসা সাক্ষাৎকার ১৪ জানুয়ারি সকাল ৯:৩০-এ।\nস্থান: Zürich ✓ + 100% & more")

        await text_messages.send(text)

        assert list(told()) == [text]

    async def test_two_messages_are_told_apart_by_what_the_service_calls_them(
        self, text_messages: TextMessages, told: Told
    ) -> None:
        names = [await text_messages.send(_text(words)) for words in ("first", "second")]

        assert all(isinstance(name, str) for name in names)
        assert names[0] != names[1] or names == ["", ""]
        assert [text.text for text in told()] == ["first", "second"]

    async def test_the_same_id_again_changes_nothing(self, text_messages: TextMessages, told: Told) -> None:
        if not self.knows_our_ids:
            pytest.skip("knows_our_ids is False: the service takes a message as often as it is handed over")
        text = _text()

        names = [await text_messages.send(text) for _ in range(2)]

        assert list(told()) == [text]
        assert names[0] == names[1]

    async def test_what_is_refused_for_good_is_said_to_be(self, text_messages: TextMessages, told: Told) -> None:
        with pytest.raises(Refused) as refused:
            await text_messages.send(Text(str(uuid4()), NOBODYS, "Hello"))

        assert refused.value.because is Refusal.NO_SUCH_ADDRESS
        assert NOBODYS not in str(refused.value)
        assert list(told()) == []

    async def test_where_nobody_answers_nobody_is_told_that_a_message_was_taken(self, away: TextMessages) -> None:
        with pytest.raises(Unavailable):
            await away.send(_text())
        with pytest.raises(Unavailable):
            await away.forget("+8801712345678")

    async def test_what_lies_there_for_a_number_can_be_taken_away(
        self, text_messages: TextMessages, told: Told
    ) -> None:
        hers, another = _text(), Text(str(uuid4()), "+8801812345678", "for somebody else")
        for text in (hers, another, _text("a second one")):
            await text_messages.send(text)

        for _ in range(2):
            await text_messages.forget(hers.to)

        assert list(told()) == [another]


def _text(text: str = "Your place is kept until Sunday.") -> Text:
    return Text(str(uuid4()), "+8801712345678", text)
