"""The question to the rows for each sentence that must hold: which of them break it.

Each reads its tables once, by joins that a server hashes, and gives the row that breaks the sentence as text.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from ...domain.applications.application import ENDED, MOVES, Action, Side, State
from ...domain.documents.document import Answer, Verification
from ...domain.identity.grant import LONGEST, LONGEST_TAKEN
from ...domain.identity.scopes import Kind
from ...domain.payments.order import SOLD
from ...domain.payments.refund import ENDED as REFUND_ENDED
from ...domain.payments.refund import State as RefundState
from ...domain.rights.erasure import SHELL_HOST
from ...domain.rights.erasure import State as ErasureState
from ...domain.shared.states import Move
from .invariant_questions_of_messages import MESSAGE_QUESTIONS
from .personal import EMPTY_PROFILE, PERSONAL
from .questions import SOON, Question, count_of, interval, words

SEALED_WITHIN = timedelta(hours=1)
UNKNOWN_FOR = timedelta(minutes=15)
"""Later than this, nobody knows what the provider told of, or nobody looks."""
OVERDUE = timedelta(days=1)
STRAGGLERS_GONE = timedelta(hours=1)
"""After an erasure, one more look takes away what somebody was keeping meanwhile; later there is nothing."""
LINKS = 5_000
"""So many of the newest seals are held against one another; ``audit verify`` looks at all."""


def _move_rows(moves: tuple[Move[State, Action, Side], ...]) -> str:
    rows = (
        f"('{move.action.value}', '{source.value}', '{move.target.value}', '{move.by.value}')"
        for move in moves
        for source in move.sources
    )
    return ", ".join(rows)


_HERS = (
    "documents",
    "uploads",
    "applications",
    "plans",
    "overrides",
    "consents",
    "grants",
    "exports",
    "legal_holds",
    "orders",
    "refunds",
)
_ORPHANS = " UNION ALL ".join(
    f"SELECT '{table}:' || t.id FROM {table} t LEFT JOIN students s ON s.id = t.student_id WHERE s.id IS NULL"  # noqa: S608
    for table in (*_HERS, "erasures")
)

_BY_THE_TABLE = f"""
SELECT h.application_id::text FROM application_history h
LEFT JOIN (VALUES {_move_rows(MOVES)}) AS m (action, before, after, side)
    ON (m.action, m.before, m.after, m.side) = (h.action, h.before, h.after, h.side) WHERE m.action IS NULL
UNION SELECT application_id::text FROM (
    SELECT application_id, number, before, coalesce(lag(after) OVER earlier, '{State.DRAFT.value}') AS stood,
           coalesce(lag(number) OVER earlier, 0) AS previous
    FROM application_history WINDOW earlier AS (PARTITION BY application_id ORDER BY number)
) AS steps WHERE before <> stood OR number <> previous + 1
UNION SELECT a.id::text FROM applications a LEFT JOIN (
    SELECT DISTINCT ON (application_id) application_id, after FROM application_history
    ORDER BY application_id, number DESC
) AS last ON last.application_id = a.id WHERE a.state <> coalesce(last.after, '{State.DRAFT.value}')
"""  # noqa: S608

_SENT = f"""
SELECT a.id::text FROM applications a
LEFT JOIN receipts r ON r.application_id = a.id LEFT JOIN snapshots s ON s.application_id = a.id
LEFT JOIN application_history h ON h.application_id = a.id AND h.action = '{Action.SUBMIT.value}'
WHERE (h.application_id IS NULL) <> (r.application_id IS NULL)
   OR (r.application_id IS NULL) <> (s.application_id IS NULL)
   OR r.submitted_at <> h.at OR r.snapshot_sha256 !~ '^[0-9a-f]{{64}}$'
"""  # noqa: S608

_ONE_AT_A_TIME = f"""
SELECT id::text FROM (
    SELECT id, count(*) OVER (PARTITION BY student_id, programme_id, term, starts_on) AS live
    FROM applications WHERE state NOT IN ({words(sorted(ENDED))})
) AS live_ones WHERE live > 1
"""  # noqa: S608

_OFFER = f"""
SELECT id::text FROM applications
WHERE state IN ('{State.OFFER_CONDITIONAL.value}', '{State.OFFER_UNCONDITIONAL.value}') AND offer IS NULL
   OR state = '{State.OFFER_CONDITIONAL.value}' AND coalesce(jsonb_array_length(offer -> 'conditions'), 0) = 0
"""  # noqa: S608

_VERSIONS_WHOLE = """
SELECT document_id || '/' || number FROM (
    SELECT document_id, number, sha256, sealed_as, size,
           row_number() OVER (PARTITION BY document_id ORDER BY number) AS place FROM document_versions
) AS v WHERE number <> place OR sha256 !~ '^[0-9a-f]{64}$' OR sealed_as !~ '^[0-9a-f]{64}$' OR size <= 0
"""

_REJECTED = f"""
SELECT document_id || '/' || number FROM document_versions
WHERE verification NOT IN ({words([one.value for one in Verification])})
   OR (verification = '{Verification.REJECTED.value}') <> (btrim(rejected_because) <> '')
"""  # noqa: S608

_ANSWERS = f"""
SELECT id::text FROM documents
WHERE answer IS NOT NULL AND (answer NOT IN ({words([one.value for one in Answer])})
    OR coalesce(btrim(answer_reason), '') = '' OR answered_at IS NULL)
"""  # noqa: S608

_UPLOADS = """
SELECT u.id::text FROM uploads u
LEFT JOIN document_versions v ON v.document_id = u.document_id AND v.number = u.number
WHERE u.state = 'accepted' AND (v.document_id IS NULL OR v.sha256 <> u.sha256)
"""

_TARGETS = """
SELECT t.plan_id || '/' || t.programme_id FROM (
    SELECT plans.id AS plan_id, target ->> 'programme_id' AS programme_id
    FROM plans, jsonb_path_query(inputs, '$.targets[*]') AS target
) AS t LEFT JOIN programmes p ON p.id::text = t.programme_id WHERE p.id IS NULL
"""

_GRANTS = f"""
SELECT id::text FROM grants
WHERE until <= given_at OR accepted_at >= until OR accepted_at < given_at OR ended_at < given_at
   OR until - given_at > CASE kind WHEN '{Kind.TAKEN.value}' THEN {interval(LONGEST_TAKEN)}
                         ELSE {interval(LONGEST)} END + interval '1 minute'
   OR kind NOT IN ({words([one.value for one in Kind])}) OR kind = '{Kind.TAKEN.value}' AND btrim(reason) = ''
   OR scopes = '{{}}'
"""  # noqa: S608

_ACCOUNTS = """
SELECT s.id::text FROM students s LEFT JOIN accounts a ON a.student_id = s.id
GROUP BY s.id HAVING count(a.id) <> 1 OR min(a.id::text) <> s.account_id::text
UNION ALL SELECT a.student_id::text FROM accounts a LEFT JOIN students s ON s.id = a.student_id
WHERE a.student_id IS NOT NULL AND s.id IS NULL
"""

_ERASURES = f"""
SELECT e.id::text FROM erasures e
WHERE e.state IN ('{ErasureState.WAITING.value}', '{ErasureState.ERASING.value}')
  AND e.due_at < now() - {interval(OVERDUE)}
  AND NOT EXISTS (SELECT FROM legal_holds h WHERE h.student_id = e.student_id
                  AND coalesce(h.lifted_at, h.until) > now() - {interval(OVERDUE)})
"""  # noqa: S608

_RUNNING = words([one.value for one in RefundState if one not in REFUND_ENDED])

_SUMS = """
SELECT coalesce(s.account, p.account) || ' ' || coalesce(s.currency, p.currency) FROM ledger_sums s
FULL JOIN (SELECT account, currency, sum(minor) AS minor FROM ledger_postings GROUP BY account, currency) AS p
    ON (p.account, p.currency) = (s.account, s.currency) WHERE coalesce(s.minor, 0) <> coalesce(p.minor, 0)
"""

_PAID_ONCE = f"""
SELECT o.id::text FROM orders o
LEFT JOIN (SELECT order_id, count(*) AS taken FROM payment_attempts WHERE state = 'taken' GROUP BY order_id) AS paid
    ON paid.order_id = o.id
WHERE coalesce(paid.taken, 0) <> (o.state IN ({words(sorted(SOLD))}) AND o.total > 0)::int
"""  # noqa: S608

_REFUNDS = """
SELECT a.id::text FROM payment_attempts a
JOIN refunds r ON r.attempt_id = a.id AND r.state IN ('approved', 'sent', 'done', 'failed')
GROUP BY a.id HAVING sum(r.amount) > coalesce(a.taken, 0)
"""

_PAPERS = """
SELECT n.series || '-' || n.year FROM paper_numbers n
LEFT JOIN (SELECT series, year, count(*) AS number, max(place) AS last FROM money_papers GROUP BY series, year) AS p
    ON (p.series, p.year) = (n.series, n.year)
WHERE coalesce(p.number, 0) <> n.last OR p.last <> n.last
"""

_CHAIN = f"""
SELECT number::text FROM (
    SELECT number, previous, lag(number) OVER chain AS before, lag(hash) OVER chain AS hash
    FROM (SELECT number, previous, hash FROM audit_seals ORDER BY number DESC LIMIT {LINKS}) AS newest
    WINDOW chain AS (ORDER BY number)
) AS links
WHERE before IS NOT NULL AND (before <> number - 1 OR hash <> previous) OR (number = 1 AND previous <> '')
"""  # noqa: S608

_BELONGS = """
SELECT 'programmes:' || p.id FROM programmes p LEFT JOIN institutions i ON i.id = p.institution_id WHERE i.id IS NULL
UNION ALL SELECT 'campuses:' || c.id FROM campuses c LEFT JOIN institutions i ON i.id = c.institution_id
WHERE i.id IS NULL
UNION ALL SELECT DISTINCT 'programmes:' || o.id FROM (SELECT id, unnest(campus_ids) AS campus FROM programmes) AS o
LEFT JOIN campuses c ON c.id = o.campus WHERE c.id IS NULL
UNION ALL SELECT 'programmes:' || p.id FROM programmes p LEFT JOIN requirements r ON r.id = p.requirement_id
WHERE p.requirement_id <> 0 AND r.id IS NULL
UNION ALL SELECT 'programmes:' || p.id FROM programmes p LEFT JOIN schedules s ON s.id = p.schedule_id
WHERE p.schedule_id <> 0 AND s.id IS NULL
"""

_EDITIONS = """
SELECT DISTINCT e.id::text FROM (SELECT id, unnest(packs) AS sha256 FROM rule_editions) AS e
LEFT JOIN rule_packs p ON p.sha256 = e.sha256 WHERE p.sha256 IS NULL
"""


def _left_of_the_erased() -> str:
    """Return what finds anything personal of whoever was erased, table by table, by the very conditions by which an
    erasure takes it away; of tables whose rows stay, by what it empties."""
    left = {name: _condition(name, one.erase) for name, one in PERSONAL.items() if one.erase.startswith("DELETE")}
    left |= {
        "students": f"SELECT FROM students WHERE id = e.student_id AND profile <> '{EMPTY_PROFILE}'::jsonb",
        "accounts": f"SELECT FROM accounts WHERE id = e.account_id AND email NOT LIKE '%@{SHELL_HOST}'",
        "legal_holds": "SELECT FROM legal_holds WHERE student_id = e.student_id AND reason <> ''",
        "erasures": "SELECT FROM erasures o WHERE o.student_id = e.student_id AND o.reason <> ''",
        "api_keys": "SELECT FROM api_keys WHERE account_id = e.account_id AND (name <> '' OR revoked_at IS NULL)",
        "audit_entries": "SELECT FROM audit_sealed s JOIN audit_entries a USING (place) "
        "WHERE s.student_id = e.student_id AND a.reason IS NOT NULL AND a.at < e.ended_at",
    }
    return " UNION ALL ".join(
        f"SELECT '{table}:' || e.student_id FROM erasures e WHERE e.state = '{ErasureState.ERASED.value}' "  # noqa: S608
        f"AND e.ended_at < now() - {interval(STRAGGLERS_GONE)} AND EXISTS ({condition})"
        for table, condition in left.items()
    )


_WITHOUT_ADDRESS = {  # her address is gone: what was found by it can only be found by the ids
    "answers": "account_id = e.account_id OR student_id = e.student_id",
    "grants": "student_id = e.student_id OR account_id = e.account_id",
    "messages": "student_id = e.student_id OR account_id = e.account_id",
    "import_rows": "about = e.student_id::text",
    "record_offers": "student_id = e.student_id",
    "throttles": "key IN ('factor:' || e.account_id, 'factor-known:' || e.account_id, 'phone:' || e.account_id)",
}


def _condition(table: str, erase: str) -> str:
    condition = _WITHOUT_ADDRESS.get(table) or erase.partition(";")[0].partition(" WHERE ")[2]
    condition = condition.replace("_student", "e.student_id").replace("_account", "e.account_id")
    return f"SELECT FROM {table} WHERE {condition}"


QUESTIONS: Mapping[str, Question] = {
    "student_one_account": Question(count_of("students"), _ACCOUNTS),
    "record_of_a_student": Question(
        "SELECT " + " + ".join(f"({count_of(table)})" for table in (*_HERS, "erasures")), _ORPHANS
    ),
    "application_by_the_table": Question(count_of("applications"), _BY_THE_TABLE),
    "application_sent_is_kept": Question(count_of("applications"), _SENT),
    "application_one_at_a_time": Question(count_of("applications"), _ONE_AT_A_TIME),
    "application_sent_in_time": Question(
        count_of("receipts"), "SELECT application_id::text FROM receipts WHERE spare_seconds < 0"
    ),
    "application_offer_is_there": Question(count_of("applications"), _OFFER),
    "document_versions_whole": Question(count_of("document_versions"), _VERSIONS_WHOLE),
    "document_rejected_with_reason": Question(count_of("document_versions"), _REJECTED),
    "document_answer_with_reason": Question(count_of("documents", "answer IS NOT NULL"), _ANSWERS),
    "upload_became_a_version": Question(count_of("uploads", "state = 'accepted'"), _UPLOADS),
    "plan_names_programmes": Question(count_of("plans"), _TARGETS),
    "override_with_reason": Question(
        count_of("overrides"),
        "SELECT id::text FROM overrides WHERE btrim(reason) = '' "
        "UNION SELECT override_id::text FROM override_withdrawals WHERE btrim(reason) = ''",
    ),
    "grant_with_an_end": Question(count_of("grants"), _GRANTS),
    "consent_by_herself": Question(
        count_of("consents"),
        "SELECT c.id::text FROM consents c JOIN students s ON s.id = c.student_id WHERE c.by <> s.account_id",
    ),
    "erased_leaves_nothing": Question(count_of("erasures", "state = 'erased'"), _left_of_the_erased()),
    "erasure_in_time": Question(count_of("erasures", "state IN ('waiting', 'erasing')"), _ERASURES),
    "export_ends_on_its_day": Question(
        count_of("exports", "state = 'ready'"),
        f"SELECT id::text FROM exports WHERE state = 'ready' AND until < now() - {interval(OVERDUE)}",  # noqa: S608
    ),
    "ledger_entry_balanced": Question(
        count_of("ledger_entries"),
        "SELECT entry_id::text FROM ledger_postings GROUP BY entry_id, currency HAVING sum(minor) <> 0 "
        "UNION SELECT e.id::text FROM ledger_entries e LEFT JOIN ledger_postings p ON p.entry_id = e.id "
        "WHERE p.entry_id IS NULL",
    ),
    "ledger_sums_are_sums": Question(count_of("ledger_sums"), _SUMS),
    "order_paid_once": Question(count_of("orders"), _PAID_ONCE),
    "refund_within_payment": Question(count_of("refunds"), _REFUNDS),
    "paper_numbers_whole": Question(count_of("paper_numbers"), _PAPERS),
    "books_agree": Question(
        count_of("payment_differences", "gone_at IS NULL"),
        "SELECT what || ':' || subject FROM payment_differences WHERE gone_at IS NULL",
    ),
    "refund_in_time": Question(
        count_of("refunds", f"state IN ({_RUNNING})"),
        f"SELECT id::text FROM refunds WHERE state IN ({_RUNNING}) AND expected_by < current_date",  # noqa: S608
    ),
    "payment_followed_up": Question(
        count_of("payment_notices", "settled_at IS NULL"),
        "SELECT DISTINCT collection FROM payment_notices "  # noqa: S608
        f"WHERE settled_at IS NULL AND heard_at < now() - {interval(UNKNOWN_FOR)}",
    ),
    "audit_chain_whole": Question(f"SELECT least({LINKS}, (SELECT max(number) FROM audit_seals))", _CHAIN),  # noqa: S608
    "audit_sealed_soon": Question(
        count_of("audit_waiting"),
        "SELECT w.place::text FROM audit_waiting w JOIN audit_entries e USING (place) "  # noqa: S608
        f"WHERE e.at < now() - {interval(SEALED_WITHIN)}",
    ),
    **MESSAGE_QUESTIONS,
    "event_passed_on_soon": Question(
        count_of("outbox", "passed_on_at IS NULL"),
        f"SELECT id::text FROM outbox WHERE passed_on_at IS NULL AND at < now() - {interval(SOON)}",  # noqa: S608
    ),
    "job_lease_is_kept": Question(
        count_of("jobs", "status = 'leased'"),
        f"SELECT id::text FROM jobs WHERE status = 'leased' AND leased_until < now() - {interval(SOON)}",  # noqa: S608
    ),
    "pack_text_is_its_hash": Question(
        count_of("rule_packs"),
        "SELECT sha256 FROM rule_packs WHERE encode(sha256(convert_to(text, 'UTF8')), 'hex') <> sha256",
    ),
    "edition_has_its_packs": Question(count_of("rule_editions"), _EDITIONS),
    "programme_of_an_institution": Question(count_of("programmes"), _BELONGS),
}
"""By the id of the sentence."""
