"""The adapter that matches in SQL against the same question put into one statement by hand."""

import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg

from benchmarks.results import Result
from higherstudy.adapters.postgres.migrate import upgrade
from higherstudy.adapters.postgres.reading import Reading
from higherstudy.adapters.postgres.snapshots import PostgresSnapshots
from higherstudy.domain.catalogue.programme import Programme
from higherstudy.domain.imports.programmes import programme_row
from higherstudy.domain.imports.stated import stated_numbers
from higherstudy.domain.matching.asking import Apart
from higherstudy.domain.matching.evidence import Evidence
from higherstudy.domain.matching.wanted import Wanted, Wishes
from higherstudy.domain.matching.whole import Whole

ROUNDS = 11
OFFERED = "NOT p.expired AND NOT p.withdrawn"
WHERE = {
    "focused": "p.country IN ('DE', 'NL') AND p.level = 'master' AND "
    "EXISTS (SELECT FROM unnest(p.fields) AS f WHERE starts_with(f, '061'))",
    "broad": "true",
}
COUNTS = (
    "SELECT p.requirement_id, {country}, {level}, count(*) FROM programmes p WHERE {offered} AND {where} "
    "GROUP BY 1, 2, 3"
)
PAGE = """
SELECT p.id FROM programmes p JOIN unnest($1::bigint[], $2::text[], $3::text[], $4::int[])
  AS r (requirement_id, country, level, rank)
  ON r.requirement_id = p.requirement_id AND r.country = {country} AND r.level = {level}
LEFT JOIN unnest($5::bigint[], $6::int[]) AS d (schedule_id, fits) USING (schedule_id) WHERE {offered} AND {where}
ORDER BY r.rank, CASE WHEN p.fields = '{{}}' THEN 1
  WHEN EXISTS (SELECT FROM unnest(p.fields) AS f WHERE starts_with(f, '061')) THEN 0
  WHEN EXISTS (SELECT FROM unnest(p.fields) AS f WHERE starts_with('061', f)) THEN 1 ELSE 2 END,
  CASE WHEN p.tuition_currency IS DISTINCT FROM 'EUR' THEN 1 WHEN p.tuition_minor <= 1200000 THEN 0 ELSE 2 END,
  coalesce(d.fits, 1), p.name, p.key COLLATE "C" LIMIT 20
"""


def measure_sql(programmes: list[Programme], evidence: Evidence, questions: Mapping[str, Wanted]) -> Iterator[Result]:
    """Yield the ratio of the adapter's time for counts and a page to that of the statements by hand."""
    with _server() as url:
        for name, ours, byhand in asyncio.run(_measure(url, programmes, evidence, questions)):
            ratio = statistics.median(one / other for one, other in zip(ours, byhand, strict=True))
            detail = f"{statistics.median(ours):.0f} against {statistics.median(byhand):.0f} ms, {ROUNDS} pairs"
            yield Result(f"match in SQL, {name}: times the best by hand", ratio, 1.3, detail)


async def _measure(
    url: str, programmes: list[Programme], evidence: Evidence, questions: Mapping[str, Wanted]
) -> list[tuple[str, list[float], list[float]]]:
    from higherstudy.adapters.bundled.packs import bundled_rulebook  # noqa: PLC0415

    await upgrade(url)
    connection = await asyncpg.connect(url)
    await _fill(connection, programmes)
    reading, found = Reading(url), []
    snapshot = await PostgresSnapshots(reading, _Still()).current(Apart.of(bundled_rulebook()))
    apart = snapshot.trees.apart.all
    whole, wishes = Whole(snapshot.trees, evidence, bundled_rulebook()), Wishes.of(evidence, bundled_rulebook())
    deadlines = {number: int(wishes.deadline(intakes)) for number, intakes in snapshot.stated.schedules.items()}
    for name, wanted in questions.items():
        named = {"country": _named("p.country", apart.countries), "level": _named("p.level", apart.levels)}
        counts = COUNTS.format(offered=OFFERED, where=WHERE[name], **named)
        page = PAGE.format(offered=OFFERED, where=WHERE[name], **named)
        chosen = await snapshot.select(wanted)
        order = whole.order(chosen.counts, await chosen.standings(whole.leaves), 20)
        ranked = [(*key[:3], order.ranks[tree]) for key, tree in snapshot.keys.items() if tree in order.ranks]
        given = [*map(list, zip(*ranked, strict=True)), list(deadlines), list(deadlines.values())]
        ours, byhand, same = [], [], []
        for _ in range(ROUNDS):
            begun = time.perf_counter()
            (ids,) = await (await snapshot.select(wanted)).pages([order.ranks], wishes, 0, 20)
            between = time.perf_counter()
            await connection.fetch(counts)
            rows = await connection.fetch(page, *given)
            byhand.append((time.perf_counter() - between) * 1000)
            ours.append((between - begun) * 1000)
            same.append([row["id"].bytes for row in rows] == [id_.bytes for id_ in ids])
        if not all(same):
            raise RuntimeError(f"the two pages of the {name} question differ")
        found.append((name, ours, byhand))
    await reading.close()
    await connection.close()
    return found


def _named(column: str, names: Iterable[str]) -> str:
    """Return the column where the rules tell apart whom it names, blank for all others: stops of visas do so."""
    words = ", ".join(f"'{name}'" for name in sorted(names))
    return f"CASE WHEN {column} IN ({words}) THEN {column} ELSE '' END" if words else "''"


class _Still:
    """The edition of a catalogue that nobody changes."""

    async def current(self) -> str:
        return "1"


async def _fill(connection: Any, programmes: list[Programme]) -> None:
    """Put the programmes in, each distinct statement once, and no whole programmes beside them."""
    numbers: dict[int, int] = {}
    kept: dict[str, dict[int, str]] = {"requirements": {}, "schedules": {}}
    records: list[tuple[Any, ...]] = []
    places: dict[Any, Any] = {}
    for one in programmes:
        places[one.institution.id] = one.institution
        for part, table, place in ((one.requirement, "requirements", 0), (one.intakes, "schedules", 1)):
            if id(part) not in numbers:
                details = programme_row(one).details
                numbers[id(part)] = stated_numbers(details)[place]
                if numbers[id(part)] and details:
                    kept[table][numbers[id(part)]] = details
        fee = one.tuition
        records.append((
            one.id, one.key, "made", one.institution.id, one.name, one.name.lower(), one.level.value, "",
            list(one.fields), list(one.languages), one.institution.country, fee and fee.money.minor,
            fee and fee.money.currency, fee and fee.per.value, False, True, 0, 0, [], one.id, one.id,
            numbers[id(one.requirement)], numbers[id(one.intakes)],
        ))  # fmt: skip
    rows = [
        (id_, one.key, "made", one.name, one.name.lower(), one.country, one.city, one.zone, "", 0, id_, id_)
        for id_, one in places.items()
    ]
    names = "id key origin name search country city zone website digest added_in changed_in"
    await connection.copy_records_to_table("institutions", records=rows, columns=names.split())
    columns = (
        "id key origin institution_id name search level award fields languages country tuition_minor tuition_currency "
        "tuition_per expired synthetic digest places campus_ids added_in changed_in requirement_id schedule_id"
    )
    await connection.copy_records_to_table("programmes", records=records, columns=columns.split())
    for table, stated in kept.items():
        await connection.copy_records_to_table(table, records=list(stated.items()), columns=["id", "details"])
    await connection.execute("VACUUM ANALYZE")


@contextmanager
def _server() -> Iterator[str]:
    from higherstudy.adapters.embedded_postgres.server import EmbeddedPostgres  # noqa: PLC0415  only when measured

    if url := os.environ.get("BENCH_DATABASE_URL"):
        yield url
        return
    with tempfile.TemporaryDirectory(prefix="higherstudy-bench-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        with EmbeddedPostgres(Path(folder) / "postgres") as endpoint:
            yield endpoint.admin_url
