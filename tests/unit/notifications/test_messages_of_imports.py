"""Who brought a file is told how it ended; who is offered a record is told in the same words, registered or not."""

import re

from importing import Importing, an_importing, confirmed, unheard
from worlds import World, pieces

from higherstudy.adapters.bundled.messages import Messages
from higherstudy.adapters.memory.mailbox import MemoryMailbox
from higherstudy.adapters.workbooks.stored import WorkbooksStoredCatalogues
from higherstudy.domain.catalogue.intake import DeadlineKind
from higherstudy.domain.identity.account import Asker, Role
from higherstudy.domain.imports.catalogue_import import ImportKind
from higherstudy.domain.imports.use_cases.background import AcceptImport, TakeImport
from higherstudy.domain.imports.use_cases.offers import DeclineRecordOffer, ListRecordOffers
from higherstudy.domain.profile.profile import Profile

from .test_use_cases import carry_out_everything

HEADER = "email,name"


async def mails_to(world: World, mailbox: MemoryMailbox, address: str) -> list[tuple[str, str]]:
    await carry_out_everything(world, mailbox)
    return [(mail.subject, mail.text) for mail in mailbox.mails if mail.to == address]


async def test_whoever_brought_students_is_told_what_came_of_them_and_nothing_of_a_dry_run() -> None:
    world, mailbox = World(), MemoryMailbox()
    importing = await an_importing(world)
    await importing.students(HEADER, "a@example.org,Nusrat", "wrong,Nobody", dry_run=True)
    await importing.students(HEADER, "a@example.org,Nusrat", "wrong,Nobody")

    [(subject, text)] = await mails_to(world, mailbox, "counsellor@example.org")

    assert subject == "Import of people.csv: 1 row taken over, 1 refused"
    assert "example.org,Nusrat" not in text


async def test_the_invitation_is_the_same_for_who_is_registered_and_for_who_is_not() -> None:
    world, mailbox = World(), MemoryMailbox()
    importing = await an_importing(world)
    await confirmed(world, await world.student("here@example.org", Profile()))
    await importing.students(HEADER, "here@example.org,Somebody", "nowhere@example.org,Somebody")

    mails = [
        [one for one in await mails_to(world, mailbox, f"{name}@example.org") if "prepared" in one[0]]
        for name in ("here", "nowhere")
    ]

    told = [(subject, re.sub(r"[0-9a-f-]{36}", "ID", text).replace("nowhere@", "here@")) for [(subject, text)] in mails]
    assert told[0] == told[1]
    assert "counsellor@example.org has prepared" in told[0][0]
    assert "Somebody" not in told[0][1], "what is offered is read after signing in"


async def test_nobody_is_invited_to_what_was_declined_or_undone_meanwhile() -> None:
    world, mailbox = World(), MemoryMailbox()
    importing = await an_importing(world)
    run = await importing.students(HEADER, "a@example.org,Nusrat")
    await importing.undone(run)
    await importing.students(HEADER, "b@example.org,Omar")
    student = await confirmed(world, await world.student("b@example.org", Profile()))
    [found] = await ListRecordOffers(world.transactions)(student)
    await DeclineRecordOffer(world.transactions)(student, found.offer.id)

    mails = [*await mails_to(world, mailbox, "a@example.org"), *await mails_to(world, mailbox, "b@example.org")]

    assert [subject for subject, _ in mails if "prepared" in subject] == []


async def test_whose_catalogue_is_refused_is_told_why() -> None:
    world, mailbox = World(), MemoryMailbox()
    importing = await an_importing(world)
    admin = Asker(importing.sender.account_id, frozenset({Role.ADMIN}))

    accept = AcceptImport(world.transactions, world.files, WorkbooksStoredCatalogues(), world.ids)
    accepted = await accept(admin, pieces(b"PK no zip"), "register.xlsx", at_most=100)
    take = TakeImport(world.transactions, world.files, WorkbooksStoredCatalogues(), world.ids)
    await take(accepted.run.id, unheard, admin.origin)

    [(subject, text)] = await mails_to(world, mailbox, "counsellor@example.org")

    assert subject == "The import of register.xlsx has failed"
    assert "no workbook" in text


async def test_an_import_that_has_failed_and_went_on_is_told_of_by_its_end_alone() -> None:
    world, mailbox = World(), MemoryMailbox()
    importing = await an_importing(world)
    import_id = await importing.bring(ImportKind.STUDENTS, HEADER, "a@example.org,Nusrat")
    await a_failure(world, importing, import_id)
    await importing.taken(import_id)

    mails = await mails_to(world, mailbox, "counsellor@example.org")

    assert [subject for subject, _ in mails] == ["Import of people.csv: 1 row taken over, 0 refused"]


async def a_failure(world: World, importing: Importing, import_id: object) -> None:
    async with world.transactions() as work:
        run = await work.imports.get(import_id)  # type: ignore[arg-type]
        work.record(run.fail(work.now), run.version)
        await work.imports.save(run)


def test_every_kind_of_deadline_is_told_in_words_in_both_languages() -> None:
    for language in ("en", "bn"):
        for kind in DeadlineKind:
            params = {"kind": kind.value, "deadline_kind": kind.value, "before": "A", "after": "B"}
            told = Messages(language).sentence("programme_change.deadline", params)
            assert told.startswith(Messages(language).name("deadline", kind.value))
            assert not told.startswith(kind.value)
