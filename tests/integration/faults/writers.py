"""Clients that keep writing through the API while something fails, and know what they were promised."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count

import httpx2
from waiting import until

PASSWORD = "seven quiet rivers at dawn"
DOCUMENTS = "/v1/students/me/documents"


@dataclass
class Writers:
    """Some clients of one student, each making one document after another, each with a key of its own.

    Nobody may have more than 200 documents, so a test ends before that.
    """

    address: str
    token: str
    promised: dict[str, str] = field(default_factory=dict)
    """The id that was answered, by key: these must be there whatever happens."""
    unsure: set[str] = field(default_factory=set)
    """Keys whose answer did not come or was a refusal: these may be there or not."""
    answers: Counter[int] = field(default_factory=Counter)
    """How often each status was answered; 0 is no answer at all."""

    async def write(self, key: str) -> None:
        """Make one document, or learn what came of it the last time."""
        async with self._client() as client:
            await self._write(client, key)

    @asynccontextmanager
    async def writing(self, at_once: int = 4) -> AsyncIterator[None]:
        """Keep writing while the block runs."""
        tasks = [asyncio.create_task(self._keep_writing(f"writer-{number}")) for number in range(at_once)]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def settle(self) -> None:
        """Ask again with every key whose answer did not come."""
        for key in sorted(self.unsure):
            await self.write(key)

    async def kept(self) -> Counter[str]:
        """Return how often each document is there."""
        async with self._client() as client:
            found: Counter[str] = Counter()
            asked: dict[str, str] = {}
            while True:
                answer = await client.get(DOCUMENTS, params=asked)
                assert answer.status_code == 200, answer.text
                found.update(one["id"] for one in answer.json()["items"])
                if answer.json()["next"] is None:
                    return found
                asked = {"cursor": answer.json()["next"]}

    async def _keep_writing(self, who: str) -> None:
        async with self._client() as client:
            for number in count():
                key = f"{who}-{number}"
                await until(lambda: self._write(client, key), 60, what=key, pause=0.2)  # noqa: B023 - awaited here
                await asyncio.sleep(0.02)

    async def _write(self, client: httpx2.AsyncClient, key: str) -> bool:
        """Return whether there is an answer that the document is made."""
        self.unsure.add(key)
        try:
            answer = await client.post(DOCUMENTS, json={"kind": "passport"}, headers={"Idempotency-Key": key})
        except httpx2.HTTPError:
            self.answers[0] += 1
            return False
        self.answers[answer.status_code] += 1
        if answer.status_code == 201:
            self.promised[key] = str(answer.json()["id"])
            self.unsure.discard(key)
        return key in self.promised

    def _client(self) -> httpx2.AsyncClient:
        headers = {"Authorization": f"Bearer {self.token}"}
        return httpx2.AsyncClient(base_url=self.address, headers=headers, timeout=20)


async def a_student(address: str, email: str) -> str:
    """Register somebody and return an access token."""
    who = {"email": email, "password": PASSWORD}
    async with httpx2.AsyncClient(base_url=address, timeout=20) as anybody:
        registered = await anybody.post("/v1/accounts", json=who)
        assert registered.status_code == 201, registered.text
        signed_in = await anybody.post("/v1/sessions", json=who)
        assert signed_in.status_code == 201, signed_in.text
        return str(signed_in.json()["access_token"])
