"""The commands speak the language that the option, the variable or the system asks for."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import higherstudy.entrypoints.cli
from higherstudy.adapters.bundled.locales import LANGUAGES
from higherstudy.adapters.bundled.messages import known_codes
from higherstudy.entrypoints.cli.language import accepted, chosen_language, language

Run = Callable[..., Any]
MONEY = Path(__file__).parents[3] / "examples" / "uk-28-days.toml"
SAME_STEP = "ব্যাংকে স্টুডেন্ট ফাইল খুলুন"


@pytest.mark.parametrize(
    ("arguments", "environ", "chosen"),
    [
        ([], {}, "en"),
        (["--language", "bn"], {}, "bn"),
        (["--language=bn-u-nu-latn"], {"HIGHERSTUDY_LANGUAGE": "en"}, "bn-u-nu-latn"),
        ([], {"HIGHERSTUDY_LANGUAGE": "bn", "LANG": "en_GB.UTF-8"}, "bn"),
        ([], {"LANG": "bn_BD.UTF-8"}, "bn_BD.UTF-8"),
        ([], {"LC_ALL": "C", "LANG": "bn_BD.UTF-8"}, "en"),
        ([], {"LC_ALL": "", "LANG": "bn_BD"}, "bn_BD"),
        ([], {"HIGHERSTUDY_LANGUAGE": "", "LANG": "tlh"}, "en"),
    ],
)
def test_the_option_goes_before_the_variable_and_that_before_the_system(
    arguments: list[str], environ: dict[str, str], chosen: str
) -> None:
    with chosen_language(["plan", *arguments, "--json"], environ) as rest:
        spoken = language()

    assert (rest, spoken) == (["plan", "--json"], chosen)
    assert language() == "en"


def test_a_server_is_asked_in_the_form_that_headers_have() -> None:
    with chosen_language([], {"LANG": "bn_BD.UTF-8"}):
        assert accepted() == "bn-BD"


def test_a_plan_names_steps_reasons_and_advice_in_bangla(run: Run, sample: Path) -> None:
    plan = run("plan", sample, "--language", "bn", "--today", "2026-11-23")

    assert plan.code == 0
    assert f"এরপর: {SAME_STEP}" in plan.out
    assert "৩ জুন ২০২৭" in plan.out
    assert "যা থেকে তারিখ ঠিক হয়: দূতাবাসের অপেক্ষার তালিকায় নাম লেখান" in " ".join(plan.out.split())


def test_a_verdict_is_told_as_a_whole_in_bangla(run: Run, sample: Path) -> None:
    verdict = run("verdict", sample, "saarland-computer-science-msc", "--language", "bn")

    assert "শর্ত পূরণ হয়নি: " in verdict.out
    assert "যা করলে বদলাবে: " in verdict.out


def test_wrong_input_is_refused_in_bangla(run: Run, changed_sample: Callable[..., Path]) -> None:
    file = changed_sample(('"BD_UGC_4"', '"BD_UGC_9"'))

    refused = run("--language=bn", "plan", file)

    assert refused.code == 2
    assert "নামে কোনো গ্রেড স্কেল নেই।" in refused.err


@pytest.mark.parametrize("asked", [("--language", "tlh"), ("--language=",), ("--language",)])
def test_a_language_that_nobody_speaks_here_is_refused_in_one_sentence(run: Run, asked: tuple[str, ...]) -> None:
    refused = run("plan", *asked)

    assert refused.code == 2
    assert refused.err.startswith("higherstudy: --language: One of en and bn is expected")


@pytest.mark.parametrize("command", [("plan",), ("plan", "today"), ("plan", "board"), ("plan", "chance")])
def test_the_frames_of_a_page_are_in_bangla_too(run: Run, sample: Path, command: tuple[str, ...]) -> None:
    page = run(*command, sample, "--language", "bn").out
    frames = [line for line in page.splitlines() if line and not line.startswith(" ")]

    english = re.compile(r"^(TODAY|TIMELINE|DEADLINES|MONEY|PAPERS|YOUR|WHAT|TO DO|IN PROGRESS|DONE|An estimate)\b")
    assert [line for line in frames if english.match(line)] == []
    assert re.search(r"\b(Jan|Feb|Mar|Apr|Aug|Sep|Oct|Nov|Dec) 20\d\d", page) is None


def test_every_phrase_of_the_pages_is_in_both_languages() -> None:
    sources = (Path(higherstudy.entrypoints.cli.__file__).parent).rglob("*.py")
    said = {code for source in sources for code in re.findall(r'\bsay\("(\w+)"', source.read_text(encoding="utf-8"))}

    assert len(said) > 60
    for language_tag in LANGUAGES:
        assert {f"page.{code}" for code in said} - known_codes(language_tag) == set()


@pytest.mark.parametrize("command", ["match", "unlock", "verdict"])
def test_pages_of_verdicts_have_no_english_frame_in_bangla(run: Run, sample: Path, command: str) -> None:
    programme = ("tum-informatics-msc",) if command == "verdict" else ()

    told = " ".join(run(command, sample, *programme, "--language", "bn", "--today", "2026-11-23").out.split())

    assert "ভর্তির সম্ভাবনা নিয়ে কিছু বলা হয় না" in told
    for english in ("probably met", "not known", "Source:", "is required", "To change it", "This judges"):
        assert f" {english} " not in f" {told} "


def test_a_proof_of_money_has_no_english_frame_in_bangla(run: Run) -> None:
    told = " ".join(run("money", MONEY, "--language", "bn").out.split())

    assert "বাকি টিউশন ফি: ১৩,০০০ পাউন্ড" in told
    assert "সাবধানতার জন্য ২ শতাংশ ধরে" in told
    for english in ("not enough", "Together", "What is", "that is", "tuition", "in force since", "by the"):
        assert english not in told


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (("grade", "3.50", "--scale", "BD_UGC_4", "--to", "DE_5", "--lowest-pass", "2.00"), "সর্বনিম্ন পাস 2.00 ধরে"),
        (("score", "IELTS_AC", "6.5", "--taken-on", "2025-09-13", "--today", "2026-11-23"), "শেষ দিন ১৩ সেপ ২০২৭"),
    ],
)
def test_a_grade_and_a_score_by_themselves_have_no_english_frame_in_bangla(
    run: Run, command: tuple[str, ...], told: str
) -> None:
    page = " ".join(run(*command, "--language", "bn").out.split())

    assert told in page
    for english in ("Reckoned", "read on", "How the receiver", "What it", "the last day"):
        assert english not in page
