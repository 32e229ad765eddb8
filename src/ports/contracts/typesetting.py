"""What anything that sets reports must do."""

from dataclasses import replace
from datetime import date

import pytest

from ...domain.reports.content import Block, Bullets, Content, Drawn, Mark, Paragraph, Section, Table
from ..typesetting import Typesetting

SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 50"><g><rect width="9" height="5"/>'
    b'<text x="5" y="9" font-size="8">\xe0\xa6\xb6\xe0\xa6\xbf</text></g></svg>'
)
HOSTILE = (
    '#set page(width: 1pt) #eval("1") *bold* _x_ $x$ `y` <b> @ref \\u{41} // # [ ] { } "quoted"',
    "pdf\u202efdp.exe \u0000\u0007\ufeff\u2028 \u674e\u96f7 \U0001f600 \u0628\u0627\u0628 \u05d0\u05d1",
    "A" * 3000,
    "\u0995\u09cd" * 300,
    "",
)


def a_content(*texts: str) -> Content:
    """A report with these texts in every place where a text can stand."""
    shown = texts or ("Sample Student",)
    blocks: tuple[Block, ...] = (
        *(Paragraph(text, mark) for mark in Mark for text in shown),
        Bullets(shown),
        Table(("Step", "Day"), tuple((text, "7 Jan 2027") for text in shown), (3, 1)),
        Drawn(SVG, shown[0] or "A picture"),
    )
    sections = Section(shown[0] or "Title", blocks), Section("Below", (Paragraph("x"),), level=2)
    return Content(shown[0] or "Title", shown, date(2026, 11, 23), sections)


class TypesettingContract:
    """Override ``typesetting``."""

    @pytest.fixture
    def typesetting(self) -> Typesetting:
        """Return what sets reports."""
        raise NotImplementedError

    async def test_a_report_becomes_a_pdf(self, typesetting: Typesetting) -> None:
        assert (await typesetting.pdf(a_content(), "en")).startswith(b"%PDF-")

    async def test_equal_reports_give_equal_bytes_and_others_do_not(self, typesetting: Typesetting) -> None:
        content = a_content("শিক্ষার্থীর আবেদনপত্র")
        first, again = [await typesetting.pdf(content, "bn") for _ in range(2)]

        assert first == again
        assert first != await typesetting.pdf(replace(content, on=date(2026, 11, 24)), "bn")

    @pytest.mark.parametrize("text", HOSTILE, ids=("markup", "signs", "long", "long Bangla", "nothing"))
    async def test_no_text_keeps_a_report_from_being_set(self, typesetting: Typesetting, text: str) -> None:
        assert (await typesetting.pdf(a_content(text), "en")).startswith(b"%PDF-")
