"""Which tables hold what is personal, where an export shows it, and how an erasure takes it away.

Each table stands in one of the two lists, and a test names one that does not. The application may change and remove
these rows by one function alone, which belongs to the owner of the tables and asks whether an erasure has begun. It is
written anew with each migration, from the statements here; within them ``_student``, ``_account``, ``_address`` and
``_ids`` (of everything that is hers, as text) are set.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from ...domain.profile.profile import Profile
from ...domain.profile.writing import profile_data
from ...domain.rights.erasure import SHELL_HOST

FUNCTION = "erase_student"


@dataclass(frozen=True, slots=True)
class Personal:
    """How the rows of a table belong to a student: ``section`` names the part of an export that shows them, ``why``
    says why none does. ``erase`` is the statement that takes away what is personal."""

    erase: str
    section: str = ""
    why: str = ""


def _of_hers(table: str, column: str = "student_id") -> str:
    return f"DELETE FROM {table} WHERE {column} = _student"  # noqa: S608 - only our own constants go in


def _below(table: str, column: str, parent: str) -> str:
    return f"DELETE FROM {table} WHERE {column} IN (SELECT id FROM {parent} WHERE student_id = _student)"  # noqa: S608


EMPTY_PROFILE = json.dumps(profile_data(Profile()))
_SHELL = f"'erased-' || replace(gen_random_uuid()::text, '-', '') || '@{SHELL_HOST}'"
_MENTIONS = """EXISTS (SELECT FROM unnest(_ids || _address) AS word
    WHERE position(convert_to(word, 'UTF8') IN coalesce(body, ''::bytea)) > 0
       OR position(word IN coalesce(headers::text, '') || route) > 0)"""

_AUDITED = """place IN (SELECT place FROM audit_sealed WHERE student_id = _student
    UNION ALL SELECT place FROM audit_sealed WHERE actor = _account
    UNION ALL SELECT place FROM audit_sealed WHERE subject_id = _account
    UNION ALL SELECT place FROM audit_waiting)"""
# Who may have had an answer about her: who was not signed in, who works here, and who did anything with her record.
_ANSWERED = f"""SELECT '{UUID(int=0)}'::uuid
    UNION ALL SELECT id FROM accounts WHERE NOT roles <@ '{{student}}'
    UNION ALL SELECT actor FROM audit_entries WHERE {_AUDITED} AND student_id = _student
    UNION ALL SELECT owner_id FROM grants WHERE email = _address OR account_id = _account"""  # noqa: S608

_WITHDRAWN = """UPDATE reports SET state = 'withdrawn', version = version + 1
    WHERE kind IN ('caseload', 'deadlines', 'backlog') AND state = 'ready'"""

# In the order in which they are carried out: what refers to rows goes before them, the shell is made at the end.
PERSONAL: Mapping[str, Personal] = {
    "answers": Personal(
        # Newer answers say whose record they are about; into others it is looked where they may have gone about her.
        "DELETE FROM answers WHERE account_id = _account OR student_id = _student "  # noqa: S608 - all of it is ours
        f"OR (account_id IN ({_ANSWERED}) AND {_MENTIONS})",
        why="copies of answers that show what other parts show",
    ),
    "jobs": Personal(
        """UPDATE jobs SET error = '', status = CASE WHEN status IN ('waiting', 'parked') THEN 'done' ELSE status END,
    ended_at = CASE WHEN status IN ('waiting', 'parked') THEN now() ELSE ended_at END
WHERE reaction NOT IN ('erase', 'erase_again') AND (actor = _account OR on_behalf_of = _account
    OR event_id IN (SELECT id FROM outbox WHERE actor = _account OR data->>'student_id' = _student::text))""",
        why="ids and codes alone; their errors may hold more and are emptied",
    ),
    "document_versions": Personal(_below("document_versions", "document_id", "documents"), "documents"),
    "documents": Personal(_of_hers("documents"), "documents"),
    "uploads": Personal(_of_hers("uploads"), "uploads"),
    "application_history": Personal(_below("application_history", "application_id", "applications"), "applications"),
    "receipts": Personal(_below("receipts", "application_id", "applications"), "applications"),
    "snapshots": Personal(_below("snapshots", "application_id", "applications"), "applications"),
    "applications": Personal(_of_hers("applications"), "applications"),
    "calendars_sent": Personal(_below("calendars_sent", "plan_id", "plans"), "calendars"),
    "needs_found": Personal(
        _of_hers("needs_found"), why="worked out from plans and papers, which the export shows, and made anew each day"
    ),
    "plans": Personal(_of_hers("plans"), "plans"),
    "import_rows": Personal(  # before the offers: a batch that has a row of hers at hand is waited for
        "DELETE FROM import_rows WHERE about IN (_address, _student::text)",
        why="rows of files that others sent; what was made of them is shown as offers",
    ),
    "record_offers": Personal(
        "DELETE FROM record_offers WHERE student_id = _student OR email = _address", "record_offers"
    ),
    "filed_applications": Personal(_of_hers("filed_applications"), "filed_applications"),
    "override_withdrawals": Personal(_below("override_withdrawals", "override_id", "overrides"), "overrides"),
    "overrides": Personal(_of_hers("overrides"), "overrides"),
    # Books are kept by law: what was sold stays, with ids that lead to a shell, and what people wrote goes.
    "refunds": Personal(
        """UPDATE refunds SET reason = '', reference = '', history = (
    SELECT coalesce(jsonb_agg(step || '{"note": ""}' ORDER BY place), '[]')
    FROM jsonb_array_elements(history) WITH ORDINALITY AS steps (step, place)) WHERE student_id = _student""",
        "refunds",
    ),
    "disputes": Personal("UPDATE disputes SET reason = '' WHERE student_id = _student", "disputes"),
    "orders": Personal(
        """UPDATE orders SET discounts = (
    SELECT coalesce(jsonb_agg(one || '{"reason": ""}' ORDER BY place), '[]')
    FROM jsonb_array_elements(discounts) WITH ORDINALITY AS given (one, place)) WHERE student_id = _student""",
        "orders",
    ),
    "notes": Personal(_of_hers("notes"), "notes"),
    "tasks": Personal(_of_hers("tasks"), "tasks"),
    "impact_students": Personal(_of_hers("impact_students"), "rule_changes"),
    "exports": Personal(_of_hers("exports"), "exports"),
    "reports": Personal(  # and every list of several students, for she may be in it
        f"{_of_hers('reports')};\n    {_WITHDRAWN}",
        "reports",
    ),
    "consents": Personal(_of_hers("consents"), "consents"),
    "legal_holds": Personal("UPDATE legal_holds SET reason = '' WHERE student_id = _student", "holds"),
    "erasures": Personal("UPDATE erasures SET reason = '' WHERE student_id = _student", "erasures"),
    "confirmations": Personal(
        "DELETE FROM confirmations WHERE account_id = _account",
        why="digests of codes, which would open her account to whoever has the export",
    ),
    "messages": Personal(  # with their deliveries
        "DELETE FROM messages WHERE student_id = _student OR account_id = _account OR address = _address", "messages"
    ),
    "deliveries": Personal(
        "DELETE FROM deliveries WHERE account_id = _account", why="they are shown with their messages"
    ),
    "rounds": Personal(_of_hers("rounds"), why="when her plans are looked through next"),
    "ways": Personal("DELETE FROM ways WHERE account_id = _account", "ways"),
    "message_preferences": Personal("DELETE FROM message_preferences WHERE account_id = _account", "preferences"),
    "grants": Personal(  # those that she gave, and those that she held or was offered
        "DELETE FROM grants WHERE student_id = _student OR account_id = _account OR email = _address", "grants"
    ),
    "factors": Personal("DELETE FROM factors WHERE account_id = _account", "factors"),
    "recovery_codes": Personal(
        "DELETE FROM recovery_codes WHERE account_id = _account",
        why="digests of codes, which would open her account to whoever has the export",
    ),
    "linked_identities": Personal("DELETE FROM linked_identities WHERE account_id = _account", "identities"),
    "provider_sign_ins": Personal(
        "DELETE FROM provider_sign_ins WHERE account_id = _account",
        why="ways to a provider that last minutes; what came of one is an identity",
    ),
    "throttles": Personal(
        "DELETE FROM throttles WHERE key = 'password:' || encode(sha256(convert_to(_address, 'UTF8')), 'hex') "
        "OR key IN ('factor:' || _account, 'factor-known:' || _account, 'phone:' || _account)",
        why="counts of failed attempts, under digests",
    ),
    "api_keys": Personal(
        "UPDATE api_keys SET name = '', networks = '{}', revoked_at = coalesce(revoked_at, now()) "
        "WHERE account_id = _account",
        "keys",
    ),
    "audit_entries": Personal(
        f"UPDATE audit_entries SET address = NULL, reason = NULL WHERE {_AUDITED} "  # noqa: S608
        "AND (student_id = _student OR actor = _account OR subject_id = _account) "
        "AND (address IS NOT NULL OR reason IS NOT NULL)",
        "activity",
    ),
    "sessions": Personal("DELETE FROM sessions WHERE account_id = _account", "sessions"),
    "account_uses": Personal("DELETE FROM account_uses WHERE account_id = _account", "account"),
    "students": Personal(
        f"UPDATE students SET profile = '{EMPTY_PROFILE}'::jsonb, version = version + 1 "  # noqa: S608
        f"WHERE id = _student AND profile <> '{EMPTY_PROFILE}'::jsonb",
        "profile",
    ),
    "accounts": Personal(
        f"UPDATE accounts SET email = {_SHELL}, password_hash = '', roles = '{{}}', name = '', "  # noqa: S608
        "email_confirmed_at = NULL, "
        f"version = version + 1 WHERE id = _account AND email NOT LIKE '%@{SHELL_HOST}'",
        "account",
    ),
}

_BOOKS = "amounts and ids, kept by law; the ids lead to a shell"
_CATALOGUE = "the public catalogue"
IMPERSONAL: Mapping[str, str] = {
    "outbox": "events carry ids and codes alone, and go with the rules of retention",
    "delivery_reports": "ids of reports, as providers made them",
    "price_lists": "what services cost",
    "payment_attempts": "amounts, states and ids of the provider's, of an order",
    "payment_notices": "ids of what the provider told",
    "ledger_entries": _BOOKS,
    "ledger_postings": _BOOKS,
    "ledger_sums": _BOOKS,
    "paper_numbers": _BOOKS,
    "money_papers": _BOOKS,
    "payment_differences": _BOOKS,
    "used_tickets": "digests of tickets that were used, which end within minutes",
    "audit_waiting": "places of entries that are still to be sealed",
    "audit_seals": "digests over the audit trail, and their signatures",
    "audit_sealed": "what the audit trail is searched by: ids and codes alone",
    "impacts": "counts over all students",
    "invariant_runs": "counts over everything that is stored",
    "invariant_breaches": "ids of rows that break what must hold, which lead to a shell",
    "rule_packs": "rules of the world",
    "rule_editions": "rules of the world, and which administrator put them in force",
    "editions": _CATALOGUE,
    "institutions": _CATALOGUE,
    "campuses": _CATALOGUE,
    "programmes": _CATALOGUE,
    "requirements": _CATALOGUE,
    "schedules": _CATALOGUE,
    "catalogue_history": _CATALOGUE,
    "imports": "what was done with files, by ids and counts, and what their senders called them",
    "import_problems": "places and codes: no report of a file about people repeats what stands in a cell",
}
"""Tables without anything of a student, and why."""

_HEAD = f"""
CREATE OR REPLACE FUNCTION {FUNCTION}(_student uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $erase$
DECLARE
    _account uuid;
    _address text;
    _ids text[];
BEGIN
    IF NOT EXISTS (SELECT FROM erasures WHERE student_id = _student AND state IN ('erasing', 'erased')) THEN
        RAISE EXCEPTION 'no erasure of this student has begun' USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    SELECT account_id INTO _account FROM students WHERE id = _student FOR UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    SELECT email INTO _address FROM accounts WHERE id = _account FOR UPDATE;
    _address := coalesce(_address, _account::text);
    SELECT array_agg(id::text) INTO _ids FROM (
        SELECT _student AS id UNION SELECT _account UNION SELECT id FROM documents WHERE student_id = _student
        UNION SELECT id FROM applications WHERE student_id = _student
        UNION SELECT id FROM plans WHERE student_id = _student
        UNION SELECT id FROM uploads WHERE student_id = _student
        UNION SELECT id FROM overrides WHERE student_id = _student
        UNION SELECT id FROM notes WHERE student_id = _student
        UNION SELECT id FROM tasks WHERE student_id = _student
    ) AS hers;
"""  # noqa: S608 - only our own constants go in


def erasing(there: Collection[str], role: str | None) -> Iterator[str]:
    """Yield what makes the function over the tables that are there, or takes it away where erasures are not known."""
    if "erasures" not in there:
        yield f"DROP FUNCTION IF EXISTS {FUNCTION}(uuid)"
        return
    statements = ";\n    ".join(one.erase for name, one in PERSONAL.items() if name in there)
    yield f"{_HEAD}    {statements};\nEND $erase$"
    yield f"REVOKE ALL ON FUNCTION {FUNCTION}(uuid) FROM PUBLIC"
    if role is not None:
        yield f"GRANT EXECUTE ON FUNCTION {FUNCTION}(uuid) TO {role}"
