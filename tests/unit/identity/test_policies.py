"""Who may do what; what no rule allows is refused."""

from uuid import UUID

import pytest

from higherstudy.domain.identity.account import Asker, Role, normal_email
from higherstudy.domain.identity.factor import Method
from higherstudy.domain.identity.policies import demand_own_record, demand_role, owns_record, roles_in_force
from higherstudy.domain.shared.errors import Forbidden, Invalid, NotFound
from higherstudy.domain.shared.ids import AccountId, StudentId

MINE, OTHER = StudentId(UUID(int=1)), StudentId(UUID(int=2))


def an_asker(student_id: StudentId | None = MINE, *roles: Role) -> Asker:
    return Asker(AccountId(UUID(int=9)), frozenset(roles or {Role.STUDENT}), student_id)


def test_a_student_owns_her_record_and_no_other() -> None:
    demand_own_record(an_asker(), MINE)

    with pytest.raises(NotFound):
        demand_own_record(an_asker(), OTHER)


@pytest.mark.parametrize("role", list(Role))
def test_no_role_opens_somebody_elses_record(role: Role) -> None:
    assert not owns_record(an_asker(None, role), MINE)


def test_a_role_that_is_missing_is_named() -> None:
    with pytest.raises(Forbidden) as refused:
        demand_role(an_asker(), Role.ADMIN)

    assert refused.value.reasons[0].params == {"role": "admin"}


@pytest.mark.parametrize(
    "given",
    ["", "plain", "two@at@signs.org", "no@dot", "a b@example.org", "x\x00@example.org", "é" * 250 + "@x.org"],
)
def test_what_can_be_no_address_is_refused(given: str) -> None:
    with pytest.raises(Invalid):
        normal_email(given)


@pytest.mark.parametrize(
    ("methods", "left"),
    [
        ((), {Role.STUDENT}),
        ((Method.PASSWORD,), {Role.STUDENT}),
        ((Method.PASSKEY,), {Role.STUDENT}),
        ((Method.TOTP, Method.RECOVERY), {Role.STUDENT}),
        ((Method.PASSWORD, Method.TOTP), {Role.STUDENT, Role.ADMIN}),
        ((Method.PASSWORD, Method.RECOVERY), {Role.STUDENT, Role.ADMIN}),
        ((Method.FEDERATED, Method.PASSKEY), {Role.STUDENT, Role.ADMIN}),
        ((Method.PASSKEY, Method.USER_VERIFIED), {Role.STUDENT, Role.ADMIN}),
    ],
)
def test_a_role_that_needs_two_factors_counts_only_where_two_were_shown(
    methods: tuple[Method, ...], left: set[Role]
) -> None:
    roles = frozenset({Role.STUDENT, Role.ADMIN})

    assert roles_in_force(roles, methods, frozenset({Role.ADMIN})) == left
    assert roles_in_force(roles, methods, frozenset()) == roles
