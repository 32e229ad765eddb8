"""What somebody could do to the audit trail who may change every row of the database and has not the key that signs."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random
from uuid import UUID

from higherstudy.adapters.memory.signatures import MemorySignatures
from higherstudy.domain.audit.chain import BEGINNING, Kept, Seal, Sealed, digest_of, hash_of, seal_of
from higherstudy.domain.audit.checking import Finding, Flaw
from higherstudy.domain.audit.entry import Apart, Entry
from higherstudy.domain.shared.ids import AccountId, EntryId, StudentId


@dataclass
class Trail:
    """Everything of a trail that lies in the database."""

    entries: dict[int, Entry]
    waiting: set[int]
    seals: dict[int, Seal] = field(default_factory=dict)

    def sealed(self) -> list[tuple[int, int]]:
        """Return the place of each sealed entry with the number of its seal."""
        return [(one.place, seal.number) for seal in self.seals.values() for one in seal.entries]

    def drop_seal(self, number: int) -> None:
        """Take a seal away with its entries."""
        for one in self.seals.pop(number).entries:
            del self.entries[one.place]


@dataclass(frozen=True)
class Expected:
    """A finding that has to be there: one of these flaws, at this place or seal."""

    flaws: frozenset[Flaw]
    place: int | None = None
    seal: int | None = None

    def is_met_by(self, finding: Finding) -> bool:
        return finding.flaw in self.flaws and self.place in (None, finding.place) and self.seal in (None, finding.seal)


Act = Callable[[Trail, Random], Iterable[Expected]]
SOMEBODY = UUID("0198c0de-5f3a-7c11-9d5b-2f6a1d0c4b7e")
FIELDS: Mapping[str, Callable[[Entry], Entry]] = {
    "id": lambda entry: replace(entry, id=EntryId(SOMEBODY)),
    "at": lambda entry: replace(entry, at=entry.at + timedelta(microseconds=1)),
    "action": lambda entry: replace(entry, action=entry.action + "x"),
    "subject": lambda entry: replace(entry, subject=entry.subject + "x"),
    "subject_id": lambda entry: replace(entry, subject_id=SOMEBODY),
    "student_id": lambda entry: replace(entry, student_id=StudentId(SOMEBODY)),
    "actor": lambda entry: replace(entry, actor=AccountId(SOMEBODY)),
    "on_behalf_of": lambda entry: replace(entry, on_behalf_of=AccountId(SOMEBODY)),
    "request_id": lambda entry: replace(entry, request_id=entry.request_id + "x"),
    "trace": lambda entry: replace(entry, trace=entry.trace + "x"),
    "details": lambda entry: replace(entry, details={**entry.details, "more": "x"}),
    "address_digest": lambda entry: replace(entry, address_digest="0" * 64),
    "reason_digest": lambda entry: replace(entry, reason_digest="0" * 64),
    "address": lambda entry: replace(entry, address=Apart("a-salt", "192.0.2.99")),
    "reason": lambda entry: replace(entry, reason=Apart("a-salt", "another reason")),
}


def change(name: str) -> Act:
    """Change one field of one entry."""

    def act(trail: Trail, random: Random) -> Iterator[Expected]:
        place, _ = random.choice(trail.sealed())
        trail.entries[place] = FIELDS[name](trail.entries[place])
        yield Expected(frozenset({Flaw.ENTRY_CHANGED}), place)

    return act


def delete(trail: Trail, random: Random) -> Iterator[Expected]:
    place, number = random.choice(trail.sealed())
    del trail.entries[place]
    yield Expected(frozenset({Flaw.ENTRY_MISSING}), place, number)


def insert_where_nothing_was(trail: Trail, random: Random) -> Iterator[Expected]:
    place = random.choice([one for one in range(max(trail.entries)) if one not in trail.entries])
    trail.entries[place] = replace(random.choice(list(trail.entries.values())), id=EntryId(SOMEBODY))
    yield Expected(frozenset({Flaw.ENTRY_ADDED}), place)


def insert_at_the_end(trail: Trail, random: Random) -> Iterator[Expected]:
    place = max(trail.entries) + random.randint(1, 9)
    trail.entries[place] = replace(random.choice(list(trail.entries.values())), id=EntryId(SOMEBODY))
    yield Expected(frozenset({Flaw.ENTRY_ADDED}), place)


def insert_before_everything(trail: Trail, random: Random) -> Iterator[Expected]:
    place = -random.randint(0, 2**63)
    trail.entries[place] = replace(random.choice(list(trail.entries.values())), id=EntryId(SOMEBODY))
    yield Expected(frozenset({Flaw.ENTRY_ADDED}), place)


def insert_at_the_last_place_that_there_can_be(trail: Trail, random: Random) -> Iterator[Expected]:
    place = 2**63 - 1
    trail.entries[place] = replace(random.choice(list(trail.entries.values())), id=EntryId(SOMEBODY))
    yield Expected(frozenset({Flaw.ENTRY_ADDED}), place)


def swap(trail: Trail, random: Random) -> Iterator[Expected]:
    (first, _), (second, _) = random.sample(trail.sealed(), 2)
    trail.entries[first], trail.entries[second] = trail.entries[second], trail.entries[first]
    for place in (first, second):
        yield Expected(frozenset({Flaw.ENTRY_MOVED, Flaw.ENTRY_CHANGED}), place)


def move(trail: Trail, random: Random) -> Iterator[Expected]:
    (place, _), goal = random.choice(trail.sealed()), max(trail.entries) + 1
    trail.entries[goal] = trail.entries.pop(place)
    yield Expected(frozenset({Flaw.ENTRY_MISSING}), place)
    yield Expected(frozenset({Flaw.ENTRY_ADDED}), goal)


def change_seal(name: str) -> Act:
    """Change one thing that a seal says."""

    def act(trail: Trail, random: Random) -> Iterator[Expected]:
        number = random.choice(list(trail.seals))
        seal = trail.seals[number]
        head = seal.head
        trail.seals[number] = {
            "previous": replace(seal, previous="0" * 64),
            "hash": replace(seal, head=replace(head, hash="0" * 64)),
            "time": replace(seal, head=replace(head, sealed_at=head.sealed_at - timedelta(days=1))),
            "signature": replace(seal, head=replace(head, signature=bytes(len(head.signature)))),
            "key": replace(seal, head=replace(head, key="another")),
            "digest": replace(seal, entries=(replace(seal.entries[0], digest="0" * 64), *seal.entries[1:])),
            "entry": replace(seal, entries=(replace(seal.entries[0], entry_id=EntryId(SOMEBODY)), *seal.entries[1:])),
        }[name]
        flaws = {Flaw.SEAL_CHANGED, Flaw.SEAL_NOT_SIGNED, Flaw.KEY_UNKNOWN, Flaw.SEAL_MOVED}
        yield Expected(frozenset(flaws), seal=number)

    return act


def put_a_seal_of_an_enormous_number(trail: Trail, random: Random) -> Iterator[Expected]:
    """As one who would have whoever verifies name every seal before it."""
    number, seal = 2**63 - random.randint(1, 9), trail.seals[max(trail.seals)]
    trail.seals[number] = replace(seal, head=replace(seal.head, number=number), entries=())
    yield Expected(frozenset({Flaw.SEAL_MISSING}), seal=max(trail.seals.keys() - {number}) + 1)
    yield Expected(frozenset({Flaw.SEAL_CHANGED}), seal=number)


def delete_seal(trail: Trail, random: Random) -> Iterator[Expected]:
    number = random.choice(list(trail.seals)[:-1])
    trail.drop_seal(number)
    yield Expected(frozenset({Flaw.SEAL_MISSING}), seal=number)


def delete_entry_and_its_line(trail: Trail, random: Random) -> Iterator[Expected]:
    """As one who knows that the seal lists it."""
    place, number = random.choice(trail.sealed())
    del trail.entries[place]
    seal = trail.seals[number]
    trail.seals[number] = replace(seal, entries=tuple(one for one in seal.entries if one.place != place))
    yield Expected(frozenset({Flaw.SEAL_CHANGED}), seal=number)


def delete_line_only(trail: Trail, random: Random) -> Iterator[Expected]:
    place, number = random.choice(trail.sealed())
    seal = trail.seals[number]
    trail.seals[number] = replace(seal, entries=tuple(one for one in seal.entries if one.place != place))
    yield Expected(frozenset({Flaw.ENTRY_ADDED}), place)
    yield Expected(frozenset({Flaw.SEAL_CHANGED}), seal=number)


def reckon_anew(trail: Trail, random: Random) -> Iterator[Expected]:
    """Change an entry, then every hash from there on, as one who knows the rules and has no key."""
    place, number = random.choice(trail.sealed())
    trail.entries[place] = FIELDS["actor"](trail.entries[place])
    previous = trail.seals[number].previous
    for at in range(number, max(trail.seals) + 1):
        seal = trail.seals[at]
        entries = tuple(
            Sealed(one.place, trail.entries[one.place].id, digest_of(trail.entries[one.place])) for one in seal.entries
        )
        found = hash_of(at, previous, seal.head.sealed_at, entries)
        trail.seals[at] = Seal(replace(seal.head, hash=found), previous, entries)
        previous = found
    yield Expected(frozenset({Flaw.SEAL_NOT_SIGNED}), seal=number)


def sign_anew(trail: Trail, random: Random) -> Iterator[Expected]:
    """Write the whole chain anew and sign it with a key of one's own."""
    place, _ = random.choice(trail.sealed())
    trail.entries[place] = FIELDS["actor"](trail.entries[place])
    before = None
    for number, seal in sorted(trail.seals.items()):
        kept = [Kept(one.place, trail.entries[one.place]) for one in seal.entries]
        trail.seals[number] = seal_of(kept, before, seal.head.sealed_at, MemorySignatures("a stranger").sign)
        before = trail.seals[number].head
        yield Expected(frozenset({Flaw.KEY_UNKNOWN}), seal=number)


def swap_seals(trail: Trail, random: Random) -> Iterator[Expected]:
    first, second = random.sample(list(trail.seals), 2)
    one, other = trail.seals[first], trail.seals[second]
    trail.seals[first] = replace(other, head=replace(other.head, number=first))
    trail.seals[second] = replace(one, head=replace(one.head, number=second))
    for number in (first, second):
        yield Expected(frozenset({Flaw.SEAL_CHANGED, Flaw.SEAL_MOVED}), seal=number)


def cut_tail(trail: Trail, random: Random) -> Iterator[Expected]:
    last = max(trail.seals)
    for number in range(random.randint(2, last), last + 1):
        trail.drop_seal(number)
    yield Expected(frozenset({Flaw.TAIL_CUT}), seal=last)


def cut_everything(trail: Trail, _: Random) -> Iterator[Expected]:
    last = max(trail.seals)
    trail.entries, trail.waiting, trail.seals = {}, set(), {}
    yield Expected(frozenset({Flaw.TAIL_CUT}), seal=last)


def cut_head(trail: Trail, _: Random) -> Iterator[Expected]:
    """Take the first seal away and let the second name nothing before it."""
    trail.drop_seal(1)
    trail.seals[2] = replace(trail.seals[2], previous=BEGINNING)
    yield Expected(frozenset({Flaw.SEAL_MISSING}), seal=1)
    yield Expected(frozenset({Flaw.SEAL_CHANGED}), seal=2)


def stop_waiting(trail: Trail, random: Random) -> Iterator[Expected]:
    """Let an entry never be sealed."""
    place = random.choice(sorted(trail.waiting))
    trail.waiting.remove(place)
    yield Expected(frozenset({Flaw.ENTRY_ADDED}), place)


ACTS: Mapping[str, Act] = {
    **{f"change {name}": change(name) for name in FIELDS},
    **{
        f"change a seal's {name}": change_seal(name)
        for name in ("previous", "hash", "time", "signature", "key", "digest", "entry")
    },
    **{
        act.__name__: act
        for act in (
            delete,
            insert_where_nothing_was,
            insert_at_the_end,
            insert_before_everything,
            insert_at_the_last_place_that_there_can_be,
            swap,
            move,
            delete_seal,
            put_a_seal_of_an_enormous_number,
            delete_entry_and_its_line,
            delete_line_only,
            reckon_anew,
            sign_anew,
            swap_seals,
            cut_tail,
            cut_everything,
            cut_head,
            stop_waiting,
        )
    },
}
