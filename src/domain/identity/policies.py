"""Who may do what. Default deny: what no policy allows is refused, and nobody learns what they may not know of."""

from collections.abc import Iterable

from ..shared.errors import Forbidden, NotFound, Reason
from ..shared.ids import StudentId
from .account import Asker, Role
from .factor import are_two_factors


def owns_record(asker: Asker, student_id: StudentId) -> bool:
    """Whether the record is the asker's own."""
    return asker.student_id is not None and asker.student_id == student_id


def is_staff(asker: Asker) -> bool:
    """Whether the asker counsels students, or looks after everything."""
    return bool(asker.roles & {Role.COUNSELLOR, Role.ADMIN})


def demand_sight_of_verdicts(asker: Asker, student_id: StudentId) -> None:
    """Raise NotFound unless the record is the asker's own or the asker is staff."""
    if not owns_record(asker, student_id) and not is_staff(asker):
        raise NotFound


def demand_say_over_verdicts(asker: Asker, student_id: StudentId) -> None:
    """Raise NotFound for other people's records, Forbidden for one's own: nobody overrides for herself."""
    if owns_record(asker, student_id):
        raise Forbidden(Reason("override.own_record"))
    if not is_staff(asker):
        raise NotFound


def keeps_catalogue(asker: Asker) -> bool:
    """Whether the asker looks after institutions and programmes."""
    return Role.ADMIN in asker.roles


def demand_own_record(asker: Asker, student_id: StudentId) -> None:
    """Raise NotFound unless the record is the asker's own, so that a refusal tells nothing."""
    if not owns_record(asker, student_id):
        raise NotFound


def demand_catalogue_keeper(asker: Asker) -> None:
    """Raise Forbidden unless the asker looks after the catalogue."""
    if not keeps_catalogue(asker):
        raise Forbidden(Reason("identity.role_needed", {"role": Role.ADMIN.value}))


def demand_role(asker: Asker, role: Role) -> None:
    """Raise Forbidden unless the asker holds the role."""
    if role not in asker.roles:
        raise Forbidden(Reason("identity.role_needed", {"role": role.value}))


def roles_in_force(roles: frozenset[Role], methods: Iterable[str], of_two_factors: frozenset[Role]) -> frozenset[Role]:
    """Return the roles that count in a session of these methods: some count only where two factors were shown."""
    return roles if are_two_factors(methods) else roles - of_two_factors
