"""The commands ``message list`` and ``message preview``."""

from collections.abc import Callable
from email import message_from_string, policy
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


def test_every_kind_is_listed_with_what_it_is_told(run: Run) -> None:
    ran = run("message", "list")

    assert ran.code == 0
    assert "role_granted: role\n" in ran.out
    assert "password_changed: -\n" in ran.out


@pytest.mark.parametrize(("language", "said"), [("en", "due in 7 days"), ("bn", "আর 7 দিন বাকি")])
def test_a_message_is_shown_as_it_would_go_out(run: Run, language: str, said: str) -> None:
    ran = run("message", "preview", "reminder", "--language", language)

    assert ran.code == 0
    assert said in ran.out.splitlines()[0]


def test_a_whole_mail_has_its_text_and_its_page(run: Run) -> None:
    ran = run("message", "preview", "receipt", "--form", "mail")

    mail = message_from_string(ran.out, policy=policy.default)
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]


def test_values_of_ones_own_take_the_place_of_those_of_the_sample(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "reminder.html"

    ran = run("message", "preview", "reminder", "--form", "html", "--set", "title=<b>Visa</b>", "--output", str(file))

    assert (ran.code, ran.out) == (0, "")
    assert "&lt;b&gt;Visa&lt;/b&gt;" in file.read_text(encoding="utf-8")


def test_the_short_form_is_one_line(run: Run) -> None:
    ran = run("message", "preview", "window_open", "--form", "short")

    assert ran.out.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nothing",), "There is no letter of the kind"),
        (("reminder", "--set", "title"), "NAME=VALUE is expected, not title."),
        (("reminder", "--set", "title="), "lacks"),
        (("reminder", "--set", "titel=Visa"), '"titel" is none of days_left, due_at_own,'),
        (("reminder", "--set", "days_left=soon"), "--set days_left: A whole number is expected; given was soon."),
        (("digest", "--set", "items=Visa"), '"items" cannot stand'),
        (("digest", "--set", "items=[]"), 'lacks "items"'),
        (("nothing", "--set", "title=Visa"), "There is no letter of the kind"),
        (("reminder", "--output", "/nowhere/at/all"), "/nowhere/at/all"),
    ],
)
def test_what_cannot_be_is_told_in_a_sentence(run: Run, words: tuple[str, ...], said: str) -> None:
    ran = run("message", "preview", *words)

    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_numbers_and_lists_can_be_set_too(run: Run) -> None:
    number = run("message", "preview", "signed_out", "--set", "keys=0")
    listed = run("message", "preview", "digest", "--set", 'items=[{"title": "Visa", "line": "", "link": ""}]')
    past = run("message", "preview", "reminder", "--form", "short", "--set", "days_left=-2")

    assert "API keys of your account were not touched." in number.out
    assert "\n- Visa\n" in listed.out
    assert "due 2 days ago" in past.out


def test_a_language_by_its_region_takes_the_sample_of_the_language(run: Run) -> None:
    ran = run("message", "preview", "reminder", "--language", "bn-BD")

    assert "টরন্টো বিশ্ববিদ্যালয়ে আবেদন" in ran.out
