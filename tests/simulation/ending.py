"""What must hold once everything has come to rest."""

from __future__ import annotations

import hashlib
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING

from simulation.background import SWEEPS, TICK
from simulation.file_store import WORM

from higherstudy.domain.applications.application import Action
from higherstudy.domain.applications.events import ApplicationSubmitted
from higherstudy.domain.documents.upload import UploadState
from higherstudy.domain.documents.upload_events import UploadAccepted
from higherstudy.domain.documents.use_cases.sealed import place_of
from higherstudy.domain.identity.events import AccountRegistered
from higherstudy.domain.notifications.turns import DELIVER
from higherstudy.ports.errors import Unreadable
from higherstudy.ports.jobs import JobStatus
from higherstudy.ports.vault import Place

if TYPE_CHECKING:
    from simulation.world import World

_TOLD = {AccountRegistered.tag: "welcome", ApplicationSubmitted.tag: "receipt"}


def is_quiet(world: World) -> bool:
    """Whether no event waits and every job is done, but for what is scheduled again and again."""
    jobs = [kept.job for kept in world.store.jobs._kept.values()]
    again = {TICK, *SWEEPS}
    return not world.store.events._kept and all(job.status is JobStatus.DONE or job.name in again for job in jobs)


def check_the_end(world: World) -> None:
    """Raise Broken where anything is not as it must be."""
    _every_effect_happened(world)
    _mails_were_not_repeated(world)
    _payments_were_made_once(world)
    _accounts_are_whole(world)
    _submissions_are_whole(world)
    _papers_are_whole(world)
    _answers_are_whole(world)


def _every_effect_happened(world: World) -> None:
    """Each event that was kept has had each of its reactions, and each job was done."""
    for envelope in world.watch.recorded.values():
        for name in world.duties.reactions.get(envelope.event.tag, {}):
            work = f"{name} {envelope.id}"
            world.stage.demand(work in world.stage.done, "an effect never happened", work)


def _mails_were_not_repeated(world: World) -> None:
    """Each mail was sent, and again only where whoever was at it was interrupted."""
    said = {(one.kind, one.about): one.id for one in world.store.messages._kept.values()}
    ways = {one.message_id: one.id for one in world.store.deliveries._kept.values()}
    names = {ways[message_id]: f"{kind}-{ways[message_id]}" for (kind, _), message_id in said.items()}
    occasions = {
        (_TOLD[envelope.event.tag], f"event/{envelope.id}")
        for envelope in world.watch.recorded.values()
        if envelope.event.tag in _TOLD
    }
    world.stage.demand(occasions == set(said), "not each was told once of what happened", occasions ^ set(said))
    for delivery_id in ways.values():
        at_it = [work for work in world.stage.extras_allowed if work.startswith(f"{DELIVER} {DELIVER}/{delivery_id}/")]
        mail = names[delivery_id]
        sent, allowed = world.mailbox.book[mail], 1 + sum(world.stage.extras_allowed[work] for work in at_it)
        world.stage.demand(1 <= sent <= allowed, "a mail was not sent as often as it may be", mail, sent, allowed)
    mails = {names[ways[message_id]] for message_id in said.values()}
    world.stage.demand(mails == set(world.mailbox.book), "a mail was sent that nobody was to get")


def _payments_were_made_once(world: World) -> None:
    charged = Counter(world.payments.charges.values())
    orders = {str(job.arguments["payment"]) for job in world.watch.added.values() if job.name == "pay"}
    world.stage.demand(dict(charged) == dict.fromkeys(orders, 1), "not each order was charged once", charged, orders)
    world.stage.demand(world.ordered <= orders, "an order was forgotten", world.ordered - orders)


def _accounts_are_whole(world: World) -> None:
    """Each account has one record and was announced once."""
    store, recorded = world.store, world.watch.recorded.values()
    announced = Counter(e.event.aggregate_id for e in recorded if isinstance(e.event, AccountRegistered))
    accounts = {account.id: account.student_id for account in store.accounts.rows()}
    records = {student.account_id: student.id for student in store.students.rows()}
    world.stage.demand(dict(announced) == dict.fromkeys(accounts, 1), "an account was half written", announced)
    world.stage.demand(accounts == records, "an account and its record do not belong together", accounts, records)


def _submissions_are_whole(world: World) -> None:
    """What was submitted has one receipt, one snapshot with its hash, one line of history and one event."""
    store, stage = world.store, world.stage
    announced = Counter(
        e.event.application_id for e in world.watch.recorded.values() if isinstance(e.event, ApplicationSubmitted)
    )
    for application in store.applications.rows():
        submitted = sum(entry.action is Action.SUBMIT for entry in application.history)
        receipt, sealed = application.receipt, store.snapshots.get(application.id)
        place = Place("snapshot", str(application.id))
        content = sealed and world.vault.keys(application.student_id).open(place, sealed)
        stage.demand(submitted == announced[application.id] <= 1, "a submission was half written", application.id)
        stage.demand((receipt is None) == (content is None) == (submitted == 0), "a receipt without its snapshot")
        if receipt is not None and content is not None:
            stage.demand(hashlib.sha256(content).hexdigest() == receipt.snapshot_sha256, "a receipt for something else")


async def check_the_next_day(world: World) -> None:
    """Raise Broken where, after a day and one sweep of each kind, anything lies about or waits."""

    async def unheard(count: int) -> None:
        """Hear how many were cleared away, and do nothing."""

    for name in SWEEPS:
        await world.cases[name](unheard)
    _papers_are_whole(world)
    for upload in world.uploads.values():
        state = world.store.uploads._kept[upload.id].state.value
        world.stage.demand(state == upload.must_become, "an upload was not decided as it must be", upload.id, state)
    waiting = [upload.id for upload in world.store.uploads.rows() if upload.is_waiting]
    world.stage.demand(not waiting, "an upload still waits", *waiting)
    left = [name async for name in world.incoming.left_before(world.stage.now())]
    world.stage.demand(not left, "bytes that came in were left", *left)
    orphans = [sha256 async for sha256 in world.files.kept_before(world.stage.now()) if not world.is_counted_on(sha256)]
    world.stage.demand(not orphans, "a file was left on which nothing counts", *orphans)


def _opened(world: World, name: str) -> bytes:
    """Return what is in the kept file, whosever it is."""
    content = world.files.kept.kept(name) or b""
    for document in world.store.documents.rows():
        with suppress(Unreadable):
            return world.vault.keys(document.student_id).open(place_of(document.id), content)
    return content


def _papers_are_whole(world: World) -> None:
    """Each accepted upload became exactly one version, with its number, hash and event; each version has its file."""
    accepted: Counter[tuple[object, int | None]] = Counter()
    for upload in world.store.uploads.rows():
        if upload.state is UploadState.ACCEPTED:
            accepted[upload.document_id, upload.number] += 1
            version = world.store.documents._kept[upload.document_id].versions[(upload.number or 0) - 1]
            same = version.sha256 == upload.announced.sha256
            world.stage.demand(same, "an upload became another version", upload.id)
    announced = Counter(
        (e.event.document_id, e.event.number)
        for e in world.watch.recorded.values()
        if isinstance(e.event, UploadAccepted)
    )
    world.stage.demand(announced == accepted, "an upload was half accepted", announced, accepted)
    uploaded = set(accepted)
    for document in world.store.documents.rows():
        directly = [version for version in document.versions if (document.id, version.number) not in uploaded]
        world.stage.demand(len(directly) <= 1, "a version came from nowhere", document.id, len(directly))
        for version in document.versions:
            there = world.files.kept.kept(version.stored_as) is not None
            world.stage.demand(there, "a version without its file", version.sha256)
    worms = [name for name in world.files.kept._kept if WORM in _opened(world, name)]
    world.stage.demand(not worms, "something harmful was kept", *worms)


def _answers_are_whole(world: World) -> None:
    for claim in world.store.answers.rows():
        world.stage.demand(claim.answer is not None, "a request was claimed and never answered")
