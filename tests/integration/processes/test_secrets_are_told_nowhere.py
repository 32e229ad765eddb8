"""Secrets that are planted in settings and requests appear in no log, however much is logged, in no refusal, no figure,
no trace, and in nothing that a command prints."""

import asyncio
import base64
import os
import re
import secrets
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
from processes import CLI, Processes, processes
from redis.asyncio import Redis
from waiting import until

import servers
from servers.programs import free_port

from .test_traces import Collector, collector

__all__ = ["collector"]  # a fixture

ID = "0198c0de-5f3a-7c11-9d5b-2f6a1d0c4b7e"
METHODS = ("get", "post", "put", "patch", "delete")


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


@dataclass
class Planted:
    """Every secret by the name of where it was planted; words that nothing else can contain."""

    words: dict[str, str] = field(default_factory=dict)

    def new(self, where: str, word: str = "") -> str:
        """Plant a word there and return it."""
        self.words[where] = word or f"planted-{secrets.token_hex(12)}"
        return self.words[where]

    def found_in(self, text: str) -> list[str]:
        """Return where those were planted that the text holds."""
        return sorted(where for where, word in self.words.items() if word in text)


def _password_of(url: str) -> str:
    return urlsplit(url).password or ""


@pytest.fixture
async def place(database: servers.Database, collector: Collector, tmp_path: Path) -> Any:
    """Processes whose every secret is planted, with a Redis and a store that is not there."""
    planted, redis = Planted(), servers.OwnRedis()
    redis.program.start()
    password = planted.new("Redis's password")
    planted.new("the database's password", _password_of(database.app_url))
    planted.new("the owner's password", _password_of(database.owner_url))
    async with Redis.from_url(redis.url) as client:
        await client.config_set("requirepass", password)
    settings = {
        "DATABASE_URL": database.app_url,
        "MIGRATION_DATABASE_URL": database.owner_url,
        "REDIS_URL": f"redis://:{password}@127.0.0.1:{redis.port}/0",
        "S3_BUCKET": "papers",
        "S3_ENDPOINT_URL": f"http://127.0.0.1:{free_port()}",
        "S3_ACCESS_KEY_ID": "AKIDEXAMPLE",
        "S3_SECRET_ACCESS_KEY": planted.new("the store's secret"),
        "TOKEN_KEY": planted.new("the token key", _key()),
        "OTHER_TOKEN_KEYS": planted.new("another token key", _key()),
        "LINK_KEY": planted.new("the link key", _key()),
        "LOG_LEVEL": "debug",
        "OTEL_EXPORTER_OTLP_ENDPOINT": collector.address,
        "OTEL_BSP_SCHEDULE_DELAY": "100",
        "ARGON2_PASSES": "1",
        "ARGON2_MEMORY_KIB": "64",
    }
    with processes(tmp_path, settings) as own:
        yield own, planted, collector
    redis.close()


@dataclass
class Heard:
    """What was answered, as far as secrets have no place in it."""

    refusals: list[str] = field(default_factory=list)
    statuses: set[int] = field(default_factory=set)

    def take(self, answer: httpx2.Response) -> httpx2.Response:
        """Note a refusal, headers and all; an answer to who may have it is hers."""
        self.statuses.add(answer.status_code)
        if answer.status_code >= 400:
            self.refusals.append(f"{answer.headers.multi_items()} {answer.text}")
        return answer


async def _account(client: httpx2.AsyncClient, planted: Planted, heard: Heard) -> dict[str, str]:
    """Register, sign in, refresh, and plant what comes of it; return the headers of who has signed in."""
    who = {"email": "sample.student@example.org", "password": planted.new("a password")}
    heard.take(await client.post("/v1/accounts", json=who))
    heard.take(await client.post("/v1/sessions", json={**who, "password": planted.new("a wrong password")}))
    signed_in = (await client.post("/v1/sessions", json=who)).json()
    refreshed = (await client.post("/v1/sessions/refresh", json={"refresh_token": signed_in["refresh_token"]})).json()
    for number, one in enumerate((signed_in, refreshed)):
        planted.new(f"access token {number}", one["access_token"])
        planted.new(f"refresh token {number}", one["refresh_token"])
        planted.new(f"signature of access token {number}", one["access_token"].rpartition(".")[2])
    wrong = {"current": planted.words["a wrong password"], "new": planted.new("a new password")}
    me = {"Authorization": f"Bearer {refreshed['access_token']}"}
    heard.take(await client.put("/v1/me/password", json=wrong, headers=me))
    return me


async def _everything(client: httpx2.AsyncClient, me: dict[str, str], planted: Planted, heard: Heard) -> None:
    """Ask for every operation with planted words in the path, the query, the headers and the body."""
    paths = (await client.get("/v1/openapi.json")).json()["paths"]
    told = {
        "Cookie": f"session={planted.new('a cookie')}; refresh_token={planted.new('another cookie')}",
        "X-Api-Key": f"hs_{planted.new('an API key')}",
        "X-CSRF-Token": planted.new("a CSRF token"),
    }
    body = {
        name: planted.new(f"the field {name}")
        for name in ("password", "current", "new", "code", "refresh_token", "token")
    }
    body |= {"email": f"{planted.new('an address')}@example.org", "name": planted.new("a name")}
    for path, methods in paths.items():
        for method in [one for one in methods if one in METHODS]:
            word = planted.new(f"the path of {method} {path}")
            filled = _filled(path, word)
            query = {"token": planted.words.setdefault("the query", f"planted-{secrets.token_hex(12)}")}
            for headers in (
                me,
                {"Authorization": f"Bearer hs_{planted.words.setdefault('a bearer', secrets.token_hex(20))}"},
            ):
                given: dict[str, Any] = {} if method in ("get", "delete") else {"json": body}
                heard.take(
                    await client.request(method.upper(), filled, params=query, headers={**told, **headers}, **given)
                )


def _filled(path: str, word: str) -> str:
    """The path with an id where one belongs, and the word everywhere else."""
    return re.sub(r"\{[^}]*\}", lambda found: ID if found[0].endswith("_id}") else word, path)


async def _broken(client: httpx2.AsyncClient, planted: Planted, heard: Heard) -> None:
    """Requests that fail in other ways: no JSON, too large, the wrong kind of content, a head that is too large."""
    word = planted.new("a body that is no JSON")
    kinds = {"content-type": "application/json"}
    for content in (f'{{"password": "{word}"', f'{{"password": "{word}\\u0000"}}', f'"{word}"', word * 60_000):
        heard.take(await client.post("/v1/sessions", content=content, headers=kinds))
    heard.take(await client.post("/v1/sessions", content=word, headers={"content-type": "text/plain"}))
    heard.take(await client.get("/v1/packs", headers={"X-Secret": planted.new("a long header") * 2000}))
    heard.take(await client.get(f"/v1/files/{planted.new('a signed link')}"))
    heard.take(await client.put(f"/v1/files/{planted.new('a ticket')}", content=b"x"))
    heard.take(await client.get(f"/v1/calendars/{planted.new('a calendar link')}.ics"))


def _commands(place: Processes, api: str, planted: Planted) -> Iterator[str]:
    """Yield what commands print: every setting, a wrong one, a server that is not there, a refused sign-in."""
    environment = {**os.environ, **place.settings, "HIGHERSTUDY_HOME": str(place.home), "NO_COLOR": "1"}
    environment["XDG_CONFIG_HOME"] = str(place.folder / "config")
    sign_in = ["sign-in", "--server", api, "--email", "sample.student@example.org"]
    for arguments, more in (
        (["settings"], {}),
        (
            ["settings"],
            {
                "TOKEN_KEY": planted.new("a token key that is none"),
                "REDIS_URL": f"redis://:{planted.new('a password of no address')}@localhost:many/0",
            },
        ),
        (
            ["migrate"],
            {"MIGRATION_DATABASE_URL": f"postgresql://owner:{planted.new('a password of no server')}@127.0.0.1:1/none"},
        ),
        (sign_in, {"HIGHERSTUDY_PASSWORD": planted.words["a wrong password"]}),
    ):
        typed = f"{planted.words['a wrong password']}\n"
        ended = subprocess.run(
            [*CLI, *arguments], env={**environment, **more}, capture_output=True, text=True, timeout=120, input=typed
        )
        yield ended.stdout + ended.stderr


async def test_no_planted_secret_comes_to_light(place: Any) -> None:
    own, planted, collector = place
    health = str(free_port())
    api = own.serve(HEALTH_PORT=health)
    own.relay()
    own.work()
    heard = Heard()
    async with api.client() as client:
        me = await _account(client, planted, heard)
        await _everything(client, me, planted, heard)
        await _broken(client, planted, heard)
        heard.take(await client.post("/v1/password-resets", json={"email": "sample.student@example.org"}))
        await until(lambda: _code_in_mail(own, planted), 60)
        reset = {"code": planted.words["a code"], "password": planted.new("a password after a reset")}
        heard.take(await client.post("/v1/password-resets/completion", json=reset))
        heard.take(await client.post("/v1/password-resets/completion", json=reset))
    async with httpx2.AsyncClient() as client:
        figures = (await client.get(f"http://127.0.0.1:{health}/metrics")).text
    printed = list(await asyncio.to_thread(lambda: list(_commands(own, api.address, planted))))
    for process in own.started:
        process.stop()

    logs = "".join(process.log.read_text(errors="replace") for process in own.started)
    assert len(logs) > 50_000, "everything was logged"
    assert '"level":"debug"' in logs or "level=debug" in logs
    assert len(collector.spans) > 100
    assert {400, 401, 404, 413, 415, 422, 431} <= heard.statuses
    assert len(planted.words) > 80
    assert planted.found_in(logs) == []
    assert planted.found_in(" ".join(heard.refusals)) == []
    assert planted.found_in(figures) == []
    assert planted.found_in(collector.raw.decode("utf-8", "replace")) == []
    assert planted.found_in(" ".join(printed)) == []


def _code_in_mail(own: Processes, planted: Planted) -> bool:
    """Plant the code of the mail that was sent, once it is there."""
    for mail in own.home.rglob("*.eml"):
        text = mail.read_text(errors="replace")
        found = re.search(r"\b[A-Za-z0-9_-]{22,}\b", text.partition("\n\n")[2])
        if found and "reset" in text.casefold():
            planted.new("a code", found[0])
            return True
    return False
