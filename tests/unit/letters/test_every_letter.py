"""Every letter in every language says all that it has to, or nothing at all."""

from typing import Any

import pytest

from higherstudy.adapters.letters.letters import JinjaLetters
from higherstudy.adapters.letters.reading import LANGUAGES, kinds, samples, source_of
from higherstudy.domain.identity.confirmation import Purpose
from higherstudy.ports.contracts.letters import KnownLetter, LettersContract
from higherstudy.ports.letters import Letters, MissingParameter, WrongParameter

LETTERS = JinjaLetters(preferences="https://study.example/preferences")
EVERY = [(kind, language) for kind in kinds() for language in LANGUAGES]
WANTED = [(kind, language, name) for kind, language in EVERY for name in sorted(LETTERS.wants(kind, language))]
PARTS = [
    (kind, language, name, part)
    for kind, language, name in WANTED
    for part in ((samples(kind, language)[name][0]) if isinstance(samples(kind, language)[name], list) else ())
]
MAY_BE_BLANK = {
    "channel_off": {"why"},
    "code_confirm_email": {"link"},
    "code_reset_password": {"code"},
    "factors_changed": {"factor", "what"},
    "grant_offered": {"reason"},
    "import_failed": {"link"},
    "import_finished": {"link"},
    "plan_moved": {"plan_link"},
    "programme_changed": {"plan_link"},
    "refund_moved": {"reason"},
    "reminder": {"due_at_own", "due_at_theirs", "plan_link", "why", "zone_theirs"},
    "report_ready": {"link"},
    "signed_out": {"in_activity", "keys"},  # which are true or not
    "task_given": {"due_on"},
    "welcome": {"code", "link"},
    "window_open": {"acknowledge_link", "closes_at_theirs", "zone_theirs"},
}
INSTEAD = {("code_reset_password", "link"): "code"}  # which its sample has not


class TestJinjaLetters(LettersContract):
    @pytest.fixture
    def letters(self) -> Letters:
        return JinjaLetters()

    @pytest.fixture
    def known(self) -> KnownLetter:
        return KnownLetter("paper_rejected", {"paper": "Bank statement", "reason": "It is cut off."})


def test_every_purpose_of_a_code_has_a_letter() -> None:
    assert {f"code_{purpose.value}" for purpose in Purpose} <= set(kinds())


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_every_letter_is_written_with_its_sample(kind: str, language: str) -> None:
    letter = LETTERS.write(kind, language, samples(kind, language))

    assert all(part.strip() for part in (letter.subject, letter.text, letter.html, letter.short))
    assert "{" not in letter.subject + letter.text + letter.short
    assert "%%" not in letter.html
    assert not any(0xE000 <= ord(one) <= 0xF8FF for one in letter.subject + letter.text + letter.html + letter.short)
    assert letter.text.endswith("\n")


@pytest.mark.parametrize("kind", kinds())
def test_a_letter_is_the_same_in_every_language_but_for_its_words(kind: str) -> None:
    english, bangla = (source_of(kind, language) for language in LANGUAGES)

    assert LETTERS.wants(kind, "en") == LETTERS.wants(kind, "bn") == samples(kind, "en").keys()
    assert (english.version, english.why, english.link) == (bangla.version, bangla.why, bangla.link)
    assert english.body.count("**[") == bangla.body.count("**[")
    assert (
        LETTERS.write(kind, "bn", samples(kind, "bn")).subject != LETTERS.write(kind, "en", samples(kind, "en")).subject
    )


@pytest.mark.parametrize(("kind", "language", "name"), WANTED)
def test_each_variable_that_is_missing_is_named_with_its_letter_and_language(
    kind: str, language: str, name: str
) -> None:
    given = samples(kind, language)
    del given[name]

    with pytest.raises(MissingParameter) as refused:
        LETTERS.write(kind, language, given)

    assert (refused.value.kind, refused.value.language, refused.value.name) == (kind, language, name)
    assert all(word in str(refused.value) for word in (kind, language, name))


@pytest.mark.parametrize(("kind", "language", "name", "part"), PARTS)
def test_each_part_of_what_a_list_holds_is_named_when_it_is_missing(
    kind: str, language: str, name: str, part: str
) -> None:
    given = samples(kind, language)
    given[name] = [{key: value for key, value in given[name][0].items() if key != part}]

    with pytest.raises(MissingParameter) as refused:
        LETTERS.write(kind, language, given)

    assert refused.value.name == f"{name}.{part}"


@pytest.mark.parametrize("blank", ["", " \n", "\u202e\u200b", None])
@pytest.mark.parametrize(("kind", "language", "name"), WANTED)
def test_a_variable_that_a_sentence_needs_is_not_left_blank(
    kind: str, language: str, name: str, blank: str | None
) -> None:
    given: dict[str, Any] = {**samples(kind, language), name: blank}
    if blank is not None and isinstance(samples(kind, language)[name], list):
        given[name] = []

    if blank is not None and name in MAY_BE_BLANK.get(kind, ()):
        assert LETTERS.write(kind, language, given).text.strip()
        return
    with pytest.raises(MissingParameter) as refused:
        LETTERS.write(kind, language, given)
    assert refused.value.name == (name if blank is None else INSTEAD.get((kind, name), name))


@pytest.mark.parametrize("wrong", ["", "text", 3])
@pytest.mark.parametrize(("kind", "name"), [("digest", "items"), ("plan_moved", "changes"), ("reminder", "title")])
def test_what_is_no_list_stands_for_none_and_a_list_for_no_text(kind: str, name: str, wrong: str | int) -> None:
    given = {**samples(kind, "en"), name: [{"title": "x"}] if name == "title" else wrong}

    with pytest.raises(WrongParameter) as refused:
        LETTERS.write(kind, "en", given)

    assert refused.value.name == name


@pytest.mark.parametrize("kind", ["code_confirm_email", "code_reset_password"])
def test_a_code_goes_out_by_itself_or_by_a_link_and_never_as_neither(kind: str) -> None:
    by_code = LETTERS.write(kind, "en", {"code": "K7QM", "link": ""})
    by_link = LETTERS.write(kind, "en", {"code": "", "link": "https://study.example/code#code=K7QM"})

    assert "K7QM" in by_code.text
    assert 'href="https://study.example/code#code=K7QM"' in by_link.html
    with pytest.raises(MissingParameter):
        LETTERS.write(kind, "en", {"code": "", "link": ""})


@pytest.mark.parametrize("kind", ["code_confirm_email", "code_reset_password", "welcome"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_secret_is_in_no_line_that_a_locked_screen_or_another_channel_shows(kind: str, language: str) -> None:
    for given in ({"code": "K7QM", "link": ""}, {"code": "", "link": "https://study.example/code#code=K7QM"}):
        letter = LETTERS.write(kind, language, given)

        assert "K7QM" in letter.text
        assert "K7QM" not in letter.subject + letter.short


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_the_short_form_is_short_with_usual_and_with_endless_values(kind: str, language: str) -> None:
    given = samples(kind, language)
    endless = {
        name: value
        if not value or not isinstance(value, str) or value.startswith("https:")
        else value + " endless" * 500
        for name, value in given.items()
    }

    usual, long = (LETTERS.write(kind, language, one) for one in (given, endless))

    assert len(usual.short) <= 300
    assert len(long.short) <= 420
    assert len(long.subject) <= 330


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_subjects_and_short_forms_have_latin_digits(kind: str, language: str) -> None:
    given = samples(kind, "en")

    letter = LETTERS.write(kind, language, given)

    assert not any("০" <= one <= "৯" for one in letter.subject + letter.short)


@pytest.mark.parametrize(
    ("days", "english", "bangla"),
    [
        (-2, "due 2 days ago", "শেষ দিন 2 দিন আগে ছিল"),
        (0, "due today", "আজই শেষ দিন"),
        (1, "due tomorrow", "আর 1 দিন বাকি"),
        (30, "due in 30 days", "আর 30 দিন বাকি"),
    ],
)
def test_how_long_it_is_still_is_said_as_people_say_it(days: int, english: str, bangla: str) -> None:
    subjects = [
        LETTERS.write("reminder", language, {**samples("reminder", language), "days_left": days}).subject
        for language in LANGUAGES
    ]

    assert [subject.partition(": ")[2] for subject in subjects] == [english, bangla]


def test_counts_take_the_form_that_cldr_has_for_them() -> None:
    told = [
        LETTERS.write("import_finished", "en", {**samples("import_finished", "en"), "taken": count}).subject
        for count in (0, 1, 2, 12_345)
    ]

    assert [subject.split(": ")[1].split(" taken")[0] for subject in told] == [
        "0 rows",
        "1 row",
        "2 rows",
        "12,345 rows",
    ]


def test_a_count_that_is_none_is_refused_by_its_name() -> None:
    with pytest.raises(WrongParameter) as refused:
        LETTERS.write("reminder", "en", {**samples("reminder", "en"), "days_left": "soon"})

    assert refused.value.name == "days_left"


def test_a_deadline_is_told_in_both_zones_where_both_are_known() -> None:
    given = samples("reminder", "en")

    both = LETTERS.write("reminder", "en", given).text
    one = LETTERS.write("reminder", "en", {**given, "due_at_theirs": "", "zone_theirs": ""}).text

    assert "In your time: 1 February 2027, 10:59\nIn their time: 31 January 2027, 23:59 (Toronto)\n" in both
    assert "their time" not in one
    assert "In your time: 1 February 2027, 10:59" in one


@pytest.mark.parametrize(
    ("tag", "shown"),
    [("bn", "১ ফেব্রুয়ারি ২০২৭"), ("bn-BD", "১ ফেব্রুয়ারি ২০২৭"), ("bn-u-nu-latn", "1 ফেব্রুয়ারি 2027")],
)
def test_days_are_written_as_the_reader_wants_them(tag: str, shown: str) -> None:
    assert f"শেষ দিন: {shown}\n" in LETTERS.write("reminder", tag, samples("reminder", "bn")).text


def test_what_is_no_day_is_shown_as_it_is() -> None:
    for day in ("2027-02-30", "soon", "1 February"):
        assert f"Due on: {day}\n" in LETTERS.write("reminder", "en", {**samples("reminder", "en"), "due_on": day}).text


def test_the_footer_says_who_sends_it_and_why_and_how_to_change_that() -> None:
    plain = JinjaLetters(sender="Study Desk Dhaka").write("reminder", "en", samples("reminder", "en"))
    linked = LETTERS.write(
        "reminder",
        "en",
        {**samples("reminder", "en"), "preferences_link": "https://study.example/hers"},
        unsubscribe="https://study.example/enough",
    )

    assert plain.text.endswith(
        "\n\n-- \nStudy Desk Dhaka sends you this because you prepare your studies with it.\n\n"
        "Which messages you get, and how, is set in your account.\n"
    )
    assert "Choose which messages you get, and how: https://study.example/hers\n" in linked.text
    assert "Get no more messages of this kind: https://study.example/enough\n" in linked.text
    assert "study.example/preferences" not in linked.text


def test_a_letter_names_the_sender_that_it_was_given() -> None:
    assert JinjaLetters(sender="Study Desk").write("welcome", "en", {"code": "", "link": ""}).subject == (
        "Welcome to Study Desk"
    )
