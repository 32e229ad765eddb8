"""Analytics is told of what a student allows to be told, and of nothing about her."""

from dataclasses import fields
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from worlds import World, owned

from higherstudy.adapters.bundled.purposes import bundled_purposes
from higherstudy.adapters.memory.analytics import MemoryAnalytics
from higherstudy.adapters.postgres.events import KNOWN
from higherstudy.domain.applications.events import ApplicationMoved, ApplicationSubmitted
from higherstudy.domain.documents.events import DocumentAdded
from higherstudy.domain.identity.account import Asker
from higherstudy.domain.rights.consent import Said
from higherstudy.domain.rights.tracking import PURPOSE, TRACKED, happening_of, is_plain, pseudonym_of, student_of
from higherstudy.domain.rights.use_cases.consents import SayConsent
from higherstudy.domain.rights.use_cases.tracking import TrackHappening
from higherstudy.domain.shared.events import Envelope, Event, Origin
from higherstudy.domain.shared.ids import ApplicationId, DocumentId, EventId, JobId, StudentId
from higherstudy.entrypoints.jobs.duties import Reaction
from higherstudy.entrypoints.jobs.progress import Progress
from higherstudy.entrypoints.jobs.reactions import TRACK, with_tracking
from higherstudy.ports.contracts.samples import an_erasure
from higherstudy.ports.jobs import Job

KEY = b"k" * 32


class Told(World):
    """A world with analytics."""

    def __init__(self) -> None:
        super().__init__()
        self.analytics = MemoryAnalytics()

    async def say(self, asker: Asker, said: Said) -> None:
        await SayConsent(self.transactions, self.ids, bundled_purposes())(asker, owned(asker), PURPOSE, said, "1")

    def happened(self, asker: Asker) -> Envelope:
        event = ApplicationMoved(ApplicationId(uuid4()), owned(asker), "accept", "accepted")
        return Envelope(EventId(uuid4()), self.clock.now(), Origin(), event, 1)

    async def track(self, envelope: Envelope) -> bool:
        return await TrackHappening(self.transactions, bundled_purposes(), self.analytics, KEY)(envelope)


async def test_what_a_student_allows_is_told_under_a_pseudonym_with_codes_alone() -> None:
    world = Told()
    asker = await world.student()
    await world.say(asker, Said.GIVEN)
    envelope = world.happened(asker)

    told = await world.track(envelope)

    [happening] = world.analytics.told.values()
    assert told
    assert (happening.id, happening.name, happening.at) == (envelope.id, "Application Moved", envelope.at)
    assert happening.properties == {"action": "accept", "state": "accepted"}
    assert happening.pseudonym == pseudonym_of(owned(asker), KEY)
    assert str(owned(asker)) not in repr(happening)


async def test_without_a_yes_nothing_leaves_and_a_later_yes_brings_none_of_it() -> None:
    world = Told()
    asker = await world.student()
    before = world.happened(asker)

    silent = await world.track(before)
    world.clock.move(timedelta(minutes=1))
    await world.say(asker, Said.GIVEN)
    late = await world.track(before)
    world.clock.move(timedelta(minutes=1))
    then = world.happened(asker)
    await world.say(asker, Said.WITHDRAWN)
    withdrawn = await world.track(then)

    assert (silent, late, withdrawn) == (False, False, False)
    assert world.analytics.told == {}


async def test_nothing_is_told_of_a_student_who_is_being_erased() -> None:
    world = Told()
    asker = await world.student()
    await world.say(asker, Said.GIVEN)
    erasure = an_erasure(owned(asker))
    erasure.begin(world.clock.now())
    async with world.transactions() as work:
        await work.erasures.add(erasure)

    assert not await world.track(world.happened(asker))
    assert world.analytics.told == {}


async def test_what_does_not_stand_in_the_table_is_told_to_nobody() -> None:
    world = Told()

    class Other(Event):
        tag = "other.v1"
        aggregate = "other"
        student_id = StudentId(UUID(int=1))

    assert not await world.track(Envelope(EventId(uuid4()), world.clock.now(), Origin(), Other(), 1))


def test_only_fields_that_an_event_has_are_told_and_none_of_them_is_an_id_or_a_text() -> None:
    for kind, tracked in TRACKED.items():
        known = {field.name for field in fields(kind)}
        assert set(tracked.fields) <= known
        assert not {
            one for one in tracked.fields if one.endswith("_id") or "sha256" in one or one in ("receipt", "term")
        }
        assert kind in KNOWN
        assert "student_id" in known


@pytest.mark.parametrize("value", ["accepted", "passport", "DE", 3])
def test_codes_and_numbers_are_plain(value: object) -> None:
    assert is_plain(value)


@pytest.mark.parametrize("value", ["Sample Student", "a@example.org", "ঢাকা", "A01234567", "", "x" * 61, True, None, 1.5])
def test_words_of_people_are_not(value: object) -> None:
    assert not is_plain(value)


def test_a_kind_that_is_no_code_is_left_out() -> None:
    event = DocumentAdded(DocumentId(uuid4()), StudentId(uuid4()), "Letter from my aunt")

    found = happening_of(Envelope(EventId(uuid4()), World().clock.now(), Origin(), event, 1), event.student_id, KEY)

    assert found.properties == {}


def test_another_key_makes_her_somebody_else_and_a_short_one_is_none() -> None:
    student_id = StudentId(uuid4())
    event = ApplicationSubmitted(ApplicationId(uuid4()), student_id, "HS-1", "0a1b")

    assert pseudonym_of(student_id, KEY) == pseudonym_of(student_id, KEY)
    assert pseudonym_of(student_id, KEY) != pseudonym_of(student_id, b"l" * 32)
    assert student_of(event) == student_id
    with pytest.raises(ValueError, match="32 bytes"):
        pseudonym_of(student_id, b"short")


async def test_an_event_that_is_told_has_a_job_beside_its_others_and_none_where_nobody_counts() -> None:
    world = Told()
    asker = await world.student()
    await world.say(asker, Said.GIVEN)
    track = TrackHappening(world.transactions, bundled_purposes(), world.analytics, KEY)
    envelope = world.happened(asker)
    others = {ApplicationSubmitted.tag: {"mail_receipt": Reaction(nothing)}}

    tracked = with_tracking(track, others)
    job = Job.following(JobId(uuid4()), TRACK, envelope, world.clock.now())
    await tracked[ApplicationMoved.tag][TRACK].task(job, Progress(world.transactions, job))

    assert tracked.keys() == {kind.tag for kind in TRACKED}
    assert tracked[ApplicationSubmitted.tag].keys() == {"mail_receipt", TRACK}
    assert list(world.analytics.told) == [envelope.id]
    assert with_tracking(None, others) == others


async def nothing(_: Job, __: Progress) -> None:
    return
