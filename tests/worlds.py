"""A small world in memory: a clock that stands still, a store, and a student who has registered."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from uuid import UUID

from builders import NOW, SOURCE, ZONES, RulePacks, a_profile, a_programme
from higherstudy.adapters.memory.catalogue import Stored
from higherstudy.adapters.memory.clock import MemoryClock
from higherstudy.adapters.memory.common_passwords import MemoryCommonPasswords
from higherstudy.adapters.memory.files import MemoryFiles
from higherstudy.adapters.memory.ids import MemoryIds
from higherstudy.adapters.memory.incoming import MemoryIncoming
from higherstudy.adapters.memory.paper_links import MemoryPaperLinks
from higherstudy.adapters.memory.passwords import MemoryPasswords
from higherstudy.adapters.memory.scanner import MemoryScanner
from higherstudy.adapters.memory.secrets import MemorySecrets
from higherstudy.adapters.memory.transactions import MemoryTransactions, Store
from higherstudy.adapters.memory.vault import MemoryVault
from higherstudy.domain.applications.application import Application
from higherstudy.domain.applications.use_cases.keeping import StartApplication, SubmitApplication
from higherstudy.domain.catalogue.programme import Programme
from higherstudy.domain.documents.document import Document, Stated
from higherstudy.domain.documents.use_cases.direct_upload import UploadVersion
from higherstudy.domain.documents.use_cases.papers import AddDocument
from higherstudy.domain.identity.account import Asker, Role
from higherstudy.domain.identity.scopes import Granted, Kind, Scope
from higherstudy.domain.identity.session import Session
from higherstudy.domain.identity.use_cases.accounts import Register, asker_of
from higherstudy.domain.imports.catalogue_import import Table
from higherstudy.domain.imports.programmes import institution_row, programme_row
from higherstudy.domain.profile.profile import Profile
from higherstudy.domain.shared.events import Event
from higherstudy.domain.shared.ids import AccountId, GrantId, SessionId, StudentId
from higherstudy.ports.transactions import Transactions

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 8


@dataclass
class World:
    """Everything that a use case may be given."""

    clock: MemoryClock = field(default_factory=lambda: MemoryClock(NOW))
    ids: MemoryIds = field(default_factory=MemoryIds)
    store: Store = field(default_factory=Store)
    passwords: MemoryPasswords = field(default_factory=MemoryPasswords)
    common: MemoryCommonPasswords = field(default_factory=MemoryCommonPasswords)
    secrets: MemorySecrets = field(default_factory=MemorySecrets)
    rule_packs: RulePacks = field(default_factory=RulePacks)

    def __post_init__(self) -> None:
        self.transactions: Transactions = MemoryTransactions(self.clock, store=self.store)
        self.files = MemoryFiles(self.clock)
        self.incoming = MemoryIncoming(self.clock)
        self.vault = MemoryVault()
        self.links = MemoryPaperLinks()
        self.scanner = MemoryScanner()
        self.zones = ZONES

    async def student(self, email: str = "student@example.org", profile: Profile | None = None) -> Asker:
        """Register somebody with a profile in which nothing is missing, and return her as who asks."""
        account = await Register(self.transactions, self.ids, self.passwords, self.common)(
            email, "a long enough password"
        )
        asker = asker_of(account)
        async with self.transactions() as work:
            student = await work.students.get(owned(asker))
            student.change_profile(profile or a_profile())
            await work.students.save(student)
        return asker

    async def signed_in(self, asker: Asker, *methods: str) -> Asker:
        """Return the asker in a session that she has just begun by these methods, by default with a password."""
        async with self.transactions() as work:
            now, shown = work.now, frozenset(methods or ("pwd",))
            ends = now + timedelta(days=1)
            session_id = SessionId(self.ids.new())
            session = Session(session_id, asker.account_id, now, now, ends, methods=shown, proved_at=now)
            await work.sessions.add(session)
        return replace(asker, session_id=session_id, methods=shown)

    async def programme(self, programme: Programme | None = None) -> Programme:
        """Put a programme into the catalogue."""
        one = programme or a_programme()
        async with self.transactions():
            catalogue = self.store.catalogue
            catalogue.editions.put("sample", (SOURCE, "2026"))
            catalogue.put(Table.INSTITUTIONS, one.institution.id, Stored(institution_row(one.institution), "sample"))
            catalogue.put(Table.PROGRAMMES, one.id, Stored(programme_row(one), "sample"))
        return one

    async def paper(self, asker: Asker, kind: str, stated: Stated, content: bytes = PDF) -> Document:
        """Add a paper of the kind with one version."""
        document = await AddDocument(self.transactions, self.ids, self.rule_packs)(asker, owned(asker), kind)
        return await UploadVersion(self.transactions, self.files, self.vault)(
            asker, document.id, pieces(content), "paper.pdf", stated
        )

    async def papers(self, asker: Asker) -> None:
        """Add the two papers that the programme wants."""
        await self.paper(asker, "passport", Stated(date(2022, 6, 1), date(2032, 5, 31)))
        await self.paper(asker, "transcript", Stated(date(2025, 8, 1)))

    async def draft(self, asker: Asker) -> Application:
        """Start an application for the winter intake of 2027."""
        programme = await self.programme()
        start = StartApplication(self.transactions, self.ids)
        return await start(asker, owned(asker), programme.id, "winter", date(2027, 10, 1))

    @property
    def submit(self) -> SubmitApplication:
        return SubmitApplication(self.transactions, self.rule_packs, self.zones, self.vault)

    async def events(self) -> list[Event]:
        """Return what has been recorded, in that order."""
        return [envelope.event for envelope in self.store.events.rows()]


def owned(asker: Asker) -> StudentId:
    """Return the asker's own record."""
    assert asker.student_id is not None
    return asker.student_id


def staff() -> Asker:
    """Somebody of the office."""
    return Asker(AccountId(UUID(int=0xAD)), frozenset({Role.ADMIN}))


def letting(helper: Asker, student: Asker, *scopes: Scope, kind: Kind = Kind.GIVEN) -> Asker:
    """Return the helper as the student lets her come: by default with every scope."""
    held = Granted(GrantId(UUID(int=0x6A)), student.account_id, frozenset(scopes or Scope), kind)
    return replace(helper, grants={**helper.grants, owned(student): (held,)})


async def pieces(content: bytes, size: int = 1000) -> AsyncIterator[bytes]:
    """Yield the content as it comes over a network."""
    for start in range(0, len(content), size):
        yield content[start : start + size]
