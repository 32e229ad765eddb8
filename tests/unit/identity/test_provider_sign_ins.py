"""Signing in at a provider: whose browser, which account, and who has to be proved besides."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from worlds import World

from higherstudy.adapters.bundled.retention import bundled_retention
from higherstudy.adapters.memory.identity_providers import MemoryIdentityProviders
from higherstudy.domain.identity.account import Account, Role
from higherstudy.domain.identity.confirmation import Purpose
from higherstudy.domain.identity.errors import IdentityTaken, ProofNeeded, ProviderRefused, SignInRefused
from higherstudy.domain.identity.events import AccountRegistered, IdentityLinked, IdentityUnlinked, PasswordChanged
from higherstudy.domain.identity.factor import Method
from higherstudy.domain.identity.linked_identity import Identity, LinkedIdentity
from higherstudy.domain.identity.provider_sign_in import LASTS, Way
from higherstudy.domain.identity.ticket import TicketLasting
from higherstudy.domain.identity.use_cases.accounts import ChangePassword, Register, SignIn, asker_of
from higherstudy.domain.identity.use_cases.confirming import MakeCode, ResetPassword
from higherstudy.domain.identity.use_cases.linking import LinkIdentity, ListIdentities, UnlinkIdentity
from higherstudy.domain.identity.use_cases.provider_sign_ins import (
    BeginProviderSignIn,
    Begun,
    FinishProviderSignIn,
    ListProviders,
)
from higherstudy.domain.rights.use_cases.retaining import ApplyRetention
from higherstudy.domain.shared.errors import NotFound, RuleBroken
from higherstudy.domain.shared.events import Origin
from higherstudy.ports.identity_providers import Answer, Provider

EMAIL, PASSWORD, NEW = "student@example.org", "a long enough password", "another long password"
UNIVERSITY = Provider("university", "My University", "https://login.university.example")
GOOGLE = Provider("google", "Google", "https://accounts.google.com")
SHE = Identity("", "subject-1", EMAIL, email_verified=True, name="A Student")
LASTING = TicketLasting()
HERE = Origin(request_id="a-request")


@dataclass
class Outside(World):
    """A world with two providers beside it."""

    providers: MemoryIdentityProviders = field(default_factory=lambda: MemoryIdentityProviders([UNIVERSITY, GOOGLE]))

    methods: frozenset[Method] = frozenset()
    """How whoever came back last has shown who she is."""

    async def begin(self, account: Account | None = None, provider: Provider = UNIVERSITY) -> Begun:
        begin = BeginProviderSignIn(self.transactions, self.ids, self.secrets, self.providers)
        return await begin(provider.id, HERE, asker_of(account) if account else None)

    async def finish(self, secret: str, state: str, answer: Answer) -> Account | None:
        came = await FinishProviderSignIn(self.transactions, self.ids, self.providers)(secret, state, answer, HERE)
        self.methods = came.methods if came else frozenset()
        return came.account if came else None

    async def come_back(self, begun: Begun, identity: Identity = SHE) -> Account | None:
        return await self.finish(begun.secret, *self.providers.sign_in(begun.address, identity))

    async def sign_in(self, identity: Identity = SHE, provider: Provider = UNIVERSITY) -> Account | None:
        return await self.come_back(await self.begin(provider=provider), identity)

    async def new_account(self, identity: Identity = SHE) -> Account:
        account = await self.sign_in(identity)
        assert account is not None
        return account

    async def registered(self, email: str = EMAIL) -> Account:
        return await Register(self.transactions, self.ids, self.passwords, self.common)(email, PASSWORD)

    async def link(self, account: Account, secret: str) -> LinkedIdentity:
        asker = await self.signed_in(asker_of(account))
        return await LinkIdentity(self.transactions, self.ids, LASTING)(asker, secret)

    async def unlink(self, account: Account, linked: LinkedIdentity) -> None:
        asker = await self.signed_in(asker_of(account))
        await UnlinkIdentity(self.transactions, LASTING)(asker, linked.id)

    async def linked(self, account: Account) -> list[LinkedIdentity]:
        return list(await ListIdentities(self.transactions)(asker_of(account)))

    async def reset(self, account: Account) -> None:
        code = await MakeCode(self.transactions, self.ids, self.secrets)(account.id, Purpose.RESET_PASSWORD)
        await ResetPassword(self.transactions, self.passwords, self.common)(code, NEW)


def reasons_of(error: pytest.ExceptionInfo[RuleBroken]) -> list[str]:
    return [one.code for one in error.value.reasons]


async def is_refused(world: Outside, secret: str, state: str, answer: Answer) -> None:
    with pytest.raises(RuleBroken) as refused:
        await world.finish(secret, state, answer)
    assert reasons_of(refused) == ["provider.not_good"]


async def test_providers_are_listed_as_they_are_to_be_shown() -> None:
    assert ListProviders(Outside().providers)() == [UNIVERSITY, GOOGLE]


async def test_whom_nobody_knows_gets_a_students_account_without_a_password() -> None:
    world = Outside()

    account = await world.new_account()

    assert (account.email, account.roles) == (EMAIL, frozenset({Role.STUDENT}))
    assert (account.has_password, account.email_confirmed_at) == (False, world.clock.now())
    async with world.transactions() as work:
        assert account.student_id is not None
        assert (await work.students.get(account.student_id)).profile.name == "A Student"
    assert [type(event) for event in await world.events()] == [AccountRegistered]
    assert [(one.issuer, one.subject) for one in await world.linked(account)] == [(UNIVERSITY.issuer, "subject-1")]


async def test_who_came_before_comes_into_the_same_account_whatever_her_address_is_now() -> None:
    world = Outside()
    account = await world.new_account()
    now_called = Identity("", "subject-1", "another@example.org", email_verified=True, name="Another Name")

    again = await world.sign_in(now_called)
    without_any = await world.sign_in(Identity("", "subject-1"))

    assert again is not None
    assert without_any is not None
    assert again.id == without_any.id == account.id
    assert again.email == EMAIL


async def test_the_same_subject_at_another_provider_is_somebody_else() -> None:
    world = Outside()
    account = await world.new_account()
    there = Identity("", "subject-1", "somebody@example.org", email_verified=True)

    other = await world.sign_in(there, GOOGLE)

    assert other is not None
    assert other.id != account.id


async def test_an_address_is_confirmed_only_where_the_provider_is_trusted_to_say_so() -> None:
    account = await Outside().new_account(Identity("", "subject-1", EMAIL))

    assert account.email_confirmed_at is None


async def test_without_an_address_no_account_is_opened() -> None:
    world = Outside()

    with pytest.raises(RuleBroken) as refused:
        await world.sign_in(Identity("", "subject-1"))

    assert reasons_of(refused) == ["provider.no_email"]
    assert await world.events() == []


@pytest.mark.parametrize("name", ["x" * 201, "a\x00b", "\ud800"])
async def test_a_name_that_cannot_be_kept_is_left_out(name: str) -> None:
    world = Outside()

    account = await world.new_account(Identity("", "subject-1", EMAIL, name=name))

    async with world.transactions() as work:
        assert account.student_id is not None
        assert (await work.students.get(account.student_id)).profile.name == ""


@pytest.mark.parametrize("verified", [True, False])
async def test_whose_address_has_an_account_does_not_get_in_before_that_one_is_signed_in_to(verified: bool) -> None:
    world = Outside()
    account = await world.registered()
    begun = await world.begin()

    came = await world.come_back(begun, Identity("", "subject-1", EMAIL, email_verified=verified))
    before = await world.linked(account)
    linked = await world.link(account, begun.secret)
    again = await world.sign_in()

    assert (came, before) == (None, [])
    assert linked.account_id == account.id
    assert again is not None
    assert again.id == account.id
    assert IdentityLinked(account.id, linked.id, UNIVERSITY.issuer) in await world.events()


async def test_what_waits_for_one_account_is_not_linked_with_another() -> None:
    world = Outside()
    await world.registered()
    other = await world.registered("other@example.org")
    begun = await world.begin()
    await world.come_back(begun)

    with pytest.raises(RuleBroken) as refused:
        await world.link(other, begun.secret)

    assert reasons_of(refused) == ["provider.not_good"]
    assert await world.linked(other) == []


async def test_what_waits_is_linked_by_the_browser_alone_that_proved_it() -> None:
    world = Outside()
    account = await world.registered()
    await world.come_back(await world.begin())
    another = await world.begin()

    for secret in (another.secret, "invented", ""):
        with pytest.raises(RuleBroken):
            await world.link(account, secret)
    assert await world.linked(account) == []


async def test_what_waits_is_linked_once_and_within_ten_minutes() -> None:
    world = Outside()
    account = await world.registered()
    first, late = await world.begin(), await world.begin()
    await world.come_back(first)
    await world.come_back(late, Identity("", "subject-2", EMAIL))
    await world.link(account, first.secret)

    with pytest.raises(RuleBroken):
        await world.link(account, first.secret)
    world.clock.move(LASTS)
    with pytest.raises(RuleBroken):
        await world.link(account, late.secret)


async def test_who_is_signed_in_links_another_address_than_her_own() -> None:
    world = Outside()
    account = await world.registered()
    begun = await world.begin(account, GOOGLE)

    came = await world.come_back(begun, Identity("", "subject-9", "private@example.org", email_verified=True))
    await world.link(account, begun.secret)
    again = await world.sign_in(Identity("", "subject-9"), GOOGLE)

    assert came is None
    assert again is not None
    assert again.id == account.id


async def test_who_began_to_link_is_neither_signed_in_nor_registered_by_it() -> None:
    world = Outside()
    account, other = await world.new_account(), await world.registered("other@example.org")

    known = await world.come_back(await world.begin(other))
    new = await world.come_back(await world.begin(other), Identity("", "subject-2", "new@example.org"))

    assert (known, new) == (None, None)
    assert len(await world.linked(account)) == 1
    async with world.transactions() as work:
        assert await work.accounts.find_by_email("new@example.org") is None


async def test_an_identity_that_signs_in_elsewhere_is_not_taken_from_there() -> None:
    world = Outside()
    account, other = await world.new_account(), await world.registered("other@example.org")
    begun = await world.begin(other)
    await world.come_back(begun)

    with pytest.raises(IdentityTaken):
        await world.link(other, begun.secret)

    assert (await world.linked(account))[0].account_id == account.id


async def test_an_account_has_no_more_identities_than_there_may_be() -> None:
    world = Outside()
    account = await world.registered()
    for number in range(20):
        begun = await world.begin(account)
        await world.come_back(begun, Identity("", f"subject-{number}"))
        await world.link(account, begun.secret)
    begun = await world.begin(account)
    await world.come_back(begun, Identity("", "one too many"))

    with pytest.raises(RuleBroken) as refused:
        await world.link(account, begun.secret)

    assert reasons_of(refused) == ["identity.too_many_linked"]


async def test_an_answer_is_taken_from_the_browser_alone_that_asked() -> None:
    world = Outside()
    hers, his = await world.begin(), await world.begin()
    state, answer = world.providers.sign_in(hers.address, SHE)

    for secret in (his.secret, "", "invented"):
        await is_refused(world, secret, state, answer)
    account = await world.finish(hers.secret, state, answer)

    assert account is not None


async def test_a_state_that_nobody_gave_out_is_refused() -> None:
    world = Outside()
    begun = await world.begin()
    state, answer = world.providers.sign_in(begun.address, SHE)

    for wrong in ("", "invented", "x" * 200, "রাজ্য", "\ud800", f"{state} "):
        await is_refused(world, begun.secret, wrong, answer)
    await is_refused(world, "a browser that never began", Way.of("a browser that never began").state, answer)


async def test_an_answer_is_taken_once_even_by_two_at_a_time() -> None:
    world = Outside()
    begun = await world.begin()
    state, answer = world.providers.sign_in(begun.address, SHE)
    await world.finish(begun.secret, state, answer)

    await is_refused(world, begun.secret, state, answer)
    another = world.providers.sign_in(begun.address, SHE)
    await is_refused(world, begun.secret, *another)


async def test_an_answer_that_failed_is_not_tried_again() -> None:
    world = Outside()
    begun = await world.begin()
    state, answer = world.providers.sign_in(begun.address, SHE)

    with pytest.raises(ProviderRefused):
        await world.finish(begun.secret, state, Answer(error="access_denied"))
    await is_refused(world, begun.secret, state, answer)


async def test_an_answer_is_taken_within_ten_minutes() -> None:
    world = Outside()
    in_time, late = await world.begin(), await world.begin()
    world.clock.move(LASTS - timedelta(seconds=1))
    account = await world.come_back(in_time)
    world.clock.move(timedelta(seconds=1))

    assert account is not None
    await is_refused(world, late.secret, *world.providers.sign_in(late.address, SHE))


async def test_the_answer_of_another_provider_is_refused() -> None:
    world = Outside()
    here, there = await world.begin(), await world.begin(provider=GOOGLE)
    _, from_there = world.providers.sign_in(there.address, SHE)

    with pytest.raises(ProviderRefused):
        await world.finish(here.secret, Way.of(here.secret).state, from_there)
    with pytest.raises(NotFound):
        await world.begin(provider=Provider("unknown", "", ""))


async def test_what_is_kept_leads_neither_to_the_secret_nor_to_the_verifier() -> None:
    world = Outside()
    begun = await world.begin()
    way = Way.of(begun.secret)

    rows = repr(list(world.store.provider_sign_ins.rows()))

    assert not any(text in rows for text in (begun.secret, way.state, way.nonce, way.verifier))
    assert not any(text in repr((way, begun)) for text in (begun.secret, way.verifier))
    assert {len(text) for text in (way.state, way.nonce, way.verifier, way.challenge)} == {43}


def test_the_challenge_is_the_one_of_the_standard() -> None:
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"  # RFC 7636, appendix B

    assert Way("", "", verifier).challenge == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


async def test_an_account_without_a_password_is_signed_in_to_by_none() -> None:
    world = Outside()
    account = await world.new_account()

    for password in ("", " ", PASSWORD):
        with pytest.raises(SignInRefused):
            await SignIn(world.transactions, world.passwords)(EMAIL, password)
    with pytest.raises(RuleBroken):
        await ChangePassword(world.transactions, world.passwords, world.common)(asker_of(account), "", NEW)


async def test_a_reset_sets_the_first_password_and_leaves_what_was_linked() -> None:
    world = Outside()
    account = await world.new_account()

    await world.reset(account)

    assert (await SignIn(world.transactions, world.passwords)(EMAIL, NEW)).id == account.id
    assert len(await world.linked(account)) == 1


async def test_a_reset_by_the_first_who_reads_the_mail_throws_out_whoever_linked_before() -> None:
    world = Outside()
    squatter = Identity("", "somebody-else", EMAIL, email_verified=False)
    account = await world.new_account(squatter)

    await world.reset(account)
    back = await world.sign_in(squatter)

    assert back is None
    assert await world.linked(account) == []
    kinds = [type(event) for event in await world.events()]
    assert kinds == [AccountRegistered, PasswordChanged, IdentityUnlinked]


async def test_an_identity_that_is_unlinked_signs_in_no_more() -> None:
    world = Outside()
    account = await world.registered()
    begun = await world.begin(account)
    await world.come_back(begun)
    linked = await world.link(account, begun.secret)

    await world.unlink(account, linked)
    back = await world.sign_in()

    assert back is None
    assert await world.linked(account) == []
    assert (await world.events())[-1] == IdentityUnlinked(account.id, linked.id, UNIVERSITY.issuer)


async def test_the_last_way_in_stays_until_there_is_a_password() -> None:
    world = Outside()
    account = await world.new_account()
    [linked] = await world.linked(account)

    with pytest.raises(RuleBroken) as refused:
        await world.unlink(account, linked)
    await world.reset(account)
    await world.unlink(account, linked)

    assert reasons_of(refused) == ["identity.last_way_in"]
    assert await world.linked(account) == []


async def test_of_the_last_two_ways_in_one_may_go() -> None:
    world = Outside()
    account = await world.new_account()
    begun = await world.begin(account, GOOGLE)
    await world.come_back(begun)
    await world.link(account, begun.secret)
    first, second = await world.linked(account)

    await world.unlink(account, first)
    with pytest.raises(RuleBroken):
        await world.unlink(account, second)


async def test_the_identity_of_somebody_else_is_not_there() -> None:
    world = Outside()
    account, other = await world.new_account(), await world.registered("other@example.org")
    [linked] = await world.linked(account)

    with pytest.raises(NotFound):
        await world.unlink(other, linked)


async def test_ways_that_are_over_are_cleared_away() -> None:
    world = Outside()
    await world.begin()
    world.clock.move(timedelta(days=2))
    begun = await world.begin()

    async def nobody(_: int) -> None:
        return

    removed = await ApplyRetention(world.transactions, world.ids, bundled_retention())(nobody)

    assert removed == 1
    assert await world.come_back(begun) is not None


async def test_how_she_signed_in_there_counts_for_this_sign_in_alone() -> None:
    world, by_two = Outside(), replace(SHE, two_factors=True)
    one, two = {Method.FEDERATED}, {Method.FEDERATED, Method.MULTI_FACTOR}

    found = []
    for identity in (by_two, SHE, by_two):  # the first opens the account
        account = await world.sign_in(identity)
        found.append((account is not None, set(world.methods)))

    assert found == [(True, two), (True, one), (True, two)]


async def test_an_identity_of_two_factors_waits_to_be_linked_like_any_other() -> None:
    world = Outside()
    await world.registered()

    account = await world.sign_in(replace(SHE, two_factors=True))

    assert (account, world.methods) == (None, frozenset())


async def test_ways_in_change_only_after_a_proof_of_the_last_minutes() -> None:
    """A linked identity outlives the session, and the password: whoever has stolen a session is not to add her own."""
    world = Outside()
    account = await world.registered()
    begun = await world.begin(account)
    await world.come_back(begun)
    asker = await world.signed_in(asker_of(account))
    world.clock.move(LASTING.step)

    for stale in (asker, asker_of(account)):
        with pytest.raises(ProofNeeded):
            await LinkIdentity(world.transactions, world.ids, LASTING)(stale, begun.secret)
    linked = await world.link(account, begun.secret)
    with pytest.raises(ProofNeeded):
        await UnlinkIdentity(world.transactions, LASTING)(asker, linked.id)

    assert await world.linked(account) == [linked]
