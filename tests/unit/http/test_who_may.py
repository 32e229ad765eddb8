"""Every operation, asked as everybody, beside the table in docs/who-may.md."""

import re
from dataclasses import dataclass, replace
from pathlib import Path

import httpx2
from everybody import ALL, GRANT, Person, World, operations, requests
from records import Server

from higherstudy.domain.identity.scopes import TO_BE_TAKEN, Kind, Scope
from higherstudy.domain.shared.ids import (
    StudentId,
)

PAGE = (Path(__file__).parents[3] / "docs" / "who-may.md").read_text(encoding="utf-8")
SECTIONS = {
    "Open to everybody": "open",
    "For whoever is signed in, about herself": "signed in",
    "About a record: the student, and whom she lets": "record",
    "About an order: the student, whom she lets, and administrators": "office",
    "About a record, and only she decides": "decision",
    "About a record, by staff alone": "staff",
    "For counsellors and administrators": "counselling",
    "For administrators": "admin",
    "For auditors": "auditor",
    "For those whom it concerns": "concerned",
}


@dataclass(frozen=True)
class Row:
    """What the page says of an operation: which section it stands in, and which scopes are enough."""

    kind: str
    scopes: frozenset[Scope] = frozenset()


def rows_of_page() -> dict[str, Row]:
    """Return the rows of the page by operation; no operation stands in two."""
    rows: dict[str, Row] = {}
    for part in PAGE.split("\n## ")[1:]:
        title, _, text = part.partition("\n")
        for name, rest in re.findall(r"^\| `(\w+)` \|(.*)$", text, re.MULTILINE):
            assert name not in rows, f"{name} stands in two rows"
            scopes = re.findall(r"`(\w+)`", rest)
            rows[name] = Row(SECTIONS[title], frozenset(map(Scope, scopes)))
    return rows


ROWS = rows_of_page()


PEOPLE = (
    Person("nobody who is signed in"),
    Person("somebody whose session has ended", "ended"),
    Person("the student", "student"),
    Person("another student", "helper"),
    Person("a counsellor by role alone", "counsellor"),
    Person("an administrator by role alone", "admin"),
    Person("an auditor by role alone", "auditor"),
    *(Person(f"somebody let {scope}", "helper", frozenset({scope})) for scope in Scope),
    Person("a counsellor let everything", "counsellor", ALL),
    Person("an administrator who took access", "admin", TO_BE_TAKEN, Kind.TAKEN),
    Person("somebody who has not accepted", "helper", ALL, state="offered"),
    Person("somebody whose grant is over", "helper", ALL, state="over"),
    Person("somebody whose grant was ended", "helper", ALL, state="ended"),
)
STAFF = ("counsellor", "admin")


def expected(operation: str, row: Row, who: Person) -> str:
    """Return what the page promises."""
    if row.kind == "open":
        return "let through"
    if who.account in (None, "ended"):
        return "401"
    if row.kind == "signed in":
        return "let through"
    if row.kind == "counselling":
        return "let through" if who.account in STAFF else "403"
    if row.kind in ("admin", "auditor"):
        return "let through" if who.account == row.kind else "403"
    if row.kind == "concerned":
        return "let through" if who.account in CONCERNED[operation] else "404"
    return _of_a_record(row, who)


def _of_a_record(row: Row, who: Person) -> str:
    if who.account == "student":
        return "403" if row.kind == "staff" else "let through"
    if row.kind == "office" and who.account == "admin":
        return "let through"
    if not who.held & row.scopes:
        return "404"
    if row.kind == "staff":
        return "let through" if who.account in STAFF else "404"
    return "404" if row.kind == "decision" and who.kind is Kind.TAKEN else "let through"


CONCERNED = {
    "get_job": {"student", "admin"},
    "accept_grant": {"helper"},
    "accept_record_offer": {"student"},
    "decline_record_offer": {"student"},
    "end_grant": {"student", "helper"},
    "get_report": set(),
    "open_report": set(),
}
"""Whom a thing concerns in the world of this test, for each operation of that section."""


def outcome(answer: httpx2.Response, *, absent: bool) -> str:
    """Return how it was answered; a thing that is ``absent`` in this world is not found by those who may see it."""
    if answer.status_code == 404:
        return "let through" if absent or answer.json()["errors"] else "404"
    return str(answer.status_code) if answer.status_code in (401, 403) else "let through"


ABSENT = {
    "end_session",
    "confirm_totp",
    "remove_factor",
    "begin_linking",
    "unlink_identity",
    "revoke_key",
    "read_message",
    "acknowledge_message",
    "get_import",
    "list_row_problems",
    "download_row_problems",
    "correct_import",
    "run_import_again",
    "undo_import",
    "retry_import",
    "list_import_offers",
    "trace_programme",
    "requeue_job",
    "try_delivery_again",
    "get_impact",
    "lift_hold",
    "open_export",
    "decide_refund",
    "resend_refund",
    "settle_refund_by_hand",
    "drop_refund",
    "postpone_refund",
    "get_prices",
    "get_money_paper",
}
"""What is not there in this world, as those are told who may see it."""

NOT_REACHED = {400, 405, 413, 415, 428}
"""Answers before anything was asked of a use case: they say nothing of who may."""


async def test_every_operation_stands_in_one_row_and_every_row_is_an_operation(server: Server) -> None:
    there = await operations(server)

    assert set(ROWS) == set(there)
    assert {name for name, (_, _, is_open) in there.items() if is_open} == {
        name for name, row in ROWS.items() if row.kind == "open"
    }


async def test_everybody_may_what_the_page_says_and_nothing_else(world: World) -> None:
    prepared, wrong, refused = requests(world), [], 0
    for name, (method, path, is_open) in (await operations(world.server)).items():
        if is_open:  # the test above compares them with the routes that need no sign-in
            continue
        address, request = prepared.get(name, (path, {}))
        assert "{" not in address, f"{name} needs a request"
        for who in PEOPLE:
            answer = await world.ask(who, method, address, request)
            assert answer.status_code < 500, (name, who.name, answer.text)
            assert answer.status_code not in NOT_REACHED, (name, who.name, answer.text)
            assert "data.does_not_fit" not in answer.text, (name, who.name, answer.text)
            wanted = expected(name, ROWS[name], who)
            found = outcome(answer, absent=name in ABSENT and wanted == "let through")
            refused += found != "let through"
            if found != wanted:
                wrong.append(f"{name}, {who.name}: {found}, not {wanted}: {answer.text[:200]}")

    assert not wrong, "\n".join(wrong)
    assert refused > 500


async def test_a_refusal_is_the_same_as_for_what_is_not_there(world: World) -> None:
    """Word by word, but for the request's id."""
    told = set()
    elsewhere = replace(world.record, plan=str(GRANT), document=str(GRANT), application=str(GRANT))
    nowhere = replace(world, record=elsewhere, student_id=StudentId(GRANT))
    for where in (world, nowhere):
        prepared = requests(where)
        for name in ("get_profile", "get_plan", "get_document", "get_application", "get_content", "get_snapshot"):
            path, request = prepared[name]
            answer = await world.ask(PEOPLE[3], "GET", path, request)
            said = {key: value for key, value in answer.json().items() if key not in ("request_id", "instance")}
            told.add((answer.status_code, str(said)))

    assert len(told) == 1, told
