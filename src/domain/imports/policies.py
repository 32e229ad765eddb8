"""Who may do what with an import: a catalogue is looked after by administrators, people belong to who brought them."""

from __future__ import annotations

from ..identity.account import Asker
from ..identity.policies import demand_catalogue_keeper, demand_staff
from ..shared.errors import NotFound
from .catalogue_import import Import


def demand_importer(asker: Asker) -> None:
    """Raise RoleRefused, which is a Forbidden, to whoever brings in nothing at all."""
    demand_staff(asker)


def demand_say_over(asker: Asker, run: Import) -> None:
    """Raise RoleRefused where the import is of a catalogue and the asker looks after none, NotFound where it is about
    people and another's: an administrator sees no file of students that somebody else brought."""
    demand_staff(asker)
    if not run.is_about_people:
        demand_catalogue_keeper(asker)
    elif run.by != asker.account_id:
        raise NotFound
