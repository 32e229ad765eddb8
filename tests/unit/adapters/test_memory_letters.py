"""Letters at hand do what every writer of letters must."""

import pytest

from higherstudy.adapters.memory.letters import MemoryLetters, PlainLetter
from higherstudy.ports.contracts.letters import KnownLetter, LettersContract
from higherstudy.ports.letters import Letters, MissingParameter


class TestMemoryLetters(LettersContract):
    @pytest.fixture
    def letters(self) -> Letters:
        return MemoryLetters(
            {
                "paper_rejected": {
                    "en": PlainLetter(
                        "Look again: {paper}", "Your {paper} was rejected.\n\nReason: {reason}", version=2
                    ),
                    "bn": PlainLetter("আবার দেখুন: {paper}", "আপনার {paper} গ্রহণ করা যায়নি।\n\nকারণ: {reason}"),
                }
            }
        )

    @pytest.fixture
    def known(self) -> KnownLetter:
        return KnownLetter("paper_rejected", {"paper": "Bank statement", "reason": "It is cut off."})


def test_a_list_is_told_line_by_line() -> None:
    letters = MemoryLetters({"digest": {"en": PlainLetter("News", "New for you:\n{items}")}})

    letter = letters.write("digest", "en", {"items": [{"title": "IELTS", "days": 7}, {"title": "Visa", "link": ""}]})

    assert letter.text == "New for you:\nIELTS; 7\nVisa\n"


def test_a_list_without_anything_in_it_counts_as_missing() -> None:
    letters = MemoryLetters({"digest": {"en": PlainLetter("News", "New for you:\n{items}")}})

    with pytest.raises(MissingParameter):
        letters.write("digest", "en", {"items": []})


def test_a_letter_is_there_in_english_at_least() -> None:
    with pytest.raises(ValueError, match="no English words for digest"):
        MemoryLetters({"digest": {"bn": PlainLetter("খবর", "খবর")}})
