"""What must hold is looked at over all rows: on a healthy database nothing is found, and of a broken one exactly the
row that was broken.

Rows are broken past every constraint and trigger, in a transaction that is taken back afterwards.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from paying import PRICES, FaultyProvider
from real_ports import RealPorts, real_ports
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

import servers
from higherstudy.adapters.memory.clock import MemoryClock
from higherstudy.adapters.postgres.engine import create_engine
from higherstudy.adapters.postgres.invariant_questions import QUESTIONS
from higherstudy.adapters.postgres.invariants import PostgresInvariants
from higherstudy.domain.applications.application import Application, Submission
from higherstudy.domain.documents.document import Answer, Check
from higherstudy.domain.identity.account import Asker, Role
from higherstudy.domain.identity.scopes import Scope
from higherstudy.domain.identity.use_cases.accounts import asker_of
from higherstudy.domain.notifications.message import Recipient
from higherstudy.domain.notifications.use_cases.saying import Saying, preferences_of
from higherstudy.domain.operations.invariants import INVARIANTS, Run, Way
from higherstudy.domain.payments.quoting import Wanted
from higherstudy.domain.rights.consent import Said
from higherstudy.domain.shared.canonical import sha256_of
from higherstudy.domain.shared.ids import AccountId, ApplicationId, ProgrammeId, StudentId
from higherstudy.domain.shared.money import Money
from higherstudy.entrypoints.cli.main import main
from higherstudy.entrypoints.processes.seed import seed
from higherstudy.entrypoints.wiring.containers.every import UseCases, use_cases_over
from higherstudy.ports.contracts.samples import an_override
from higherstudy.ports.vault import Place

PDF = b"%PDF-1.7\n" + b"a scan of a passport " * 50
SENT = b'{"what":"was sent"}'


@dataclass(frozen=True)
class World:
    """A database with the sample data, and a student who has done what one can do; where her files and keys are."""

    app_url: str
    admin_url: str
    home: Path


@pytest.fixture(scope="module")
def world(database: servers.Database, postgres: servers.Cluster, tmp_path_factory: pytest.TempPathFactory) -> World:
    start, _, rest = postgres.admin_url.partition("?")
    admin_url = start.rpartition("/")[0] + f"/{database.name}" + (f"?{rest}" if rest else "")
    filled = World(database.app_url, admin_url, tmp_path_factory.mktemp("home"))
    asyncio.run(_fill(filled))
    return filled


@asynccontextmanager
async def _engine(url: str) -> AsyncIterator[AsyncEngine]:
    engine = create_engine(url)
    try:
        yield engine
    finally:
        await engine.dispose()


@asynccontextmanager
async def _rolled_back(world: World) -> AsyncIterator[AsyncConnection]:
    """Give a transaction of whoever may do anything, of which nothing is kept."""
    async with _engine(world.admin_url) as engine, engine.connect() as connection:
        yield connection
        await connection.rollback()


async def _fill(world: World) -> None:
    async with _engine(world.app_url) as engine, real_ports(engine, world.home) as real:
        use = use_cases_over(real.ports)
        await use.note_shipped_packs()()
        await seed(world.home / "sample.json", use, lambda _: None)
        student, student_id = await _registered(use)
        await _papers(use, student, student_id)
        await _an_application(use, real, student_id)
        in_a_year = use.clock().now().replace(year=use.clock().now().year + 1)
        await use.offer_grant()(student, student_id, "parent@example.org", frozenset({Scope.READ_PLAN}), in_a_year)
        await use.say_consent()(student, student_id, "product_metrics", Said.GIVEN, "1")
        await use.ask_for_export()(student, student_id)
        await _messages(use, student.account_id)
        await _a_payment(real, student, student_id)
        async with real.ports.transactions() as work:
            await work.overrides.add(an_override(student_id))
        _, gone = await _registered(use)
        admin = Asker(student.account_id, frozenset({Role.ADMIN}))
        await use.erase()((await use.erase_at_once()(admin, gone, "An order of the authority.")).id)
        for _ in range(2):
            await use.seal_entries()()
            await _registered(use)
        await use.seal_entries()()
    async with _engine(world.admin_url) as owner, owner.begin() as connection:  # as if it had been long ago
        await connection.execute(text("UPDATE erasures SET ended_at = now() - interval '2 hours'"))


async def _registered(use: UseCases) -> tuple[Asker, StudentId]:
    asker = asker_of(await use.register()(f"{uuid4()}@example.org", "seven quiet rivers at dawn"))
    assert asker.student_id is not None
    return asker, asker.student_id


async def _papers(use: UseCases, student: Asker, student_id: StudentId) -> None:
    """One that was rejected with a reason, and one that she cannot have."""
    passport, transcript = [await use.add_document()(student, student_id, kind) for kind in ("passport", "nid")]
    await use.upload_version()(student, passport.id, _pieces(PDF), "passport.pdf")
    async with use.transactions()() as work:
        kept, other = await work.documents.get(passport.id), await work.documents.get(transcript.id)
        kept.check(1, Check.REJECT, AccountId(uuid4()), "Blurred.")
        other.give_answer(Answer.CANNOT_OBTAIN, "The office is closed.", work.now)
        await work.documents.save(kept)
        await work.documents.save(other)


async def _an_application(use: UseCases, real: RealPorts, student_id: StudentId) -> None:
    keys = await real.ports.vault.keys_of(student_id)
    async with use.transactions()() as work:
        programme = await work.catalogue.find_by_key("saarland-computer-science-msc")
        assert programme is not None
        application = Application(
            ApplicationId(uuid4()), student_id, ProgrammeId(programme.id), "winter", date(2027, 10, 1), work.now
        )
        await work.applications.add(application)
        application.submit(Submission(work.now, sha256_of(SENT)), (await work.students.get(student_id)).account_id)
        await work.applications.save(application)
        sealed = keys.seal(Place("snapshot", str(application.id)), SENT)
        await work.applications.keep_snapshot(application.id, sealed)


async def _messages(use: UseCases, account_id: AccountId) -> None:
    """One that goes out, one that is repeated until she knows, one to an address, and one for a digest."""
    her, somebody = Recipient(account_id), Recipient(address="parent@example.org")
    async with use.transactions()() as work:
        preferences = await preferences_of(work, [account_id], use.secrets())
        preferences[account_id].always_digest = True
        await work.ways.save_preferences(preferences[account_id])
        await use.say()(work, [Saying(kind, "one", her) for kind in ("receipt", "window_open", "plan_moved")])
        await use.say()(work, [Saying("grant_offered", "one", somebody)])


async def _a_payment(real: RealPorts, student: Asker, student_id: StudentId) -> None:
    """An order that is paid, of which a part goes back."""
    provider = FaultyProvider(MemoryClock(real.ports.clock.now()))
    use = use_cases_over(replace(real.ports, payments=provider))
    admin = Asker(AccountId(uuid4()), frozenset({Role.ADMIN}))
    await use.set_prices()(admin, currency="EUR", prices=PRICES)
    order = (await use.place_order()(student, student_id, currency="EUR", lines=[Wanted("courier", 1)])).order
    await use.pay_order()(student, order.id)
    provider.pay("col_1")
    await use.settle_collection()("col_1")
    case = await use.ask_for_refund()(student, order.id, reason="Not needed.", amount=Money(100, "EUR"))
    await use.decide_refund()(admin, case.id, approve=True)
    await use.send_refund()(case.id)


async def _pieces(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def _detect(world: World) -> Run:
    async def nobody(done: int, of: int) -> None:
        assert done <= of

    async with _engine(world.app_url) as engine, real_ports(engine, world.home) as real:
        return await use_cases_over(real.ports).detect_breaches()(nobody)


async def _broken_rows(world: World) -> dict[str, set[str]]:
    async with (
        _engine(world.app_url) as engine,
        real_ports(engine, world.home) as real,
        real.ports.transactions() as work,
    ):
        found = await work.invariants.breaches(100)
    rows: dict[str, set[str]] = {}
    for one in found:
        rows.setdefault(one.invariant, set()).add(one.row)
    return rows


async def test_on_a_healthy_database_every_sentence_is_looked_at_and_holds(world: World) -> None:
    run = await _detect(world)

    assert run.looked.keys() == {one.id for one in INVARIANTS}
    assert {name: one for name, one in run.looked.items() if one.failure or one.breaches} == {}
    over_nothing = {name for name, one in run.looked.items() if one.looked_at == 0}
    assert over_nothing <= {"upload_became_a_version", "export_ends_on_its_day", "erasure_in_time", *LOOKED_AT_NEVER}


LOOKED_AT_NEVER = {
    *("audit_sealed_soon", "job_lease_is_kept", "plan_names_programmes"),
    *("books_agree", "payment_followed_up"),
}
"""What is only looked at while something waits; the sample has no plan once its intakes have begun."""

A_STUDENT = "(SELECT student_id FROM applications LIMIT 1)"
AN_ID = "gen_random_uuid()"
A_DELIVERY = "(SELECT d.id FROM deliveries d JOIN messages m ON m.id = d.message_id WHERE m.kind = 'receipt')"
AGAIN_ON_ITS_WAY = (
    "INSERT INTO deliveries SELECT gen_random_uuid(), d.message_id, d.account_id, channel, 'delivered', due_at, 1, 0, "
    "gathered, provider_id, detail, now(), d.version FROM deliveries d JOIN messages m ON m.id = d.message_id"
)

# The sentence, what breaks it, and what then selects the row that must be named: alone.
BREAKING: tuple[tuple[str, str, str], ...] = (
    (
        "message_said_once",
        (
            "INSERT INTO messages SELECT gen_random_uuid(), key || '/again', kind, about, account_id, address, "
            "student_id, language, params, said_at, read_at, acknowledged_at, now(), version FROM messages "
            "WHERE kind = 'window_open'"
        ),
        "SELECT id FROM messages WHERE key LIKE '%/again'",
    ),
    (
        "message_said_once",
        f"{AGAIN_ON_ITS_WAY} WHERE kind = 'receipt'",
        "SELECT id FROM messages WHERE kind = 'receipt'",
    ),
    (
        "message_goes_out",
        "DELETE FROM deliveries WHERE message_id = (SELECT id FROM messages WHERE kind = 'receipt')",
        "SELECT id FROM messages WHERE kind = 'receipt'",
    ),
    (
        "message_goes_out",
        "DELETE FROM deliveries WHERE message_id = (SELECT id FROM messages WHERE address <> '')",
        "SELECT id FROM messages WHERE address <> ''",
    ),
    (
        "delivery_is_on_its_way",
        f"UPDATE jobs SET status = 'done' WHERE arguments ->> 'delivery' = {A_DELIVERY}::text",
        f"SELECT {A_DELIVERY}",
    ),
    (
        "delivery_is_on_its_way",
        (
            "UPDATE deliveries SET state = 'delivered', attempts = 1, changed_at = now() - interval '2 days' "
            f"WHERE id = {A_DELIVERY}"
        ),
        f"SELECT {A_DELIVERY}",
    ),
    (
        "delivery_is_on_its_way",
        "DELETE FROM jobs WHERE reaction = 'digest'",
        "SELECT id FROM deliveries WHERE gathered",
    ),
    (
        "delivery_after_an_attempt",
        f"UPDATE deliveries SET state = 'delivered', changed_at = now() WHERE id = {A_DELIVERY}",
        f"SELECT {A_DELIVERY}",
    ),
    (
        "delivery_after_an_attempt",
        f"UPDATE deliveries SET unsure = 2, attempts = 2 WHERE id = {A_DELIVERY}",
        f"SELECT {A_DELIVERY}",
    ),
    (
        "escalation_until_acknowledged",
        "DELETE FROM jobs WHERE reaction = 'escalate'",
        "SELECT id FROM messages WHERE kind = 'window_open'",
    ),
    (
        "escalation_until_acknowledged",
        (
            "UPDATE messages SET acknowledged_at = now() - interval '1 hour' WHERE kind = 'window_open'; "
            "UPDATE deliveries SET state = 'taken', attempts = 1, changed_at = now() "
            "WHERE message_id = (SELECT id FROM messages WHERE kind = 'window_open')"
        ),
        "SELECT id FROM messages WHERE kind = 'window_open'",
    ),
    (
        "student_one_account",
        f"UPDATE students SET account_id = {AN_ID} WHERE id = {A_STUDENT}",
        f"SELECT {A_STUDENT}",
    ),
    (
        "record_of_a_student",
        f"UPDATE overrides SET student_id = {AN_ID}",
        "SELECT 'overrides:' || id FROM overrides",
    ),
    ("application_by_the_table", "UPDATE applications SET state = 'enrolled'", "SELECT id FROM applications"),
    ("application_by_the_table", "DELETE FROM application_history", "SELECT id FROM applications"),
    (
        "application_by_the_table",
        "UPDATE application_history SET number = 2",
        "SELECT id FROM applications",
    ),
    (
        "application_by_the_table",
        "UPDATE application_history SET side = 'institution'",
        "SELECT id FROM applications",
    ),
    ("application_sent_is_kept", "DELETE FROM snapshots", "SELECT id FROM applications"),
    ("application_sent_is_kept", "DELETE FROM receipts", "SELECT id FROM applications"),
    (
        "application_sent_is_kept",
        "UPDATE receipts SET submitted_at = submitted_at - interval '1 day'",
        "SELECT id FROM applications",
    ),
    ("application_sent_in_time", "UPDATE receipts SET spare_seconds = -1", "SELECT id FROM applications"),
    (
        "application_offer_is_there",
        "UPDATE applications SET state = 'offer_conditional', offer = '{\"conditions\": []}'",
        "SELECT id FROM applications",
    ),
    (
        "document_versions_whole",
        "UPDATE document_versions SET number = 3",
        "SELECT document_id || '/3' FROM document_versions",
    ),
    (
        "document_versions_whole",
        "UPDATE document_versions SET sha256 = ''",
        "SELECT document_id || '/1' FROM document_versions",
    ),
    (
        "document_rejected_with_reason",
        "UPDATE document_versions SET rejected_because = ' '",
        "SELECT document_id || '/1' FROM document_versions",
    ),
    (
        "document_answer_with_reason",
        "UPDATE documents SET answer_reason = NULL WHERE answer IS NOT NULL",
        "SELECT id FROM documents WHERE answer IS NOT NULL",
    ),
    (
        "upload_became_a_version",
        (
            "INSERT INTO uploads (id, document_id, student_id, requested_by, size, content_type, sha256, file_name, "
            "name_on_document, requested_at, state, reasons, number, version) SELECT gen_random_uuid(), id, "
            "student_id, student_id, 1, '', '', '', '', now(), 'accepted', '[]', 7, 1 FROM documents LIMIT 1"
        ),
        "SELECT id FROM uploads",
    ),
    (
        "plan_names_programmes",
        (
            "INSERT INTO plans (id, student_id, made_at, inputs, calendar_hash, version) SELECT gen_random_uuid(), "
            f'{A_STUDENT}, now(), \'{{"targets": [{{"programme_id": "none"}}]}}\', \'\', 1'
        ),
        "SELECT id || '/none' FROM plans WHERE inputs::text LIKE '%none%'",
    ),
    ("override_with_reason", "UPDATE overrides SET reason = ' '", "SELECT id FROM overrides"),
    (
        "grant_with_an_end",
        "UPDATE grants SET until = given_at + interval '400 days'",
        "SELECT id FROM grants",
    ),
    (
        "grant_with_an_end",
        "UPDATE grants SET account_id = student_id, accepted_at = until + interval '1 second'",
        "SELECT id FROM grants",
    ),
    ("consent_by_herself", f"UPDATE consents SET by = {AN_ID}", "SELECT id FROM consents"),
    (
        "erased_leaves_nothing",
        "UPDATE documents SET student_id = (SELECT student_id FROM erasures) WHERE answer IS NOT NULL",
        "SELECT 'documents:' || student_id FROM erasures",
    ),
    (
        "erased_leaves_nothing",
        (
            'UPDATE students SET profile = (SELECT profile || \'{"name": "Sample Student"}\' FROM students LIMIT 1) '
            "WHERE id IN (SELECT student_id FROM erasures)"
        ),
        "SELECT 'students:' || student_id FROM erasures",
    ),
    (
        "erased_leaves_nothing",
        "UPDATE accounts SET email = 'back@example.org' WHERE id IN (SELECT account_id FROM erasures)",
        "SELECT 'accounts:' || student_id FROM erasures",
    ),
    (
        "erased_leaves_nothing",
        (
            "UPDATE applications SET student_id = (SELECT student_id FROM erasures); "
            "DELETE FROM receipts; DELETE FROM snapshots; DELETE FROM application_history"
        ),
        "SELECT 'applications:' || student_id FROM erasures",
    ),
    (
        "erasure_in_time",
        "UPDATE erasures SET state = 'waiting', due_at = now() - interval '2 days'",
        "SELECT id FROM erasures",
    ),
    (
        "export_ends_on_its_day",
        "UPDATE exports SET state = 'ready', until = now() - interval '2 days'",
        "SELECT id FROM exports",
    ),
    (
        "ledger_entry_balanced",
        (
            "UPDATE ledger_postings SET minor = minor + 1 WHERE place = 0 "
            "AND entry_id = (SELECT id FROM ledger_entries WHERE kind = 'repaid')"
        ),
        "SELECT id FROM ledger_entries WHERE kind = 'repaid'",
    ),
    (
        "ledger_entry_balanced",
        "DELETE FROM ledger_postings WHERE entry_id = (SELECT id FROM ledger_entries WHERE kind = 'taken')",
        "SELECT id FROM ledger_entries WHERE kind = 'taken'",
    ),
    (
        "ledger_sums_are_sums",
        "UPDATE ledger_sums SET minor = minor + 1 WHERE account = 'refunds_due'",
        "SELECT 'refunds_due EUR'",
    ),
    ("ledger_sums_are_sums", "DELETE FROM ledger_sums WHERE account = 'tax:19'", "SELECT 'tax:19 EUR'"),
    ("order_paid_once", "UPDATE orders SET state = 'cancelled'", "SELECT id FROM orders"),
    ("order_paid_once", "UPDATE payment_attempts SET state = 'closed'", "SELECT id FROM orders"),
    ("refund_within_payment", "UPDATE refunds SET amount = 1000000", "SELECT attempt_id FROM refunds"),
    (
        "paper_numbers_whole",
        "DELETE FROM money_papers WHERE series = 'RC'",
        "SELECT series || '-' || year FROM paper_numbers WHERE series = 'RC'",
    ),
    (
        "books_agree",
        (
            "INSERT INTO payment_differences (what, subject, first_seen, last_seen, at, currency) "
            "VALUES ('taken_there_only', 'col_9', now(), now(), now(), 'EUR')"
        ),
        "SELECT 'taken_there_only:col_9'",
    ),
    ("refund_in_time", "UPDATE refunds SET expected_by = current_date - 1", "SELECT id FROM refunds"),
    (
        "payment_followed_up",
        (
            "INSERT INTO payment_notices (id, kind, at, collection, heard_at) "
            "VALUES ('evt_9', 'changed', now(), 'col_9', now() - interval '16 minutes')"
        ),
        "SELECT 'col_9'",
    ),
    (
        "audit_chain_whole",
        "DELETE FROM audit_seals WHERE number = 2",
        "SELECT 3",
    ),
    (
        "audit_chain_whole",
        "UPDATE audit_seals SET previous = 'another' WHERE number = 1",
        "SELECT 1",
    ),
    (
        "audit_sealed_soon",
        (
            "WITH old AS (UPDATE audit_entries SET at = now() - interval '2 hours' "
            "WHERE place = (SELECT max(place) FROM audit_entries) RETURNING place) "
            "INSERT INTO audit_waiting SELECT place FROM old"
        ),
        "SELECT max(place) FROM audit_entries",
    ),
    (
        "event_passed_on_soon",
        "UPDATE outbox SET at = now() - interval '11 minutes' WHERE position = (SELECT max(position) FROM outbox)",
        "SELECT id FROM outbox ORDER BY position DESC LIMIT 1",
    ),
    (
        "job_lease_is_kept",
        (
            "UPDATE jobs SET status = 'leased', leased_until = now() - interval '11 minutes' "
            "WHERE position = (SELECT max(position) FROM jobs)"
        ),
        "SELECT id FROM jobs ORDER BY position DESC LIMIT 1",
    ),
    (
        "pack_text_is_its_hash",
        "UPDATE rule_packs SET text = text || ' ' WHERE sha256 = (SELECT min(sha256) FROM rule_packs)",
        "SELECT min(sha256) FROM rule_packs",
    ),
    (
        "edition_has_its_packs",
        "DELETE FROM rule_packs WHERE sha256 = (SELECT min(sha256) FROM rule_packs)",
        "SELECT id FROM rule_editions",
    ),
    (
        "programme_of_an_institution",
        f"UPDATE programmes SET institution_id = {AN_ID} WHERE key = 'saarland-computer-science-msc'",
        "SELECT 'programmes:' || id FROM programmes WHERE key = 'saarland-computer-science-msc'",
    ),
    (
        "programme_of_an_institution",
        "UPDATE programmes SET requirement_id = 17 WHERE key = 'saarland-computer-science-msc'",
        "SELECT 'programmes:' || id FROM programmes WHERE key = 'saarland-computer-science-msc'",
    ),
)


@pytest.mark.parametrize(("invariant", "breaking", "selecting"), BREAKING, ids=[one[0] for one in BREAKING])
async def test_exactly_the_row_that_was_broken_is_named(
    world: World, invariant: str, breaking: str, selecting: str
) -> None:
    async with _rolled_back(world) as connection:
        await _break(connection, breaking)
        [expected] = [str(row) for row in (await connection.execute(text(selecting))).scalars()]

        found = await PostgresInvariants(connection).look(invariant)

    assert found is not None
    assert (found.rows, found.count) == ((expected,), 1)


async def test_two_live_applications_of_one_intake_are_both_named(world: World) -> None:
    async with _rolled_back(world) as connection:
        await connection.execute(text("DROP INDEX uq_applications_live"))
        await _break(
            connection,
            "INSERT INTO applications SELECT gen_random_uuid(), student_id, programme_id, term, starts_on, started_at, "
            "'draft', offer, version FROM applications",
        )
        ids = sorted((await connection.execute(text("SELECT id::text FROM applications"))).scalars())

        found = await PostgresInvariants(connection).look("application_one_at_a_time")

    assert found is not None
    assert sorted(found.rows) == ids
    assert len(ids) == 2


async def _break(connection: AsyncConnection, statements: str) -> None:
    await connection.execute(text("SET LOCAL session_replication_role = replica"))  # no trigger, no foreign key
    for statement in statements.split("; "):
        await connection.exec_driver_sql(statement)


async def test_of_many_rows_a_hundred_are_named_and_all_are_counted(world: World) -> None:
    async with _rolled_back(world) as connection:
        await _break(
            connection,
            "INSERT INTO overrides SELECT gen_random_uuid(), student_id, programme_id, place, standing, '', by, at, "
            "basis, until FROM overrides, generate_series(1, 150)",
        )

        found = await PostgresInvariants(connection).look("override_with_reason")

    assert found is not None
    assert (len(found.rows), found.count) == (100, 150)


def test_every_sentence_about_rows_is_broken_by_some_test() -> None:
    asked = {one.id for one in INVARIANTS if one.way is Way.ROWS} - {"pathway_leads_somewhere"}

    assert QUESTIONS.keys() == asked
    assert {name for name, _, _ in BREAKING} | {"application_one_at_a_time"} == asked


async def _changed(world: World, *statements: str) -> None:
    async with _engine(world.admin_url) as owner, owner.begin() as connection:
        for statement in statements:
            await _break(connection, statement)


async def _asked(world: World, query: str) -> list[str]:
    async with _rolled_back(world) as connection:
        return [str(row) for row in (await connection.exec_driver_sql(query)).scalars()]


FLIPPED = "UPDATE snapshots SET content = set_byte(content, 60, get_byte(content, 60) # 1)"


async def test_a_file_that_is_gone_and_a_snapshot_that_was_changed_are_named_until_they_are_mended(
    world: World,
) -> None:
    [file] = [one for one in (world.home / "files").rglob("*") if one.is_file() and one.stat().st_size > len(PDF)]
    content = file.read_bytes()
    [application] = await _asked(world, "SELECT application_id FROM snapshots")
    [paper] = await _asked(world, "SELECT document_id || '/1' FROM document_versions")
    await _changed(world, FLIPPED)
    file.unlink()

    broken, rows = await _detect(world), await _broken_rows(world)
    file.write_bytes(content)
    await _changed(world, FLIPPED)
    mended = await _detect(world)

    assert rows == {"application_snapshot_unchanged": {application}, "document_file_unchanged": {paper}}
    assert {name for name, one in broken.looked.items() if one.breaches} == rows.keys()
    assert {name for name, one in mended.looked.items() if one.breaches or one.failure} == set()
    assert await _broken_rows(world) == {}


@pytest.mark.parametrize(
    ("invariant", "table", "broken", "which"),
    [
        (
            "requirement_names_what_exists",
            "requirements",
            "replace(details::text, '\"IELTS_AC\"', '\"IELTS_NONE\"')::jsonb",
            "details::text LIKE '%IELTS_NONE%'",
        ),
        (
            "deadlines_in_order",
            "schedules",
            'replace(details::text, \'"opens_each": "02-01"\', \'"opens_each": "12-31"\')::jsonb',
            'details::text LIKE \'%"opens_each": "12-31"%\'',
        ),
    ],
)
async def test_a_programme_that_states_what_cannot_be_is_named_until_it_is_mended(
    world: World, invariant: str, table: str, broken: str, which: str
) -> None:
    await _changed(world, f"CREATE TABLE kept AS TABLE {table}", f"UPDATE {table} SET details = {broken}")
    expected = set(await _asked(world, f"SELECT details -> 'programme' ->> 'key' FROM {table} WHERE {which}"))

    run, rows = await _detect(world), await _broken_rows(world)
    await _changed(
        world, f"UPDATE {table} SET details = kept.details FROM kept WHERE kept.id = {table}.id", "DROP TABLE kept"
    )
    again = await _detect(world)

    assert expected
    assert rows.get(invariant) == expected
    assert run.looked[invariant].breaches == len(expected)
    assert again.looked[invariant].breaches == 0


async def test_a_sentence_that_cannot_be_looked_at_keeps_no_other_from_it(world: World) -> None:
    await _changed(world, "REVOKE SELECT ON overrides FROM higherstudy_app")

    run = await _detect(world)
    await _changed(world, "GRANT SELECT ON overrides TO higherstudy_app")

    assert {name for name, one in run.looked.items() if one.failure} >= {"override_with_reason"}
    assert run.looked["grant_with_an_end"].looked_at == 1


def test_whoever_operates_the_machine_looks_now_and_sees_the_rows(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", world.app_url)
    monkeypatch.setenv("HIGHERSTUDY_HOME", str(world.home))
    first = main(["invariants", "--here"]), capsys.readouterr().out
    asyncio.run(_changed(world, "CREATE TABLE kept AS TABLE overrides", "UPDATE overrides SET reason = ' '"))
    [row] = asyncio.run(_asked(world, "SELECT id FROM overrides"))

    broken = main(["invariants", "--here"]), capsys.readouterr().out
    asyncio.run(_changed(world, "UPDATE overrides SET reason = kept.reason FROM kept", "DROP TABLE kept"))
    mended = main(["invariants", "--here", "--json"]), json.loads(capsys.readouterr().out)

    assert (first[0], "BROKEN" in first[1]) == (0, False)
    assert broken[0] == 1
    assert "BROKEN override_with_reason by 1 (critical)" in broken[1]
    assert f"override {row}, since" in broken[1]
    assert "docs/runbooks.md#invariantbroken" in broken[1]
    assert mended[0] == 0
    asked = [one for one in mended[1]["items"] if one["way"] == "rows"]  # samples need the keys of this machine
    assert [one["id"] for one in asked if one["holds"] is not True] == []
