"""The small Markdown of letters, told twice from the same words: as plain text and as HTML.

Paragraphs, lists, links, strong and emphasised words, code, and tables. A table is one of facts: its first column says
what the second is, and its head is left out. A paragraph that is nothing but a strong link is a button; one that is
nothing but code stands out, to be typed or copied.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from .values import marked

_BUTTON = ("strong_open", "link_open", "text", "link_close", "strong_close")


def _reader() -> MarkdownIt:
    reader = MarkdownIt("zero").enable(["table", "list", "link", "emphasis", "backticks", "escape", "newline"])
    reader.normalizeLink = lambda url: url  # type: ignore[method-assign] # which would write a mark otherwise
    reader.validateLink = lambda url: True  # type: ignore[method-assign]
    reader.core.ruler.push("letters", _dressed)
    return reader


def _dressed(state: StateCore) -> None:
    """Mark buttons and codes, and make tables those of facts."""
    for opening, inline in zip(state.tokens, state.tokens[1:], strict=False):
        children = _parts(inline)
        kinds = tuple(child.type for child in children)
        if opening.type == "paragraph_open" and kinds == _BUTTON:
            opening.attrJoin("class", "act")
            children[1].attrJoin("class", "button")
        elif opening.type == "paragraph_open" and kinds == ("code_inline",):
            opening.attrJoin("class", "alone")
        elif opening.type == "table_open":
            opening.attrJoin("class", "facts")
    state.tokens = list(_headed(state.tokens))


def _parts(inline: Token) -> list[Token]:
    """Return the parts of a line without those that have nothing in them."""
    return [child for child in inline.children or () if child.type != "text" or child.content]


def _headed(tokens: Iterable[Token]) -> Iterator[Token]:
    """Yield the tokens without the heads of tables, the first cell of each row as the head of that row."""
    skipping, is_first = False, False
    for token in tokens:
        skipping = skipping or token.type == "thead_open"
        if not skipping:
            if token.type == "tr_open":
                is_first = True
            elif token.type in {"td_open", "td_close"} and is_first:
                token.tag = "th"
                token.attrs = {"scope": "row"} if token.type == "td_open" else {}
                is_first = token.type == "td_open"
            yield token
        skipping = skipping and token.type != "thead_close"


_READER = _reader()


def tokens_of(markdown: str) -> list[Token]:
    """Return what the Markdown says."""
    return _READER.parse(markdown)


def as_html(tokens: Sequence[Token]) -> str:
    """Return it as HTML, without styles."""
    rendered: str = _READER.renderer.render(tokens, _READER.options, {})
    return rendered


def links_of(tokens: Iterable[Token]) -> frozenset[int]:
    """Return the numbers of the values that are linked to; raise ValueError for an address made of several parts."""
    addresses = [
        str(child.attrs["href"]) for token in tokens for child in token.children or () if "href" in child.attrs
    ]
    numbers = {marked(address) for address in addresses}
    if None in numbers:
        raise ValueError("the address of a link is one parameter")
    return frozenset(number for number in numbers if number is not None)


def as_text(tokens: Sequence[Token]) -> str:
    """Return it as plain text: a blank line between blocks, each paragraph, item and fact on a line of its own."""
    blocks: list[list[str]] = []
    cells: list[str] = []
    depth = {"table": 0, "list": 0}
    for token in tokens:
        match token.type:
            case "table_open" | "bullet_list_open":
                blocks.append([])
                depth["table" if token.tag == "table" else "list"] = 1
            case "table_close" | "bullet_list_close":
                depth["table" if token.tag == "table" else "list"] = 0
            case "tr_open":
                cells = []
            case "tr_close":
                blocks[-1].append(": ".join(cells))
            case "inline" if depth["table"]:
                cells.append(_inline(_parts(token)))
            case "inline" if depth["list"]:
                blocks[-1].append(f"- {_inline(_parts(token))}")
            case "inline":
                blocks.append([_paragraph(_parts(token))])
    return "\n\n".join("\n".join(lines) for lines in blocks)


def _paragraph(children: Sequence[Token]) -> str:
    """Return a paragraph; the address of a button stands on a line of its own, and code alone as it is typed."""
    kinds = tuple(child.type for child in children)
    if kinds == _BUTTON:
        return f"{children[2].content}:\n{children[1].attrs['href']}"
    return children[0].content if kinds == ("code_inline",) else _inline(children)


def _inline(children: Sequence[Token]) -> str:
    parts: list[str] = []
    address, words = "", 0
    for child in children:
        match child.type:
            case "link_open":
                address, words = str(child.attrs["href"]), len(parts)
            case "link_close" if "".join(parts[words:]) != address:
                parts.append(f": {address}")
            case "code_inline":
                parts.append(f"`{child.content}`")
            case "softbreak":
                parts.append(" ")
            case "hardbreak":
                parts.append("\n")
            case _:
                parts.append(child.content)
    return "".join(parts)


def escaped(text: str) -> str:
    """Return the text as it may stand in HTML, between tags and in an attribute."""
    return html.escape(text, quote=True)
