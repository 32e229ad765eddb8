"""What processes log: one line an event to stderr, for people or as JSON, always with the ids that it belongs to.

Each line carries the ids of the request and the job that it was written for (``about``), whichever library writes it.
"""

from __future__ import annotations

import logging
import re
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Literal

import msgspec
import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from ..about import ABOUT

Form = Literal["text", "json"]
OURS = __name__.partition(".")[0]
_FIRST = ["timestamp", "level", "event"]
_PASSWORD = re.compile(r"(\w://[^\s:/@]*:)[^\s@]+(?=@)")
# Tokens as JWT, keys of programs, what stands behind Authorization, and the secret part of links.
_TOKEN = re.compile(
    r"\beyJ[\w-]{8,}\.[\w.-]+|\bhs_[\w-]{8,}|(?<=Bearer )[^\s'\",]+|(?:(?<=/v1/files/)|(?<=/v1/calendars/))[^\s'\"]+",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")

_ACCESS: dict[Form, str] = {
    "text": "timestamp=%s level=info event=request method=%s route=%s status=%d milliseconds=%.1f request_id=%s\n",
    "json": '{"timestamp":"%s","level":"info","event":"request","method":"%s","route":"%s","status":%d,'
    '"milliseconds":%.1f,"request_id":"%s"}\n',
}


class _Stderr:
    """Writes each line whole to whatever stderr is by then."""

    def write(self, line: str) -> None:
        sys.stderr.write(f"{line}\n")

    debug = info = warning = error = critical = fatal = exception = msg = log = write


def log_to_stderr(level: str, form: Form, *, final: bool = False) -> None:
    """Send what is logged from this level on to stderr, so that stdout is only what was asked for.

    With ``final`` loggers remember all this, which is faster; they do not follow when it is said anew.
    """
    least = logging.getLevelNamesMapping()[level.upper()]
    stamped: list[Processor] = [
        _with_ids,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    shown: Processor = (
        structlog.processors.LogfmtRenderer(key_order=_FIRST, drop_missing=True)
        if form == "text"
        else structlog.processors.JSONRenderer(_json)
    )
    structlog.configure(
        processors=[*stamped, _without_secrets_in_exceptions, shown],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=lambda *_: _Stderr(),
        cache_logger_on_first_use=final,
    )
    plain = logging.StreamHandler(sys.stderr)
    bare = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    plain.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[bare, shown],
            foreign_pre_chain=[*stamped, structlog.stdlib.add_logger_name, _without_secrets],
        )
    )
    # Of the libraries' own news only what is wrong; all of it for those who look for a fault.
    logging.basicConfig(
        level=least if least <= logging.DEBUG else max(least, logging.WARNING), handlers=[plain], force=True
    )
    logging.getLogger(OURS).setLevel(least)


def access_line(form: Form, level: str) -> Callable[[str, str, int, float, str], None]:
    """Return what writes the one line of a request: its method, route, status, seconds and id.

    It goes past everything above, since there is one for each request and its form never changes. Nothing in it needs
    quoting: methods are tokens, routes are our own templates, ids were checked. Whoever keeps quieter for a while
    (``log_to_stderr``), as a command does that asks the server in its own process, hears nothing of requests either.
    """
    if level not in ("debug", "info"):
        return lambda *_: None
    line, ours = _ACCESS[form], logging.getLogger(OURS)

    def write(method: str, route: str, status: int, seconds: float, request_id: str) -> None:
        if not ours.isEnabledFor(logging.INFO):
            return
        now = datetime.fromtimestamp(time.time(), UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        sys.stderr.write(line % (now, method, route, status, seconds * 1000, request_id))

    return write


def _with_ids(_: WrappedLogger, __: str, line: EventDict) -> EventDict:
    for name, value in ABOUT.get().items():
        line.setdefault(name, value)
    return line


def hidden(text: str) -> str:
    """Return the text without passwords in addresses, tokens, keys, secret links and e-mail addresses."""
    return _EMAIL.sub("***@***", _TOKEN.sub("***", _PASSWORD.sub(r"\1***", text)))


def _without_secrets_in_exceptions(_: WrappedLogger, __: str, line: EventDict) -> EventDict:
    """What a library says in its errors is not ours to choose."""
    if "exception" in line:
        line["exception"] = hidden(line["exception"])
    return line


def _without_secrets(logger: WrappedLogger, name: str, line: EventDict) -> EventDict:
    line["event"] = hidden(str(line["event"]))
    return _without_secrets_in_exceptions(logger, name, line)


def _json(line: EventDict, default: Callable[[object], object], **_: object) -> str:
    ordered = {**{name: line[name] for name in _FIRST if name in line}, **line}
    return msgspec.json.encode(ordered, enc_hook=default).decode()
