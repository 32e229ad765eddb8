"""The API is killed or stands still in the middle of many writes."""

import asyncio

from processes import Processes
from waiting import until

from .writers import Writers, a_student


async def test_a_killed_api_has_kept_what_it_answered_and_a_repeated_request_is_done_once(
    started: Processes, database_url: str
) -> None:
    """Survives: every answered document. Need not: what was under way, which its key makes once when asked again."""
    started.settings["DATABASE_URL"] = database_url
    api = started.serve()
    writers = Writers(api.address, await a_student(api.address, "killed@example.org"))

    async with writers.writing(at_once=6):
        for killed in range(3):
            await until(lambda: len(writers.promised) > 20 * (killed + 1))  # noqa: B023 - awaited within the round
            api.kill()
            await asyncio.to_thread(api.start)
    await writers.settle()

    assert not writers.unsure
    assert await writers.kept() == dict.fromkeys(writers.promised.values(), 1)
    assert set(writers.answers) <= {0, 201}


async def test_an_api_that_stands_still_holds_nobody_else_up_and_goes_on_where_it_stood(
    started: Processes, database_url: str
) -> None:
    """Survives: everything, also what the frozen process had begun. Need not: that it is quick."""
    started.settings["DATABASE_URL"] = database_url
    frozen, other = started.serve("frozen"), started.serve("other")
    with_frozen = Writers(frozen.address, await a_student(frozen.address, "frozen@example.org"))
    with_other = Writers(other.address, await a_student(other.address, "other@example.org"))

    async with with_frozen.writing(), with_other.writing():
        await until(lambda: len(with_frozen.promised) > 20)
        frozen.freeze()
        stood_at, other_at = len(with_frozen.promised), len(with_other.promised)
        await until(lambda: len(with_other.promised) > other_at + 30)
        went_on_meanwhile = len(with_frozen.promised) - stood_at
        frozen.thaw()
        await until(lambda: len(with_frozen.promised) > stood_at + 20)
    await with_frozen.settle()
    await with_other.settle()

    assert went_on_meanwhile <= 4  # answers that were on their way already
    for writers in (with_frozen, with_other):
        assert await writers.kept() == dict.fromkeys(writers.promised.values(), 1)
        assert set(writers.answers) == {201}
