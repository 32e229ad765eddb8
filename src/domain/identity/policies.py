"""Who may do what. Default deny: what no policy allows is refused, and nobody learns what they may not know of."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from ..shared.errors import Forbidden, Reason
from ..shared.ids import AccountId, StudentId
from .account import Asker, Role
from .errors import AccessRefused, RoleRefused
from .factor import are_two_factors
from .scopes import STAFF_ALONE, Doing, Granted, Kind


def owns_record(asker: Asker, student_id: StudentId) -> bool:
    """Whether the record is the asker's own."""
    return asker.student_id is not None and asker.student_id == student_id


def is_staff(asker: Asker) -> bool:
    """Whether the asker counsels students, or looks after everything."""
    return bool(asker.roles & {Role.COUNSELLOR, Role.ADMIN})


def admitted(asker: Asker, student_id: StudentId, doing: Doing) -> Granted | None:
    """Return the grant by which the asker may do this with the record, None where the record is the asker's own.

    No role opens a record by itself. Raises AccessRefused, which is a NotFound, where neither the record is the
    asker's nor a grant lets her; Forbidden for what nobody does for herself.
    """
    if owns_record(asker, student_id):
        if doing in STAFF_ALONE:
            raise Forbidden(Reason("identity.not_for_oneself"))
        return None
    held = asker.grants.get(student_id, ())
    granted = next((one for one in held if one.lets(doing) and counts_for(asker, one.kind)), None)
    if granted is None or (doing in STAFF_ALONE and not is_staff(asker)):
        raise AccessRefused(student_id, doing)
    return granted


def counts_for(asker: Asker, kind: Kind) -> bool:
    """Whether a grant of that kind counts for the asker as she is now: what was taken as an administrator ends with
    that role, and where the role needs two factors, with the session that had them."""
    return kind is Kind.GIVEN or Role.ADMIN in asker.roles


def keeps_catalogue(asker: Asker) -> bool:
    """Whether the asker looks after institutions and programmes."""
    return Role.ADMIN in asker.roles


def demand_catalogue_keeper(asker: Asker) -> None:
    """Raise RoleRefused, which is a Forbidden, unless the asker looks after the catalogue."""
    if not keeps_catalogue(asker):
        raise RoleRefused(Role.ADMIN.value)


def keeps_books(asker: Asker) -> bool:
    """Whether the asker looks after prices, orders, refunds and the books."""
    return Role.ADMIN in asker.roles


def demand_bookkeeper(asker: Asker) -> None:
    """Raise RoleRefused, which is a Forbidden, unless the asker looks after the books."""
    if not keeps_books(asker):
        raise RoleRefused(Role.ADMIN.value)


def demand_in_person(asker: Asker) -> None:
    """Raise Forbidden for whoever asks by a key: what lets others in is done by somebody who has signed in."""
    if asker.key_id is not None:
        raise Forbidden(Reason("key.not_by_key"))


def demand_say_over_keys(asker: Asker, account_id: AccountId) -> None:
    """Raise Forbidden unless the account is the asker's own, or she looks after those of programs."""
    demand_in_person(asker)
    if asker.account_id != account_id:
        demand_role(asker, Role.ADMIN)


def demand_role(asker: Asker, role: Role) -> None:
    """Raise RoleRefused, which is a Forbidden, unless the asker holds the role."""
    if role not in asker.roles:
        raise RoleRefused(role.value)


def demand_staff(asker: Asker) -> None:
    """Raise RoleRefused, which is a Forbidden, to all but counsellors and administrators."""
    if not is_staff(asker):
        raise RoleRefused(Role.COUNSELLOR.value)


def roles_in_force(roles: frozenset[Role], methods: Iterable[str], of_two_factors: frozenset[Role]) -> frozenset[Role]:
    """Return the roles that count in a session of these methods: some count only where two factors were shown."""
    return roles if are_two_factors(methods) else roles - of_two_factors


class InForce(NamedTuple):
    """What counts in one session, or by one key, of an account: its roles, its record, and what others let it do."""

    roles: frozenset[Role]
    student_id: StudentId | None
    grants: Mapping[StudentId, tuple[Granted, ...]]


def in_force(whole: InForce, methods: Iterable[str], of_two_factors: frozenset[Role]) -> InForce:
    """Return what counts of the whole where it was shown by these methods who asks.

    A student's record waits with her role. Grants wait with any role that does: what a counsellor is let see is not to
    be seen with half a sign-in, and it is the grant that shows it.
    """
    roles = roles_in_force(whole.roles, methods, of_two_factors)
    if roles == whole.roles:
        return whole
    return InForce(roles, whole.student_id if Role.STUDENT in roles else None, {})
