"""The page of every letter can be read by everybody, in any mail program, and loads nothing."""

import re

import pytest
from letter_pages import Page, contrast

from higherstudy.adapters.letters.letters import JinjaLetters
from higherstudy.adapters.letters.reading import LANGUAGES, kinds, samples, text_of
from higherstudy.ports.letters import Letter

LETTERS = JinjaLetters(preferences="https://study.example/preferences")
EVERY = [(kind, language) for kind in kinds() for language in LANGUAGES]
COLOUR = re.compile(r"#[0-9a-f]{6}")
RULE = re.compile(r"([^{}]+)\{([^{}]+)\}")


def written(kind: str, language: str) -> Letter:
    return LETTERS.write(kind, language, samples(kind, language), unsubscribe="https://study.example/enough")


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_a_page_says_its_language_and_its_title_and_has_one_heading(kind: str, language: str) -> None:
    letter = written(kind, language)
    page = Page(letter.html)

    assert page.wrong == []
    assert letter.html.lower().startswith("<!doctype html>")
    assert (page.one("html").attributes["lang"], page.one("html").attributes["dir"]) == (language, "ltr")
    assert page.one("title").text() == page.one("h1").text() == letter.subject
    assert not page.root.all("h2")


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_a_page_loads_nothing_and_tells_nobody_that_it_was_read(kind: str, language: str) -> None:
    html = written(kind, language).html
    page = Page(html)

    assert [
        node.tag for node in page.root.all() if node.tag in {"img", "link", "script", "iframe", "form", "video"}
    ] == []
    assert not re.search(r"@import|url\(|\bsrc=|background=", html)
    named = {address for address in re.findall(r"https?://[^\s\"'<>]+", html) if "study.example" not in address}
    assert named <= {"http://www.w3.org/1999/xhtml"}


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_a_table_is_one_of_layout_or_one_of_facts_whose_rows_have_heads(kind: str, language: str) -> None:
    for table in Page(written(kind, language).html).root.all("table"):
        if table.attributes.get("class") == "facts":
            rows = table.all("tr")
            assert rows
            assert [[cell.tag for cell in row.nodes] for row in rows] == [["th", "td"]] * len(rows)
            assert all(row.nodes[0].attributes["scope"] == "row" for row in rows)
        else:
            assert table.attributes["role"] == "presentation"


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_text_and_page_say_the_same_words(kind: str, language: str) -> None:
    letter = written(kind, language)
    page = Page(letter.html)

    text = re.sub(r"[^\w]+", "", re.sub(r"https?://\S+", "", letter.text))
    seen = re.sub(r"[^\w]+", "", page.seen().replace(letter.subject, "", 1).removeprefix("Higher Study"))
    assert seen == text
    assert {link.attributes["href"] for link in page.root.all("a")} == set(re.findall(r"https?://\S+", letter.text))


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_the_line_beside_the_subject_is_the_short_form_without_its_address(kind: str, language: str) -> None:
    letter = written(kind, language)

    [hidden] = [node for node in Page(letter.html).one("body").nodes if node.is_hidden()]

    assert hidden.text() == re.sub(r" https://\S+$", "", letter.short)


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_every_word_stands_out_from_what_is_behind_it(kind: str, language: str) -> None:
    for node in Page(written(kind, language).html).one("body").all():
        own_words = node.text().strip() and "color" in node.attributes.get("style", "")
        if own_words and not node.is_hidden() and COLOUR.fullmatch(node.style("color")):
            assert contrast(node.style("color"), node.style("background-color")) >= 4.5, node


def test_every_word_stands_out_in_the_dark_too() -> None:
    rules = [
        (selector.strip(), dict(part.strip().split(": ") for part in body.strip().split(";") if part.strip()))
        for selectors, body in RULE.findall(text_of("dark.css").partition("@media")[2].partition("{")[2])
        for selector in selectors.split(",")
    ]

    def of(selector: str, name: str) -> str:
        return str(next(rule[name].split(" ")[0] for known, rule in rules if known == selector and name in rule))

    card, around = of(".card", "background-color"), of(".page", "background-color")
    pairs = [(of(f".said {one}", "color"), card) for one in ("div", "h1", "p", "li", "td", "th", "a")]
    pairs += [(of(one, "color"), around) for one in (".sender div", ".footer div", ".footer p", ".footer a")]
    pairs += [(of(one, "color"), of(one, "background-color")) for one in (".said a.button", ".said code")]
    assert len(pairs) == 13
    assert min(contrast(*pair) for pair in pairs) >= 4.5


def test_a_program_that_darkens_is_told_that_the_page_does_it_itself() -> None:
    html = written("reminder", "en").html

    assert '<meta name="color-scheme" content="light dark">' in html
    assert "@media (prefers-color-scheme: dark)" in html


def test_bangla_has_a_font_of_its_own_first_and_room_between_its_lines() -> None:
    page = Page(written("reminder", "bn").html)
    heading, *_ = (node for node in page.root.all("h1") if node.within)
    said = heading.within

    assert said is not None
    assert said.style("font-family").startswith("'Noto Sans Bengali'")
    assert float(said.style("line-height")) >= 1.6


def test_a_page_without_its_styles_keeps_its_order() -> None:
    bare = re.sub(r"<style.*?</style>|style=\"[^\"]*\"", "", written("reminder", "en").html, flags=re.DOTALL)

    text = " ".join(Page(bare).one("body").text().split())
    places = [text.index(part) for part in ("Higher Study", "Step", "Due on", "Open your plan", "sends you this")]
    assert places == sorted(places)


def test_contrast_is_reckoned_as_wcag_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
