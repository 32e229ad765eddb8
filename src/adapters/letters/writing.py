"""Puts a letter together: words and marks first, which are made into text and page once, then the values."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from jinja2 import Template

from ...domain.shared.dataclass import dataclass
from ...ports.letters import Letter, MissingParameter, Params, UnknownLetter, WrongParameter
from .markdown import as_html, as_text, escaped, links_of, tokens_of
from .pages import Page
from .reading import ENGLISH, LANGUAGES, footer_of, kinds, source_of
from .templates import OURS, Compiled, Workshop, render
from .values import Missing, Pieces, Register, Wrong, marked, values_of

_FORMS = 512
"""How many forms of words are kept; a letter has one for each way through its template."""
_BELOW = "-- \n"  # how mail programs know what stands below a letter (RFC 3676, 4.3)
_SCHEMES = ("https://", "http://", "mailto:")


@dataclass(frozen=True, slots=True)
class Form:
    """One form of words with places for values."""

    subject: Pieces
    short: Pieces
    text: Pieces
    html: Pieces
    links: frozenset[int]


class Desk:
    """Holds what is made once: templates, pages, and the forms of words that were needed lately."""

    def __init__(self) -> None:
        self.kinds = kinds()
        self._workshop, self._page = lru_cache(None)(Workshop), lru_cache(None)(Page)
        self._template, self._footer = lru_cache(None)(self._template_of), lru_cache(None)(self._footer_of)
        self._form = lru_cache(_FORMS)(self._form_of)

    def wants(self, kind: str, tag: str) -> frozenset[str]:
        """Return the parameters that the letter wants; see the port."""
        return self._template(kind, read_tag(tag)[0]).wants

    def write(self, kind: str, tag: str, params: Params, footer: Mapping[str, str]) -> Letter:
        """Return the letter; see the port."""
        language, own_digits = read_tag(tag)
        compiled = self._template(kind, language)
        try:
            return self._written(compiled, params, footer, own_digits=own_digits)
        except Wrong as error:
            raise WrongParameter(kind, language, error.name) from None
        except Missing as error:
            raise MissingParameter(kind, language, error.name) from None

    def _written(self, compiled: Compiled, params: Params, footer: Mapping[str, str], *, own_digits: bool) -> Letter:
        register, source = Register(), compiled.source
        below = values_of({**footer, "why": source.why}, frozenset(footer) | {"why"})
        values = values_of(params, compiled.wants, compiled.lists) | {OURS: below[OURS]}
        subject, short, body = render(compiled, values, register, own_digits=own_digits)
        link = register.mark(values[source.link]) if source.link and values[source.link] else ""
        footed = self._footer(compiled.language).render(below | {"register_": register, "own_digits_": False})
        sender = register.mark(below[OURS])
        form = self._form(compiled.language, subject, short, link, body, sender, footed)
        for number in form.links:
            _demand_address(register.values[number], register.names[number])
        told = register.values
        return Letter(
            form.subject.filled(told),
            form.text.filled(told),
            form.html.filled(told, escaped),
            form.short.filled(told),
            source.version,
        )

    def _form_of(self, language: str, subject: str, short: str, link: str, body: str, sender: str, footer: str) -> Form:
        said, below = tokens_of(body), tokens_of(footer)
        text = f"{as_text(said)}\n\n{_BELOW}{as_text(below)}\n"
        html = self._page(language).around(
            {
                "title": escaped(subject),
                "preheader": escaped(short),
                "sender": escaped(sender),
                "body": as_html(said),
                "footer": as_html(below),
            }
        )
        own = marked(link)
        links = links_of(said) | links_of(below) | (frozenset() if own is None else {own})
        short = f"{short} {link}".strip()
        return Form(Pieces(subject), Pieces(short), Pieces(text), Pieces(html), links)

    def _template_of(self, kind: str, language: str) -> Compiled:
        if kind not in self.kinds:
            raise UnknownLetter(kind)
        return self._workshop(language).compiled(source_of(kind, language))

    def _footer_of(self, language: str) -> Template:
        return self._workshop(language).template(footer_of(language))


def read_tag(tag: str) -> tuple[str, bool]:
    """Return the language of a tag such as ``bn-BD``, English for one that there are no letters in, and whether the
    reader wants its own digits; ``bn-u-nu-latn`` (BCP 47, Unicode extension) asks for Latin ones."""
    parts = tag.partition(".")[0].replace("_", "-").lower().split("-")
    digits = parts[parts.index("nu") + 1 :][:1] if "nu" in parts else []
    return parts[0] if parts[0] in LANGUAGES else ENGLISH, digits != ["latn"]


def _demand_address(text: str, name: str) -> None:
    """Raise Wrong for what is no address that a letter may lead to."""
    if not text.startswith(_SCHEMES) or any(one in text for one in " \"'<>\\`"):
        raise Wrong(name)
