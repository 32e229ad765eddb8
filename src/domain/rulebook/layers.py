"""Packs upon packs: what a record of a higher layer replaces, and which pack each record in force came from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from ..shared.dataclass import dataclass
from ..shared.errors import Reason
from .kinds import KINDS

if TYPE_CHECKING:
    from .pack import RulePack


class Layer(StrEnum):
    """How near to the case a pack speaks, lowest first: for everybody, for a country, for an institution."""

    BASE = "base"
    COUNTRY = "country"
    INSTITUTION = "institution"

    @property
    def rank(self) -> int:
        """A number that rises with the layer."""
        return list(Layer).index(self)


@dataclass(frozen=True, slots=True)
class Held:
    """A record in force, with the pack that it came from."""

    record: Any
    pack: RulePack


Merged = Mapping[str, Mapping[str, Held]]
"""The records in force by the list of their kind and their names."""


def in_order(packs: Iterable[RulePack]) -> tuple[RulePack, ...]:
    """Return the packs from the lowest layer to the highest, and by their ids within one: equal sets, equal order."""
    return tuple(sorted(packs, key=lambda pack: (pack.layer.rank, pack.id)))


def replaced_by(packs: Iterable[RulePack], newer: Iterable[RulePack]) -> tuple[RulePack, ...]:
    """Return the packs with the newer ones put in; each takes the place of the one with its id."""
    put_in = tuple(newer)
    ids = {pack.id for pack in put_in}
    return (*(pack for pack in packs if pack.id not in ids), *put_in)


def merged(packs: Iterable[RulePack]) -> Merged:
    """Return the records in force: one of a higher layer takes the place of the one with its name below."""
    found: dict[str, dict[str, Held]] = {kind.list: {} for kind in KINDS}
    for pack in in_order(packs):
        for kind in KINDS:
            found[kind.list].update((kind.name_of(record), Held(record, pack)) for record in kind.of(pack))
    return found


def twice_in_a_layer(packs: Iterable[RulePack]) -> Iterator[Reason]:
    """Yield each name that two packs of one layer give to one kind of record, and each id that two packs have."""
    ids: set[str] = set()
    owners: dict[tuple[Layer, str, str], RulePack] = {}
    for pack in in_order(packs):
        if pack.id in ids:
            yield pack.at("pack.id", Reason("pack.id_twice", {"kind": "pack", "id": pack.id}))
        ids.add(pack.id)
        for kind in KINDS:
            for index, record in enumerate(kind.of(pack)):
                name = kind.name_of(record)
                if owners.setdefault((pack.layer, kind.list, name), pack) is not pack:
                    twice = Reason("pack.id_twice", {"kind": kind.title, "id": name})
                    yield pack.at(f"{kind.list}[{index}]", twice)
