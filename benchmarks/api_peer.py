"""The bare limit: Litestar over asyncpg with the same token check and the same SQL, and nothing else."""

import asyncio
import socket
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import jwt
import msgspec
import uvicorn
import uvloop
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from litestar import Litestar, Request, Response, get, post
from litestar.exceptions import NotAuthorizedException

from higherstudy.adapters.postgres.application_list import APPLICATIONS
from higherstudy.domain.applications.application import MOVES, State
from higherstudy.domain.shared.states import actions_from

POSSIBLE = {state.value: [action.value for action in actions_from(MOVES, state)] for state in State}
NOTHING = UUID(int=0)
APPLICATION = """INSERT INTO applications
    (id, student_id, programme_id, term, starts_on, started_at, state, version)
    VALUES ($1, $2, $3, $4, $5, now(), 'draft', 1) RETURNING started_at"""
EVENT = """INSERT INTO outbox
    (id, at, tag, aggregate, aggregate_id, aggregate_version, actor, request_id, data)
    VALUES ($1, now(), 'application_started.1', 'application', $2, 1, $3, '', $4)"""
ANSWER = """INSERT INTO answers (account_id, route, key, fingerprint, status, headers, body, created_at)
    VALUES ($1, 'start_application', $2, $3, 201, $4, $5, now())"""


class History(msgspec.Struct):
    action: str
    before: str
    after: str
    side: str
    at: datetime
    note: str


class Receipt(msgspec.Struct):
    number: str
    application_id: str
    submitted_at: datetime
    snapshot_sha256: str
    deadline: datetime | None
    deadline_zone: str
    spare_seconds: int | None


class Application(msgspec.Struct):
    id: str
    student_id: str
    programme_id: str
    term: str
    starts_on: date
    started_at: datetime
    version: int
    state: str
    possible: list[str]
    history: list[History]
    receipt: Receipt | None
    offer: Any


class Page(msgspec.Struct):
    items: list[Application]
    next: str | None


class New(msgspec.Struct):
    programme_id: UUID
    term: str
    starts_on: date


def app_over(pool: asyncpg.Pool, key: Any) -> Litestar:
    """Return the application."""

    def claims(request: Request[Any, Any, Any]) -> dict[str, Any]:
        try:
            token = request.headers["authorization"].removeprefix("Bearer ")
            found: dict[str, Any] = jwt.decode(
                token, key, algorithms=["EdDSA"], issuer="higherstudy", audience="higherstudy-api"
            )
        except (KeyError, jwt.PyJWTError) as error:
            raise NotAuthorizedException from error
        return found

    @get("/v1/students/me/applications")
    async def listed(request: Request[Any, Any, Any], limit: int = 20) -> Page:
        student = UUID(claims(request)["student"])
        items: list[Application] = []
        for row in await pool.fetch(APPLICATIONS, student, NOTHING, limit + 1):
            if not items or items[-1].id != str(row[0]):
                items.append(_application(row))
            if row[15] is not None:
                items[-1].history.append(History(*row[15:21]))
        return Page(items[:limit], None)

    @post("/v1/students/me/applications")
    async def started(request: Request[Any, Any, Any], data: New) -> Response[Application]:
        said = claims(request)
        student, account, new = UUID(said["student"]), UUID(said["sub"]), uuid4()
        async with pool.acquire() as connection, connection.transaction():
            at = await connection.fetchval(APPLICATION, new, student, data.programme_id, data.term, data.starts_on)
            event = {"application_id": str(new), "student_id": str(student), "programme_id": str(data.programme_id)}
            await connection.execute(EVENT, uuid4(), new, account, msgspec.json.encode(event).decode())
            body = Application(
                str(new), str(student), str(data.programme_id), data.term, data.starts_on, at, 1, "draft",
                POSSIBLE["draft"], [], None, None,
            )  # fmt: skip
            encoded = msgspec.json.encode(body)
            await connection.execute(ANSWER, account, request.headers["idempotency-key"], b"", "{}", encoded)
        return Response(body, status_code=201, headers={"Location": f"/v1/applications/{new}"})

    return Litestar([listed, started], openapi_config=None, logging_config=None)


def _application(row: Any) -> Application:
    return Application(
        str(row[0]), str(row[1]), str(row[2]), row[3], row[4], row[5], row[6], row[7], POSSIBLE[row[7]], [],
        None if row[9] is None else Receipt(row[9], str(row[0]), *row[10:15]),
        None if row[8] is None else msgspec.json.decode(row[8]),
    )  # fmt: skip


async def main(url: str, port: int, pem: bytes, connections: int) -> None:
    """Serve until killed."""
    key = load_pem_private_key(pem, None).public_key()
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    async with asyncpg.create_pool(url, min_size=1, max_size=connections) as pool:
        config = uvicorn.Config(
            app_over(pool, key), log_config=None, access_log=False, server_header=False, ws="none", timeout_keep_alive=5
        )
        await uvicorn.Server(config).serve(sockets=[listener])


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]).read_bytes(), int(sys.argv[4])))
