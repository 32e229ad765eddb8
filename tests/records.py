"""A server in memory, and what a student has made on it."""

from dataclasses import dataclass, replace
from typing import Any

import httpx2
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from higherstudy.adapters.icalendar.feed import feed
from higherstudy.adapters.memory.clock import MemoryClock
from higherstudy.adapters.tokens.jwt_tokens import JwtTokens
from higherstudy.adapters.tokens.keys import SigningKey
from higherstudy.adapters.workbooks.choosing import source_of
from higherstudy.entrypoints.http.app import create_app
from higherstudy.entrypoints.http.assembling import Given
from higherstudy.entrypoints.http.edge import Edge
from higherstudy.entrypoints.parts.checks import Checks
from higherstudy.entrypoints.wiring.ports import Ports

PROFILE = {
    "name": "Sample Student",
    "citizenships": ["BD"],
    "residence": {"country": "BD", "city": "Dhaka", "zone": "Asia/Dhaka"},
    "qualifications": [
        {
            "level": "bachelor",
            "title": "B.Sc. in Computer Science",
            "fields": ["0613"],
            "country": "BD",
            "grade": {"scale": "BD_UGC_4", "value": "3.42", "lowest_pass": "2.00"},
            "finished_on": "2025-02-20",
            "taught_in": "en",
        }
    ],
    "tests": [
        {
            "code": "IELTS_AC",
            "taken_on": "2025-09-13",
            "total": "6.5",
            "sections": {"listening": "7.0", "reading": "6.5", "writing": "6.0", "speaking": "6.5"},
        }
    ],
}
PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\n%%EOF\n"


@dataclass
class Server:
    """The application with its insides in reach."""

    app: Edge
    ports: Ports
    clock: MemoryClock

    def client(self, token: str = "") -> httpx2.AsyncClient:
        """A client of this server, signed in where a token is given."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        transport = httpx2.ASGITransport(app=self.app, raise_app_exceptions=False)
        return httpx2.AsyncClient(transport=transport, base_url="http://server", headers=headers)


def with_ports(server: Server, **others: Any) -> Server:
    """Return a server like this one on the same store, with other adapters and a key of its own."""
    ports = replace(server.ports, **others)
    tokens = JwtTokens(SigningKey(Ed25519PrivateKey.generate()), server.clock)
    files: Any = ports.files
    return Server(create_app(Given(ports, tokens, files, source_of, feed, Checks({}))), ports, server.clock)


async def change_profile(client: httpx2.AsyncClient, **patch: Any) -> httpx2.Response:
    """Change the client's own profile at its present version."""
    seen = await client.get("/v1/students/me/profile")
    return await client.patch("/v1/students/me/profile", json=patch, headers={"If-Match": seen.headers["etag"]})


async def programme_id(client: httpx2.AsyncClient, text: str) -> str:
    """The id of the first programme that a search for the text finds."""
    found = await client.get("/v1/programmes", params={"text": text})
    return str(found.json()["items"][0]["id"])


@dataclass(frozen=True)
class Record:
    """The ids of what a student has made."""

    programme: str
    plan: str
    document: str
    application: str


async def a_record(client: httpx2.AsyncClient) -> Record:
    """A student with a profile, a plan, a passport without content and a draft."""
    changed = await change_profile(client, **PROFILE)
    assert changed.status_code == 200, changed.text
    programme = await programme_id(client, "informatics munich")
    intake = {"programme_id": programme, "term": "winter", "starts_on": "2027-10-01"}
    plan = await client.post("/v1/students/me/plans", json={"targets": [intake]})
    document = await client.post("/v1/students/me/documents", json={"kind": "passport"})
    application = await client.post("/v1/students/me/applications", json=intake)
    for made in (plan, document, application):
        assert made.status_code == 201, made.text
    return Record(programme, plan.json()["id"], document.json()["id"], application.json()["id"])


@dataclass(frozen=True)
class Shared:
    """A server that several tests use, with the student who has the record."""

    server: Server
    token: str
    record: Record


async def everything(client: httpx2.AsyncClient, record: Record) -> list[Any]:
    """All that the student has, as the server shows it."""
    paths = (
        "/v1/students/me/profile",
        "/v1/students/me/plans",
        "/v1/students/me/documents",
        "/v1/students/me/applications",
        f"/v1/plans/{record.plan}",
    )
    return [(await client.get(path)).json() for path in paths]
