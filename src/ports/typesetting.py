"""What sets a report onto pages."""

from typing import Protocol, runtime_checkable

from ..domain.reports.content import Content


@runtime_checkable
class Typesetting(Protocol):
    """Sets reports as PDF, tagged so that they can be read aloud."""

    async def pdf(self, content: Content, language: str) -> bytes:
        """Return the report as a PDF file; equal reports give equal bytes, in any process and on any day.

        All words of ``content`` are ready texts in the language, pictures are ``Drawn``. Whatever a text holds is shown
        as text: nothing is markup, a sign that no font has is written as its number, and what turns signs round too.
        """
        ...
