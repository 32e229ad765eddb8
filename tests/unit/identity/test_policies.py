"""Who may do what; what no rule allows is refused."""

from dataclasses import replace
from uuid import UUID

import pytest

from higherstudy.domain.identity.account import Asker, Role, normal_email
from higherstudy.domain.identity.errors import AccessRefused
from higherstudy.domain.identity.factor import Method
from higherstudy.domain.identity.policies import admitted, demand_role, roles_in_force
from higherstudy.domain.identity.scopes import NEEDS, STAFF_ALONE, TO_BE_TAKEN, Doing, Granted, Kind, Scope
from higherstudy.domain.shared.errors import Forbidden, Invalid, NotFound
from higherstudy.domain.shared.ids import AccountId, GrantId, StudentId

MINE, OTHER = StudentId(UUID(int=1)), StudentId(UUID(int=2))


def an_asker(student_id: StudentId | None = MINE, *roles: Role) -> Asker:
    return Asker(AccountId(UUID(int=9)), frozenset(roles or {Role.STUDENT}), student_id)


def letting(asker: Asker, *scopes: Scope, kind: Kind = Kind.GIVEN) -> Asker:
    held = Granted(GrantId(UUID(int=7)), AccountId(UUID(int=8)), frozenset(scopes), kind)
    return replace(asker, grants={MINE: (held,)})


@pytest.mark.parametrize("doing", list(Doing))
def test_a_student_does_everything_with_her_own_record_but_what_is_for_staff_alone(doing: Doing) -> None:
    if doing in STAFF_ALONE:
        with pytest.raises(Forbidden):
            admitted(an_asker(MINE, *Role), MINE, doing)
    else:
        assert admitted(an_asker(), MINE, doing) is None


@pytest.mark.parametrize("doing", list(Doing))
@pytest.mark.parametrize("role", list(Role))
def test_no_role_opens_somebody_elses_record(role: Role, doing: Doing) -> None:
    with pytest.raises(NotFound) as refused:
        admitted(an_asker(OTHER, role), MINE, doing)

    assert isinstance(refused.value, AccessRefused)
    assert (refused.value.student_id, refused.value.doing, refused.value.code) == (MINE, doing, "not_found")
    assert refused.value.reasons == (), "it says nothing that a thing which is not there would not say"


@pytest.mark.parametrize("doing", list(Doing))
@pytest.mark.parametrize("scope", list(Scope))
def test_a_grant_opens_what_needs_its_scope_and_nothing_else(scope: Scope, doing: Doing) -> None:
    helper = letting(an_asker(OTHER, Role.COUNSELLOR), scope)

    if scope in NEEDS.get(doing, ()):
        granted = admitted(helper, MINE, doing)
        assert granted is not None
        assert granted.owner == AccountId(UUID(int=8))
    else:
        with pytest.raises(NotFound):
            admitted(helper, MINE, doing)


@pytest.mark.parametrize("doing", [Doing.SHARE_CALENDAR, Doing.SEE_GRANTS, Doing.SEE_ACTIVITY, Doing.GIVE_GRANTS])
def test_what_hands_out_the_record_only_the_student_does(doing: Doing) -> None:
    with pytest.raises(NotFound):
        admitted(letting(an_asker(OTHER, *Role), *Scope), MINE, doing)


@pytest.mark.parametrize("doing", sorted(STAFF_ALONE))
def test_a_parent_does_not_do_what_is_for_staff(doing: Doing) -> None:
    with pytest.raises(NotFound):
        admitted(letting(an_asker(OTHER), *Scope), MINE, doing)


def test_whoever_took_access_decides_nothing_for_the_student() -> None:
    taken = letting(an_asker(None, Role.ADMIN), *TO_BE_TAKEN, kind=Kind.TAKEN)

    with pytest.raises(NotFound):
        admitted(taken, MINE, Doing.DECIDE_ON_APPLICATIONS)
    assert admitted(taken, MINE, Doing.SEE_APPLICATIONS) is not None
    assert Scope.PAY not in TO_BE_TAKEN


@pytest.mark.parametrize("role", [one for one in Role if one is not Role.ADMIN])
def test_access_that_was_taken_ends_with_the_role_it_was_taken_by(role: Role) -> None:
    taken = letting(an_asker(None, role), *TO_BE_TAKEN, kind=Kind.TAKEN)

    with pytest.raises(AccessRefused):
        admitted(taken, MINE, Doing.SEE_PROFILE)


def test_access_that_was_taken_counts_only_where_the_role_does() -> None:
    held = letting(an_asker(None, Role.ADMIN), *TO_BE_TAKEN, kind=Kind.TAKEN)
    with_password = roles_in_force(held.roles, {Method.PASSWORD}, frozenset({Role.ADMIN}))

    with pytest.raises(AccessRefused):
        admitted(replace(held, roles=with_password), MINE, Doing.OPEN_PAPERS)
    assert admitted(held, MINE, Doing.OPEN_PAPERS) is not None


def test_what_she_gave_herself_stays_beside_access_that_counts_no_more() -> None:
    given, taken = (
        Granted(GrantId(UUID(int=number)), AccountId(UUID(int=8)), TO_BE_TAKEN, kind)
        for number, kind in ((5, Kind.GIVEN), (6, Kind.TAKEN))
    )
    helper = replace(an_asker(OTHER), grants={MINE: (taken, given)})

    assert admitted(helper, MINE, Doing.SEE_PROFILE) is given


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
    ("given", "kept"),
    [
        ("O'Neil+Dhaka@Example.CO.uk", "o'neil+dhaka@example.co.uk"),
        ("অনিকা@উদাহরণ.বাংলা", "অনিকা@উদাহরণ.বাংলা"),
        ("用户@例子.广告", "用户@例子.广告"),
        ("たろうtaro太郎@example.jp", "たろうtaro太郎@example.jp"),
        ("Jose\u0301@example.org", "jos\u00e9@example.org"),
        ("почта@пример.рф", "почта@пример.рф"),
        ("Groß@Straße.example", "groß@straße.example"),
        ("νίκος@example.gr", "νίκος@example.gr"),
        ("n\u0130kos@example.org", "ni\u0307kos@example.org"),
    ],
)
def test_an_address_of_any_one_alphabet_is_kept_in_one_form(given: str, kept: str) -> None:
    assert normal_email(given) == kept
    assert normal_email(kept) == kept


@pytest.mark.parametrize(
    ("hers", "his"), [("anna@straße.example", "anna@strasse.example"), ("νίκος@example.gr", "νίκοσ@example.gr")]
)
def test_what_are_two_mailboxes_has_two_forms(hers: str, his: str) -> None:
    """Or a mail that resets the password of one account went to the other address."""
    assert normal_email(hers) != normal_email(his)


@pytest.mark.parametrize("given", ["studеnt@example.org", "a@exаmple.org", "たろуx@example.jp"])
def test_an_address_in_letters_of_two_alphabets_is_refused_by_the_part(given: str) -> None:
    with pytest.raises(Invalid) as refused:
        normal_email(given)

    assert [one.code for one in refused.value.reasons] == ["email.mixed_scripts"]
    assert str(refused.value.reasons[0].params["part"]) in given


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
