"""Grades and scores, asked about by anybody."""

from typing import Any

import httpx2
import pytest

GRADE = {"value": "3.50", "scale": "BD_UGC_4", "to": "DE_5", "lowest_pass": "2.00"}


async def test_a_grade_is_converted_by_every_way_with_its_source_and_whose_word_counts(
    anybody: httpx2.AsyncClient,
) -> None:
    answer = (await anybody.get("/v1/grades/conversions", params=GRADE)).json()

    (one,) = answer["items"]
    assert (one["shown"], one["value"], one["rounding"], one["holds"]) == ("1.75", "1.75", None, True)
    assert {way["policy"]: way["value"] for way in one["as_rounded"]} == {
        "exact": "1.75",
        "truncate_1": "1.7",
        "half_up_1": "1.8",
    }
    assert (one["confidence"], one["source"]["id"]) == ("M", "grades-bavarian")
    assert answer["binding"]["code"] == "grade.conversion_is_estimate"


@pytest.mark.parametrize(
    ("changed", "field", "code"),
    [
        ({"value": "4.2"}, "value", "grade.off_scale"),
        ({"value": "1e3"}, "value", "data.not_decimal"),
        ({"scale": "MOON"}, "scale", "grade.unknown_scale"),
        ({"to": "MOON"}, "to", "grade.unknown_scale"),
        ({"lowest_pass": "4.00"}, "lowest_pass", "grade.pass_not_below_best"),
        ({"awarding": "x" * 500}, "awarding", "data.too_long"),
        ({"receiving": "\x07"}, "receiving", "data.not_text"),
    ],
)
async def test_a_grade_that_cannot_be_is_refused_by_its_field(
    anybody: httpx2.AsyncClient, changed: dict[str, str], field: str, code: str
) -> None:
    answer = await anybody.get("/v1/grades/conversions", params={**GRADE, **changed})

    assert answer.status_code == 422
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [(field, code)]


RESULT: dict[str, Any] = {
    "taken_on": "2025-09-13",
    "sections": {"listening": "7.0", "reading": "6.5", "writing": "6.0", "speaking": "6.5"},
}


async def test_a_result_is_checked_and_shown_by_each_table(anybody: httpx2.AsyncClient) -> None:
    answer = (await anybody.post("/v1/tests/IELTS_AC/check", json=RESULT, params={"on": "2026-11-23"})).json()

    assert (answer["total"], answer["total_by_rule"], answer["until"], answer["counts"]) == (
        "6.5",
        "6.5",
        "2027-09-13",
        True,
    )
    total = [one for one in answer["corresponding"] if one["table"] == "ets-ielts-toefl2005-total"]
    assert [(one["to_test"], one["to_score"], one["publisher"]) for one in total] == [("TOEFL_IBT_2005", "79", "ETS")]
    assert answer["label"]["code"] == "test.correspondence_is_estimate"


@pytest.mark.parametrize(
    ("test", "changed", "field", "code"),
    [
        ("MOON", {}, "code", "test.unknown"),
        ("IELTS_AC", {"total": "7.5"}, "total", "test.total_differs"),
        ("IELTS_AC", {"sections": {"dancing": "6"}}, "sections.dancing", "test.unknown_section"),
        ("IELTS_AC", {"taken_on": "9999-12-31"}, "taken_on", "data.day_out_of_range"),
        ("IELTS_AC", {"sections": {"listening": 7}}, "sections.listening", "data.does_not_fit"),
        ("IELTS_AC", {"colour": "red"}, "colour", "data.unknown_key"),
        ("TOEFL_IBT_2005", {"taken_on": "2026-02-01", "total": "90", "sections": {}}, "code", "test.wrong_edition"),
    ],
)
async def test_a_result_that_cannot_be_is_refused_by_its_field(
    anybody: httpx2.AsyncClient, test: str, changed: dict[str, Any], field: str, code: str
) -> None:
    answer = await anybody.post(f"/v1/tests/{test}/check", json={**RESULT, **changed})

    assert answer.status_code == 422
    assert (field, code) in [(error["field"], error["code"]) for error in answer.json()["errors"]]
