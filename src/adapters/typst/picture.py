"""A picture with its letters apart from its shapes.

In a PDF, Bangla letters within a picture have no text that could be told, which PDF/UA forbids. So shapes stay a
picture and the letters are set on top of it, by the fonts of the report.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree as ET

_SVG = "{http://www.w3.org/2000/svg}"
_TOLD_APART = tuple(f"{_SVG}{name}" for name in ("text", "view", "title", "desc"))
_Box = tuple[float, float, float, float]
_DARK = "#1a1a1a"


def parted(svg: bytes, clean: Callable[[str], str]) -> list[dict[str, Any]]:
    """Return each page of the picture: its shapes as an SVG file, its size, and its letters with their places on it."""
    ET.register_namespace("", _SVG[1:-1])
    root = ET.fromstring(svg)  # noqa: S314 - drawn by ourselves, a moment ago
    boxes = [_box(one) for one in root.iter(f"{_SVG}view")] or [_box(root)]
    pages = [one for one in root if one.find(f".//{_SVG}text") is not None]
    letters = [[_letters(one, clean) for one in page.iter(f"{_SVG}text")] for page in pages]
    for parent in list(root.iter()):
        for child in [one for one in parent if one.tag in _TOLD_APART]:
            parent.remove(child)
    return [
        _page(root, [one for one in pages if one is not page], box, words)
        for page, box, words in zip(pages, boxes, letters, strict=True)
    ]


def _box(of: ET.Element) -> _Box:
    left, top, width, height = map(float, of.attrib["viewBox"].split())
    return left, top, width, height


def _page(root: ET.Element, others: list[ET.Element], box: _Box, letters: list[dict[str, Any]]) -> dict[str, Any]:
    _, _, width, height = box
    alone = ET.Element(root.tag, root.attrib)
    alone.extend(one for one in root if one not in others)
    alone.attrib.update(viewBox=" ".join(f"{one:g}" for one in box), width=f"{width:g}", height=f"{height:g}")
    return {"svg": ET.tostring(alone, encoding="unicode"), "width": width, "height": height, "letters": letters}


def _letters(text: ET.Element, clean: Callable[[str], str]) -> dict[str, Any]:
    given = text.attrib
    return {
        "text": clean("".join(text.itertext())),
        "x": float(given["x"]),
        "y": float(given["y"]),
        "size": float(given["font-size"]),
        "anchor": given.get("text-anchor", "start"),
        "bold": given.get("font-weight") == "bold",
        "fill": _six(given.get("fill", _DARK)),
    }


def _six(colour: str) -> str:
    """Return the colour with six digits."""
    return colour if len(colour) > len("#444") else "#" + "".join(digit * 2 for digit in colour[1:])
