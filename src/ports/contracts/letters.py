"""What anything that writes letters must do."""

from dataclasses import dataclass

import pytest

from ...domain.shared.errors import Invalid, NotFound
from ..letters import Letter, Letters, MissingParameter, Params, UnknownLetter


@dataclass(frozen=True, slots=True)
class KnownLetter:
    """A kind of letter, every parameter that it wants, and texts among them that stand in the text and the page."""

    kind: str
    params: Params

    def with_texts(self, text: str) -> Params:
        """Return the parameters with every text replaced."""
        return {name: text if isinstance(value, str) else value for name, value in self.params.items()}


class LettersContract:
    """Override ``letters``, and ``known`` with a letter that shows a text in its subject, its text and its page."""

    @pytest.fixture
    def letters(self) -> Letters:
        """Return what writes letters."""
        raise NotImplementedError

    @pytest.fixture
    def known(self) -> KnownLetter:
        """Return a kind of letter that has a text and no address among its parameters."""
        raise NotImplementedError

    @pytest.mark.parametrize("language", ["en", "bn"])
    def test_a_letter_has_every_part(self, letters: Letters, known: KnownLetter, language: str) -> None:
        letter = letters.write(known.kind, language, known.params)

        assert all(part.strip() for part in (letter.subject, letter.text, letter.html, letter.short))
        assert letter.version >= 1

    def test_what_is_known_is_among_the_kinds(self, letters: Letters, known: KnownLetter) -> None:
        assert known.kind in letters.kinds()
        assert letters.wants(known.kind, "en") == known.params.keys()

    def test_each_parameter_that_is_missing_is_named_and_nothing_is_written(
        self, letters: Letters, known: KnownLetter
    ) -> None:
        for name in letters.wants(known.kind, "en"):
            with pytest.raises(MissingParameter) as refused:
                letters.write(known.kind, "en", {key: one for key, one in known.params.items() if key != name})

            assert (refused.value.kind, refused.value.language, refused.value.name) == (known.kind, "en", name)
            assert isinstance(refused.value, Invalid)

    def test_parameters_that_nobody_asked_for_change_nothing(self, letters: Letters, known: KnownLetter) -> None:
        more = {**known.params, "moon": 384_400}

        assert letters.write(known.kind, "en", more) == letters.write(known.kind, "en", known.params)

    @pytest.mark.parametrize("kind", ["", "moon", "../moon", "welcome.toml"])
    def test_a_kind_that_nobody_wrote_is_refused(self, letters: Letters, kind: str) -> None:
        for asked in (lambda: letters.write(kind, "en", {}), lambda: letters.wants(kind, "en")):
            with pytest.raises(UnknownLetter) as refused:
                asked()

            assert refused.value.kind == kind
            assert isinstance(refused.value, NotFound)

    @pytest.mark.parametrize("tag", ["", "x", "tlh", "-", "চ", "en_US.UTF-8", "../en"])
    def test_a_language_that_nobody_wrote_in_gives_english(
        self, letters: Letters, known: KnownLetter, tag: str
    ) -> None:
        assert letters.write(known.kind, tag, known.params) == letters.write(known.kind, "en", known.params)

    @pytest.mark.parametrize(
        "text",
        ["{0.__class__}", "{{ 7 * 7 }}", "{% raw %}", "{title}", "%s", "$name", "**no**", "_no_", "[x](y)", "`no`"],
    )
    def test_a_text_from_outside_is_shown_as_it_is(self, letters: Letters, known: KnownLetter, text: str) -> None:
        letter = letters.write(known.kind, "en", known.with_texts(text))

        assert all(text in part for part in (letter.subject, letter.text, letter.html))

    @pytest.mark.parametrize("text", ["<b>no</b>", "<script>no()</script>", '"><i>', "</title><i>", "<!-- no", "&lt;"])
    def test_no_text_from_outside_is_ever_part_of_the_page(
        self, letters: Letters, known: KnownLetter, text: str
    ) -> None:
        letter = letters.write(known.kind, "en", known.with_texts(text))

        assert text in letter.text
        assert text not in letter.html

    def test_a_subject_and_a_short_form_are_one_line(self, letters: Letters, known: KnownLetter) -> None:
        letter = letters.write(known.kind, "en", known.with_texts("a\r\nBcc: everybody@example.org\n\x00\u2028b"))

        assert [len(part.splitlines()) for part in (letter.subject, letter.short)] == [1, 1]

    def test_the_same_is_said_in_the_same_letter(self, letters: Letters, known: KnownLetter) -> None:
        first, second = (letters.write(known.kind, "bn", known.params) for _ in range(2))

        assert first == second
        assert isinstance(first, Letter)

    def test_how_to_get_no_more_is_told_where_there_is_a_way(self, letters: Letters, known: KnownLetter) -> None:
        address = "https://study.example/enough/4711"
        with_it, without = (letters.write(known.kind, "en", known.params, unsubscribe=one) for one in (address, ""))

        assert address in with_it.text
        assert address in with_it.html
        assert with_it.text != without.text
        assert with_it.subject == without.subject
