"""Every code that can be said has a sentence in each language, and every sentence its parameters."""

import ast
import re
import unicodedata
from pathlib import Path

import pytest

import higherstudy.domain
from higherstudy.adapters.bundled.locales import LANGUAGES
from higherstudy.adapters.bundled.messages import Messages, known_codes, parameters
from higherstudy.adapters.bundled.names import known_names
from higherstudy.adapters.bundled.packs import bundled_rulebook
from higherstudy.domain.rulebook.conditions import KNOWN_CIRCUMSTANCES
from higherstudy.domain.rulebook.errors import BrokenPack
from higherstudy.domain.rulebook.pack import Rulebook
from higherstudy.domain.shared.errors import NotFound, Params, Reason
from higherstudy.ports.contracts.messages import Known, MessagesContract

DOMAIN = Path(higherstudy.domain.__file__).parent
SOURCES = DOMAIN.parent
SAYING = {"RowProblem", "Reason", "Finding", "_wrong", "_doubt", "reason", "_reason", "finding", "wrong", "note"}
CODE = re.compile(r"[a-z_]+\.[a-z_0-9]+")


class TestMessages(MessagesContract):
    @pytest.fixture
    def messages(self) -> Messages:
        return Messages()

    @pytest.fixture
    def known(self) -> Known:
        params = {"given": "6.4", "minimum": "0", "maximum": "9", "step": "0.5"}
        return Known("test.off_scale", params, "6.4 is no score here: 0 to 9 in steps of 0.5.")


class TestMessagesInBangla(MessagesContract):
    @pytest.fixture
    def messages(self) -> Messages:
        return Messages("bn")

    @pytest.fixture
    def known(self) -> Known:
        params = {"given": "6.4", "minimum": "0", "maximum": "9", "step": "0.5"}
        return Known("test.off_scale", params, "6.4 এখানে স্কোর হতে পারে না: 0 থেকে 9, প্রতি ধাপে 0.5।")


def said_codes() -> set[str]:
    """Return every text of the form ``section.name`` that our code passes on as a code."""
    found = set()
    for file in SOURCES.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else str(getattr(node.func, "attr", ""))
            if name in SAYING:
                for part in node.args:
                    for text in ast.walk(part):
                        if (
                            isinstance(text, ast.Constant)
                            and isinstance(text.value, str)
                            and CODE.fullmatch(text.value)
                        ):
                            found.add(text.value)
    return found


def changes() -> set[str]:
    """Return the codes of the changes that a finding may propose."""
    found = set()
    for file in (DOMAIN / "matching").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Change":
                (code, *_) = node.args
                assert isinstance(code, ast.Constant)
                found.add("change." + str(code.value))
    return found


NO_CODES = {
    "profile.citizenships",
    "profile.name",
    "profile.qualifications",
    "qualifications.fields",
    "qualifications.finished_on",
    "targets.starts_on",
    "targets.term",
    "key.refused",  # what the audit trail calls it
    "provider_sign_in.accepted",  # what the audit trail calls it
    "provider_sign_in.refused",
    "provider_sign_in.state_refused",
    "mailbox.out_of_order",  # what the memory mailbox says in tests,
    "budget_a_year.currency",
    "passport.number",
}  # places, not codes


def test_every_code_that_is_said_has_a_sentence() -> None:
    said = said_codes()

    assert len(said) > 150
    assert sorted(said - known_codes("en") - NO_CODES) == []


def test_both_languages_have_the_same_codes_with_the_same_parameters() -> None:
    english, bangla = known_codes("en"), known_codes("bn")

    assert english == bangla
    assert [code for code in sorted(english) if parameters("en", code) != parameters("bn", code)] == []


def test_every_name_in_english_has_one_in_bangla() -> None:
    assert known_names("en") <= known_names("bn")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_kept_of_a_language_is_in_normal_form_c(language: str) -> None:
    for name in (f"{language}.toml", f"names.{language}.toml"):
        text = (SOURCES / "adapters" / "bundled" / "messages" / name).read_text(encoding="utf-8")

        assert unicodedata.is_normalized("NFC", text)


# One parameter of each kind that a sentence may meet, under the names by which codes are known.
GIVEN: dict[str, str | int | bool | None] = {
    "test": "IELTS_AC",
    "other_test": "TOEFL_IBT_2005",
    "scale": "DE_5",
    "own_scale": "BD_UGC_4",
    "conversion": "modified-bavarian",
    "tables": "ets-toefl2005-ielts-total, ets-toefl2005-ielts-reading",
    "document": "passport",
    "level": "master",
    "of": "bachelor",
    "title": "bachelor",
    "country": "DE",
    "nationality": "BD",
    "held": "BD, IN",
    "any_of": "NP, BD",
    "none_of": "IR",
    "fields": "0613, 07",
    "parts": "listening, total",
    "needed": "6.5, writing 6.0",
    "by": "total +0.5, writing +0.5",
    "step": "DE6@saarland/winter-2027",
    "steps": "DE1, DE2",
    "waits_for": "DE10",
    "pathways": "de-dhaka-master",
    "term": "winter",
    "role": "counsellor",
    "state": "offer_conditional",
    "action": "complete",
    "what": "content_type",
    "field": "qualifications.grade.lowest_pass",
    "amount": "BDT 1,250,000.00",
    "budget": "EUR 900.50",
    "days": 12,
    "months": 1,
    "has": 0,
    "on": "2027-02-03",
    "submitted_at": "2027-02-03 10:30:00 UTC",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_can_be_said_with_all_its_parameters_and_with_each_missing_in_turn(language: str) -> None:
    messages = Messages(language, rulebook=bundled_rulebook)
    for code in sorted(known_codes(language)):
        names = sorted(parameters(language, code))
        params = {name: GIVEN.get(name, "2027-02-03" if name.endswith("_on") else "x") for name in names}

        whole = messages.sentence(code, params)
        assert whole
        assert not set("{}|") & set(whole), code
        for missing in names:
            rest = {name: value for name, value in params.items() if name != missing}
            assert set(re.findall(r"\{(\w+)\}", messages.sentence(code, rest))) == {missing}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_code_is_left_in_what_people_read_of_a_verdict_or_a_plan(language: str) -> None:
    messages = Messages(language, rulebook=bundled_rulebook)
    read = ("degree.", "grade.", "test.", "paper.", "citizenship.", "change.", "money.", "late.", "risk.", "plan.")
    raw = re.compile(r"IELTS_AC|TOEFL_IBT|DE_5|BD_UGC|modified-|ets-|\bDE\d|bachelor\b|\bNP\b|\bIR\b|\d{4}-\d\d-\d\d")
    typed = {"plan.unknown_step"}  # what was typed is shown as it was
    for code in sorted(code for code in known_codes(language) if code.startswith(read) and code not in typed):
        told = messages.sentence(code, {name: GIVEN.get(name, "7") for name in parameters(language, code)})

        assert not raw.search(told), told


def test_every_proposed_change_has_a_sentence() -> None:
    assert changes()
    assert sorted(changes() - known_codes("en")) == []


def test_a_sentence_shows_its_parameters() -> None:
    found = Messages().reason(Reason("test.off_scale", {"given": "6.4", "minimum": "0", "maximum": "9", "step": "0.5"}))

    assert found == "6.4 is no score here: 0 to 9 in steps of 0.5."


def test_a_parameter_that_is_missing_shows_as_its_name_and_never_fails() -> None:
    assert "{given}" in Messages().sentence("test.off_scale", {})


def test_a_text_with_braces_from_outside_is_shown_as_it_is() -> None:
    assert (
        Messages().sentence("data.unknown_word", {"given": "{0.__class__}", "known": "a"}).startswith('"{0.__class__}"')
    )


def test_a_code_without_a_sentence_is_still_readable() -> None:
    assert Messages().sentence("moon.too_far", {"km": 384400}) == "moon: too far (km 384400)"


@pytest.mark.parametrize(
    ("days", "english", "bangla"),
    [
        (1, "Late by 1 day:", "১ দিন দেরি:"),
        (2, "Late by 2 days:", "২ দিন দেরি:"),
        (0, "Late by 0 days:", "০ দিন দেরি:"),
    ],
)
def test_what_is_counted_stands_in_the_right_number(days: int, english: str, bangla: str) -> None:
    params: Params = {"days": days, "arrives_on": "2027-10-13", "starts_on": "2027-10-01"}

    assert Messages().sentence("told.late", params).startswith(english)
    assert Messages("bn").sentence("told.late", params).startswith(bangla)


def test_days_amounts_and_names_are_written_as_people_write_them() -> None:
    english, bangla = Messages(rulebook=bundled_rulebook), Messages("bn", rulebook=bundled_rulebook)
    needed = {"amount": "EUR 11,904.00"}
    expected = {"level": "bachelor", "title": "B.Sc. in Physics, Dhaka", "finished_on": "2027-02-03"}

    assert english.sentence("change.raise_budget", needed) == "find EUR 11,904 more a year"
    assert bangla.sentence("change.raise_budget", needed) == "বছরে আরও ১১,৯০৪ ইউরো জোগাড় করুন"
    assert english.sentence("degree.expected", expected) == (
        'A Bachelor\'s degree is required; you expect to finish "B.Sc. in Physics, Dhaka" on 3 February 2027.'
    )
    assert bangla.sentence("degree.expected", expected) == (
        'ব্যাচেলর ডিগ্রি লাগবে; আপনার "B.Sc. in Physics, Dhaka" ৩ ফেব্রুয়ারি ২০২৭ তারিখে শেষ হওয়ার কথা।'
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("EUR 11,904.00", "EUR 11,904"),
        ("EUR -900.50", "EUR -900.50"),
        ("JPY 120,000", "JPY 120,000"),
        ("KWD 3,500.000", "KWD 3,500"),
        ("HSC 2015", "HSC 2015"),
        ("GRE 320", "GRE 320"),
        ("2027-04-01, 2027-10-01", "1 April 2027 and 1 October 2027"),
        ("2027-02-30", "2027-02-30"),
        ("2026-11-23 09:00:05 UTC", "23 November 2026, 09:00:05 UTC"),
    ],
)
def test_only_what_is_an_amount_or_a_day_is_written_as_one(text: str, told: str) -> None:
    assert Messages().sentence("programme.unknown", {"id": text}) == f"There is no programme {text}."
    assert Messages().sentence("change.ask_institution", {"institution": text}) == f"ask {told} what it requires"


def test_an_amount_or_a_day_is_written_out_under_whatever_name_it_is_told() -> None:
    dip: Params = {"on": "2027-01-15", "held": "GBP 900.00", "by": "GBP 12.50"}

    english, bangla = (Messages(language).sentence("money_proof.dip", dip) for language in ("en", "bn"))

    assert english == "On 15 January 2027 only GBP 900 was there, GBP 12.50 too little."
    assert bangla == "১৫ জানুয়ারি ২০২৭ তারিখে ছিল মাত্র ৯০০ পাউন্ড, ১২.৫০ পাউন্ড কম।"


def test_scores_and_what_the_reader_typed_keep_their_digits() -> None:
    bangla = Messages("bn", rulebook=bundled_rulebook)
    too_low = {"test": "IELTS_AC", "needed": "6.5, writing 6.0", "has": "6.0, writing 5.5", "by": "total +0.5"}

    assert bangla.sentence("test.too_low", too_low) == (
        "IELTS Academic 6.5, Writing 6.0 লাগবে; আপনার আছে 6.0, Writing 5.5: ঘাটতি মোট +0.5।"
    )
    assert "2024-02-28" in bangla.sentence("data.not_a_date", {"given": "2024-02-28"})


def test_the_reader_may_keep_latin_digits_in_bangla() -> None:
    params = {"on": "2027-02-03"}

    assert "3 ফেব্রুয়ারি 2027" in Messages("bn-u-nu-latn").sentence("due.studies_begin", params)
    assert "3 ফেব্রুয়ারি 2027" in Messages("bn", own_digits=False).sentence("due.studies_begin", params)
    assert "৩ ফেব্রুয়ারি ২০২৭" in Messages("bn-BD").sentence("due.studies_begin", params)


def test_a_language_that_there_is_nothing_in_is_english() -> None:
    assert Messages("tlh").sentence("plan.no_calendar") == "There is no such calendar."


def test_an_error_as_a_whole_is_said_in_the_language() -> None:
    assert Messages("bn").error(NotFound()) == "এখানে এমন কিছু নেই।"


def test_a_sentence_is_said_even_while_no_pack_can_be_used() -> None:
    def broken() -> Rulebook:
        raise BrokenPack

    assert Messages(rulebook=broken).sentence("change.add_document", {"document": "visa"}) == 'get the paper "visa"'


def test_every_circumstance_that_a_pack_may_ask_for_has_words() -> None:
    assert {f"circumstance.{name}" for name in KNOWN_CIRCUMSTANCES} <= known_names("bn")


def test_a_step_that_pathways_call_differently_keeps_its_code() -> None:
    assert Messages(rulebook=bundled_rulebook).name("step", "ZZ9@nowhere") == "ZZ9@nowhere"
    assert Messages(steps={"ZZ9": "Pack your bags"}).name("step", "ZZ9") == '"Pack your bags"'


@pytest.mark.parametrize(
    ("far", "english", "bangla"),
    [
        ("total +16, Listening +0.5", "Short by overall +16, Listening +0.5.", "ঘাটতি মোট +16, Listening +0.5।"),
        ("12 months", "Short by 12 months.", "ঘাটতি ১২ মাস।"),
        ("1 level", "Short by 1 level.", "ঘাটতি ১ ধাপ।"),
        ("30 days", "Short by 30 days.", "ঘাটতি ৩০ দিন।"),
        ("0.25", "Short by 0.25.", "ঘাটতি 0.25।"),
        ("EUR 2,000.00", "Short by EUR 2,000.", "ঘাটতি ২,০০০ ইউরো।"),
    ],
)
def test_how_far_off_somebody_is_stands_in_the_reader_s_language(far: str, english: str, bangla: str) -> None:
    assert Messages("en").sentence("page.verdict_short", {"distance": far}) == english
    assert Messages("bn").sentence("page.verdict_short", {"distance": far}) == bangla


@pytest.mark.parametrize(
    ("country", "begins"),
    [
        ("DE", "জার্মানির নাগরিক হিসেবে জার্মানিতে পড়তে"),
        ("BD", "বাংলাদেশের নাগরিক হিসেবে বাংলাদেশে পড়তে"),
        ("CA", "কানাডার নাগরিক হিসেবে কানাডায় পড়তে"),
        ("MX", "মেক্সিকোর নাগরিক হিসেবে মেক্সিকোতে পড়তে"),
        ("HK", "হংকং-এর নাগরিক হিসেবে হংকং-এ পড়তে"),
        ("XX", "XX-এর নাগরিক হিসেবে XX-এ পড়তে"),
    ],
)
def test_names_of_countries_take_their_bangla_endings(country: str, begins: str) -> None:
    told = Messages("bn").sentence("route.no_visa", {"nationality": country, "country": country})

    assert told.startswith(begins)


def test_a_step_that_there_is_not_is_named_as_it_was_typed_even_where_others_call_a_step_so() -> None:
    words = Messages("en", rulebook=bundled_rulebook)

    assert words.sentence("plan.unknown_step", {"step": "NL2"}).startswith('The plan has no step "NL2".')
    assert '"NL2"' in Messages("bn", rulebook=bundled_rulebook).sentence("plan.unknown_step", {"step": "NL2"})
