"""What comes out of holding a student's money against a country's rule."""

from __future__ import annotations

from datetime import date

from ..rulebook.money_rules import MoneyKind
from ..shared.dataclass import dataclass
from ..shared.errors import Reason
from ..shared.money import Money
from ..shared.sources import Confidence
from .case import Funds
from .converting import Converted
from .holding import Holding
from .required import Part


@dataclass(frozen=True, slots=True)
class CountedFunds:
    """One line of funds: what it came to, and why it was not counted where it was not."""

    funds: Funds
    counted: bool
    converted: Converted | None = None
    why_not: Reason | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """Something that takes the place of the whole sum, and whether it does here; None where that is not known, and then
    ``lacks`` says what would tell."""

    code: str
    passes: bool | None
    required: Money | None = None
    held: Money | None = None
    facts: tuple[str, ...] = ()
    lacks: Reason | None = None


@dataclass(frozen=True, slots=True)
class MoneyProof:
    """How a student's money stands against one rule on the day of application.

    ``passes`` is None where it is not known. ``required`` is the most that may be asked, None where a part of it is not
    known; ``at_least`` is what is asked for certain. ``gap`` is what is lacking to ``required``. ``said`` puts it into
    words, the answer first, and of what is not known always why; ``warnings`` name what to check. ``lacks`` names the
    figures of the rule for holding money that are not known for the day.
    """

    rule: str
    kind: MoneyKind
    country: str
    on: date
    passes: bool | None
    required: Money | None
    at_least: Money | None
    held: Money | None
    gap: Money | None
    parts: tuple[Part, ...]
    funds: tuple[CountedFunds, ...]
    options: tuple[Option, ...]
    holding: Holding | None
    proofs: tuple[str, ...]
    rests_on: tuple[str, ...]
    depends_on: tuple[str, ...]
    confidence: Confidence
    source_url: str
    rulebook: tuple[str, ...]
    said: tuple[Reason, ...]
    warnings: tuple[Reason, ...]
    lacks: tuple[Reason, ...] = ()
