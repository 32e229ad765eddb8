"""The whole server with a bucket and, where it is installed, a clamd: as its users start it."""

import hashlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from serving import CLI, Serving, environment, start
from waiting import until

import servers
from higherstudy.ports.contracts.scanner import harmless_proof
from servers.clamav import is_installed
from servers.seaweed import client

PDF = b"%PDF-1.7\n" + os.urandom(5000)


@pytest.fixture
def bucket(s3_store: servers.Store) -> Iterator[servers.Bucket]:
    """A bucket that is not there yet."""
    given = s3_store.name("served")
    yield given
    s3_store.drop(given)


@pytest.fixture
def scanner(request: pytest.FixtureRequest) -> dict[str, str]:
    """The setting for a clamd, where there is one."""
    return {"CLAMD": request.getfixturevalue("clamd")} if is_installed() else {}


def migrated(home: Path, settings: dict[str, str]) -> str:
    """Run ``higherstudy migrate`` and return what it says."""
    done = subprocess.run(
        [*CLI, "migrate"], env={**environment(home), **settings}, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def server(bucket: servers.Bucket, scanner: dict[str, str], tmp_path: Path) -> Iterator[Serving]:
    home = tmp_path / "home"
    home.mkdir()
    settings = bucket.settings() | scanner | {"ALLOWED_ORIGINS": "https://study.example"}
    said = migrated(home, settings)
    assert f"the bucket {bucket.name} is ready (the store knows no public access block)" in said
    serving = start(home, more=settings)
    yield serving
    serving.stop()


def hand_over(owner: httpx2.Client, paper: str, content: bytes) -> str:
    sha256 = hashlib.sha256(content).hexdigest()
    said = {"size": len(content), "content_type": "application/pdf", "sha256": sha256, "file_name": "সনদ.pdf"}
    requested = owner.post(f"/v1/documents/{paper}/uploads", json=said)
    for part in requested.json()["ticket"]["parts"]:
        assert httpx2.put(part["url"], headers=part["headers"], content=content).status_code == 200
    place = requested.headers["location"]
    assert owner.post(f"{place}/completion").status_code == 202
    return str(place)


async def test_a_paper_goes_to_the_bucket_is_looked_at_and_comes_back(server: Serving, bucket: servers.Bucket) -> None:
    who = {"email": "another@example.org", "password": "seven quiet rivers at dawn"}
    with server.client() as anybody:
        anybody.post("/v1/accounts", json=who)
        token = anybody.post("/v1/sessions", json=who).json()["access_token"]
        ready = anybody.get("/health/ready").json()
    with server.client(token) as owner:
        paper = owner.post("/v1/students/me/documents", json={"kind": "passport"}).json()["id"]

        good, bad = hand_over(owner, paper, PDF), hand_over(owner, paper, harmless_proof())
        await until(lambda: owner.get(good).json()["state"] == "accepted")
        await until(lambda: owner.get(bad).json()["state"] == "refused")

        refused = owner.get(bad).json()["reasons"][0]["code"]
        link = owner.get(f"/v1/documents/{paper}/versions/1/content").headers["location"]

    keys = [one["Key"] for one in client(bucket).list_objects_v2(Bucket=bucket.name)["Contents"]]
    opened = httpx2.get(f"{server.address}{link}")
    kept = [client(bucket).get_object(Bucket=bucket.name, Key=key)["Body"].read() for key in keys]
    assert refused == ("file.harmful" if is_installed() else "file.type_not_accepted")
    assert link.startswith("/v1/files/")
    assert opened.content == PDF
    assert "filename*=UTF-8''%E0%A6%B8%E0%A6%A8%E0%A6%A6.pdf" in opened.headers["content-disposition"]
    assert sum(key.startswith("files/") for key in keys) == 1, "one paper, sealed; what came in is gone"
    assert {key.partition("/")[0] for key in keys} == {"files", "keys"}
    assert not any(PDF[100:200] in content for content in kept)
    assert (ready["parts"]["files"], ready["parts"].get("scanner")) == ("ok", "ok" if is_installed() else None)
    assert bucket.secret_access_key not in (server.home.parent / "home.log").read_text(encoding="utf-8")


async def test_pages_of_an_allowed_origin_may_reach_the_bucket(server: Serving, bucket: servers.Bucket) -> None:
    asked = {"Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "content-type"}
    address = f"{bucket.endpoint_url}/{bucket.name}/incoming/a"

    allowed = httpx2.options(address, headers={"Origin": "https://study.example", **asked})
    others = httpx2.options(address, headers={"Origin": "https://elsewhere.example", **asked})

    assert allowed.headers.get("access-control-allow-origin") == "https://study.example"
    assert "access-control-allow-origin" not in others.headers
