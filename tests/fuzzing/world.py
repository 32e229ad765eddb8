"""The server that is asked, with one of everything on it, and those who ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from everybody import ALL, JOB, OVERRIDE, UPLOAD, World, a_grant, a_world, store_of
from records import PDF, PROFILE, Record, Server, a_record, change_profile

import higherstudy.adapters.bundled
from higherstudy.adapters.folder.files import FolderFiles
from higherstudy.adapters.folder.incoming import FolderIncoming
from higherstudy.adapters.icalendar.feed import feed
from higherstudy.adapters.memory.clock import MemoryClock
from higherstudy.adapters.memory.transactions import Store
from higherstudy.adapters.tokens.jwt_tokens import JwtTokens
from higherstudy.adapters.tokens.keys import SigningKey
from higherstudy.adapters.workbooks.choosing import source_of
from higherstudy.domain.identity.account import Asker, Role
from higherstudy.domain.shared.ids import AccountId, GrantId, StudentId
from higherstudy.entrypoints.http.app import create_app
from higherstudy.entrypoints.http.assembling import Given
from higherstudy.entrypoints.http.edge import Answered
from higherstudy.entrypoints.http.limits import Rates
from higherstudy.entrypoints.parts.checks import Checks
from higherstudy.entrypoints.wiring.containers.every import use_cases_over
from higherstudy.entrypoints.wiring.memory import memory_ports

ROLES = ("anonymous", "student", "another student", "counsellor", "administrator", "auditor")
VERSIONS = ('"1"', '"2"', '"3"')
AS_IT_IS = {"profile": '"3"', "outcomes": '"2"', "withdrawal": '"2"'}
"""At which version a thing is in this world, where not at its first, by how the path ends that changes it."""
_ACCOUNTS = {
    "student": "student",
    "another student": "helper",
    "counsellor": "counsellor",
    "administrator": "admin",
    "auditor": "auditor",
}
_CATALOGUE = Path(higherstudy.adapters.bundled.__file__).with_name("catalogue")
_KEY = SigningKey(Ed25519PrivateKey.generate())
_OFTEN = 10**9
_GIVEN = GrantId(UUID(int=0x98))


@dataclass(frozen=True)
class Owner:
    """Somebody whose record is nobody else's business, and the words that stand in nothing but her record."""

    student_id: StudentId
    account_id: AccountId
    markers: tuple[str, ...]


@dataclass(frozen=True)
class Asked:
    """The world that is asked, and what belongs to whom in it."""

    world: World
    owners: tuple[Owner, ...]
    names: Mapping[str, tuple[str, ...]]
    """What there is, by the name of the parameter that asks for it."""

    @property
    def app(self) -> Any:
        return self.world.server.app

    @property
    def store(self) -> Store:
        return store_of(self.world.server)

    def token(self, role: str) -> str:
        """Return her access token, empty for nobody who is signed in."""
        return "" if role == "anonymous" else self.world.tokens[_ACCOUNTS[role]]

    def account(self, role: str) -> Any:
        """Return her account, None for nobody who is signed in."""
        return None if role == "anonymous" else self.world.accounts[_ACCOUNTS[role]]


async def asked_world(folder: Path, answered: Answered) -> Asked:
    """Return a server with two records on it: of a student who lets a counsellor do everything, and of her neighbour
    who lets nobody."""
    store = Store()
    await _bring_in(store)
    server = _server(store, folder, answered)
    world = await a_world(server)
    neighbour, kept = await _neighbour(server)
    async with server.client(world.tokens["student"]) as client:
        hers = await _marked(client, world.record, "own")
        edition = (await client.get("/v1/packs")).json()["edition"]
    async with server.ports.transactions() as work:
        grant = a_grant(world, world.accounts["counsellor"], work.now, work.now + timedelta(days=30))
        grant.account_id, grant.accepted_at = world.accounts["counsellor"].id, work.now
        await work.grants.add(replace(grant, id=_GIVEN, scopes=ALL))
    student = Owner(world.student_id, world.owner, hers)
    return Asked(world, (student, neighbour), _names(world, neighbour, kept, edition))


async def _neighbour(server: Server) -> tuple[Owner, Record]:
    account = {"email": "neighbour@example.org", "password": "seven quiet rivers at dawn", "name": "MY NAME"}
    async with server.client() as client:
        made = (await client.post("/v1/accounts", json=account)).json()
        signed_in = await client.post("/v1/sessions", json={key: account[key] for key in ("email", "password")})
    async with server.client(signed_in.json()["access_token"]) as client:
        record = await a_record(client)
        markers = await _marked(client, record, "next")
        me = (await client.get("/v1/me")).json()
    assert made
    owner = Owner(StudentId(UUID(me["student_id"])), AccountId(UUID(me["id"])), markers)
    return owner, record


async def _marked(client: Any, record: Record, word: str) -> tuple[str, ...]:
    """Write into her record what stands nowhere else; return it."""
    name, label, reason, file = (f"{part}-of-{word}-7q3x" for part in ("name", "label", "reason", "file"))
    residence = {**PROFILE["residence"], "city": f"city-of-{word}-7q3x"}  # type: ignore[dict-item]
    paper = await client.post("/v1/students/me/documents", json={"kind": "cv", "label": label})
    answer = {"answer": "cannot_obtain", "reason": reason}
    answers = [
        paper,
        await change_profile(client, name=name, residence=residence),
        await client.post(
            f"/v1/documents/{record.document}/versions", content=PDF, params={"file_name": f"{file}.pdf"}
        ),
        await client.put(f"/v1/documents/{paper.json()['id']}/answer", json=answer),
    ]
    for answer in answers:
        assert answer.status_code in (200, 201), answer.text
    return name, label, reason, file, residence["city"]


def _names(world: World, neighbour: Owner, next_door: Record, edition: str) -> dict[str, tuple[str, ...]]:
    """What parameters may be given besides inventions: of the student, and of her neighbour."""
    record = world.record
    return {
        "student_id": ("me", str(world.student_id), str(neighbour.student_id)),
        "account_id": (str(world.owner), str(neighbour.account_id)),
        "programme_id": (record.programme,),
        "programme": (record.programme,),
        "plan_id": (record.plan, next_door.plan),
        "document_id": (record.document, next_door.document),
        "application_id": (record.application, next_door.application),
        "grant_id": (str(UUID(int=0x61)), str(_GIVEN)),
        "override_id": (str(OVERRIDE),),
        "upload_id": (str(UPLOAD),),
        "job_id": (str(JOB),),
        "number": ("1", "2"),
        "If-Match": VERSIONS,
        "edition": (edition,),
    }


async def _bring_in(store: Store) -> None:
    keeper = Asker(AccountId(UUID(int=1)), frozenset({Role.ADMIN}))
    import_catalogue = use_cases_over(memory_ports(store=store)).import_catalogue()
    for file in sorted(_CATALOGUE.glob("*.toml")):
        await import_catalogue(keeper, source_of(file))


def _server(store: Store, folder: Path, answered: Answered) -> Server:
    clock = MemoryClock(datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
    files = FolderFiles(folder / "files", b"k" * 32)
    incoming = FolderIncoming(files, folder / "incoming", b"k" * 32)
    ports = replace(memory_ports(clock, store), files=files, incoming=incoming)
    given = Given(
        ports,
        JwtTokens(_KEY, clock),
        files,
        source_of,
        feed,
        Checks({}),
        tickets=incoming,
        rates=Rates(sign_ins=_OFTEN, requests=_OFTEN, matches=_OFTEN, uploads=_OFTEN),
        answered=answered,
    )
    return Server(create_app(given), ports, clock)
