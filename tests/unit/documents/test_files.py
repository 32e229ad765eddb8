"""What may come in as a paper."""

import pytest

from higherstudy.domain.documents.errors import FileRefused
from higherstudy.domain.documents.policies import LONGEST_NAME, clean_file_name, content_type_of

PDF = "application/pdf"


@pytest.mark.parametrize(
    ("head", "content_type"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", PDF),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00", "image/png"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", "image/heic"),
    ],
)
def test_papers_and_pictures_of_papers_are_known_by_their_first_bytes(head: bytes, content_type: str) -> None:
    assert content_type_of(head) == content_type


@pytest.mark.parametrize(
    ("head", "looks_like"),
    [
        (b"PK\x03\x04\x14\x00\x06\x00[Content_Types].xml", "zip"),
        (b"MZ\x90\x00\x03\x00", "program"),
        (b"\x7fELF\x02\x01", "program"),
        (b"#!/bin/sh\n", "script"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00", "office"),
        (b"<!DOCTYPE html><script>", "markup"),
        (b"\xef\xbb\xbf  <svg xmlns=", "markup"),
        (b"\n%PDF-1.7", "pdf_after_other_bytes"),
        (b"GIF89a", "gif"),
        (b"Dear Sir or Madam,", "text"),
        (b"\x00\x01\x02\x03", "unknown"),
        (b"\x89PNG\r\n\x1a\nJUNKJUNK", "unknown"),
    ],
)
def test_everything_else_is_refused_and_named(head: bytes, looks_like: str) -> None:
    with pytest.raises(FileRefused) as refused:
        content_type_of(head + b"\x00" if looks_like == "unknown" else head)

    assert refused.value.reasons[0].code == "file.type_not_accepted"
    assert refused.value.reasons[0].params["looks_like"] == looks_like


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("transcript.pdf", "transcript.pdf"),
        ("Transcript.PDF", "Transcript.PDF"),
        ("cv\u202efdp.exe", "cvfdp.exe.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\me\\marks.pdf", "marks.pdf"),
        ("marks\x00\r\nX-Header: 1.pdf", "marks X-Header 1.pdf"),
        ("  ..  ", "document.pdf"),
        ("", "document.pdf"),
        ("report<script>.pdf", "reportscript.pdf"),
        ("\u200bin\u2066visible\u2069.pdf", "invisible.pdf"),
        ("রেজাল্ট\u200d.pdf", "রেজাল্ট\u200d.pdf"),
        ("to\u0302\u0301t.pdf", "t\u1ed1t.pdf"),
    ],
)
def test_a_file_name_is_only_ever_a_label(given: str, kept: str) -> None:
    assert clean_file_name(given, PDF) == kept


def test_a_very_long_name_keeps_its_ending() -> None:
    name = clean_file_name("a" * 5000 + ".pdf", PDF)

    assert len(name) == LONGEST_NAME
    assert name.endswith("a.pdf")


def test_cleaning_a_clean_name_changes_nothing() -> None:
    once = clean_file_name("..\\My \u202e transcript", "image/jpeg")

    assert clean_file_name(once, "image/jpeg") == once == "My transcript.jpg"
