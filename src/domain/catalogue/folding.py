"""Letters as a search compares them: without case and accents."""

import unicodedata


def folded(text: str) -> str:
    """Return the text in lower case and without accents, so that "Zürich" and "zurich" are the same."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def words_of(text: str) -> tuple[str, ...]:
    """Return the folded words of a search, each of which must occur in what is found."""
    return tuple(folded(text).split())
