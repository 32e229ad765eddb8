"""A database with a million applications of fifty thousand students, half of them sent and answered."""

import asyncpg

APPLICATIONS, STUDENTS, ASKING, PROGRAMMES = 1_000_000, 50_000, 200, 1_000


def _id(kind: int, number: str) -> str:
    return f"('0000000{kind}-0000-7000-8000-' || lpad(to_hex({number}), 12, '0'))::uuid"


def account_id(number: int) -> str:
    """Return the id of the account of that number."""
    return f"00000001-0000-7000-8000-{number:012x}"


def student_id(number: int) -> str:
    """Return the id of the record behind the account of that number."""
    return f"00000002-0000-7000-8000-{number:012x}"


def session_id(number: int) -> str:
    """Return the id of the one session of the account of that number."""
    return f"00000006-0000-7000-8000-{number:012x}"


def programme_id(number: int) -> str:
    """Return the id of the programme of that number; they begin after the catalogue's own."""
    return f"00000004-0000-7000-8000-{number:012x}"


STATEMENTS = (
    f"""INSERT INTO accounts (id, email, password_hash, roles, student_id, registered_at, version)
        SELECT {_id(1, "n")}, 'student' || n || '@example.org', '', '{{student}}', {_id(2, "n")}, now(), 1
        FROM generate_series(0, {STUDENTS - 1}) AS n""",
    f"""INSERT INTO sessions (id, account_id, begun_at, used_at, until, device, turn, version)
        SELECT {_id(6, "n")}, {_id(1, "n")}, now(), now(), now() + interval '14 days', '', 1, 1
        FROM generate_series(0, {STUDENTS - 1}) AS n""",
    f"""INSERT INTO students (id, account_id, profile, version)
        SELECT {_id(2, "n")}, {_id(1, "n")}, '{{}}', 1 FROM generate_series(0, {STUDENTS - 1}) AS n""",
    f"""INSERT INTO applications
            (id, student_id, programme_id, term, starts_on, started_at, state, offer, version)
        SELECT {_id(3, "n")}, {_id(2, f"n % {STUDENTS}")}, {_id(5, "n")}, 'winter', '2027-10-01',
               '2026-11-01Z'::timestamptz + n * interval '1 second',
               CASE WHEN (n / {STUDENTS}) % 2 = 0 THEN 'draft' ELSE 'offer_unconditional' END,
               CASE WHEN (n / {STUDENTS}) % 2 = 0 THEN NULL
                    ELSE '{{"conditions": [], "answer_by": "2027-06-01"}}'::jsonb END, 1
        FROM generate_series(0, {APPLICATIONS - 1}) AS n""",
    f"""INSERT INTO application_history
            (application_id, number, action, before, after, side, at, recorded_by, note)
        SELECT {_id(3, "n")}, k, CASE k WHEN 1 THEN 'submit' ELSE 'offer' END,
               CASE k WHEN 1 THEN 'draft' ELSE 'submitted' END,
               CASE k WHEN 1 THEN 'submitted' ELSE 'offer_unconditional' END,
               CASE k WHEN 1 THEN 'student' ELSE 'institution' END, '2026-11-20Z', {_id(1, f"n % {STUDENTS}")}, ''
        FROM generate_series(0, {APPLICATIONS - 1}) AS n, generate_series(1, 2) AS k
        WHERE (n / {STUDENTS}) % 2 = 1""",
    f"""INSERT INTO receipts
            (application_id, number, submitted_at, snapshot_sha256, deadline, deadline_zone, spare_seconds)
        SELECT {_id(3, "n")}, 'HS-' || n, '2026-11-20Z', repeat('ab', 32), '2027-03-31Z', 'Europe/Berlin', 11318400
        FROM generate_series(0, {APPLICATIONS - 1}) AS n WHERE (n / {STUDENTS}) % 2 = 1""",
)

COPIES = """
INSERT INTO programmes SELECT (jsonb_populate_record(p, jsonb_build_object('id', {id}, 'key', 'bench/' || n))).*
FROM programmes AS p, generate_series(0, {count} - 1) AS n WHERE p.key = $1
"""


async def fill(url: str, template: str) -> None:
    """Fill a migrated database that holds the programme with the key ``template``, whose intake is copied."""
    connection = await asyncpg.connect(url)
    try:
        for statement in STATEMENTS:
            await connection.execute(statement, timeout=600)
        await connection.execute(COPIES.format(id=_id(4, "n"), count=PROGRAMMES), template, timeout=600)
        await connection.execute("VACUUM ANALYZE", timeout=600)
    finally:
        await connection.close()
