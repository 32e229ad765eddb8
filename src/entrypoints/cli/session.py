"""Which server the commands talk to and as whom: kept in the user's own folder, readable by nobody else."""

from __future__ import annotations

import json
import os
import stat
from dataclasses import asdict, dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from .errors import complain, refused

TOKEN = "HIGHERSTUDY_TOKEN"  # noqa: S105 - the name of a variable
SERVER = "HIGHERSTUDY_SERVER"
NEAR = "http://127.0.0.1:8000"


@dataclass(frozen=True, slots=True)
class Session:
    """A server, and the tokens that it gave; without a token nobody is signed in.

    ``ends`` is when the token ends by this machine's clock, in seconds since 1970; the refresh token then gives others.
    """

    server: str
    token: str = ""
    email: str = ""
    refresh: str = ""
    ends: float = 0.0


def chosen_server(server: str | None) -> str:
    """Return the address of the named server, else that of the environment or the last sign-in, else one near."""
    session = current_session(server)
    return NEAR if session is None else session.server


def session_file() -> Path:
    """Return where the session is kept."""
    home = os.environ.get("XDG_CONFIG_HOME") or os.environ.get("APPDATA") or Path.home() / ".config"
    return Path(home) / "higherstudy" / "session.json"


def current_session(server: str | None) -> Session | None:
    """Return the session to use: the named server, else that of the environment or the last sign-in; None without any.

    A token is only ever sent to the server that it came from, or to the one named beside it in the environment.
    """
    kept = _kept()
    chosen = server or os.environ.get(SERVER) or (kept.server if kept else "")
    if not chosen:
        return None
    address = server_address(chosen)
    token = os.environ.get(TOKEN, "")
    if not token and kept is not None and kept.server == address:
        return kept
    return Session(address, token)


def keep(session: Session) -> Path:
    """Keep the session for the commands that follow, readable by this user only; return the file."""
    return _write(session_file(), asdict(session))


def _write(file: Path, content: object) -> Path:
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = file.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
            json.dump(content, out)
        fresh.replace(file)
    except OSError as error:
        raise refused(file, "sign_in_not_kept", detail=error.strerror) from None
    return file


def device_token(server: str, email: str) -> str | None:
    """Return what a sign-in as this person gave for the next, by which the server knows this machine; None: nothing.

    It stays after signing out, and opens nothing.
    """
    return _devices().get(f"{server} {email}")


def keep_device(server: str, email: str, token: str) -> None:
    """Keep it beside the session, readable by this user only."""
    _write(_devices_file(), {**_devices(), f"{server} {email}": token})


def _devices() -> dict[str, str]:
    try:
        kept = json.loads(_devices_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):  # without it a sign-in is only perhaps slower
        return {}
    return kept if isinstance(kept, dict) else {}


def _devices_file() -> Path:
    return session_file().with_name("devices.json")


def forget() -> bool:
    """Forget the session; return whether there was one."""
    try:
        session_file().unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise refused(session_file(), "sign_in_not_removed", detail=error.strerror) from None
    return True


def server_address(given: str) -> str:
    """Return the server's address without a slash at its end; raise CommandFailed when it is no web address."""
    parts = urlsplit(given.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise refused("--server", "no_web_address", given=given)
    if parts.scheme == "http" and not _is_near(parts.hostname):
        complain(refused(given, "not_encrypted").lines)
    return given.strip().rstrip("/")


def _kept() -> Session | None:
    file = session_file()
    try:
        kept = Session(**json.loads(file.read_text(encoding="utf-8")))
        readable_by_others = os.name == "posix" and stat.S_IMODE(file.stat().st_mode) & 0o077
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError):
        raise refused(file, "sign_in_unreadable") from None
    if readable_by_others:
        file.chmod(0o600)
    return kept


def _is_near(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
