"""What any counter of limits must do."""

import asyncio
from collections import Counter
from datetime import timedelta
from uuid import uuid4

import pytest

from ..limits import Limit, Limits
from .passing_time import PassingTime, RealTime

HOUR = timedelta(hours=1)


class LimitsContract:
    """Override ``limits``; and ``time`` where the clock of the counter can be moved on."""

    window = timedelta(seconds=1)
    """A window that can be waited for; a little late is fine."""

    @pytest.fixture
    def limits(self) -> Limits:
        """Return what counts."""
        raise NotImplementedError

    @pytest.fixture
    def time(self) -> PassingTime:
        """Return the time of the counter."""
        return RealTime()

    async def test_as_many_as_the_limit_says_are_allowed_and_not_one_more(self, limits: Limits) -> None:
        limit = _limit(3)

        verdicts = [await limits.hit(limit, "somebody") for _ in range(5)]

        assert [verdict.allowed for verdict in verdicts] == [True, True, True, False, False]
        assert [verdict.left for verdict in verdicts] == [2, 1, 0, 0, 0]

    async def test_whoever_is_refused_is_told_how_long_at_most(self, limits: Limits) -> None:
        limit = _limit(1)
        await limits.hit(limit, "somebody")

        refused = await limits.hit(limit, "somebody")

        assert timedelta(0) < refused.wait <= HOUR * 1.05

    async def test_whoever_still_may_has_nothing_to_wait_for(self, limits: Limits) -> None:
        verdict = await limits.hit(_limit(2), "somebody")

        assert verdict.wait == timedelta(0)

    async def test_one_does_not_use_up_what_is_another_ones(self, limits: Limits) -> None:
        limit = _limit(1)
        await limits.hit(limit, "somebody")

        other = await limits.hit(limit, "somebody else")

        assert other.allowed

    async def test_limits_of_different_names_do_not_share_a_count(self, limits: Limits) -> None:
        await limits.hit(_limit(1), "somebody")

        other = await limits.hit(_limit(1), "somebody")

        assert other.allowed

    async def test_any_text_may_say_who(self, limits: Limits) -> None:
        limit = _limit(1)
        strange = ["", "আনিকা@example.org", "two words", "a" * 5000, "2001:db8::/64", "*", "null\x00"]

        firsts = [(await limits.hit(limit, who)).allowed for who in strange]
        seconds = [(await limits.hit(limit, who)).allowed for who in strange]

        assert (firsts, seconds) == ([True] * len(strange), [False] * len(strange))

    async def test_of_many_at_once_only_the_limit_gets_through(self, limits: Limits) -> None:
        limit = _limit(10)

        verdicts = await asyncio.gather(*(limits.hit(limit, "somebody") for _ in range(40)))

        assert Counter(verdict.allowed for verdict in verdicts) == {True: 10, False: 30}

    async def test_after_the_wait_it_may_be_done_again(self, limits: Limits, time: PassingTime) -> None:
        limit = _limit(2, self.window)
        refused = await limits.hit(limit, "somebody")
        while refused.allowed:
            refused = await limits.hit(limit, "somebody")

        await time.go_on(refused.wait)

        assert (await limits.hit(limit, "somebody")).allowed

    async def test_a_refused_one_does_not_make_the_wait_longer(self, limits: Limits, time: PassingTime) -> None:
        limit = _limit(1, self.window)
        first = await limits.hit(limit, "somebody")
        for _ in range(3):
            await time.go_on(first.wait / 4)
            await limits.hit(limit, "somebody")

        await time.go_on(first.wait / 4)

        assert (await limits.hit(limit, "somebody")).allowed

    async def test_the_window_slides_so_that_no_span_of_its_length_holds_more(
        self, limits: Limits, time: PassingTime
    ) -> None:
        # The worst that a window of fixed beginnings lets through: the limit at its end, and again at the next one's.
        limit = _limit(4, self.window)
        begun, ended = [], []

        for _ in range(60):
            before = time.now()
            if (await limits.hit(limit, "somebody")).allowed:
                begun.append(before)
                ended.append(time.now())
            await time.go_on(self.window / 20)

        assert len(begun) > limit.times
        spans = [after - before for before, after in zip(begun, ended[limit.times :], strict=False)]
        assert min(spans) >= self.window

    async def test_a_wide_open_limit_is_kept_too(self, limits: Limits) -> None:
        limit = _limit(600)

        verdicts = [await limits.hit(limit, "somebody") for _ in range(700)]

        assert [verdict.allowed for verdict in verdicts] == [True] * 600 + [False] * 100
        assert all(verdict.left == 600 - number for number, verdict in enumerate(verdicts[:600], 1))

    async def test_several_limits_are_counted_together(self, limits: Limits) -> None:
        strict, wide = _limit(2), _limit(600)

        first, second = [await limits.hit_all([(strict, "her address"), (wide, "her account")]) for _ in range(2)]

        assert [(verdict.allowed, verdict.left) for verdict in first] == [(True, 1), (True, 599)]
        assert [(verdict.allowed, verdict.left) for verdict in second] == [(True, 0), (True, 598)]

    async def test_where_one_of_several_is_refused_none_is_counted(self, limits: Limits) -> None:
        used_up, open_, wide = _limit(1), _limit(3), _limit(600)
        await limits.hit(used_up, "somebody")
        await limits.hit_all([(open_, "somebody"), (wide, "somebody")])

        for _ in range(5):
            refused, *others = await limits.hit_all([(used_up, "somebody"), (open_, "somebody"), (wide, "somebody")])

            assert (refused.allowed, refused.left) == (False, 0)
            assert refused.wait > timedelta(0)
            assert [verdict.allowed for verdict in others] == [True, True]
        after = await limits.hit_all([(open_, "somebody"), (wide, "somebody")])
        assert [verdict.left for verdict in after] == [1, 598]

    async def test_of_many_at_once_under_two_limits_the_stricter_one_holds(self, limits: Limits) -> None:
        strict, wide = _limit(10), _limit(600)

        verdicts = await asyncio.gather(
            *(limits.hit_all([(strict, "somebody"), (wide, "somebody")]) for _ in range(40))
        )

        assert sum(all(verdict.allowed for verdict in one) for one in verdicts) == 10
        assert (await limits.hit(wide, "somebody")).left == 589


def _limit(times: int, within: timedelta = HOUR) -> Limit:
    return Limit(f"a-limit-{uuid4().hex}", times, within)
