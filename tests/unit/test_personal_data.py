"""Whatever is kept about a student is in her export and goes with her, or it is said why not."""

import json
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import IntEnum, StrEnum
from pathlib import Path
from uuid import UUID

import pytest

from higherstudy.adapters.memory.transactions import Store
from higherstudy.adapters.postgres.personal import IMPERSONAL, PERSONAL, erasing
from higherstudy.adapters.postgres.schema import metadata
from higherstudy.domain.identity.account import Account
from higherstudy.domain.planning.plan import Plan
from higherstudy.domain.rights.plain import LEFT_OUT, plain
from higherstudy.domain.rights.record import SECTIONS
from higherstudy.ports.contracts.samples import a_plan

HERS = {"student_id", "account_id", "document_id", "application_id", "plan_id", "override_id"}

IDS_ALONE = {"audit_sealed"}
"""Tables of what the audit trail is searched by: the ids in them lead to a shell."""


def test_every_table_says_where_an_export_shows_it_and_how_an_erasure_takes_it_away() -> None:
    tables = set(metadata.tables)

    assert sorted(tables - PERSONAL.keys() - IMPERSONAL.keys()) == [], "name it in adapters/postgres/personal.py"
    assert sorted(PERSONAL.keys() | IMPERSONAL.keys()) == sorted(tables)
    assert all(IMPERSONAL.values())


def test_no_table_with_an_id_of_a_student_counts_as_impersonal() -> None:
    owned = {name for name, table in metadata.tables.items() if HERS & set(table.columns.keys())}

    assert owned & IMPERSONAL.keys() == IDS_ALONE


def test_each_personal_table_is_in_a_section_of_the_export_or_says_why_not() -> None:
    assert [name for name, one in PERSONAL.items() if bool(one.section) == bool(one.why)] == []
    assert {one.section for one in PERSONAL.values() if one.section} <= set(SECTIONS)


def test_what_takes_a_record_away_names_only_columns_that_there_are() -> None:
    for name, one in PERSONAL.items():
        (verb, table) = re.match(r"(DELETE FROM|UPDATE) (\w+)", one.erase).groups()  # type: ignore[union-attr]
        assert (verb, table) in {("DELETE FROM", name), ("UPDATE", name)}


def test_where_erasures_are_not_known_the_function_goes_and_nobody_but_the_role_may_call_it() -> None:
    gone = list(erasing({"accounts"}, "app"))
    made, *rights = erasing(set(metadata.tables), "app")

    assert gone == ["DROP FUNCTION IF EXISTS erase_student(uuid)"]
    assert "SECURITY DEFINER SET search_path = public, pg_temp" in made
    assert rights == [
        "REVOKE ALL ON FUNCTION erase_student(uuid) FROM PUBLIC",
        "GRANT EXECUTE ON FUNCTION erase_student(uuid) TO app",
    ]


def test_every_part_of_the_memory_store_is_known_too() -> None:
    known = {
        *("accounts", "confirmations", "sessions", "students", "documents", "uploads", "applications", "snapshots"),
        *(
            "grants",
            "keys",
            "factors",
            "recovery_codes",
            "linked_identities",
            "provider_sign_ins",
            "throttles",
            "used_tickets",
            "audit",
            "plans",
            "calendars",
            "needs",
            "overrides",
            "notes",
            "tasks",
            "record_offers",
            "filed_applications",
            "consents",
            "exports",
            "reports",
            "erasures",
            "holds",
            "messages",
            "deliveries",
            "delivery_reports",
            "rounds",
            "ways",
            "preferences",
            "uses",
            "jobs",
            "prices",
            "orders",
            "attempts",
            "disputes",
            "notices",
            "refunds",
            "books",
        ),
        *("answers", "impacts", "events", "catalogue", "imports", "rules", "invariants"),  # of the last five nothing
    }

    assert set(vars(Store())) == known, "see to MemoryErasures.wipe, and then name it here"


class Word(StrEnum):
    ONE = "one"


class Step(IntEnum):
    FIRST_ONE = 1


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (None, None),
        (True, True),
        (3, 3),
        ("a", "a"),
        (Word.ONE, "one"),
        (Step.FIRST_ONE, "first_one"),
        (date(2027, 2, 1), "2027-02-01"),
        (datetime(2027, 2, 1, 9, 30, tzinfo=UTC), "2027-02-01T09:30:00+00:00"),
        (Decimal("3.40"), "3.40"),
        (UUID(int=1), str(UUID(int=1))),
        ({Word.ONE: (1, 2)}, {"one": [1, 2]}),
        (frozenset({"b", "a"}), ["a", "b"]),
    ],
)
def test_every_kind_of_value_has_a_plain_form(given: object, expected: object) -> None:
    assert plain(given) == expected


@pytest.mark.parametrize("given", [1.5, b"bytes", object()])
def test_what_has_no_plain_form_is_refused_rather_than_left_out(given: object) -> None:
    with pytest.raises(TypeError):
        plain(given)


def test_secrets_of_a_plan_are_left_out() -> None:
    plan: Plan = a_plan()
    plan.calendar_hash = "secret-hash"

    assert "secret-hash" not in json.dumps(plain(plan))
    assert "password_hash" in LEFT_OUT
    assert "password_hash" in Account.__dataclass_fields__


def test_the_schema_of_the_record_names_every_section() -> None:
    schema = json.loads((Path(__file__).parents[2] / "docs" / "record.schema.json").read_text(encoding="utf-8"))

    assert schema["required"] == ["form", "student_id", "asked_at", *SECTIONS]
    assert sorted(schema["properties"]) == sorted(schema["required"])
