"""The whole catalogue for matching, asked in SQL: the database counts, ranks and pages by what the domain judged."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from ...domain.catalogue.folding import words_of
from ...domain.matching.asking import Apart, Asking, folded_name
from ...domain.matching.fit import Fits
from ...domain.matching.trees import Trees, leaves_of, standings_of
from ...domain.matching.unlocking import Opening, opening_of
from ...domain.matching.wanted import Wanted, Wishes
from ...domain.shared.ids import ProgrammeId
from ...ports.editions import Editions
from .matching_rows import A_YEAR, Stated
from .reading import Reading

_NOBODY = UUID(int=0)
_GIVEN = "$1::text[] IS NOT NULL AND $2::text[] IS NOT NULL AND $3::uuid[] IS NOT NULL"
_KEPT = 2  # editions of the rules are asked for besides those in force


class Key(NamedTuple):
    """What a tree is known by in the rows: its requirement, and who asks for it where the rules make a difference."""

    requirement: int
    country: str
    level: str
    institution: UUID


class PostgresSnapshots:
    """Keeps the distinct requirements of the current edition; the programmes stay in the database."""

    def __init__(self, reading: Reading, editions: Editions) -> None:
        self._reading = reading
        self._editions = editions
        self._kept: dict[tuple[str, Apart], PostgresSnapshot] = {}

    async def current(self, apart: Apart) -> PostgresSnapshot:
        wanted = await self._editions.current(), apart
        if wanted not in self._kept:
            made = await _snapshot(self._reading, apart)
            kept = [(key, one) for key, one in self._kept.items() if key[0] == wanted[0]]
            self._kept = dict([*kept[1 - _KEPT :], (wanted, made)])
        return self._kept[wanted]


class PostgresSnapshot:
    """One edition's requirements and schedules, and the countries that its programmes are in."""

    def __init__(
        self, reading: Reading, trees: Trees, own: Sequence[UUID], stated: Stated, countries: frozenset[str]
    ) -> None:
        self.reading = reading
        self.trees = trees
        self.keys: dict[Key, int] = {}
        self.own = own
        self.stated = stated
        self.countries = countries

    @property
    def asking(self) -> tuple[str, str, str]:
        """Country, level and institution of whom the rules name, else blanks, as SQL over ``$1`` to ``$3``."""
        named, nobody = self.trees.apart.all, f"'{_NOBODY}'::uuid"
        return (
            "CASE WHEN p.country = ANY($1::text[]) THEN p.country ELSE '' END" if named.countries else "''::text",
            "CASE WHEN p.level = ANY($2::text[]) THEN p.level ELSE '' END" if named.levels else "''::text",
            f"CASE WHEN p.institution_id = ANY($3::uuid[]) THEN p.institution_id ELSE {nobody} END"
            if self.own
            else nobody,
        )

    @property
    def named(self) -> list[Any]:
        """What ``$1`` to ``$3`` stand for."""
        named = self.trees.apart.all
        return [list(named.countries), list(named.levels), list(self.own)]

    async def select(self, wanted: Wanted) -> PostgresSelection:
        asked = _Asked(self.named)
        where = " AND ".join([_GIVEN, *_conditions(wanted, self, asked)])
        counted = await self.reading.fetch(
            f"SELECT p.requirement_id, {', '.join(self.asking)}, count(*) FROM programmes p "  # noqa: S608
            f"WHERE NOT p.expired AND NOT p.withdrawn AND {where} GROUP BY 1, 2, 3, 4",
            *asked.values,
        )
        counts = [0] * len(self.trees.roots)
        for *parts, count in counted:
            tree = self.keys.get(_key(parts))
            if tree is not None:  # else it is newer than this snapshot
                counts[tree] += count
        return PostgresSelection(self, counts, where, asked)


class PostgresSelection:
    """What fits a question."""

    def __init__(self, snapshot: PostgresSnapshot, counts: Sequence[int], where: str, asked: _Asked) -> None:
        self._snapshot = snapshot
        self._where = where
        self._asked = asked
        self.counts = counts

    @property
    def leaves(self) -> Sequence[int]:
        trees = self._snapshot.trees
        return leaves_of(trees, (root for root, count in zip(trees.roots, self.counts, strict=True) if count))

    async def standings(self, leaves: bytes) -> bytes:
        trees = self._snapshot.trees
        items = standings_of(trees, leaves)
        return bytes(items[root] for root in trees.roots)

    async def openings(self, rows: Sequence[bytes]) -> Sequence[Opening]:
        return [opening_of(await self.standings(leaves), self.counts) for leaves in rows]

    async def pages(
        self, ranked: Sequence[Mapping[int, int]], wishes: Wishes, start: int, size: int
    ) -> Sequence[Sequence[ProgrammeId]]:
        return [await self._page(ranks, wishes, start, size) if size else [] for ranks in ranked]

    async def _page(self, ranks: Mapping[int, int], wishes: Wishes, start: int, size: int) -> list[ProgrammeId]:
        snapshot, asked = self._snapshot, _Asked(list(self._asked.values))
        ranked = [(key, ranks[tree]) for key, tree in snapshot.keys.items() if tree in ranks]
        requirements, *askers = ([key[place] for key, _ in ranked] for place in range(len(Key._fields)))
        tables = (
            f"unnest({asked.of(requirements)}::bigint[], {asked.of(askers[0])}::text[], {asked.of(askers[1])}::text[], "
            f"{asked.of(askers[2])}::uuid[], {asked.of([rank for _, rank in ranked])}::int[]) "
            "AS r (requirement_id, country, level, own, rank)"
        )
        liked, deadline = _deadline_fit(wishes, snapshot, asked)
        fits = f"{_field_fit(wishes, asked)}, {_tuition_fit(wishes, asked)}, coalesce({deadline}, {int(Fits.UNKNOWN)})"
        country, level, own = snapshot.asking
        rows = await snapshot.reading.fetch(
            f"SELECT p.id FROM programmes p JOIN {tables} ON r.requirement_id = p.requirement_id "  # noqa: S608
            f"AND r.country = {country} AND r.level = {level} AND r.own = {own} "
            f"LEFT JOIN {liked} ON d.schedule_id = p.schedule_id "
            f"WHERE NOT p.expired AND NOT p.withdrawn AND {self._where} "
            f'ORDER BY r.rank, {fits}, p.name, p.key COLLATE "C" LIMIT {int(size)} OFFSET {int(start)}',
            *asked.values,
        )
        return [ProgrammeId(UUID(bytes=row["id"].bytes)) for row in rows]


class _Asked:
    """The values of a statement, by their numbers."""

    def __init__(self, values: list[Any]) -> None:
        self.values = values

    def of(self, value: Any) -> str:
        """Return what stands for the value."""
        self.values.append(value)
        return f"${len(self.values)}"


async def _snapshot(reading: Reading, apart: Apart) -> PostgresSnapshot:
    names = apart.all.institutions
    places = await reading.fetch("SELECT id, name FROM institutions") if names else ()
    own = {UUID(bytes=row["id"].bytes): row["name"] for row in places if folded_name(row["name"]) in names}
    stated, trees = Stated(reading), Trees(apart)
    countries = await reading.fetch("SELECT DISTINCT country FROM programmes WHERE NOT expired AND NOT withdrawn")
    snapshot = PostgresSnapshot(reading, trees, list(own), stated, frozenset(row["country"] for row in countries))
    rows = await reading.fetch(
        f"SELECT DISTINCT p.requirement_id, {', '.join(snapshot.asking)} FROM programmes p "  # noqa: S608
        f"WHERE NOT p.expired AND NOT p.withdrawn AND {_GIVEN}",
        *snapshot.named,
    )
    schedules = await reading.fetch("SELECT DISTINCT schedule_id FROM programmes WHERE NOT expired AND NOT withdrawn")
    await stated.know({row[0] for row in rows}, {row["schedule_id"] for row in schedules})
    for parts in rows:
        key = _key(parts)
        asking = Asking(key.country, key.level, own.get(key.institution, ""))
        snapshot.keys[key] = trees.tree(stated.requirements[key.requirement], asking)
    trees.done()
    return snapshot


def _key(parts: Sequence[Any]) -> Key:
    requirement, country, level, institution = parts
    return Key(requirement, country, level, UUID(bytes=institution.bytes))


def _conditions(wanted: Wanted, snapshot: PostgresSnapshot, asked: _Asked) -> list[str]:
    query, found = wanted.query, list[str]()
    if query.countries:
        found.append(f"p.country = ANY({asked.of(list(query.countries))}::text[])")
    if query.levels:
        found.append(f"p.level = ANY({asked.of([level.value for level in query.levels])}::text[])")
    if query.languages:
        found.append(f"p.languages && {asked.of(list(query.languages))}::text[]")
    if query.fields:
        found.append(_falls_under("f", "w", asked.of(list(query.fields))))
    if wanted.most_tuition is not None:
        found.append(f"p.tuition_currency = {asked.of(wanted.most_tuition.currency)}::text")
        found.append(f"{A_YEAR} <= {asked.of(wanted.most_tuition.minor)}::bigint")
    if wanted.asks_for_days:
        found.append(_days(wanted, snapshot, asked))
    for word in words_of(query.text):
        given = asked.of(word)
        named = f"SELECT i.id FROM institutions i WHERE strpos(i.search, {given}::text) > 0"  # noqa: S608
        found.append(f"(strpos(p.search, {given}::text) > 0 OR p.institution_id IN ({named}))")
    return found


def _days(wanted: Wanted, snapshot: PostgresSnapshot, asked: _Asked) -> str:
    schedules = snapshot.stated.schedules

    def fitting(*, visa_required: bool) -> str:
        found = [one for one, intakes in schedules.items() if wanted.takes_days(intakes, visa_required=visa_required)]
        return f"p.schedule_id = ANY({asked.of(found)}::bigint[])"

    usual, free = fitting(visa_required=True), wanted.visa_free & snapshot.countries
    if not free:
        return usual
    return f"CASE WHEN {_in(free, asked)} THEN {fitting(visa_required=False)} ELSE {usual} END"


def _deadline_fit(wishes: Wishes, snapshot: PostgresSnapshot, asked: _Asked) -> tuple[str, str]:
    """Return the table of the schedules as ``d``, and how one that is joined fits a programme."""
    schedules = snapshot.stated.schedules

    def fits(*, visa_required: bool) -> str:
        found = [int(wishes.deadline(intakes, visa_required=visa_required)) for intakes in schedules.values()]
        return f"{asked.of(found)}::int[]"

    numbers, free = f"{asked.of(list(schedules))}::bigint[]", wishes.visa_free & snapshot.countries
    if not free:
        return f"unnest({numbers}, {fits(visa_required=True)}) AS d (schedule_id, fits)", "d.fits"
    both = f"{fits(visa_required=True)}, {fits(visa_required=False)}"
    case = f"CASE WHEN {_in(free, asked)} THEN d.free ELSE d.fits END"
    return f"unnest({numbers}, {both}) AS d (schedule_id, fits, free)", case


def _in(countries: Collection[str], asked: _Asked) -> str:
    return f"p.country = ANY({asked.of(sorted(countries))}::text[])"


def _falls_under(longer: str, shorter: str, given: str) -> str:
    """SQL for: one field of the programme (f) and one of the given (w), of which the longer begins with the other."""
    both = f"unnest(p.fields) AS f, unnest({given}::text[]) AS w"
    return f"EXISTS (SELECT FROM {both} WHERE starts_with({longer}, {shorter}))"


def _field_fit(wishes: Wishes, asked: _Asked) -> str:
    if not wishes.fields:
        return "1::int"
    given = asked.of(list(wishes.fields))
    return (
        f"CASE WHEN p.fields = '{{}}' THEN 1 WHEN {_falls_under('f', 'w', given)} THEN 0 "
        f"WHEN {_falls_under('w', 'f', given)} THEN 1 ELSE 2 END"
    )


def _tuition_fit(wishes: Wishes, asked: _Asked) -> str:
    if wishes.budget is None:
        return f"{int(Fits.UNKNOWN)}::int"
    currency, most = asked.of(wishes.budget.currency), asked.of(wishes.budget.minor)
    return (
        f"CASE WHEN p.tuition_currency IS DISTINCT FROM {currency}::text OR {A_YEAR} IS NULL THEN 1 "
        f"WHEN {A_YEAR} <= {most}::bigint THEN 0 ELSE 2 END"
    )
