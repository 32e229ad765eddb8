"""Where a figure of the outside world comes from, and how far it can be trusted."""

from datetime import date
from enum import StrEnum

from .dataclass import dataclass


class Confidence(StrEnum):
    """How far a figure can be trusted: H official text read, M agreeing third parties or official but old,
    L one third party or an inference, U unverified."""

    HIGH = "H"
    MEDIUM = "M"
    LOW = "L"
    UNVERIFIED = "U"

    @property
    def is_verified(self) -> bool:
        """Whether somebody may rely on it without checking first."""
        return self in (Confidence.HIGH, Confidence.MEDIUM)


class SourceKind(StrEnum):
    """Who speaks: the authority itself, somebody who reports it, or the community of applicants."""

    OFFICIAL = "official"
    THIRD_PARTY = "third_party"
    COMMUNITY = "community"


@dataclass(frozen=True, slots=True)
class Source:
    """A page or paper that was read on a day."""

    id: str
    title: str
    kind: SourceKind
    retrieved_on: date
    url: str = ""
    published: str = ""
    title_bn: str = ""
