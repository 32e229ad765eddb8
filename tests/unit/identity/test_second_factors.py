"""Second factors: added with a proof, asked for at sign-in, good once, and taken away with a proof."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from worlds import World

from higherstudy.adapters.memory.one_time_codes import MemoryOneTimeCodes, code_at
from higherstudy.adapters.memory.passkeys import MemoryDevice, MemoryPasskeys
from higherstudy.adapters.memory.secret_box import MemorySecretBox
from higherstudy.domain.identity.account import Account, Asker
from higherstudy.domain.identity.confirmation import Purpose
from higherstudy.domain.identity.errors import (
    ProofNeeded,
    SecondFactorNeeded,
    SecondFactorRefused,
    SignInRefused,
    SlowedDown,
)
from higherstudy.domain.identity.events import FactorsChanged
from higherstudy.domain.identity.factor import MOST_FACTORS, Factor, Method, Shown
from higherstudy.domain.identity.scopes import Scope
from higherstudy.domain.identity.session import Lasting, Session
from higherstudy.domain.identity.ticket import Ticket, TicketFor, TicketLasting
from higherstudy.domain.identity.use_cases.accounts import ChangePassword, Register, asker_of
from higherstudy.domain.identity.use_cases.confirming import ConfirmEmail, MakeCode, ResetPassword
from higherstudy.domain.identity.use_cases.factor_checks import FactorChecks
from higherstudy.domain.identity.use_cases.factors import (
    Added,
    AddPasskey,
    BeginPasskey,
    BeginTotp,
    ConfirmTotp,
    ListFactors,
    MakeRecoveryCodes,
    NewTotp,
    RemoveFactor,
)
from higherstudy.domain.identity.use_cases.grants import OfferGrant
from higherstudy.domain.identity.use_cases.keys import MakeKey
from higherstudy.domain.identity.use_cases.proving import AskToSign, FinishSignIn, Prove, SignInByPasskey
from higherstudy.domain.identity.use_cases.sessions import BeginSession
from higherstudy.domain.identity.use_cases.tickets import MakeTicket
from higherstudy.domain.shared.errors import Conflict, Invalid, NotFound, RuleBroken
from higherstudy.domain.shared.ids import AccountId, SessionId

PASSWORD, SHORT = "a long enough password", "kd93-fkq"
STEP, MINUTE = timedelta(seconds=30), timedelta(minutes=1)
LASTING = TicketLasting()
BY_PASSWORD = frozenset({Method.PASSWORD})


@dataclass
class Holder:
    """Somebody with an account and a session, and what the use cases of her factors are made of."""

    world: World
    account: Account
    asker: Asker
    checks: FactorChecks
    secret: bytes = b""
    device: MemoryDevice = field(default_factory=MemoryDevice)

    def ticket(self, purpose: TicketFor = TicketFor.SECOND_STEP, **other: Any) -> Ticket:
        make = MakeTicket(self.world.clock, self.world.secrets, LASTING)
        return make(purpose, **{"account_id": self.account.id, "methods": BY_PASSWORD, **other})

    def code(self, off: int = 0) -> str:
        return code_at(self.secret, int(self.world.clock.now().timestamp()) // 30 + off)

    async def begin_totp(self) -> NewTotp:
        world = self.world
        begun = await BeginTotp(world.transactions, world.ids, world.secrets, self.checks, LASTING)(
            self.asker, "My telephone"
        )
        self.secret = self.checks.box.open(begun.factor.secret, f"factor:{begun.factor.id}".encode())
        return begun

    async def confirm(self, begun: NewTotp, code: str | None = None) -> Added:
        confirm = ConfirmTotp(self.world.transactions, self.world.secrets, self.checks)
        added = await confirm(self.asker, begun.factor.id, self.code() if code is None else code)
        self.world.clock.move(STEP)  # so that the next code is another
        return added

    async def totp(self) -> Added:
        return await self.confirm(await self.begin_totp())

    async def passkey(self, device: MemoryDevice | None = None) -> Added:
        world, ticket = self.world, self.ticket(TicketFor.ADD_PASSKEY)
        asked = await BeginPasskey(world.transactions, self.checks, LASTING)(self.asker, ticket)
        add = AddPasskey(world.transactions, world.ids, world.secrets, self.checks)
        return await add(self.asker, ticket, (device or self.device).make(asked), "")

    async def finish(self, shown: Shown, ticket: Ticket | None = None, device: Ticket | None = None) -> set[Method]:
        finish = FinishSignIn(self.world.transactions, self.checks)
        account, methods = await finish(ticket or self.ticket(), shown, device)
        assert account.id == self.account.id
        return set(methods)

    async def signed(self, ticket: Ticket, device: MemoryDevice | None = None) -> Any:
        asked = await AskToSign(self.world.transactions, self.checks.passkeys)(ticket)
        return (device or self.device).sign(asked)

    async def prove(self, password: str | None = None, ticket: Ticket | None = None, **shown: Any) -> None:
        world = self.world
        prove = Prove(world.transactions, world.passwords, self.checks, LASTING)
        await prove(self.asker, password, Shown(**shown), ticket)

    async def remove(self, factor: Factor) -> None:
        await RemoveFactor(self.world.transactions, LASTING)(self.asker, factor.id)

    async def new_codes(self) -> list[str]:
        make = MakeRecoveryCodes(self.world.transactions, self.world.secrets, LASTING)
        return list(await make(self.asker))

    async def change_password(self, new: str, current: str = PASSWORD) -> None:
        change = ChangePassword(self.world.transactions, self.world.passwords, self.world.common)
        await change(self.asker, current, new)

    async def factors(self) -> list[str]:
        found, _ = await ListFactors(self.world.transactions)(self.asker)
        return [one.kind.value for one in found]

    async def session(self) -> Session:
        assert self.asker.session_id is not None
        async with self.world.transactions() as work:
            return await work.sessions.get(self.asker.session_id)

    async def told(self) -> list[tuple[str, str]]:
        return [(one.what, one.kind) for one in await self.world.events() if isinstance(one, FactorsChanged)]


async def a_holder(email: str = "student@example.org", world: World | None = None) -> Holder:
    world = world or World()
    account = await Register(world.transactions, world.ids, world.passwords, world.common)(email, PASSWORD)
    session = await BeginSession(world.transactions, world.ids, Lasting())(account, methods=BY_PASSWORD)
    checks = FactorChecks(MemoryOneTimeCodes(), MemorySecretBox(), MemoryPasskeys())
    return Holder(world, account, asker_of(account, session_id=session.id), checks)


async def begin_session(holder: Holder, *methods: Method) -> Session:
    begin = BeginSession(holder.world.transactions, holder.world.ids, Lasting())
    return await begin(holder.account, methods=methods)


# Adding


async def test_an_app_counts_once_its_first_code_was_shown() -> None:
    holder = await a_holder()

    begun = await holder.begin_totp()
    before = await holder.factors()
    added = await holder.confirm(begun)

    assert (before, await holder.factors()) == ([], ["totp"])
    assert begun.address.startswith("otpauth://totp/Higher%20Study:student%40example.org?")
    assert added.factor.label == "My telephone"
    assert await holder.told() == [("added", "totp")]


async def test_the_first_code_of_an_app_is_not_to_be_guessed() -> None:
    """It proves who one is: whoever has stolen a session while an app is being set up would have the account by it."""
    holder = await a_holder()
    begun = await holder.begin_totp()
    for _ in range(10):
        with pytest.raises(RuleBroken):
            await holder.confirm(begun, "000000")

    with pytest.raises(SlowedDown):
        await holder.confirm(begun)
    holder.world.clock.move(STEP)

    assert (await holder.confirm(begun)).factor.confirmed_at is not None


async def test_the_secret_of_an_app_is_kept_sealed_for_that_factor_alone() -> None:
    holder = await a_holder()

    begun = await holder.begin_totp()

    assert holder.secret not in begun.factor.secret
    assert len(holder.secret) == 20


@pytest.mark.parametrize("code", ["", "000000", "12345", "not a code"])
async def test_a_wrong_first_code_adds_nothing_and_may_be_tried_again(code: str) -> None:
    holder = await a_holder()
    begun = await holder.begin_totp()

    with pytest.raises(RuleBroken) as refused:
        await holder.confirm(begun, code)

    assert refused.value.reasons[0].code == "factor.wrong_code"
    await holder.confirm(begun)
    assert await holder.factors() == ["totp"]


async def test_an_app_is_confirmed_once_within_an_hour_and_by_its_holder() -> None:
    holder = await a_holder()
    stranger = await a_holder("another@example.org", holder.world)
    begun = await holder.begin_totp()

    stranger.secret = holder.secret
    with pytest.raises(NotFound):
        await stranger.confirm(begun)
    await holder.confirm(begun)
    with pytest.raises(NotFound):
        await holder.confirm(begun)
    late = await holder.begin_totp()
    holder.world.clock.move(timedelta(hours=1))
    with pytest.raises(NotFound):
        await holder.confirm(late)


async def test_setting_up_an_app_anew_forgets_the_one_before() -> None:
    holder = await a_holder()
    first = await holder.begin_totp()

    await holder.begin_totp()

    with pytest.raises(NotFound):
        await holder.confirm(first)


async def test_the_first_factor_brings_ten_recovery_codes_and_the_second_none() -> None:
    holder = await a_holder()

    first, second = await holder.totp(), await holder.passkey()

    assert len(set(first.recovery_codes)) == 10
    assert {len(code) for code in first.recovery_codes} == {29}
    assert list(second.recovery_codes) == []


async def test_a_passkey_is_added_once_for_each_question() -> None:
    holder = await a_holder()
    world, ticket = holder.world, holder.ticket(TicketFor.ADD_PASSKEY)
    asked = await BeginPasskey(world.transactions, holder.checks, LASTING)(holder.asker, ticket)
    add = AddPasskey(world.transactions, world.ids, world.secrets, holder.checks)

    await add(holder.asker, ticket, holder.device.make(asked), "")

    with pytest.raises(RuleBroken):
        await add(holder.asker, ticket, MemoryDevice("another").make(asked), "")
    assert await holder.factors() == ["passkey"]


async def test_a_passkey_of_somebody_else_or_for_somebody_else_is_not_added() -> None:
    holder = await a_holder()
    stranger = await a_holder("another@example.org", holder.world)
    await stranger.passkey(holder.device)

    with pytest.raises(Conflict):
        await holder.passkey()
    world, theirs = holder.world, stranger.ticket(TicketFor.ADD_PASSKEY)
    asked = await BeginPasskey(world.transactions, holder.checks, LASTING)(stranger.asker, theirs)
    with pytest.raises(RuleBroken):
        await AddPasskey(world.transactions, world.ids, world.secrets, holder.checks)(
            holder.asker, theirs, MemoryDevice("mine").make(asked), ""
        )
    assert await holder.factors() == []


async def test_there_is_an_end_to_how_many_factors_one_has() -> None:
    holder = await a_holder()
    for number in range(MOST_FACTORS):
        await holder.passkey(MemoryDevice(str(number)))

    with pytest.raises(RuleBroken):
        await holder.passkey(MemoryDevice("one more"))
    with pytest.raises(RuleBroken):
        await holder.begin_totp()


# Signing in


async def test_no_session_begins_with_one_factor_where_the_account_has_a_second() -> None:
    holder = await a_holder()
    await holder.totp()

    for methods in ((), (Method.PASSWORD,), (Method.FEDERATED,), (Method.TOTP,), (Method.PASSKEY,)):
        with pytest.raises(SecondFactorNeeded) as needed:
            await begin_session(holder, *methods)
        assert needed.value.kinds == ("totp",)
    session = await begin_session(holder, Method.PASSWORD, Method.TOTP)

    assert session.methods == {"pwd", "otp"}
    assert session.proved_at == holder.world.clock.now()


async def test_the_code_of_now_finishes_a_sign_in_and_so_do_those_beside_it() -> None:
    holder = await a_holder()
    await holder.totp()

    for off in (0, -1, 1):
        holder.world.clock.move(5 * MINUTE)
        assert await holder.finish(Shown(code=holder.code(off))) == {Method.PASSWORD, Method.TOTP}


async def test_a_code_is_good_once_and_so_is_every_one_before_it() -> None:
    holder = await a_holder()
    begun = await holder.begin_totp()
    first = holder.code()
    await holder.confirm(begun)

    with pytest.raises(SecondFactorRefused):
        await holder.finish(Shown(code=first))
    await holder.finish(Shown(code=holder.code(1)))
    for off in (1, 0, -1):
        with pytest.raises(SecondFactorRefused):
            await holder.finish(Shown(code=holder.code(off)))


async def test_a_ticket_is_good_once_though_the_factor_is_another() -> None:
    holder = await a_holder()
    codes = (await holder.totp()).recovery_codes
    ticket = holder.ticket()
    await holder.finish(Shown(code=holder.code()), ticket)

    with pytest.raises(SecondFactorRefused):
        await holder.finish(Shown(recovery_code=codes[0]), ticket)

    assert await holder.finish(Shown(recovery_code=codes[0])), "and the code was not used up"


@pytest.mark.parametrize("spelled", [str, str.lower, lambda code: code.replace("-", " "), lambda code: f" {code} "])
async def test_a_recovery_code_is_good_once_however_it_is_typed(spelled: Any) -> None:
    holder = await a_holder()
    codes = (await holder.totp()).recovery_codes

    assert await holder.finish(Shown(recovery_code=spelled(codes[3]))) == {Method.PASSWORD, Method.RECOVERY}
    with pytest.raises(SecondFactorRefused):
        await holder.finish(Shown(recovery_code=codes[3]))

    assert (await holder.told())[-1] == ("code_used", "")
    _, left = await ListFactors(holder.world.transactions)(holder.asker)
    assert left == 9


async def test_the_recovery_codes_of_another_account_open_nothing() -> None:
    holder = await a_holder()
    stranger = await a_holder("another@example.org", holder.world)
    await holder.totp()
    theirs = (await stranger.totp()).recovery_codes

    with pytest.raises(SecondFactorRefused):
        await holder.finish(Shown(recovery_code=theirs[0]))


async def test_a_passkey_finishes_a_sign_in_by_signing_what_the_ticket_says() -> None:
    holder = await a_holder()
    await holder.passkey()
    holder.device.sure = False
    ticket, other = holder.ticket(), holder.ticket()
    answer = await holder.signed(ticket)

    with pytest.raises(SecondFactorRefused):
        await holder.finish(Shown(passkey=answer), other)

    assert await holder.finish(Shown(passkey=answer), ticket) == {Method.PASSWORD, Method.PASSKEY}


@pytest.mark.parametrize(
    "shown", [Shown(), Shown(code="1", recovery_code="2"), Shown(code="1", passkey={}), Shown("1", "2", {})]
)
async def test_no_and_two_answers_are_refused_and_count_as_no_try(shown: Shown) -> None:
    holder = await a_holder()
    await holder.totp()

    for _ in range(20):
        with pytest.raises(Invalid):
            await holder.finish(shown)

    assert await holder.finish(Shown(code=holder.code()))


async def test_guessing_codes_is_slowed_for_strangers_and_not_for_a_device_that_is_known() -> None:
    holder = await a_holder()
    await holder.totp()
    known = holder.ticket(TicketFor.DEVICE, methods=BY_PASSWORD | {Method.TOTP})
    for _ in range(10):
        with pytest.raises(SecondFactorRefused):
            await holder.finish(Shown(code="000000"))

    with pytest.raises(SlowedDown):
        await holder.finish(Shown(code=holder.code()))

    assert await holder.finish(Shown(code=holder.code()), device=known)


async def test_devices_that_are_known_by_mail_alone_share_their_tries_with_a_second_factor() -> None:
    """Whoever reads her mail sets a new password as often as he likes, and is to get no new tries by it."""
    holder = await a_holder()
    await holder.totp()
    first, second = (holder.ticket(TicketFor.DEVICE, methods=frozenset()) for _ in range(2))
    for _ in range(10):
        with pytest.raises(SecondFactorRefused):
            await holder.finish(Shown(code="000000"), device=first)

    with pytest.raises(SlowedDown):
        await holder.finish(Shown(code=holder.code()), device=second)

    assert await holder.finish(Shown(code=holder.code())), "strangers' tries are others"


async def test_a_ticket_of_nobody_or_of_somebody_who_is_gone_is_refused() -> None:
    holder = await a_holder()
    gone = replace(holder.ticket(), account_id=AccountId(UUID(int=5)))

    for ticket in (holder.ticket(account_id=None), gone):
        with pytest.raises(SecondFactorRefused):
            await holder.finish(Shown(code="000000"), ticket)


# A passkey alone


async def by_passkey(holder: Holder, ticket: Ticket, answer: Any) -> set[Method]:
    account, methods = await SignInByPasskey(holder.world.transactions, holder.checks)(ticket, answer)
    assert account.id == holder.account.id
    return set(methods)


async def test_a_passkey_whose_device_is_sure_of_its_user_signs_in_alone_and_once() -> None:
    holder = await a_holder()
    await holder.passkey()
    ticket = holder.ticket(TicketFor.PASSKEY, account_id=None)
    answer = await holder.signed(ticket)

    methods = await by_passkey(holder, ticket, answer)

    assert methods == {Method.PASSKEY, Method.USER_VERIFIED}
    assert (await begin_session(holder, *methods)).methods == methods
    again = await holder.signed(ticket)
    for replayed in (answer, again):
        with pytest.raises(SignInRefused):
            await by_passkey(holder, ticket, replayed)


async def test_a_device_that_is_not_sure_of_its_user_does_not_sign_in_alone() -> None:
    holder = await a_holder()
    await holder.passkey()
    holder.device.sure = False
    ticket = holder.ticket(TicketFor.PASSKEY, account_id=None)

    with pytest.raises(SignInRefused):
        await by_passkey(holder, ticket, await holder.signed(ticket))


async def test_a_passkey_that_nobody_has_signs_nobody_in() -> None:
    holder = await a_holder()
    ticket = holder.ticket(TicketFor.PASSKEY, account_id=None)

    with pytest.raises(SignInRefused):
        await by_passkey(holder, ticket, await holder.signed(ticket))


# Proofs


async def test_factors_change_only_after_a_proof_of_the_last_minutes() -> None:
    holder = await a_holder()
    added = await holder.totp()
    holder.world.clock.move(5 * MINUTE)

    for changing in (
        holder.begin_totp,
        holder.passkey,
        holder.new_codes,
        lambda: holder.remove(added.factor),
    ):
        with pytest.raises(ProofNeeded):
            await changing()
    secret, holder.secret = holder.secret, holder.secret
    await holder.prove(code=holder.code())
    await holder.remove(added.factor)

    assert secret
    assert await holder.factors() == []


async def test_who_has_no_second_factor_proves_herself_by_the_password() -> None:
    holder = await a_holder()
    holder.world.clock.move(timedelta(hours=1))

    with pytest.raises(ProofNeeded):
        await holder.prove(code="000000")
    with pytest.raises(RuleBroken) as wrong:
        await holder.prove("a guess at it")
    await holder.prove(PASSWORD)

    assert wrong.value.reasons[0].code == "proof.wrong"
    assert await holder.begin_totp()


async def test_who_has_a_second_factor_does_not_prove_herself_by_the_password() -> None:
    holder = await a_holder()
    codes = (await holder.totp()).recovery_codes
    holder.world.clock.move(timedelta(hours=1))

    with pytest.raises(ProofNeeded) as refused:
        await holder.prove(PASSWORD)
    await holder.prove(recovery_code=codes[0])

    assert refused.value.reasons[0].code == "proof.by_factor"
    assert (await holder.session()).methods == {"pwd", "otp", "recovery"}


async def test_a_passkey_proves_by_signing_for_this_account_and_once() -> None:
    holder = await a_holder()
    stranger = await a_holder("another@example.org", holder.world)
    await holder.passkey()
    ticket = holder.ticket(TicketFor.PROOF)
    answer = await holder.signed(ticket)

    for wrong in (None, stranger.ticket(TicketFor.PROOF), holder.ticket(TicketFor.PROOF)):
        with pytest.raises(RuleBroken):
            await holder.prove(ticket=wrong, passkey=answer)
    await holder.prove(ticket=ticket, passkey=answer)
    with pytest.raises(RuleBroken):
        await holder.prove(ticket=ticket, passkey=await holder.signed(ticket))


async def test_a_password_beside_a_factor_is_no_proof_but_two() -> None:
    holder = await a_holder()
    await holder.totp()

    with pytest.raises(Invalid):
        await holder.prove(PASSWORD, code=holder.code())


async def test_guessing_at_a_proof_is_slowed() -> None:
    holder = await a_holder()
    for _ in range(10):
        with pytest.raises(RuleBroken):
            await holder.prove("a guess at it")

    with pytest.raises(SlowedDown):
        await holder.prove(PASSWORD)


async def test_a_program_without_a_session_proves_and_changes_nothing() -> None:
    holder = await a_holder()
    holder.asker = replace(holder.asker, session_id=None)

    with pytest.raises(ProofNeeded):
        await holder.prove(PASSWORD)
    with pytest.raises(ProofNeeded):
        await holder.begin_totp()


async def test_the_session_of_somebody_else_proves_nothing() -> None:
    holder = await a_holder()
    stranger = await a_holder("another@example.org", holder.world)
    stolen = SessionId(holder.asker.session_id or holder.account.id)
    stranger.asker = replace(stranger.asker, session_id=stolen)

    with pytest.raises(NotFound):
        await stranger.begin_totp()


# Removing, and codes anew


async def test_the_last_factor_takes_the_recovery_codes_along_and_sessions_go_on() -> None:
    holder = await a_holder()
    first, second = await holder.totp(), await holder.passkey()

    await holder.remove(first.factor)
    with_one = await ListFactors(holder.world.transactions)(holder.asker)
    await holder.remove(second.factor)
    with_none = await ListFactors(holder.world.transactions)(holder.asker)

    assert (with_one[1], with_none) == (10, ([], 0))
    assert (await holder.session()).is_live(holder.world.clock.now())
    assert (await holder.told())[-2:] == [("removed", "totp"), ("removed", "passkey")]
    assert (await begin_session(holder, Method.PASSWORD)).methods == {"pwd"}


async def test_somebody_elses_factor_and_one_that_is_gone_are_not_found() -> None:
    holder = await a_holder()
    stranger = await a_holder("another@example.org", holder.world)
    added, theirs = await holder.totp(), await stranger.totp()

    with pytest.raises(NotFound):
        await holder.remove(theirs.factor)
    await holder.remove(added.factor)
    with pytest.raises(NotFound):
        await holder.remove(added.factor)


async def test_new_recovery_codes_make_all_before_useless() -> None:
    holder = await a_holder()
    before = (await holder.totp()).recovery_codes

    after = await holder.new_codes()

    assert not set(before) & set(after)
    with pytest.raises(SecondFactorRefused):
        await holder.finish(Shown(recovery_code=before[0]))
    assert await holder.finish(Shown(recovery_code=after[0]))
    assert ("codes_made", "") in await holder.told()


async def test_without_a_second_factor_there_are_no_recovery_codes() -> None:
    holder = await a_holder()

    with pytest.raises(RuleBroken) as refused:
        await holder.new_codes()

    assert refused.value.reasons[0].code == "factor.none"


# The password beside a factor


async def test_beside_a_second_factor_the_password_may_be_short_and_then_the_factor_has_to_stay() -> None:
    holder = await a_holder()
    with pytest.raises(RuleBroken):
        await holder.change_password(SHORT)
    added = await holder.totp()

    await holder.change_password(SHORT)
    with pytest.raises(RuleBroken) as refused:
        await holder.remove(added.factor)
    await holder.change_password("another long password", SHORT)
    await holder.remove(added.factor)

    assert [(one.code, one.params["at_least"]) for one in refused.value.reasons] == [("factor.password_too_short", 15)]
    assert await holder.factors() == []


async def test_of_two_factors_one_may_go_though_the_password_is_short() -> None:
    holder = await a_holder()
    first, _ = await holder.totp(), await holder.passkey()
    await holder.change_password(SHORT)

    await holder.remove(first.factor)

    assert await holder.factors() == ["passkey"]


async def test_a_new_password_by_mail_leaves_the_second_factor_in_its_place() -> None:
    holder = await a_holder()
    await holder.totp()
    world = holder.world
    make = MakeCode(world.transactions, world.ids, world.secrets)
    await ConfirmEmail(world.transactions)(holder.asker, await make(holder.account.id, Purpose.CONFIRM_EMAIL))

    code = await make(holder.account.id, Purpose.RESET_PASSWORD)
    account = await ResetPassword(world.transactions, world.passwords, world.common)(code, "another long password")

    with pytest.raises(SecondFactorNeeded):
        await BeginSession(world.transactions, world.ids, Lasting())(account, methods=BY_PASSWORD)


# Two factors by the word of a provider


@pytest.mark.parametrize(
    ("methods", "are_two"),
    [
        ({Method.FEDERATED, Method.MULTI_FACTOR}, True),
        ({Method.FEDERATED}, False),
        ({Method.MULTI_FACTOR}, False),
        ({Method.PASSWORD, Method.MULTI_FACTOR}, False),
    ],
)
async def test_only_a_provider_that_is_trusted_in_it_stands_for_a_second_factor(
    methods: set[Method], are_two: bool
) -> None:
    holder = await a_holder()
    await holder.totp()

    if are_two:
        assert (await begin_session(holder, *methods)).methods == methods
    else:
        with pytest.raises(SecondFactorNeeded):
            await begin_session(holder, *methods)


async def test_by_a_providers_word_nobody_changes_factors_that_she_has_not_shown() -> None:
    holder = await a_holder()
    added = await holder.totp()
    session = await begin_session(holder, Method.FEDERATED, Method.MULTI_FACTOR)
    there = replace(holder, asker=asker_of(holder.account, session_id=session.id))

    with pytest.raises(ProofNeeded):
        await there.remove(added.factor)
    await there.prove(code=there.code())
    await there.remove(added.factor)

    assert await there.factors() == []


async def test_whoever_has_no_factor_here_adds_one_after_signing_in_elsewhere() -> None:
    holder = await a_holder()
    session = await begin_session(holder, Method.FEDERATED, Method.MULTI_FACTOR)
    there = replace(holder, asker=asker_of(holder.account, session_id=session.id))

    await there.totp()

    assert await there.factors() == ["totp"]


# Whoever opened the account before its holder came


async def reset(holder: Holder, password: str) -> None:
    world = holder.world
    code = await MakeCode(world.transactions, world.ids, world.secrets)(holder.account.id, Purpose.RESET_PASSWORD)
    await ResetPassword(world.transactions, world.passwords, world.common)(code, password)


async def test_a_reset_by_the_first_who_reads_the_mail_throws_out_every_way_in_from_before() -> None:
    """Anybody may open an account with her address, add a passkey that signs in alone, and wait for her to come."""
    before = await a_holder()
    world, asker = before.world, before.asker
    await before.totp()
    await before.passkey()
    key, _ = await MakeKey(world.transactions, world.ids, world.secrets, LASTING)(
        asker, asker.account_id, "A way back", ["documents:read"]
    )
    assert asker.student_id is not None
    grant = await OfferGrant(world.transactions, world.ids)(
        asker, asker.student_id, "another@example.org", frozenset(Scope), world.clock.now() + timedelta(days=90)
    )

    await reset(before, "another long password")

    ticket = before.ticket(TicketFor.PASSKEY, account_id=None)
    with pytest.raises(SignInRefused):
        await SignInByPasskey(world.transactions, before.checks)(ticket, await before.signed(ticket))
    async with world.transactions() as work:
        assert list(await work.factors.of_account(asker.account_id)) == []
        assert await work.factors.recovery_codes(asker.account_id) is None
        assert not (await work.keys.get(key.id)).is_live(work.now)
        assert not (await work.grants.get(grant.id)).is_open(work.now)
    assert (await before.told())[-2:] == [("removed", "totp"), ("removed", "passkey")]


async def test_with_the_factors_of_whoever_came_before_their_shorter_password_goes_too() -> None:
    before = await a_holder()
    await before.totp()

    with pytest.raises(RuleBroken) as refused:
        await reset(before, SHORT)

    assert [one.code for one in refused.value.reasons] == ["password.too_short"]


async def test_a_sign_in_that_was_looked_at_before_the_password_changed_begins_no_session() -> None:
    holder = await a_holder()
    account = holder.account

    await holder.change_password("another long password")

    with pytest.raises(Conflict):
        await begin_session(replace(holder, account=account), Method.PASSWORD)
