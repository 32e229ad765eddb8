"""Whatever comes in: one clear answer that names the place, and never a failure of the server."""

import json
from typing import Any

import pytest
from records import Record, Shared, everything

NO_SUCH = "0198c0de-5f3a-7c11-9d5b-2f6a1d0c4b7e"
JSON = {"content-type": "application/json"}
V1 = {"If-Match": '"1"'}
DEEP = b'{"name":' + b"[" * 5000 + b"]" * 5000 + b"}"
BEYOND_STACK = b"[" * 200_000
ACCOUNT = {"email": "rahim@example.org", "password": "seven quiet rivers at dawn"}

Row = tuple[str, str, str, dict[str, Any], int, str]
"""What is wrong, method, path, request, expected status, and what the answer names."""


def raw(content: bytes, **headers: str) -> dict[str, Any]:
    return {"content": content, "headers": {**JSON, **headers}}


def patch(**data: Any) -> dict[str, Any]:
    return {"json": data, "headers": {"If-Match": '"2"'}}


PROFILE = "/v1/students/me/profile"
ROWS: list[Row] = [
    # the body as such
    ("no JSON", "POST", "/v1/accounts", raw(b"{"), 400, "request.not_json"),
    ("nothing", "POST", "/v1/accounts", raw(b""), 422, "data.does_not_fit"),
    ("invalid UTF-8", "POST", "/v1/accounts", raw(b'{"email":"\xff\xfe","password":"x"}'), 400, "request.not_json"),
    ("lone surrogate", "POST", "/v1/accounts", raw(b'{"email":"\\ud800","password":"x"}'), 400, "request.not_json"),
    ("null character", "POST", "/v1/accounts", raw(b'{"email":"a\\u0000@b.org","password":"x"}'), 422, "email"),
    ("null character in a name", "POST", "/v1/accounts", raw(b'{"a\\u0000":1}'), 422, "data.null_character"),
    ("nested deep", "POST", "/v1/accounts", raw(DEEP), 400, "data.nested_too_deep"),
    ("nested beyond any stack", "POST", "/v1/accounts", raw(BEYOND_STACK), 400, "data.nested_too_deep"),
    ("a list", "POST", "/v1/accounts", raw(b"[]"), 422, "data.does_not_fit"),
    ("a number", "POST", "/v1/accounts", raw(b"7"), 422, "data.does_not_fit"),
    ("null", "POST", "/v1/accounts", raw(b"null"), 422, "data.does_not_fit"),
    (
        "another type",
        "POST",
        "/v1/accounts",
        {"content": b"<a/>", "headers": {"content-type": "text/xml"}},
        415,
        "Content-Type",
    ),
    ("no type", "POST", "/v1/accounts", {"content": b"{}"}, 415, "Content-Type"),
    ("too large", "POST", "/v1/accounts", raw(b'{"name":"' + b"x" * 1_100_000 + b'"}'), 413, "request.too_large"),
    ("trailing words", "POST", "/v1/accounts", raw(json.dumps(ACCOUNT).encode() + b"x"), 400, "request.not_json"),
    ("an endless number", "POST", "/v1/accounts", raw(b'{"email":' + b"9" * 5000 + b"}"), 400, "request.not_json"),
    ("a number out of range", "POST", "/v1/accounts", raw(b'{"email":1e999}'), 400, "request.not_json"),
    # accounts
    ("unknown field", "POST", "/v1/accounts", {"json": {**ACCOUNT, "admin": True}}, 422, "admin"),
    ("missing field", "POST", "/v1/accounts", {"json": {"email": "a@b.org"}}, 422, "password"),
    ("wrong types", "POST", "/v1/accounts", {"json": {"email": 1, "password": [], "name": {}}}, 422, "name"),
    ("malformed address", "POST", "/v1/accounts", {"json": {**ACCOUNT, "email": "rahim"}}, 422, "email.malformed"),
    ("weak password", "POST", "/v1/accounts", {"json": {**ACCOUNT, "password": "short"}}, 422, "password.too_short"),
    ("endless password", "POST", "/v1/accounts", {"json": {**ACCOUNT, "password": "x" * 5000}}, 422, "password"),
    ("endless name", "POST", "/v1/accounts", {"json": {**ACCOUNT, "name": "x" * 5000}}, 422, "name"),
    ("taken address", "POST", "/v1/accounts", {"json": {**ACCOUNT, "email": "nadia@example.org"}}, 409, "email_taken"),
    ("wrong password", "POST", "/v1/sessions", {"json": {**ACCOUNT, "password": "x"}}, 401, "sign_in_refused"),
    (
        "blank key",
        "POST",
        "/v1/accounts",
        {"json": ACCOUNT, "headers": {"Idempotency-Key": " "}},
        400,
        "Idempotency-Key",
    ),
    (
        "long key",
        "POST",
        "/v1/accounts",
        {"json": ACCOUNT, "headers": {"Idempotency-Key": "k" * 900}},
        400,
        "Idempotency-Key",
    ),
    # addresses
    ("no such route", "GET", "/v1/nothing", {}, 404, "not_found"),
    ("no such method", "DELETE", "/v1/me", {}, 405, "method_not_allowed"),
    ("null character in the path", "GET", "/v1/students/a%00b/profile", {}, 400, "path"),
    ("null character in the query", "GET", "/v1/programmes?text=a%00", {}, 400, "query"),
    ("invalid UTF-8 in the query", "GET", "/v1/programmes?text=%ff%fe", {}, 200, ""),
    ("no id", "GET", "/v1/students/42/profile", {}, 422, "student_id"),
    ("no id of a plan", "GET", "/v1/plans/42", {}, 422, "plan_id"),
    ("no id of a document", "GET", "/v1/documents/42", {}, 422, "document_id"),
    ("no id of an application", "GET", "/v1/applications/42/missing", {}, 422, "application_id"),
    ("no id of a programme", "GET", "/v1/programmes/42", {}, 422, "programme_id"),
    ("somebody else's record", "GET", f"/v1/students/{NO_SUCH}/profile", {}, 404, "not_found"),
    ("no such plan", "GET", f"/v1/plans/{NO_SUCH}", {}, 404, "not_found"),
    ("no such programme", "GET", f"/v1/programmes/{NO_SUCH}", {}, 404, "not_found"),
    ("no such institution", "GET", f"/v1/institutions/{NO_SUCH}", {}, 404, "not_found"),
    # profile
    ("no If-Match", "PATCH", PROFILE, {"json": {}}, 428, "If-Match"),
    ("stale If-Match", "PATCH", PROFILE, {"json": {}, "headers": V1}, 412, "stale_version"),
    ("broken If-Match", "PATCH", PROFILE, {"json": {}, "headers": {"If-Match": "two"}}, 400, "If-Match"),
    ("weak If-Match", "PATCH", PROFILE, {"json": {}, "headers": {"If-Match": 'W/"2"'}}, 400, "If-Match"),
    ("endless If-Match", "PATCH", PROFILE, {"json": {}, "headers": {"If-Match": f'"{"9" * 99}"'}}, 400, "If-Match"),
    ("a list as patch", "PATCH", PROFILE, {"json": [], "headers": {"If-Match": '"2"'}}, 422, "data."),
    ("unknown key", "PATCH", PROFILE, patch(shoe_size=38), 422, "shoe_size"),
    ("no such day", "PATCH", PROFILE, patch(birth_date="2002-02-30"), 422, "birth_date"),
    ("a day of another age", "PATCH", PROFILE, patch(birth_date="9999-12-31"), 422, "birth_date"),
    (
        "no such zone",
        "PATCH",
        PROFILE,
        patch(residence={"country": "BD", "zone": "../etc/passwd"}),
        422,
        "residence.zone",
    ),
    ("no such country", "PATCH", PROFILE, patch(citizenships=["Bangladesh"]), 422, "citizenships[0]"),
    ("a float", "PATCH", PROFILE, patch(budget_a_year={"amount": 1.5, "currency": "EUR"}), 422, "budget_a_year.amount"),
    (
        "a huge amount",
        "PATCH",
        PROFILE,
        patch(budget_a_year={"amount": "1e999999", "currency": "EUR"}),
        422,
        "budget_a_year",
    ),
    (
        "an exotic amount",
        "PATCH",
        PROFILE,
        patch(budget_a_year={"amount": "sNaN", "currency": "EUR"}),
        422,
        "budget_a_year",
    ),
    (
        "no such currency",
        "PATCH",
        PROFILE,
        patch(budget_a_year={"amount": "1", "currency": "euro"}),
        422,
        "budget_a_year",
    ),
    ("no such test", "PATCH", PROFILE, patch(tests=[{"code": "X", "taken_on": "2025-01-01"}]), 422, "tests[0].code"),
    (
        "a score off its scale",
        "PATCH",
        PROFILE,
        patch(tests=[{"code": "IELTS_AC", "taken_on": "2025-01-01", "total": "1e99"}]),
        422,
        "tests[0].total",
    ),
    (
        "a score that is none",
        "PATCH",
        PROFILE,
        patch(tests=[{"code": "IELTS_AC", "taken_on": "2025-01-01", "total": "NaN"}]),
        422,
        "tests[0].total",
    ),
    (
        "a grade off its scale",
        "PATCH",
        PROFILE,
        patch(qualifications=[{"level": "bachelor", "grade": {"scale": "BD_UGC_4", "value": "Infinity"}}]),
        422,
        "qualifications[0].grade",
    ),
    ("text for a list", "PATCH", PROFILE, patch(tests="many"), 422, "tests"),
    ("a number for a text", "PATCH", PROFILE, patch(name=7), 422, "name"),
    ("an endless text", "PATCH", PROFILE, patch(name="x" * 100_000), 422, "name"),
    ("nested patch", "PATCH", PROFILE, patch(residence={"a": {"a": {"a": {"a": {"a": {"a": 1}}}}}}), 422, "residence"),
    # catalogue
    ("no number", "GET", "/v1/programmes?limit=many", {}, 422, "limit"),
    ("too many", "GET", "/v1/programmes?limit=1000", {}, 422, "limit"),
    ("less than one", "GET", "/v1/programmes?limit=0", {}, 422, "limit"),
    ("a broken cursor", "GET", "/v1/programmes?cursor=%21%21", {}, 422, "cursor"),
    ("a made-up cursor", "GET", "/v1/programmes?cursor=WzEsMl0", {}, 422, "cursor"),
    ("a cursor of another list", "GET", "/v1/programmes?cursor=MjA", {}, 422, "cursor"),
    ("an endless cursor", "GET", f"/v1/programmes?cursor={'a' * 3000}", {}, 422, "cursor"),
    ("no such level", "GET", "/v1/programmes?level=kindergarten", {}, 422, "level"),
    ("no such country code", "GET", "/v1/programmes?country=Germany", {}, 422, "country"),
    ("an endless text to look for", "GET", f"/v1/programmes?text={'a' * 500}", {}, 422, "text"),
    ("a pattern to look for", "GET", "/v1/programmes?text=%25_%5C%27%22%3B--", {}, 200, ""),
    # verdicts
    ("no programme", "GET", "/v1/students/me/verdicts", {}, 422, "programme"),
    ("no id in a shortlist", "GET", "/v1/students/me/verdicts?programme=x", {}, 422, "programme"),
    ("an unknown programme", "GET", f"/v1/students/me/verdicts?programme={NO_SUCH}", {}, 404, "programme.unknown"),
    ("a day that is none", "GET", f"/v1/students/me/verdicts/{NO_SUCH}?on=2027-02-30", {}, 422, "on"),
    ("a day of another age to judge for", "GET", "/v1/students/me/matches?on=9999-12-31", {}, 422, "on"),
    ("a day before all days", "GET", "/v1/students/me/matches?on=0001-01-01", {}, 422, "on"),
    ("a negative place", "GET", "/v1/students/me/matches?cursor=LTU", {}, 422, "cursor"),
    ("a place beyond all", "GET", "/v1/students/me/matches?cursor=OTk5OTk5OTk5OTk5OTk", {}, 422, "cursor"),
    # plans
    ("no target", "POST", "/v1/students/me/plans", {"json": {"targets": []}}, 422, "targets"),
    (
        "many wrong targets",
        "POST",
        "/v1/students/me/plans",
        {"json": {"targets": [{"programme_id": "x"}, 7]}},
        422,
        "targets[0].term",
    ),
    (
        "an unknown target",
        "POST",
        "/v1/students/me/plans",
        {"json": {"targets": [{"programme_id": NO_SUCH, "term": "winter", "starts_on": "2027-10-01"}]}},
        404,
        "programme.unknown",
    ),
    (
        "another intake",
        "POST",
        "/v1/students/me/plans",
        {"json": {"targets": [{"programme_id": "{programme}", "term": "monsoon", "starts_on": "2027-10-01"}]}},
        422,
        "targets",
    ),
    (
        "another start",
        "POST",
        "/v1/students/me/plans",
        {"json": {"targets": [{"programme_id": "{programme}", "term": "winter", "starts_on": "2027-11-11"}]}},
        422,
        "targets",
    ),
    (
        "a start of another age",
        "POST",
        "/v1/students/me/plans",
        {"json": {"targets": [{"programme_id": "{programme}", "term": "winter", "starts_on": "9999-10-01"}]}},
        422,
        "targets[0].starts_on",
    ),
    (
        "a year that is a number",
        "POST",
        "/v1/students/me/plans",
        {"json": {"targets": [{"programme_id": "{programme}", "term": "winter", "starts_on": 2027}]}},
        422,
        "targets[0].starts_on",
    ),
    (
        "a plan without If-Match",
        "PUT",
        "/v1/plans/{plan}/targets",
        {"json": {"targets": [{"programme_id": "{programme}", "term": "winter", "starts_on": "2027-10-01"}]}},
        428,
        "If-Match",
    ),
    ("today of another age", "GET", "/v1/plans/{plan}?today=9999-12-31", {}, 422, "today"),
    (
        "an unknown step",
        "PUT",
        "/v1/plans/{plan}/steps/XY1",
        {"json": {"started_on": "2026-01-01"}, "headers": V1},
        422,
        "plan.unknown_step",
    ),
    (
        "a strange step",
        "PUT",
        "/v1/plans/{plan}/steps/%2e%2e/%2e%2e/etc@%f0%9f%92%a9",
        {"json": {"started_on": "2026-01-01"}, "headers": V1},
        422,
        "plan.unknown_step",
    ),
    (
        "an end in the future",
        "PUT",
        "/v1/plans/{plan}/steps/DE1",
        {"json": {"finished_on": "2030-01-01"}, "headers": V1},
        422,
        "finished_on",
    ),
    (
        "an end before the beginning",
        "PUT",
        "/v1/plans/{plan}/steps/DE1",
        {"json": {"started_on": "2026-02-01", "finished_on": "2026-01-01"}, "headers": V1},
        422,
        "finished_on",
    ),
    (
        "a step out of turn",
        "PUT",
        "/v1/plans/{plan}/steps/DE17",
        {"json": {"finished_on": "2026-01-01"}, "headers": V1},
        422,
        "plan.waits_for",
    ),
    (
        "what if an unknown step",
        "POST",
        "/v1/plans/{plan}/what-ifs",
        {"json": {"durations": {"XY1": 3}}},
        404,
        "plan.unknown_step",
    ),
    (
        "what if for ever",
        "POST",
        "/v1/plans/{plan}/what-ifs",
        {"json": {"durations": {"DE2": 10**12}}},
        422,
        "durations.DE2",
    ),
    (
        "what if backwards",
        "POST",
        "/v1/plans/{plan}/what-ifs",
        {"json": {"durations": {"DE2": -1}}},
        422,
        "durations.DE2",
    ),
    (
        "what if nothing was aimed at",
        "POST",
        "/v1/plans/{plan}/what-ifs",
        {"json": {"drop": ["tum-informatics-msc/winter-2027"]}},
        422,
        "target",
    ),
    ("what if in another age", "POST", "/v1/plans/{plan}/what-ifs", {"json": {"today": "9999-01-01"}}, 422, "today"),
    (
        "what if an end before the beginning",
        "POST",
        "/v1/plans/{plan}/what-ifs",
        {"json": {"reports": {"DE2": {"started_on": "1950-01-01"}}}},
        200,
        "",
    ),
    ("no such calendar", "GET", "/v1/calendars/guessed.ics", {}, 404, "not_found"),
    # documents
    ("no such kind", "POST", "/v1/students/me/documents", {"json": {"kind": "diary"}}, 422, "kind"),
    (
        "an endless label",
        "POST",
        "/v1/students/me/documents",
        {"json": {"kind": "passport", "label": "x" * 999}},
        422,
        "label",
    ),
    ("an empty file", "POST", "/v1/documents/{document}/versions", {"content": b""}, 422, "file.empty"),
    (
        "another kind of file",
        "POST",
        "/v1/documents/{document}/versions?file_name=a.pdf",
        {"content": b"MZ\x90\x00"},
        415,
        "file",
    ),
    (
        "too large a file",
        "POST",
        "/v1/documents/{document}/versions",
        {"content": b"%PDF-" + b"x" * (21 * 2**20)},
        413,
        "file",
    ),
    (
        "an end before the issue",
        "POST",
        "/v1/documents/{document}/versions?issued_on=2026-01-01&expires_on=2025-01-01",
        {"content": b"%PDF-1.7"},
        422,
        "expires_on",
    ),
    (
        "a day of another age on a paper",
        "POST",
        "/v1/documents/{document}/versions?issued_on=9999-01-01",
        {"content": b"%PDF-1.7"},
        422,
        "issued_on",
    ),
    (
        "an upload over another version",
        "POST",
        "/v1/documents/{document}/versions",
        {"content": b"%PDF-1.7", "headers": {"If-Match": '"7"'}},
        412,
        "stale_version",
    ),
    ("to be judged on no day", "GET", "/v1/documents/{document}/judgement?on=soon", {}, 422, "on"),
    ("to be judged in another age", "GET", "/v1/documents/{document}/judgement?on=9999-12-31", {}, 422, "on"),
    (
        "an answer without a reason",
        "PUT",
        "/v1/documents/{document}/answer",
        {"json": {"answer": "does_not_apply"}},
        422,
        "reason",
    ),
    ("no such answer", "PUT", "/v1/documents/{document}/answer", {"json": {"answer": "perhaps"}}, 422, "answer"),
    (
        "a version that is not there",
        "GET",
        "/v1/documents/{document}/versions/9/content",
        {},
        404,
        "document.no_such_version",
    ),
    ("no number of a version", "GET", "/v1/documents/{document}/versions/last/content", {}, 422, "number"),
    (
        "an endless number of a version",
        "GET",
        f"/v1/documents/{{document}}/versions/{'9' * 60}/content",
        {},
        422,
        "number",
    ),
    ("a made-up link", "GET", "/v1/files/aaaa", {}, 404, "file.link_not_valid"),
    ("a strange link", "GET", "/v1/files/%F0%9F%92%A9/../x", {}, 404, "file.link_not_valid"),
    # applications
    (
        "an unknown intake",
        "POST",
        "/v1/students/me/applications",
        {"json": {"programme_id": "{programme}", "term": "monsoon", "starts_on": "2027-10-01"}},
        422,
        "application.intake_unknown",
    ),
    (
        "the same again",
        "POST",
        "/v1/students/me/applications",
        {"json": {"programme_id": "{programme}", "term": "winter", "starts_on": "2027-10-01"}},
        409,
        "application.exists",
    ),
    ("an incomplete submission", "POST", "/v1/applications/{application}/submission", {}, 422, "documents."),
    ("a receipt of nothing", "GET", "/v1/applications/{application}/receipt", {}, 404, "application.nothing_sent"),
    ("a snapshot of nothing", "GET", "/v1/applications/{application}/snapshot", {}, 404, "not_found"),
    (
        "an outcome without If-Match",
        "POST",
        "/v1/applications/{application}/outcomes",
        {"json": {"action": "accept"}},
        428,
        "If-Match",
    ),
    (
        "an action that is none",
        "POST",
        "/v1/applications/{application}/outcomes",
        {"json": {"action": "bribe"}, "headers": V1},
        422,
        "action",
    ),
    (
        "an action out of turn",
        "POST",
        "/v1/applications/{application}/outcomes",
        {"json": {"action": "accept"}, "headers": V1},
        422,
        "action",
    ),
    (
        "conditions without an offer",
        "POST",
        "/v1/applications/{application}/outcomes",
        {"json": {"action": "accept", "conditions": [{"what": "x"}]}, "headers": V1},
        422,
        "conditions",
    ),
    (
        "an endless note",
        "POST",
        "/v1/applications/{application}/withdrawal",
        {"json": {"note": "x" * 9000}, "headers": V1},
        422,
        "note",
    ),
    # the rest
    ("an import by a student", "POST", "/v1/imports?file_name=a.csv", {"content": b"x"}, 403, "identity.role_needed"),
    ("no such fact key", "GET", "/v1/facts?key=moon", {}, 422, "key"),
    ("no fact key", "GET", "/v1/facts", {}, 422, "key"),
    ("a fact on no day", "GET", "/v1/facts?key=de.blocked_account.monthly&on=yesterday", {}, 422, "on"),
]


def filled(value: Any, record: Record) -> Any:
    """The value with the names of things in braces replaced by their ids."""
    text = json.dumps(value)
    for name, id_ in vars(record).items():
        text = text.replace("{" + name + "}", id_)
    return json.loads(text)


@pytest.mark.parametrize(
    ("method", "path", "request_", "status", "names"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS]
)
async def test_it_is_refused_by_name_and_changes_nothing(
    shared: Shared, method: str, path: str, request_: dict[str, Any], status: int, names: str
) -> None:
    record = shared.record
    given = {**request_, **({"json": filled(request_["json"], record)} if "json" in request_ else {})}
    async with shared.server.client(shared.token) as nadia:
        before = await everything(nadia, record)

        answer = await nadia.request(method, filled(path, record), **given)

        assert answer.status_code == status, answer.text
        assert names in answer.text
        assert await everything(nadia, record) == before
    if status >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["instance"] == answer.headers["x-request-id"]
