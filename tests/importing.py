"""Files about people in a small world: brought, taken and looked at."""

from dataclasses import dataclass
from datetime import timedelta

from worlds import World, owned

from higherstudy.adapters.memory.given_tables import MemoryGivenTables
from higherstudy.domain.identity.account import Account, Asker, Role
from higherstudy.domain.identity.grant import Grant
from higherstudy.domain.identity.scopes import Kind, Scope
from higherstudy.domain.imports.catalogue_import import Import, ImportKind, RowProblem
from higherstudy.domain.imports.use_cases.accepting_people import AcceptPeople
from higherstudy.domain.imports.use_cases.background import CorrectImport, RunImportAgain, UndoImport
from higherstudy.domain.imports.use_cases.reading import GetImport, ListRowProblems
from higherstudy.domain.imports.use_cases.taking_rows import TakeRows
from higherstudy.domain.shared.ids import AccountId, GrantId, ImportId
from higherstudy.ports.ids import Ids
from higherstudy.ports.transactions import Transactions


@dataclass
class Importing:
    """A counsellor who brings files into a world."""

    world: World
    sender: Asker
    batch: int = 2

    @property
    def take(self) -> TakeRows:
        world = self.world
        return TakeRows(world.transactions, world.ids, world.rule_packs, world.zones, batch=self.batch)

    async def bring(self, kind: ImportKind, *lines: str, dry_run: bool = False, by: Asker | None = None) -> ImportId:
        """Have a CSV of these lines taken in the background; return the import that waits."""
        accept = AcceptPeople(self.world.transactions, MemoryGivenTables(), self.world.ids)
        content = "\n".join(lines).encode()
        return (await accept(by or self.sender, kind, content, "people.csv", dry_run=dry_run)).run.id

    async def taken(self, import_id: ImportId, by: Asker | None = None) -> Import:
        """Take the rows, and return the import as it is then."""
        await self.take(import_id, unheard, self.sender.origin)
        return (await GetImport(self.world.transactions)(by or self.sender, import_id)).run

    async def students(self, *lines: str, dry_run: bool = False, by: Asker | None = None) -> Import:
        return await self.taken(await self.bring(ImportKind.STUDENTS, *lines, dry_run=dry_run, by=by), by)

    async def applications(self, *lines: str, dry_run: bool = False) -> Import:
        return await self.taken(await self.bring(ImportKind.APPLICATIONS, *lines, dry_run=dry_run))

    async def undone(self, run: Import, *, dry_run: bool = False) -> Import:
        undo = UndoImport(self.world.transactions, self.world.ids)
        return await self.taken((await undo(self.sender, run.id, dry_run=dry_run)).run.id)

    async def corrected(self, run: Import, *lines: str) -> Import:
        correct = CorrectImport(self.world.transactions, self.world.files, self.world.ids)
        content = "\n".join(("sheet,row,column,correction", *lines)).encode()
        return await self.taken((await correct(self.sender, run.id, content, "corrections.csv")).run.id)

    async def again(self, run: Import) -> Import:
        repeat = RunImportAgain(self.world.transactions, self.world.ids)
        return await self.taken((await repeat(self.sender, run.id)).run.id)

    async def problems(self, run: Import) -> list[RowProblem]:
        return list(await ListRowProblems(self.world.transactions)(self.sender, run.id))

    async def granted(self, student: Asker, *scopes: Scope, kind: Kind = Kind.GIVEN) -> Grant:
        """Let the sender help the student from now on."""
        async with self.world.transactions() as work:
            grant = Grant(
                id=GrantId(self.world.ids.new()),
                student_id=owned(student),
                owner=student.account_id,
                kind=kind,
                email="counsellor@example.org",
                scopes=frozenset(scopes),
                given_at=work.now,
                until=work.now + timedelta(days=30),
                account_id=self.sender.account_id,
                accepted_at=work.now,
            )
            await work.grants.add(grant)
        return grant


async def an_importing(world: World) -> Importing:
    """Return a world with a counsellor in it."""
    return Importing(world, await a_counsellor(world))


async def a_counsellor(world: World, email: str = "counsellor@example.org") -> Asker:
    return await a_counsellor_in(world.transactions, world.ids, email)


async def a_counsellor_in(transactions: Transactions, ids: Ids, email: str) -> Asker:
    async with transactions() as work:
        account = Account(
            AccountId(ids.new()),
            email,
            "",
            frozenset({Role.COUNSELLOR}),
            None,
            work.now,
            email_confirmed_at=work.now,
        )
        await work.accounts.add(account)
    return Asker(account.id, account.roles)


async def confirmed(world: World, asker: Asker) -> Asker:
    """Return her once it is known that she reads the mail of her address."""
    async with world.transactions() as work:
        account = await work.accounts.get(asker.account_id)
        account.confirm_email(work.now)
        await work.accounts.save(account)
    return asker


async def unheard(_: int) -> None:
    """Take no notice of how far it is."""
