"""Who may do what; what no rule allows is refused."""

from uuid import UUID

import pytest

from higherstudy.domain.identity.account import Asker, Role, check_password, normal_email
from higherstudy.domain.identity.policies import demand_own_record, demand_role, owns_record
from higherstudy.domain.shared.errors import Forbidden, Invalid, NotFound, RuleBroken
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
    ("password", "code"),
    [
        ("fourteen signs", "password.too_short"),
        ("x" * 257, "password.too_long"),
        ("abababababababab", "password.too_simple"),
        ("my Student password", "password.holds_email"),
    ],
)
def test_a_password_that_is_guessed_soon_is_refused(password: str, code: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        check_password(password, "student@example.org")

    assert code in {reason.code for reason in refused.value.reasons}
