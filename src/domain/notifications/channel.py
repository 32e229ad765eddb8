"""The ways on which something is said to a person."""

from __future__ import annotations

from enum import StrEnum


class Channel(StrEnum):
    """How a message reaches somebody beside the inbox, in which every message of an account lies."""

    EMAIL = "email"
    SMS = "sms"
    WHATSAPP = "whatsapp"


class Topic(StrEnum):
    """What messages are about, as far as somebody can say which of them to get."""

    ACCOUNT = "account"
    """Who can sign in, and what was changed about that."""
    RECORD = "record"
    """Her data: exports, erasure, who was let in."""
    APPLICATIONS = "applications"
    PLAN = "plan"
    """Dates that moved, programmes and rules that changed."""
    DEADLINES = "deadlines"
    """What is due soon."""
    WINDOWS = "windows"
    """A few days in which something can be done or never, as an embassy sets them."""
    PAPERS = "papers"
    WORK = "work"
    """What was asked for and is ready: reports, imports, tasks."""
