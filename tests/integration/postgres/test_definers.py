"""What the application's role could make the functions of the owner's do that they are not for."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from asyncpg.transaction import Transaction

COUNT = "SELECT count(*) FROM public.audit_entries"
TEMPORARY = """
CREATE TEMP TABLE {table} (LIKE public.{table});
CREATE FUNCTION pg_temp.taken_over() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM public.audit_entries;
    RETURN NULL;
END $$;
CREATE TRIGGER taken_over BEFORE UPDATE OR DELETE ON pg_temp.{table} FOR EACH STATEMENT
    EXECUTE FUNCTION pg_temp.taken_over();
GRANT ALL ON pg_temp.{table} TO PUBLIC;
"""


@pytest.fixture
async def application(database_url: str) -> AsyncIterator["asyncpg.Connection[Any]"]:
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


@pytest.fixture
async def attempt(application: "asyncpg.Connection[Any]") -> AsyncIterator[Transaction]:
    """A transaction of which nothing stays."""
    transaction = application.transaction()
    await transaction.start()
    yield transaction
    await transaction.rollback()


@pytest.mark.parametrize(
    ("table", "call"),
    [
        ("audit_entries", "SELECT forget_audit_addresses(now(), 10)"),
        ("audit_entries", "SELECT forget_person_in_audit(gen_random_uuid(), gen_random_uuid(), 10)"),
        ("outbox", "SELECT remove_passed_on(now(), 10)"),
        ("snapshots", "SELECT seal_snapshot(gen_random_uuid(), ''::bytea)"),
    ],
)
async def test_a_temporary_table_of_the_same_name_lends_nobody_the_rights_of_the_owner(
    application: "asyncpg.Connection[Any]", attempt: Transaction, table: str, call: str
) -> None:
    await application.execute(
        "INSERT INTO audit_entries "
        "(id, at, action, subject, request_id, trace, details, address_digest, reason_digest) "
        "VALUES (gen_random_uuid(), now(), 'session.begun', '', '', '', '{}', '', '')"
    )
    before = await application.fetchval(COUNT)

    await application.execute(TEMPORARY.format(table=table))
    await application.execute(call)

    assert await application.fetchval(COUNT) == before > 0


async def test_no_function_of_the_owner_looks_among_temporary_tables_first(
    application: "asyncpg.Connection[Any]",
) -> None:
    open_to_all = await application.fetch(
        "SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace "
        "AND NOT coalesce(proconfig, '{}') && ARRAY['search_path=public, pg_temp', 'search_path=\"public\", pg_temp']"
    )

    assert [row["proname"] for row in open_to_all] == []


async def test_nobody_but_the_application_may_call_a_function_of_the_owner(
    application: "asyncpg.Connection[Any]",
) -> None:
    rights = await application.fetch(
        "SELECT proname, has_function_privilege('public', oid, 'EXECUTE') AS everybody, "
        "has_function_privilege(current_user, oid, 'EXECUTE') AS application "
        "FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
    )

    assert len(rights) >= 5
    assert {(row["everybody"], row["application"]) for row in rights} == {(False, True)}
