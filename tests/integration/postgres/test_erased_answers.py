"""What helpers were answered about somebody goes with her record."""

from typing import Any
from uuid import uuid4

import asyncpg
import pytest

ACCOUNT = (
    "INSERT INTO accounts (id, email, password_hash, roles, student_id, registered_at, version) "
    "VALUES ($1, $2, '', '{student}', $3, now(), 1)"
)
ANSWER = (
    "INSERT INTO answers (account_id, route, key, fingerprint, status, headers, body, created_at, student_id, doing) "
    "VALUES ($1, 'make_plan', $2, '', 201, '{}', 'her plan', now(), $3, $4)"
)


@pytest.mark.parametrize(("of_hers", "left"), [(True, 0), (False, 1)])
async def test_the_answer_to_a_parent_goes_with_the_record_that_it_is_about(
    database_url: str, *, of_hers: bool, left: int
) -> None:
    student, owner, parent, key = uuid4(), uuid4(), uuid4(), str(uuid4())
    connection: asyncpg.Connection[Any] = await asyncpg.connect(database_url)
    try:
        await connection.execute(ACCOUNT, owner, f"{owner}@example.org", student)
        await connection.execute(ACCOUNT, parent, f"{parent}@example.org", uuid4())
        await connection.execute(
            "INSERT INTO students (id, account_id, profile, version) VALUES ($1, $2, '{}', 1)", student, owner
        )
        await connection.execute(ANSWER, parent, key, student if of_hers else uuid4(), "plan.changed")
        await connection.execute(
            "INSERT INTO erasures (id, student_id, account_id, because, asked_at, due_at, reason, state, version) "
            "VALUES ($1, $2, $3, 'asked', now(), now(), '', 'erasing', 1)",
            *(uuid4(), student, owner),
        )

        await connection.execute("SELECT erase_student($1)", student)

        assert await connection.fetchval("SELECT count(*) FROM answers WHERE key = $1", key) == left
    finally:
        await connection.close()
