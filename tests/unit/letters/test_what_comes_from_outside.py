"""What comes from outside is shown, and is never read as Jinja, Markdown, HTML or an order to turn the text."""

import pytest
from letter_pages import Page

from higherstudy.adapters.letters.letters import JinjaLetters
from higherstudy.adapters.letters.reading import samples
from higherstudy.ports.letters import WrongParameter

LETTERS = JinjaLetters(preferences="https://study.example/preferences")
SHOWN = [
    "[x](https://evil.example)",
    "![x](https://evil.example/pixel.png)",
    "<https://evil.example>",
    "<b>bold</b>",
    "<script>alert(1)</script>",
    '" onmouseover="alert(1)',
    "</title></head><body>",
    "*star* **stars** _line_ `code`",
    "a | b | c",
    "# head",
    "- item",
    "1. item",
    "> quote",
    "=HYPERLINK(1)",
    "{{ 7 * 7 }} {% include 'x' %} {# gone #}",
    "%%body%% %%footer%%",
    "\\*back\\slash\\",
    "&amp; &lt; &copy;",
    "Ngũgĩ Nguyễn Łódź Zürich ক্ষ কর্‌ষ মোঃ",
    "علي",
]


@pytest.mark.parametrize("text", SHOWN)
def test_a_text_is_shown_to_the_letter_in_text_and_page(text: str) -> None:
    letter = LETTERS.write("paper_rejected", "en", {"paper": text, "reason": text})
    page = Page(letter.html)

    assert f"\nPaper: {text}\nReason: {text}\n" in letter.text
    assert letter.subject == f"Please look at this paper again: {text}"
    assert page.wrong == []
    assert [cell.text() for cell in page.root.all("td") if cell.within and cell.within.nodes[0].tag == "th"] == [
        text,
        text,
    ]
    assert page.one("title").text() == page.one("h1").text() == letter.subject


@pytest.mark.parametrize("text", SHOWN)
def test_no_text_adds_anything_to_a_page(text: str) -> None:
    usual = Page(LETTERS.write("digest", "en", {"items": [{"title": "Visa", "line": "new", "link": ""}]}).html)
    strange = Page(LETTERS.write("digest", "en", {"items": [{"title": text, "line": text, "link": ""}]}).html)

    assert [node.tag for node in strange.root.all()] == [node.tag for node in usual.root.all()]
    assert [sorted(node.attributes) for node in strange.root.all()] == [
        sorted(node.attributes) for node in usual.root.all()
    ]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("cv\u202efdp.exe", "cvfdp.exe"),
        ("a\u2066b\u2069\u200e\u200fc", "abc"),
        ("one\ntwo\r\nBcc: x\u2028three\u0085four", "one two Bcc: x three four"),
        ("\x00a\x07\x1b[31m", "a[31m"),
        ("zero\u200bwidth\ufeff\u00ad", "zerowidth"),
        ("lone\ud800", "lone\ufffd"),
        ("\ue0000\ue001 \ue000", "\ufffd0\ufffd \ufffd"),
        ("tag\U000e0041", "tag"),
        ("  many   blanks  ", "many blanks"),
    ],
)
def test_what_is_not_seen_and_what_turns_the_text_is_left_out(text: str, shown: str) -> None:
    letter = LETTERS.write("paper_verified", "en", {"paper": text})

    assert letter.subject == f"Verified: {shown}"
    assert f"\n{shown}\n" in letter.text
    assert letter.html.encode()


def test_a_value_that_looks_like_the_place_of_another_is_not_filled() -> None:
    letter = LETTERS.write("paper_rejected", "en", {"paper": "\ue0001\ue001", "reason": "secret"})

    assert letter.subject == "Please look at this paper again: \ufffd1\ufffd"


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "evil.example",
        "https://evil.example/ onclick=x",
        'https://evil.example/"x',
        "https://evil.example/<x>",
        "file:///etc/passwd",
    ],
)
def test_a_link_leads_to_a_web_address_or_nothing_is_written(address: str) -> None:
    for kind, name in (("reminder", "plan_link"), ("window_open", "acknowledge_link")):
        with pytest.raises(WrongParameter) as refused:
            LETTERS.write(kind, "en", {**samples(kind, "en"), name: address})

        assert (refused.value.kind, refused.value.name) == (kind, name)
    with pytest.raises(WrongParameter) as refused:
        LETTERS.write("test", "en", {}, unsubscribe=address)
    assert refused.value.name == "unsubscribe"
    with pytest.raises(WrongParameter) as refused:
        LETTERS.write("digest", "en", {"items": [{"title": "a", "line": "b", "link": address}]})
    assert refused.value.name == "items.link"


def test_an_address_keeps_every_sign_of_it() -> None:
    address = "https://study.example/a_b*c(d)?x=1&y=%5B2%5D#purpose=x&code=~K7"

    letter = LETTERS.write("report_ready", "en", {**samples("report_ready", "en"), "link": address})

    assert f"\n{address}\n" in letter.text
    assert letter.short.endswith(f" {address}")
    assert address in [link.attributes["href"] for link in Page(letter.html).root.all("a")]


@pytest.mark.parametrize("value", [1.5, object(), {"a": 1}, [1], [{"title": None}], ["text"]])
def test_what_is_no_value_at_all_is_refused_by_its_name(value: object) -> None:
    with pytest.raises(WrongParameter) as refused:
        LETTERS.write("digest", "en", {"items": value})  # type: ignore[dict-item]

    assert refused.value.name.partition(".")[0] == "items"
