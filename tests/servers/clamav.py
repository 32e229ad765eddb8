"""A clamd for tests, where it is installed: it knows one signature, that of the EICAR test file."""

import hashlib
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from higherstudy.ports.contracts.scanner import harmless_proof

from .programs import LOCAL, Program, free_port

LARGEST = 32 * 2**20
"""How many bytes it looks at."""
_SYSTEM = "/usr/sbin/clamd"


class OwnClamd:
    """A clamd of our own, on a free port and on a socket; after its end it can be started again at the same address.

    Signatures are no part of its package and cannot be had without the network, so it is given one that is written
    here: it finds nothing but the file that harms nobody.
    """

    def __init__(self) -> None:
        """Choose a port and write its settings; nothing is started yet."""
        self._port = free_port()
        self._folder = Path(tempfile.mkdtemp(prefix="higherstudy-clamd-"))
        (self._folder / "signatures").mkdir()
        proof = harmless_proof()
        known = f"{hashlib.md5(proof, usedforsecurity=False).hexdigest()}:{len(proof)}:Eicar-Test-Signature\n"
        (self._folder / "signatures" / "test.hdb").write_text(known, encoding="ascii")
        settings = self._folder / "clamd.conf"
        settings.write_text(self._settings(), encoding="ascii")
        command = [shutil.which("clamd") or _SYSTEM, "--foreground", f"--config-file={settings}"]
        self.program = Program(command, self._folder / "clamd.log", self._answers)

    @property
    def place(self) -> str:
        """Where it listens, as the setting CLAMD says it."""
        return f"{LOCAL}:{self._port}"

    @property
    def socket(self) -> str:
        """The path of its socket."""
        return str(self._folder / "clamd.sock")

    def close(self) -> None:
        """End it and remove what it left."""
        self.program.kill()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _settings(self) -> str:
        said = {
            "TCPSocket": self._port,
            "TCPAddr": LOCAL,
            "LocalSocket": self.socket,
            "DatabaseDirectory": self._folder / "signatures",
            "TemporaryDirectory": self._folder,
            "StreamMaxLength": LARGEST,
            "MaxFileSize": LARGEST,
            "MaxScanSize": LARGEST,
        }
        return "".join(f"{name} {value}\n" for name, value in said.items())

    def _answers(self) -> bool:
        try:
            with socket.create_connection((LOCAL, self._port), timeout=1) as connection:
                connection.sendall(b"zPING\0")
                return connection.recv(5) == b"PONG\0"
        except OSError:
            return False


def is_installed() -> bool:
    """Whether there is a clamd to be started."""
    return shutil.which("clamd") is not None or Path(_SYSTEM).exists()


@contextmanager
def clamd() -> Iterator[str]:
    """Start clamd, or take the one that TEST_CLAMD names (which must know the EICAR test file): give its place."""
    given = os.environ.get("TEST_CLAMD")
    if given:
        yield given
        return
    own = OwnClamd()
    try:
        own.program.start()
        yield own.place
    finally:
        own.close()
