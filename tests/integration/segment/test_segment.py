"""Segment by its own library, against one of our own that fails in every way the real one may."""

import asyncio
import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from higherstudy.adapters.segment.analytics import SegmentAnalytics
from higherstudy.domain.rights.tracking import Happening
from higherstudy.domain.shared.errors import Invalid
from higherstudy.domain.shared.ids import EventId
from higherstudy.ports.analytics import Analytics
from higherstudy.ports.contracts.analytics import AnalyticsContract, a_happening
from higherstudy.ports.errors import Unavailable
from servers.segment import WRITE_KEY, Segment, segment

A_MOMENT = timedelta(milliseconds=20)


@pytest.fixture
def there() -> Iterator[Segment]:
    with segment() as running:
        yield running


@pytest.fixture
def analytics(there: Segment) -> SegmentAnalytics:
    return SegmentAnalytics(WRITE_KEY, host=there.host, timeout=timedelta(seconds=0.5), moment=A_MOMENT)


class TestSegmentAnalytics(AnalyticsContract):
    @pytest.fixture
    def analytics(self, there: Segment) -> Analytics:
        return SegmentAnalytics(WRITE_KEY, host=there.host, moment=A_MOMENT)

    @pytest.fixture
    def told(self, there: Segment) -> Callable[[], Sequence[Happening]]:
        return lambda: [
            Happening(
                EventId(UUID(one["messageId"])),
                one["userId"],
                one["event"],
                datetime.fromisoformat(one["timestamp"]),
                one["properties"],
            )
            for one in there.arrived.values()
        ]


async def test_what_comes_within_a_moment_leaves_together(analytics: SegmentAnalytics, there: Segment) -> None:
    await asyncio.gather(*[analytics.track([a_happening()]) for _ in range(30)])

    assert there.batches == [30]


async def test_a_batch_has_its_bound(analytics: SegmentAnalytics, there: Segment) -> None:
    await asyncio.gather(*[analytics.track([a_happening() for _ in range(90)]) for _ in range(2)])
    await analytics.track([a_happening() for _ in range(150)])

    assert sorted(there.batches) == [50, 90, 90, 100]
    assert len(there.arrived) == 330


@pytest.mark.parametrize("fault", [500, 503, 429, 408, 302, 307, 2.0], ids=str)
async def test_what_may_help_to_tell_again_is_unavailable_and_then_arrives_once(
    analytics: SegmentAnalytics, there: Segment, fault: float
) -> None:
    happening = a_happening()
    there.faults.append(fault)

    with pytest.raises(Unavailable):
        await analytics.track([happening])
    await analytics.track([happening])

    assert list(there.arrived) == [str(happening.id)]


@pytest.mark.parametrize("fault", [b"<html>no JSON</html>", b"[1, 2]", 400, 401, 413], ids=str)
async def test_what_is_refused_for_good_is_said_with_the_status_and_without_words_of_theirs(
    analytics: SegmentAnalytics, there: Segment, fault: int | bytes
) -> None:
    there.faults.append(fault)

    with pytest.raises(Invalid) as refused:
        await analytics.track([a_happening()])

    [reason] = refused.value.reasons
    assert reason.code == "analytics.refused"
    assert reason.params == {"status": fault if isinstance(fault, int) else 400}
    assert refused.value.__suppress_context__


async def test_one_that_nobody_answers_is_unavailable() -> None:
    nobody = SegmentAnalytics(WRITE_KEY, host="http://127.0.0.1:9", timeout=timedelta(seconds=0.5), moment=A_MOMENT)

    with pytest.raises(Unavailable):
        await nobody.track([a_happening()])


async def test_a_failed_batch_is_told_to_each_who_waits_and_to_nobody_after(
    analytics: SegmentAnalytics, there: Segment
) -> None:
    there.faults.append(503)

    ended = await asyncio.gather(*[analytics.track([a_happening()]) for _ in range(3)], return_exceptions=True)
    await analytics.track([a_happening()])

    assert [type(one) for one in ended] == [Unavailable] * 3
    assert len(there.arrived) == 1


async def test_a_happening_has_a_pseudonym_and_no_address(analytics: SegmentAnalytics, there: Segment) -> None:
    happening = a_happening()
    await analytics.track([happening])

    [body] = there.bodies
    [message] = json.loads(body)["batch"]
    assert message.keys() == {"type", "messageId", "userId", "event", "timestamp", "properties", "context"}
    assert message["userId"] == happening.pseudonym
    assert message["context"] == {"library": {"name": "higherstudy"}, "ip": "0.0.0.0"}
