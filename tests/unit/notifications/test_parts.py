"""In how many parts short messages go out, and how many each letter takes."""

import pytest

from higherstudy.adapters.letters.letters import JinjaLetters
from higherstudy.adapters.letters.reading import LANGUAGES, kinds, samples
from higherstudy.domain.notifications.channel import Channel
from higherstudy.domain.notifications.kinds import KINDS
from higherstudy.domain.notifications.parts import is_basic, parts_of, plain

LETTERS = JinjaLetters(preferences="https://study.example/preferences")
TEXTED = [kind for kind in kinds() if kind in KINDS and set(KINDS[kind].channels) - {Channel.EMAIL}]
MOST = {"en": 2, "bn": 3}
"""A part in Bangla has 67 signs, one in English 153."""


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),  # two places each
        ("€" * 81, 2),
        ("আ" * 70, 1),
        ("আ" * 71, 2),
        ("আ" * 134, 2),
        ("আ" * 135, 3),
        ("a" * 69 + "আ", 1),
        ("a" * 70 + "আ", 2),
        ("🎓" * 35, 1),  # two places each
        ("🎓" * 36, 2),
    ],
)
def test_parts_are_counted_as_telephones_count_them(text: str, parts: int) -> None:
    assert parts_of(text) == parts


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("Wait … “now” – it’s due", 'Wait ... "now" - it\'s due'),
        ("কাল … সকালে", "কাল … সকালে"),
        ("Zoë Müller", "Zoë Müller"),  # no ë, which nothing says as well
        ("Müller, é", "Müller, é"),
    ],
)
def test_signs_are_made_plainer_only_where_that_saves_parts(text: str, sent: str) -> None:
    assert plain(text) == sent


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", TEXTED)
def test_no_letter_takes_more_parts_than_people_read(kind: str, language: str) -> None:
    short = plain(LETTERS.write(kind, language, samples(kind, language)).short)

    assert parts_of(short) <= MOST[language]
    assert is_basic(short) is (language == "en")
