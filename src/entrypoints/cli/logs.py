"""What the server logs: one line an event to stderr, for people on a terminal and as JSON otherwise."""

from __future__ import annotations

import logging
import sys

import structlog
from structlog.typing import Processor


def log_to_stderr(level: str) -> None:
    """Send what is logged from this level on to stderr, so that stdout is only what was asked for."""
    least = logging.getLevelNamesMapping()[level.upper()]
    stamped: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    is_terminal = sys.stderr.isatty()
    shown: Processor = structlog.processors.LogfmtRenderer() if is_terminal else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[*stamped, shown],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    plain = logging.StreamHandler(sys.stderr)
    bare = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    plain.setFormatter(structlog.stdlib.ProcessorFormatter(processors=[bare, shown], foreign_pre_chain=stamped))
    # Of the libraries' own news only what is wrong; all of it for those who look for a fault.
    logging.basicConfig(
        level=least if least <= logging.DEBUG else max(least, logging.WARNING), handlers=[plain], force=True
    )
