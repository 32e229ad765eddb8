"""What the domain says when it cannot do what was asked.

DomainError
├── NotFound      there is no such thing, or the asker may not know of it
├── Forbidden     the asker may know of it and may not do this
├── Conflict      somebody else changed it first, or it exists already
├── Invalid       what was given cannot be understood; every wrong place is named
└── RuleBroken    understood, and against a rule; every reason is given at once
"""

from collections.abc import Iterable, Mapping
from dataclasses import field
from types import MappingProxyType

from .dataclass import dataclass

ParamValue = str | int | bool | None
Params = Mapping[str, ParamValue]


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason, as a stable code with parameters; ``where`` names the field, row or line it is about."""

    code: str
    params: Params = field(default_factory=lambda: MappingProxyType({}))
    where: str = ""

    def __str__(self) -> str:
        details = ", ".join(f"{name}={value}" for name, value in self.params.items())
        place = f"{self.where}: " if self.where else ""
        return f"{place}{self.code}" + (f" ({details})" if details else "")


class DomainError(Exception):
    """The request could not be carried out."""

    code = "domain_error"

    def __init__(self, *reasons: Reason, **params: ParamValue) -> None:
        self.reasons = reasons
        self.params: Params = MappingProxyType(params)
        super().__init__(*reasons)

    def __str__(self) -> str:
        message = (type(self).__doc__ or "").strip().splitlines()[0]
        details = "; ".join(map(str, self.reasons))
        return f"{message} {details}".strip()


class NotFound(DomainError):
    """There is no such thing here."""

    code = "not_found"


class Forbidden(DomainError):
    """You may not do this."""

    code = "forbidden"


class Conflict(DomainError):
    """It was changed meanwhile, or exists already."""

    code = "conflict"


class Invalid(DomainError):
    """Some of what was given cannot be understood."""

    code = "invalid"


class RuleBroken(DomainError):
    """A rule stands against it."""

    code = "rule_broken"


def refuse_if_any(reasons: Iterable[Reason], error: type[DomainError] = RuleBroken) -> None:
    """Return quietly when there is no reason; raise ``error`` with all of them otherwise."""
    found = tuple(reasons)
    if found:
        raise error(*found)
