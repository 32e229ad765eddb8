"""A real nginx with the rendered configuration, run as an ordinary user, before whatever a test puts behind it."""

from __future__ import annotations

import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from servers.programs import LOCAL, Program, free_port

RENDER = Path(__file__).parents[3] / "deploy" / "nginx" / "render.py"
NAME = "localhost"
PATIENCE = 30
_NOBODY = 65534


def nginx_here() -> str:
    """Return where nginx is; skip the test, and say why, where there is none."""
    found = os.environ.get("TEST_NGINX") or shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin")
    if found is None:
        pytest.skip("nginx is not installed (Debian: nginx-light), and TEST_NGINX names none: no gateway was tried")
    return found


@dataclass
class Gateway:
    """One nginx that runs: where it answers, its folder, and its program."""

    https: int
    http: int
    folder: Path
    program: Program

    @property
    def address(self) -> str:
        """Where it answers over TLS."""
        return f"https://{NAME}:{self.https}"

    def trusting(self) -> ssl.SSLContext:
        """Return what trusts its certificate."""
        return ssl.create_default_context(cafile=str(self.folder / "certificate.pem"))

    def client(self, token: str = "") -> httpx2.AsyncClient:
        """Return a client of what is behind it, signed in where a token is given."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx2.AsyncClient(base_url=self.address, verify=self.trusting(), timeout=PATIENCE, headers=headers)

    def connected(self, context: ssl.SSLContext | None = None, name: str = NAME) -> ssl.SSLSocket:
        """Return a connection of its own, for what no client would send."""
        plain = socket.create_connection((LOCAL, self.https), timeout=PATIENCE)
        try:
            return (context or self.trusting()).wrap_socket(plain, server_hostname=name)
        except BaseException:
            plain.close()
            raise

    def status_of(self, head: bytes) -> int:
        """Return the status of the answer to exactly these bytes."""
        with self.connected() as connection:
            connection.sendall(head)
            return int(connection.makefile("rb").readline().split()[1])

    def lines(self) -> list[dict[str, Any]]:
        """Return the access log."""
        told = (self.folder / "access.log").read_text(encoding="utf-8")
        return [json.loads(line) for line in told.splitlines()]

    def workers(self) -> set[int]:
        """Return the ids of its worker processes."""
        children = Path(f"/proc/{self.program.pid}/task/{self.program.pid}/children")
        return {int(one) for one in children.read_text(encoding="ascii").split()}


@contextmanager
def gateway(behind: str, **settings: str) -> Iterator[Gateway]:
    """Run a gateway before ``behind`` (host:port) with these GATEWAY_... settings, and end it with the block."""
    nginx = nginx_here()
    folder = Path(tempfile.mkdtemp(prefix="gateway-"))
    try:
        _certificate(folder)
        (folder / "assets").mkdir()
        (folder / "assets" / "app.0a1b2c.js").write_text("export {};\n", encoding="ascii")
        https, http = free_port(), free_port()
        own = {
            "NAME": NAME,
            "CERTIFICATE": str(folder / "certificate.pem"),
            "CERTIFICATE_KEY": str(folder / "key.pem"),
            "UPSTREAMS": behind,
            "RUN": str(folder),
            "WEB": str(folder),
            "ACCESS_LOG": str(folder / "access.log"),
            "HTTP_LISTEN": f"{LOCAL}:{http}",
            "HTTPS_LISTEN": f"{LOCAL}:{https}",
            "HTTPS_PORT": str(https),
            **settings,
        }
        environment = {f"GATEWAY_{name}": value for name, value in own.items()}
        path = f"{Path(nginx).parent}:{os.environ.get('PATH', '')}"
        done = subprocess.run(
            [sys.executable, str(RENDER)], env={**environment, "PATH": path}, capture_output=True, text=True, timeout=30
        )
        assert done.returncode == 0, done.stderr
        (folder / "nginx.conf").write_text(done.stdout, encoding="utf-8")
        command = [nginx, "-e", "stderr", "-p", str(folder), "-c", str(folder / "nginx.conf")]
        if os.getuid() == 0:
            for one in (folder, *folder.rglob("*")):
                os.chown(one, _NOBODY, _NOBODY)
            command = ["setpriv", f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups", *command]
        running = Gateway(https, http, folder, Program(command, folder / "nginx.log", lambda: _open(https)))
        running.program.start()
        try:
            yield running
        finally:
            running.program.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _open(port: int) -> bool:
    try:
        socket.create_connection((LOCAL, port), timeout=5).close()
    except OSError:
        return False
    return True


def _certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    form, none = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, form, none))
    (folder / "key.pem").chmod(0o600)
