"""What anything that has sentences for codes must do."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from ...domain.shared.errors import Params
from ..messages import Messages


@dataclass(frozen=True, slots=True)
class Known:
    """A code that there is a sentence for, with parameters, and the whole sentence that they give."""

    code: str
    params: Params
    sentence: str


@dataclass(frozen=True, slots=True)
class Titled:
    """A thing of a rule pack with a title in one language only."""

    title: str


class MessagesContract:
    """Override ``messages``, and ``known`` with a code whose sentence shows every one of its parameters."""

    @pytest.fixture
    def messages(self) -> Messages:
        """Return what has the sentences."""
        raise NotImplementedError

    @pytest.fixture
    def known(self) -> Known:
        """Return a code with at least one parameter, and its sentence."""
        raise NotImplementedError

    def test_a_code_with_its_parameters_becomes_its_sentence(self, messages: Messages, known: Known) -> None:
        assert messages.sentence(known.code, known.params) == known.sentence

    def test_parameters_that_nobody_asked_for_change_nothing(self, messages: Messages, known: Known) -> None:
        assert messages.sentence(known.code, {**known.params, "moon": 384_400}) == known.sentence

    def test_a_parameter_that_is_missing_is_no_failure(self, messages: Messages, known: Known) -> None:
        assert messages.sentence(known.code, {}).strip()
        assert messages.sentence(known.code).strip()

    @pytest.mark.parametrize("text", ["{0.__class__}", "{", "}", "%s", "$name", "{moon!r:>99999999}"])
    def test_a_text_from_outside_is_shown_as_it_is(self, messages: Messages, known: Known, text: str) -> None:
        told = messages.sentence(known.code, dict.fromkeys(known.params, text))

        assert text in told

    def test_nothing_and_numbers_and_truths_can_be_shown(self, messages: Messages, known: Known) -> None:
        values: tuple[str | int | bool | None, ...] = (None, 0, -5, True, "")
        for value in values:
            assert messages.sentence(known.code, dict.fromkeys(known.params, value)).strip()

    def test_a_code_without_a_sentence_can_still_be_read(self, messages: Messages) -> None:
        told = messages.sentence("moon.too_far", {"km": 384_400})

        assert all(word in told for word in ("moon", "too", "far", "384400"))

    @pytest.mark.parametrize("tag", ["", "x", "tlh", "-", "চ", "en_US.UTF-8"])
    def test_every_language_has_the_sentence_in_some_words(self, messages: Messages, known: Known, tag: str) -> None:
        told = messages.in_language(tag).sentence(known.code, known.params)

        assert told.strip()
        assert "{" not in told

    @pytest.mark.parametrize("tag", ["", "tlh", "x-klingon"])
    def test_a_language_that_nobody_speaks_changes_nothing(self, messages: Messages, known: Known, tag: str) -> None:
        assert messages.in_language(tag).sentence(known.code, known.params) == known.sentence

    @pytest.mark.parametrize("tag", ["en", "bn", "bn-u-nu-latn", "tlh"])
    def test_every_day_of_a_year_is_written_otherwise_and_no_month_like_another(
        self, messages: Messages, tag: str
    ) -> None:
        told = messages.in_language(tag)
        days = [date(2028, 1, 1) + timedelta(days=number) for number in range(366)]

        assert len({told.short_day(day, year=False) for day in days}) == 366
        assert len({told.short_month(day) for day in days}) == 12
        assert all(told.short_day(day) != told.short_day(day.replace(year=2032)) for day in days)

    @pytest.mark.parametrize("code", ["", ".", "moon", "moon.{km}", "চাঁদ.দূর"])
    def test_no_code_is_a_failure(self, messages: Messages, code: str) -> None:
        assert isinstance(messages.sentence(code, {"km": 1}), str)

    def test_a_text_that_a_thing_carries_is_shown_and_never_left_out(self, messages: Messages) -> None:
        titled = Titled("Hand in the papers")

        assert messages.language
        assert messages.text(titled) == "Hand in the papers"
