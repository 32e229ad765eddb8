"""The other way to ask: over HTTP, as every client of ours does."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from simulation.desks import PASSWORD, PDF_TYPE, STARTS_ON, TERM, Later, Refused, UploadSeen
from simulation.wire import Answer, Line, Request, exchange

from builders import a_profile
from higherstudy.domain.documents.document import Stated
from higherstudy.domain.identity.account import Asker
from higherstudy.domain.profile.writing import profile_data
from higherstudy.domain.shared.errors import Conflict, Reason
from higherstudy.domain.shared.ids import AccountId, ApplicationId, DocumentId, StudentId, UploadId
from higherstudy.ports.errors import Unavailable
from higherstudy.ports.incoming import TicketPart

if TYPE_CHECKING:
    from simulation.world import World

_JSON = {"content-type": "application/json"}
_PATCH = {"content-type": "application/merge-patch+json"}


class OverHttp:
    """Speaks to the API as the documentation says: with keys, versions, and a token fetched when it is needed."""

    who: Asker

    def __init__(self, world: World) -> None:
        self._world = world
        self._token = ""
        self._email = ""

    async def register(self, line: Line, email: str) -> str:
        self._email = email
        asked = _with_json("POST", "/v1/accounts", {"email": email, "password": PASSWORD}, {"idempotency-key": email})
        account = self._accepted(await self._exchange(line, asked)).json
        self.who = Asker(AccountId(UUID(account["id"])), frozenset(), StudentId(UUID(account["student_id"])))
        return str(account["id"])

    async def look_at_account(self, line: Line) -> None:
        seen = (await self._ask(line, Request("GET", "/v1/me"))).json
        self._world.stage.demand(seen["id"] == str(self.who.account_id), "she is somebody else", seen["id"])

    async def fill_profile(self, line: Line) -> None:
        address = "/v1/students/me/profile"
        seen = await self._ask(line, Request("GET", address))
        degree = replace(
            (a_profile().qualifications or ())[0], grade=None
        )  # the packs of these worlds know no scale of grades
        data = profile_data(replace(a_profile(), qualifications=(degree,)))
        await self._ask(line, _with_json("PATCH", address, data, {**_PATCH, "if-match": seen.headers["etag"]}))

    async def start(self, line: Line, key: str) -> ApplicationId:
        wanted = {"programme_id": str(self._world.programme_id), "term": TERM, "starts_on": STARTS_ON.isoformat()}
        started = await self._keyed(line, key, "/v1/students/me/applications", wanted)
        return ApplicationId(UUID(started.json["id"]))

    async def add_paper(self, line: Line, key: str, kind: str) -> DocumentId:
        added = await self._keyed(line, key, "/v1/students/me/documents", {"kind": kind})
        return DocumentId(UUID(added.json["id"]))

    async def hand_in(self, line: Line, document_id: DocumentId, content: bytes, stated: Stated) -> None:
        query = urlencode({"file_name": "paper.pdf", **_dates(stated)})
        headers = {"content-type": PDF_TYPE, "if-match": '"1"'}
        await self._ask(line, Request("POST", f"/v1/documents/{document_id}/versions?{query}", headers, content))

    async def versions(self, line: Line, document_id: DocumentId) -> list[str]:
        document = (await self._ask(line, Request("GET", f"/v1/documents/{document_id}"))).json
        return [version["sha256"] for version in document["versions"]]

    async def request_upload(
        self, line: Line, key: str, document_id: DocumentId, content: bytes, stated: Stated
    ) -> UploadSeen:
        sha256 = hashlib.sha256(content).hexdigest()
        announced = {"size": len(content), "content_type": PDF_TYPE, "sha256": sha256, "file_name": "paper.pdf"}
        address = f"/v1/documents/{document_id}/uploads"
        asked = _with_json("POST", address, {**announced, **_dates(stated)}, {"idempotency-key": key})
        requested = (await self._ask(line, asked)).json  # with a ticket of its own each time, so it is not the same
        return _seen(requested["upload"], requested["ticket"])

    async def complete(self, line: Line, upload_id: UploadId) -> UploadSeen:
        return _seen((await self._ask(line, Request("POST", f"/v1/uploads/{upload_id}/completion"))).json)

    async def look_at_upload(self, line: Line, upload_id: UploadId) -> UploadSeen:
        return _seen((await self._ask(line, Request("GET", f"/v1/uploads/{upload_id}"))).json)

    async def submit(self, line: Line, key: str, application_id: ApplicationId) -> str:
        return _said(await self._keyed(line, key, f"/v1/applications/{application_id}/submission"))

    async def receipt(self, line: Line, application_id: ApplicationId) -> str:
        return _said(await self._ask(line, Request("GET", f"/v1/applications/{application_id}/receipt")))

    async def withdraw(self, line: Line, key: str, application_id: ApplicationId) -> str:
        address = f"/v1/applications/{application_id}"
        seen = await self._ask(line, Request("GET", address))
        said, etag = {"note": "another offer"}, seen.headers["etag"]
        taken_back = await self._keyed(line, key, f"{address}/withdrawal", said, {"if-match": etag})
        return str(taken_back.json["state"])

    async def _keyed(
        self, line: Line, key: str, address: str, said: Any = None, headers: dict[str, str] | None = None
    ) -> Answer:
        """Return the answer, which has to be the very one that was given before under this key."""
        answer = await self._ask(line, _with_json("POST", address, said, {"idempotency-key": key, **(headers or {})}))
        first = self._world.answers.setdefault(
            (str(self.who.account_id), key, "over HTTP"), (answer.status, answer.body)
        )
        same = first == (answer.status, answer.body)
        self._world.stage.demand(same, "a repeated request got another answer", key, first, answer.body)
        return answer

    async def _ask(self, line: Line, request: Request) -> Answer:
        token = self._token or await self._sign_in(line)
        headers = {**request.headers, "authorization": f"Bearer {token}"}
        signed = Request(request.method, request.address, headers, request.body)
        answer = await self._exchange(line, signed)
        if answer.status == 401:  # the token has ended, or begins only later by the clock of this process
            self._token = ""
            raise Unavailable
        return self._accepted(answer)

    async def _exchange(self, line: Line, request: Request) -> Answer:
        return await exchange(self._world.stage, self._world.app, line, request)

    async def _sign_in(self, line: Line) -> str:
        asked = _with_json("POST", "/v1/sessions", {"email": self._email, "password": PASSWORD})
        self._token = self._accepted(await self._exchange(line, asked)).json["access_token"]
        return self._token

    def _accepted(self, answer: Answer) -> Answer:
        """Return the answer unless it is a refusal; raise what the student can do something with."""
        if answer.status < 400:
            return answer
        problem = answer.json
        if answer.status in (429, 503):
            self._world.stage.demand("retry-after" in answer.headers, "a refusal that does not say how long", problem)
            raise Later(float(answer.headers["retry-after"]))
        reasons = tuple(Reason(one["code"], one["params"], one["field"]) for one in problem["errors"])
        raise (Conflict if answer.status in (409, 412) else Refused)(*reasons)


def _with_json(method: str, address: str, said: Any = None, headers: dict[str, str] | None = None) -> Request:
    if said is None:
        return Request(method, address, headers or {})
    return Request(method, address, {**_JSON, **(headers or {})}, json.dumps(said).encode())


def _dates(stated: Stated) -> dict[str, str]:
    days = {"issued_on": stated.issued_on, "expires_on": stated.expires_on}
    return {name: day.isoformat() for name, day in days.items() if day is not None}


def _seen(upload: Any, ticket: Any = None) -> UploadSeen:
    parts = [
        TicketPart(one["url"], one["headers"], one["offset"], one["size"]) for one in (ticket or {"parts": ()})["parts"]
    ]
    codes = tuple(reason["code"] for reason in upload["reasons"])
    return UploadSeen(UploadId(UUID(upload["id"])), upload["state"], upload["number"], codes, tuple(parts))


def _said(answer: Answer) -> str:
    receipt = answer.json
    return f"{receipt['number']} {receipt['snapshot_sha256']}"
