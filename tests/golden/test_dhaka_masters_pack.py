"""The whole pack of papers for a Master's in Germany from Dhaka: SiGBa, Masters Applicants VFS A-to-Z, 2025 (M)."""

import pytest

from higherstudy.adapters.bundled.packs import bundled_rulebook
from higherstudy.domain.rulebook.conditions import Circumstances
from higherstudy.domain.rulebook.papers import ChecklistItem

RULES = bundled_rulebook()
PACK = RULES.checklists["de-dhaka-master-sigba"]
MONEY = ("blocked_account", "verpflichtungserklaerung", "scholarship_award")

# p. 7 and 8: place, code, section, papers, original, copies
ITEMS = {
    1: ("vfs_confirmation", "main", ("vfs_confirmation",), 1, 0),
    2: ("vfs_checklist", "main", ("vfs_checklist",), 1, 0),
    3: ("visa_form", "main", ("visa_form",), 1, 0),
    4: ("declaration_consent", "main", ("declaration_consent",), 1, 0),
    5: ("passport", "main", ("passport",), 1, 0),
    6: ("passport_copy_x2", "main", ("passport",), 0, 2),
    7: ("photo", "main", ("photo",), 1, 0),
    8: ("offer_enrolment", "main", ("admission_letter",), 1, 0),
    9: ("ielts", "main", ("language_certificate",), 1, 0),
    10: ("german_cert", "main", ("german_certificate",), 1, 0),
    11: ("hsc_c_m", "main", ("hsc_certificate",), 1, 0),
    12: ("bachelor_c_m", "main", ("bachelor_certificate",), 1, 0),
    13: ("lom", "main", ("motivation_letter",), 1, 0),
    14: ("cv", "main", ("cv",), 1, 0),
    15: ("health_ins", "main", ("health_insurance",), 1, 0),
    16: ("travel_ins", "main", ("travel_insurance",), 1, 0),
    17: ("blocked_account", "main", MONEY, 1, 0),
    18: ("late_arrival", "main", ("late_arrival_permission",), 1, 0),
    19: ("job_exp", "additional", ("job_experience",), 1, 0),
    20: ("internship", "additional", ("internship_certificate",), 1, 0),
    21: ("club", "additional", ("club_certificate",), 1, 0),
    22: ("ssc_c_m", "additional", ("ssc_certificate",), 1, 0),
    23: ("noc_university", "additional", ("noc_university",), 1, 0),
    24: ("noc_job", "additional", ("noc_job",), 1, 0),
}


def item(code: str) -> ChecklistItem:
    """The item of the pack with the code."""
    return next(one for one in PACK.items if one.code == code)


def test_the_pack_has_these_papers_and_no_others() -> None:
    assert [one.order for one in PACK.items] == list(ITEMS)


@pytest.mark.parametrize("place", ITEMS)
def test_the_paper_stands_at_its_place(place: int) -> None:
    found = PACK.items[place - 1]

    assert (found.code, found.section, found.documents, found.original, found.copies) == ITEMS[place]


# p. 2 to 6: what is asked of whom; None is not known yet
WHEN: dict[str, tuple[str, Circumstances, bool | None]] = {
    "German for a programme in German": ("german_cert", {"programme_language": "de"}, True),
    "no German for one in English": ("german_cert", {"programme_language": "en"}, False),
    "late arrival where it is late": ("late_arrival", {"late_arrival_expected": True}, True),
    "no permission where it is not": ("late_arrival", {"late_arrival_expected": False}, False),
    "work where there was some": ("job_exp", {"work_experience": True}, True),
    "an internship where there was one": ("internship", {"internship": True}, True),
    "a club where there was one": ("club", {"club_activity": True}, True),
    "no objection by the university below the minimum": (
        "noc_university",
        {"test_below_programme_minimum": True},
        True,
    ),
    "no objection by the university on a letter of medium of instruction": (
        "noc_university",
        {"test_below_programme_minimum": False, "offer_basis": "moi"},
        True,
    ),
    "none where the test is good enough": (
        "noc_university",
        {"test_below_programme_minimum": False, "offer_basis": "test"},
        False,
    ),
    "not known while the offer's basis is not": ("noc_university", {"test_below_programme_minimum": False}, None),
    "no objection by the employer of who works": ("noc_job", {"employed": True}, True),
    "none of who does not": ("noc_job", {"employed": False}, False),
}


@pytest.mark.parametrize("case", WHEN)
def test_a_paper_is_asked_for_under_its_condition(case: str) -> None:
    code, circumstances, needed = WHEN[case]
    condition = item(code).required_when
    assert condition is not None

    assert condition.answer(circumstances).holds is needed


ADDED: dict[str, tuple[str, Circumstances, str]] = {
    "older passports": ("passport", {"several_passports": True}, "older_passports"),
    "certificates of enrolment": ("offer_enrolment", {"enrolled": True}, "enrolment_certificate"),
    "the embassy's statement": ("ielts", {"test_expired_after_enrolment": True}, "embassy_ielts_statement"),
    "a year's tuition at a private one": ("blocked_account", {"university_sector": "private"}, "tuition_year1_receipt"),
    "the marksheet of the HSC": ("hsc_c_m", {}, "hsc_marksheet"),
    "the marksheet of the Bachelor's": ("bachelor_c_m", {}, "bachelor_transcript"),
    "the marksheet of the SSC": ("ssc_c_m", {}, "ssc_marksheet"),
}


@pytest.mark.parametrize("case", ADDED)
def test_another_paper_comes_with_it_under_its_condition(case: str) -> None:
    code, circumstances, added = ADDED[case]

    found = [paper for more in item(code).additions if more.when.answer(circumstances).holds for paper in more.add]

    assert found == [added]


def test_the_rules_for_the_papers_as_a_whole_are_those_of_the_list() -> None:
    assert {rule.code for rule in PACK.rules} >= {
        "list_order",
        "no_staples",
        "sign_on_site",
        "no_digital_signatures",
        "signature_as_passport",
        "newest_passport_number_everywhere",
        "no_affidavit",
        "leave_nothing_out",
        "addresses_may_differ",
        "parents_address",
    }


VFS = {
    # as of September 2025 (M)
    "de.dhaka.vfs.service_fee": "1457 BDT",
    "de.dhaka.vfs.lounge_extra": "4025 BDT",
    "de.dhaka.vfs.lounge_total": "5482 BDT",
    "de.dhaka.vfs.courier_fee": "250 BDT",
    "de.dhaka.visa_fee": "75 EUR",
    "de.dhaka.visa_fee.cash_reserve": "2000 to 3000 BDT",
    "de.dhaka.vfs.card_margin": "500 to 1000 BDT",
    "de.dhaka.vfs.wait_after_failure": "2 hours",
    # the embassy itself (H): texts of 2024 and 2023
    "de.dhaka.processing_weeks": "4 weeks",
    "de.dhaka.readiness_days": "7 days",
    "de.waiting_list.dhaka.2023": "19 months",
}


@pytest.mark.parametrize("fact", VFS)
def test_a_figure_of_the_mission_is_that_of_its_source(fact: str) -> None:
    found = RULES.fact(fact)

    assert f"{found.value} {found.unit}" == VFS[fact]
