"""The page around every letter: MJML once for a language, styles written into the elements once for a form of words."""

from __future__ import annotations

import re
from collections.abc import Mapping

import css_inline
import mjml

from .reading import BANGLA, text_of

_PLACE = re.compile(r"%%([a-z-]+)%%")
_LINE_HEIGHT = {BANGLA: "1.75"}
"""Bangla has signs above and below its letters, and needs more room between lines."""


class Page:
    """The page in one language, with places for what is said."""

    def __init__(self, language: str) -> None:
        put = {"language": language, "line-height": _LINE_HEIGHT.get(language, "1.6"), "dark": text_of("dark.css")}
        source = _PLACE.sub(lambda place: put.get(place[1], place[0]), text_of("page.mjml"))
        self._page = mjml.mjml2html(source, fonts={})  # fonts would be fetched from elsewhere
        self._inliner = css_inline.CSSInliner(
            keep_style_tags=True, load_remote_stylesheets=False, extra_css=text_of("page.css")
        )

    def around(self, parts: Mapping[str, str]) -> str:
        """Return the whole page with these parts of HTML in their places, which may hold marks."""
        return self._inliner.inline(_PLACE.sub(lambda place: parts[place[1]], self._page))
