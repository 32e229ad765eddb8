"""Reads the page of a letter as a mail program does, and says what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"})
UNSEEN = frozenset({"head", "style", "title", "noscript", "xml"})


@dataclass
class Node:
    """One element, with what stands in it."""

    tag: str
    attributes: dict[str, str]
    within: Node | None = None
    words: list[str] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)

    def all(self, tag: str = "") -> list[Node]:
        """Return the elements of this kind below this one."""
        below = [one for node in self.nodes for one in [node, *node.all()]]
        return [one for one in below if tag in {"", one.tag}]

    def text(self) -> str:
        """Return the words in it and below it, in their order."""
        return "".join(self.words)

    def style(self, name: str) -> str:
        """Return the value of a property that is written into the element, or into one around it."""
        for part in self.attributes.get("style", "").split(";"):
            prop, _, value = part.partition(":")
            if prop.strip() == name:
                return value.strip()
        return self.within.style(name) if self.within else ""

    def is_hidden(self) -> bool:
        """Whether nobody sees it."""
        hidden = "display:none" in self.attributes.get("style", "").replace(" ", "")
        return hidden or (self.within is not None and self.within.is_hidden())


class Page(HTMLParser):
    """The elements of a page; ``wrong`` names those that were never closed, or never opened."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self._open = Node("", {})
        self.wrong: list[str] = []
        self.feed(html)
        self.close()
        if self._open is not self.root:
            self.wrong.append(self._open.tag)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs}, self._open)
        self._open.nodes.append(node)
        if tag not in VOID:
            self._open = node

    def handle_endtag(self, tag: str) -> None:
        if self._open.tag != tag or self._open.within is None:
            self.wrong.append(tag)
        else:
            self._open = self._open.within

    def handle_data(self, data: str) -> None:
        node: Node | None = self._open
        while node is not None:
            node.words.append(data)
            node = node.within

    def one(self, tag: str) -> Node:
        """Return the only element of its kind."""
        [found] = self.root.all(tag)
        return found

    def seen(self) -> str:
        """Return what a reader sees, with single blanks."""
        body = self.one("body")
        hidden = [node for node in body.all() if node.is_hidden() or node.tag in UNSEEN]
        text = body.text()
        for node in hidden:
            text = text.replace(node.text(), "", 1)
        return " ".join(text.split())


def contrast(first: str, second: str) -> float:
    """Return the contrast of two colours such as #1f2933, from 1 to 21 (WCAG 2.2, relative luminance)."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
