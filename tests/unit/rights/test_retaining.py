"""Rules of retention: shown, applied, and dormant accounts that are told first."""

from datetime import timedelta
from pathlib import Path

import pytest
from telling import told_by
from worlds import World, owned, staff

from higherstudy.adapters.bundled.retention import bundled_retention, retention_in
from higherstudy.adapters.memory.mailbox import MemoryMailbox
from higherstudy.adapters.memory.tombstones import MemoryTombstones
from higherstudy.domain.identity.account import Asker
from higherstudy.domain.identity.session import Lasting
from higherstudy.domain.identity.use_cases.sessions import BeginSession
from higherstudy.domain.rights.erasure import Because, State
from higherstudy.domain.rights.events import ErasureAsked
from higherstudy.domain.rights.retention import Kept
from higherstudy.domain.rights.use_cases.erasing import AskForErasure, Erase
from higherstudy.domain.rights.use_cases.holding import PlaceHold
from higherstudy.domain.rights.use_cases.retaining import CLEAR_AWAY, ApplyRetention, RunByHand, ShowRetention
from higherstudy.domain.shared.errors import Conflict, Forbidden, Invalid
from higherstudy.domain.shared.ids import EventId

RULE = """
[[rules]]
kept = "sessions"
days = 10
why = "W"
source = "S"
url = "U"
since = 2026-11-27
"""


async def _signed_in(world: World, asker: Asker) -> None:
    async with world.transactions() as work:
        account = await work.accounts.get(asker.account_id)
    await BeginSession(world.transactions, world.ids, Lasting())(account)


async def _nobody(done: int) -> None:
    """Hear how much is done."""


def test_the_rules_that_ship_name_everything_that_can_be_over_and_why() -> None:
    rules = bundled_retention()

    assert {rule.kept for rule in rules} == set(Kept)
    assert all(rule.why and rule.source and rule.url.startswith("https://") for rule in rules)


async def test_what_would_go_is_told_and_nothing_of_it_goes_by_that() -> None:
    world = World()
    await _signed_in(world, await world.student())
    world.clock.move(timedelta(days=30 + 14 + 1))

    for _ in range(2):
        due = {
            one.rule.kept: one.count for one in await ShowRetention(world.transactions, bundled_retention())(staff())
        }
        assert due[Kept.SESSIONS] == 1
    done = await ApplyRetention(world.transactions, world.ids, bundled_retention())(_nobody)
    due = {one.rule.kept: one.count for one in await ShowRetention(world.transactions, bundled_retention())(staff())}

    assert (done, due[Kept.SESSIONS]) == (1, 0)


async def test_only_administrators_see_and_apply_the_rules_and_one_at_a_time() -> None:
    world = World()
    asker = await world.student()

    with pytest.raises(Forbidden):
        await ShowRetention(world.transactions, bundled_retention())(asker)
    with pytest.raises(Forbidden):
        await RunByHand(world.transactions, world.ids)(asker, CLEAR_AWAY)
    await RunByHand(world.transactions, world.ids)(staff(), CLEAR_AWAY)
    with pytest.raises(Conflict):
        await RunByHand(world.transactions, world.ids)(staff(), CLEAR_AWAY)


async def test_who_has_not_come_for_years_is_told_and_erased_a_month_later() -> None:
    world = World()
    asker = await world.student()
    await _signed_in(world, asker)
    apply, erase = ApplyRetention(world.transactions, world.ids, bundled_retention()), _erase(world)

    world.clock.move(timedelta(days=1095 - 30))
    early = await apply(_nobody)
    world.clock.move(timedelta(seconds=1))
    await apply(_nobody)
    (erasure,) = world.store.erasures.rows()
    mailbox = MemoryMailbox()
    (asked,) = [event for event in await world.events() if isinstance(event, ErasureAsked)]
    telling = told_by(world, mailbox)
    await telling["tell"](asked, EventId(world.ids.new()))
    (delivery,) = world.store.deliveries.rows()
    await telling["deliver"](delivery.id)
    world.clock.move(timedelta(days=30))
    await erase(erasure.id)

    assert (early, erasure.because, erasure.student_id) == (1, Because.DORMANT, owned(asker))  # 1: her session
    assert mailbox.mails[0].subject == "Your account has not been used for years"
    async with world.transactions() as work:
        assert (await work.erasures.get(erasure.id)).state is State.ERASED


async def test_who_comes_back_after_the_notice_stays() -> None:
    world = World()
    asker = await world.student()
    apply, erase = ApplyRetention(world.transactions, world.ids, bundled_retention()), _erase(world)
    world.clock.move(timedelta(days=1096))
    await apply(_nobody)
    (erasure,) = world.store.erasures.rows()

    world.clock.move(timedelta(days=29))
    await _signed_in(world, asker)
    world.clock.move(timedelta(days=1))
    await erase(erasure.id)

    async with world.transactions() as work:
        assert (await work.erasures.get(erasure.id)).state is State.CANCELLED
        assert (await work.accounts.get(asker.account_id)).email == "student@example.org"


async def test_who_comes_back_after_the_notice_and_asks_for_it_herself_is_erased() -> None:
    world = World()
    asker = await world.student()
    apply, erase = ApplyRetention(world.transactions, world.ids, bundled_retention()), _erase(world)
    world.clock.move(timedelta(days=1096))
    await apply(_nobody)
    (dormant,) = world.store.erasures.rows()

    await _signed_in(world, asker)
    ask = AskForErasure(world.transactions, world.ids, world.passwords, timedelta(days=7))
    asked = await ask(asker, owned(asker), "a long enough password")
    world.clock.move(timedelta(days=7))
    await erase(asked.id)
    await erase(dormant.id)

    assert asked.because is Because.ASKED
    async with world.transactions() as work:
        states = {one.because: one.state for one in await work.erasures.of_student(owned(asker))}
    assert states == {Because.DORMANT: State.CANCELLED, Because.ASKED: State.ERASED}


async def test_who_came_back_while_a_hold_kept_the_record_stays_and_is_told() -> None:
    world = World()
    asker = await world.student()
    apply, erase = ApplyRetention(world.transactions, world.ids, bundled_retention()), _erase(world)
    hold = PlaceHold(world.transactions, world.ids)
    await hold(staff(), owned(asker), "A lawsuit.", world.clock.now() + timedelta(days=1500))
    world.clock.move(timedelta(days=1096))
    await apply(_nobody)
    (erasure,) = world.store.erasures.rows()

    await _signed_in(world, asker)
    world.clock.move(timedelta(days=404))
    await apply(_nobody)  # long after that her session is cleared away
    await erase(erasure.id)

    async with world.transactions() as work:
        assert await work.sessions.every_of(asker.account_id) == []
        assert (await work.erasures.get(erasure.id)).state is State.CANCELLED
    assert [event.tag for event in await world.events()][-1] == "erasure.cancelled.v1"


def test_a_file_of_ones_own_takes_the_place_of_the_rules_that_ship(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(RULE, encoding="utf-8")

    (rule,) = retention_in(tmp_path / "own.toml")

    assert (rule.kept, rule.lasting) == (Kept.SESSIONS, timedelta(days=10))


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("rules", ""),
        (RULE.replace("sessions", "everything"), "rules[0].kept"),
        (RULE.replace("10", "0"), "rules[0].days"),
        (RULE.replace("10", "true"), "rules[0].days"),
        (RULE + "notice_days = 10", "rules[0].notice_days"),
        (RULE + "other = 1", "rules[0].other"),
        (RULE + RULE, "rules[1].kept"),
    ],
)
def test_a_wrong_file_is_refused_with_the_place(text: str, where: str, tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")

    with pytest.raises(Invalid) as refused:
        retention_in(tmp_path / "own.toml")

    assert where in [reason.where for reason in refused.value.reasons]


def _erase(world: World) -> Erase:
    return Erase(world.transactions, world.ids, world.files, world.incoming, MemoryMailbox(), MemoryTombstones())
