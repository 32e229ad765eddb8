"""A case as it is read, whole, and each way in which it can be wrong with its line, its place and what is said."""

from collections.abc import Mapping
from datetime import date

import pytest
from unit.planning.test_sample_case import OFFER, read

from higherstudy.adapters.bundled.catalogue import bundled_programmes
from higherstudy.adapters.bundled.sample import sample_case_text
from higherstudy.domain.planning.case import BrokenCase, Paper
from higherstudy.domain.planning.schedule import Report
from higherstudy.domain.rulebook.limits import MOST_DAYS
from higherstudy.domain.shared.errors import Reason

TEXT = sample_case_text()
LATE = 'step = "DE3"\nstarted_on = 2025-06-20\nfinished_on = 2025-09-26\n'


def line_of(part: str, text: str = TEXT) -> int:
    return text[: text.index(part)].count("\n") + 1


def reasons(text: str) -> tuple[Reason, ...]:
    with pytest.raises(BrokenCase) as caught:
        read(text)
    return caught.value.reasons


def test_the_sample_case_is_read_whole() -> None:
    case = read(TEXT)

    assert [target.key for target in case.targets] == [
        OFFER, "tum-informatics-msc/winter-2027", "stuttgart-infotech-msc/winter-2027"
    ]  # fmt: skip
    assert case.reports == {
        "DE1": Report(date(2025, 4, 2), date(2025, 5, 11)),
        "DE2": Report(date(2025, 6, 8)),
        "DE3": Report(date(2025, 6, 20), date(2025, 9, 26)),
        "DE4": Report(date(2025, 6, 15), date(2025, 8, 3)),
        f"DE6@{OFFER}": Report(date(2026, 9, 1), date(2026, 9, 5)),
        f"DE7@{OFFER}": Report(date(2026, 9, 5), date(2026, 11, 18)),
    }
    assert case.papers is not None
    assert case.papers[:3] == (
        Paper("passport", date(2024, 2, 11), date(2034, 2, 10)),
        Paper("language_certificate", date(2025, 9, 26)),
        Paper("hsc_certificate"),
    )
    assert (case.durations, case.today, case.profile.name) == ({}, date(2026, 11, 23), "SAMPLE STUDENT")
    assert case.profile.residence is not None
    assert [target.apply_by.last_day for target in case.targets[1:] if target.apply_by] == [
        date(2027, 5, 31), date(2027, 1, 15)
    ]  # fmt: skip


def test_a_case_of_nothing_but_a_profile_is_one() -> None:
    case = read('[profile]\nname = "X"\n')

    assert (case.targets, case.reports, case.durations, case.papers, case.today) == ((), {}, {}, None, None)


def test_days_of_ones_own_are_read_up_to_the_most_that_there_may_be() -> None:
    key = f"DE7@{OFFER}"

    case = read(TEXT.replace("[[papers]]", f'[durations]\nDE10 = {MOST_DAYS}\n"{key}" = 0\n[[papers]]', 1))

    assert case.durations == {"DE10": MOST_DAYS, key: 0}


def test_a_text_that_is_no_toml_is_refused_with_what_is_wrong() -> None:
    assert reasons("a = ") == (Reason("case.not_toml", {"detail": "Invalid value (at end of document)"}, "case.toml"),)


PASSPORT, DE1, DE3 = 'kind = "passport"', 'step = "DE1"', 'step = "DE3"'
DAYS = "started_on = 2025-04-02\nfinished_on = 2025-05-11\n"


@pytest.mark.parametrize(
    ("old", "new", "line", "code", "params"),
    [
        ("finished_on = 2025-05-11", "finished_on = 2025-04-01", 0, "plan.ends_before_it_begins",
         {"place": "reports[0].finished_on"}),
        (PASSPORT, 'kind = "spellbook"', 0, "document.unknown_kind", {"kind": "spellbook", "place": "papers[0].kind"}),
        (PASSPORT, PASSPORT + '\nmood = "good"', 1, "data.unknown_key", {"place": "papers[0].mood"}),
        (PASSPORT + "\n", "", -1, "data.missing", {"place": "papers[0].kind"}),
        (DE1, 'step = "' + "X" * 90 + '"', 0, "plan.unknown_step", {"step": "X" * 80, "place": "reports[0].step"}),
        (DE1, DE1 + '\ntarget = "tum-informatics-msc/winter-2027"', 1, "plan.step_has_no_target",
         {"step": "DE1", "place": "reports[0].target"}),
        (DE1, DE1 + '\ntarget = "' + "t" * 90 + '"', 1, "plan.unknown_target",
         {"target": "t" * 80, "place": "reports[0].target"}),
        (DE1, DE1 + '\nmood = "good"', 1, "data.unknown_key", {"place": "reports[0].mood"}),
        (DE3, DE1, 0, "data.twice", {"given": "DE1", "place": "reports[2].step"}),
        (DAYS, "", -2, "data.missing", {"place": "reports[0].started_on"}),
        ('"stuttgart-infotech-msc"', '"tum-informatics-msc"', 0, "plan.target_twice",
         {"place": "targets[2].programme"}),
        ('"stuttgart-infotech-msc"', '"atlantis-msc"', 0, "programme.unknown",
         {"id": "atlantis-msc", "place": "targets[2].programme"}),
        ('programme = "stuttgart-infotech-msc"\n', "", -1, "data.missing", {"place": "targets[2].programme"}),
        ('programme = "stuttgart-infotech-msc"\n', 'programme = "stuttgart-infotech-msc"\nmood = "good"\n', 1,
         "data.unknown_key", {"place": "targets[2].mood"}),
        ("[[papers]]", "[durations]\nDE99 = 3\n[[papers]]", 1, "plan.unknown_step",
         {"step": "DE99", "place": "durations.DE99"}),
        ("[[papers]]", "[durations]\nDE6 = 3\n[[papers]]", 1, "plan.step_needs_target",
         {"step": "DE6", "place": "durations.DE6"}),
        ("[[papers]]", f"[durations]\nDE10 = {MOST_DAYS + 1}\n[[papers]]", 1, "data.number_too_large",
         {"given": str(MOST_DAYS + 1), "at_most": MOST_DAYS, "place": "durations.DE10"}),
        ("today = 2026-11-23", "mood = 3", 0, "data.unknown_key", {"place": "mood"}),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_once_with_its_line_and_place(
    old: str, new: str, line: int, code: str, params: Mapping[str, str | int]
) -> None:
    assert reasons(TEXT.replace(old, new, 1)) == (Reason(code, params, f"case.toml:{line_of(old) + line}"),)


@pytest.mark.parametrize(
    ("old", "new", "field", "code", "params"),
    [
        ('term = "summer"', 'term = "monsoon"', "term", "plan.no_such_intake",
         {"term": "monsoon", "known": "winter, summer"}),
        ("starts_on = 2027-04-01", "starts_on = 2027-04-02", "starts_on", "plan.intake_starts_otherwise",
         {"given": "2027-04-02", "starts_on": "2027-04-01"}),
    ],
)  # fmt: skip
def test_a_target_that_there_is_not_is_named_and_so_are_the_reports_on_it(
    old: str, new: str, field: str, code: str, params: Mapping[str, str]
) -> None:
    lost = {"target": OFFER}

    assert reasons(TEXT.replace(old, new, 1)) == (
        Reason(code, {**params, "place": f"targets[0].{field}"}, f"case.toml:{line_of(old)}"),
        Reason("plan.unknown_target", {**lost, "place": "reports[4].target"}, "case.toml:90"),
        Reason("plan.unknown_target", {**lost, "place": "reports[5].target"}, "case.toml:96"),
    )


def test_a_step_of_each_target_needs_one() -> None:
    without = TEXT.replace(f'step = "DE6"\ntarget = "{OFFER}"', 'step = "DE6"', 1)

    expected = {"step": "DE6", "place": "reports[4].target"}
    assert reasons(without) == (Reason("plan.step_needs_target", expected, "case.toml:88"),)


def test_without_a_pathway_nothing_is_said_of_steps() -> None:
    case = read(TEXT.replace('citizenships = ["BD"]', 'citizenships = ["ZW"]', 1).replace(DE1, 'step = "DE99"', 1))

    assert "DE99" in case.reports


def test_a_target_needs_its_day_and_its_term() -> None:
    day, term = "starts_on = 2027-10-01\n\n[[targets]]", 'term = "summer"\n'
    lost = tuple(
        Reason("plan.unknown_target", {"target": OFFER, "place": f"reports[{at}].target"}, f"case.toml:{line}")
        for at, line in ((4, 89), (5, 95))
    )

    no_day = Reason("data.missing", {"place": "targets[1].starts_on"}, "case.toml:58")
    assert reasons(TEXT.replace(day, "\n[[targets]]", 1)) == (no_day,)
    no_term = Reason("data.missing", {"place": "targets[0].term"}, "case.toml:53")
    assert reasons(TEXT.replace(term, "", 1)) == (no_term, *lost)


def test_a_step_may_begin_and_end_on_one_day() -> None:
    text = TEXT.replace("finished_on = 2025-05-11", "finished_on = 2025-04-02", 1)

    assert read(text).reports["DE1"] == Report(date(2025, 4, 2), date(2025, 4, 2))


def test_a_target_names_its_programme_and_has_the_deadline_of_those_who_need_a_visa() -> None:
    tum = read(TEXT).targets[1]

    assert tum.ref.programme_id == next(one.id for one in bundled_programmes() if one.key == "tum-informatics-msc")
