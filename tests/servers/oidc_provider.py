"""An OpenID provider for tests: the certified npm package oidc-provider, installed once for each lock file."""

import hashlib
import json
import os
import re
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx2

from higherstudy.ports.identity_providers import Answer

from .programs import LOCAL, Program, free_port

_SOURCES = Path(__file__).with_name("oidc")
_INSTALLATION = 300.0  # seconds that npm may take
_MOST_STEPS = 12
CLIENT, SECRET = "higherstudy", "a secret: with / signs + that forms write otherwise"
REDIRECT = "https://study.example/v1/sign-in/callback"
TWO_FACTORS = "two factors"
ACR_OF_TWO_FACTORS = "urn:example:two-factors"


class OwnOidcProvider:
    """A provider of our own on a free port, with one client."""

    def __init__(self) -> None:
        """Choose a port and install what is missing; nothing is started yet."""
        self._port = free_port()
        self.issuer = f"http://{LOCAL}:{self._port}"
        self._folder = Path(tempfile.mkdtemp(prefix="higherstudy-oidc-"))
        settings = {
            "issuer": self.issuer,
            "port": self._port,
            "client_id": CLIENT,
            "client_secret": SECRET,
            "redirect_uri": REDIRECT,
        }
        script = str(_installed() / "provider.mjs")
        more = {"PROVIDER": json.dumps(settings), "NODE_NO_WARNINGS": "1"}
        self.program = Program([node() or "node", script], self._folder / "provider.log", self._answers, more=more)

    def close(self) -> None:
        """End it and remove what it left."""
        self.program.kill()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _answers(self) -> bool:
        try:
            with socket.create_connection((LOCAL, self._port), timeout=1):
                return True
        except OSError:
            return False


async def came_back(address: str, name: str = "student", password: str = "whatever it likes") -> dict[str, str]:
    """Do what a browser and a person of that name do from the address on: return what the provider sends them back
    with to our redirect address. With ``TWO_FACTORS`` for a password she shows two."""
    async with httpx2.AsyncClient(timeout=30) as browser:
        answer = await browser.get(address)
        for _ in range(_MOST_STEPS):
            where = answer.headers.get("location")
            if where is not None:
                where = urljoin(str(answer.url), where)
                if where.startswith(f"{REDIRECT}?"):
                    return {key: values[0] for key, values in parse_qs(urlsplit(where).query).items()}
                answer = await browser.get(where)
                continue
            form = re.search(r'<form[^>]*action="([^"]+)"', answer.text)
            assert form, f"{answer.status_code} {answer.text[:500]}"
            prompt = "login" if 'value="login"' in answer.text else "consent"
            filled = {"prompt": prompt, "login": name, "password": password}
            answer = await browser.post(urljoin(str(answer.url), form[1]), data=filled)
    raise AssertionError("the provider sends the browser around and around")


async def signed_in(address: str, name: str = "student", password: str = "whatever it likes") -> tuple[str, Answer]:
    """Return the state and the answer that the person of that name comes back with."""
    back = await came_back(address, name, password)
    return back.get("state", ""), Answer(back.get("code", ""), back.get("error", ""), back.get("iss", ""))


def node() -> str | None:
    """Return the program node, None where it or npm is missing."""
    return shutil.which("node") if shutil.which("npm") else None


@contextmanager
def oidc_provider() -> Iterator[OwnOidcProvider]:
    """Start a provider."""
    own = OwnOidcProvider()
    try:
        own.program.start()
        yield own
    finally:
        own.close()


def _installed() -> Path:
    """Return the folder in which the provider and its libraries are, put there once for this lock file.

    It is beside no source: the libraries are not ours, and every working copy can use the same.
    """
    sources = sorted(path for path in _SOURCES.iterdir() if path.is_file())
    name = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:16]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "higherstudy-tests"
    folder = cache / f"oidc-{name}"
    if folder.exists():
        return folder
    cache.mkdir(parents=True, exist_ok=True)
    making = Path(tempfile.mkdtemp(prefix="oidc-", dir=cache))
    for path in sources:
        shutil.copy(path, making)
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(command, cwd=making, capture_output=True, text=True, timeout=_INSTALLATION)
    assert done.returncode == 0, done.stderr[-3000:]
    try:
        making.rename(folder)
    except OSError:  # another run at the same moment was first
        shutil.rmtree(making, ignore_errors=True)
    return folder
