"""Two letters, whole, so that a review shows what a change does to them. After one that is meant, write them anew:

higherstudy message preview window_open --language bn --output tests/unit/letters/as_written/window_open.bn.txt
higherstudy message preview receipt --form html --output tests/unit/letters/as_written/receipt.en.html
"""

from pathlib import Path

from higherstudy.adapters.letters.letters import JinjaLetters
from higherstudy.adapters.letters.reading import samples

HERE = Path(__file__).parent / "as_written"


def test_a_text_in_bangla_is_as_it_was_reviewed() -> None:
    letter = JinjaLetters().write("window_open", "bn", samples("window_open", "bn"))

    assert f"{letter.subject}\n\n{letter.text}" == (HERE / "window_open.bn.txt").read_text(encoding="utf-8")


def test_a_page_in_english_is_as_it_was_reviewed() -> None:
    letter = JinjaLetters().write("receipt", "en", samples("receipt", "en"))

    assert letter.html == (HERE / "receipt.en.html").read_text(encoding="utf-8")
