"""A report set without a server: its words and its picture by the adapters that a server has too."""

from __future__ import annotations

from ...adapters.svg.pictures import SvgPictures
from ...adapters.typst.typesetting import TypstTypesetting
from ...domain.reports.content import Content
from ...domain.reports.use_cases.wording import Wording
from ...ports.messages import Messages


async def set_as_pdf(content: Content, messages: Messages) -> bytes:
    """Return the report as PDF in the language of the sentences."""
    worded = Wording(messages, SvgPictures()).content(content)
    return await TypstTypesetting().pdf(worded, messages.language)
