"""Reading the settings from the environment, and showing them without what is secret."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import Field, dataclass, fields
from pathlib import Path
from typing import Any

import msgspec
import msgspec.inspect
from msgspec import Meta

from ...domain.shared.errors import Invalid, Reason
from .checks import wrong_together
from .declaring import Secrecy
from .every import SECTIONS, Settings

HIDDEN = "***"
_PASSWORD = re.compile(r"(?<=:)(?!//).*(?=@)|(?<=password=)[^&]*")


class WrongSettings(Invalid):
    """The server cannot start with these settings."""

    code = "wrong_settings"


@dataclass(frozen=True, slots=True)
class Described:
    """One setting as it is shown: secrets are hidden, and of a URL its password is."""

    section: str
    name: str
    variable: str
    meaning: str
    default: str
    shown: str


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Return the settings in the environment; a blank variable counts as unset.

    What is secret may be in a file instead, which the variable with _FILE at its end names.
    Raises WrongSettings with every variable that is wrong.
    """
    values: dict[str, Any] = {}
    reasons: list[Reason] = []
    for _, field, variable, said in _fields():
        try:
            given = _given(environment, variable, said)
        except Invalid as error:
            reasons += error.reasons
            continue
        if not given:
            continue
        try:
            values[field.name] = msgspec.convert(given, field.type, strict=False)
        except msgspec.ValidationError:
            reasons.append(_wrong(field.type, _shown(given, said)[:100], variable))
    reasons += wrong_together(values)
    if reasons:
        raise WrongSettings(*reasons)
    return Settings(**values)


def _given(environment: Mapping[str, str], variable: str, said: Meta) -> str:
    """Return what the variable says, or the file that is named in its place."""
    given = environment.get(variable, "").strip()
    file = environment.get(f"{variable}_FILE", "").strip() if _secrecy(said) != "open" else ""
    if not file:
        return given
    if given:
        raise Invalid(Reason("setting.given_twice", {"other": variable}, f"{variable}_FILE"))
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        detail = getattr(error, "strerror", None) or "it is no text"
        raise Invalid(Reason("setting.file_not_read", {"file": file, "detail": detail}, f"{variable}_FILE")) from error


def described(settings: Settings) -> tuple[Described, ...]:
    """Return every setting with its meaning, default and present value, in the order in which they are declared."""
    return tuple(
        Described(
            section=section,
            name=field.name,
            variable=variable,
            meaning=_meaning(variable, said),
            default=_shown(field.default, said),
            shown=_shown(getattr(settings, field.name), said),
        )
        for section, field, variable, said in _fields()
    )


def _fields() -> Iterator[tuple[str, Field[Any], str, Meta]]:
    """Yield what each section is about and each field of it, with its variable and what was said about it."""
    for section in SECTIONS:
        for field in fields(section):
            said = _annotated(field).__metadata__[-1]
            yield section.__doc__ or "", field, said.extra["variable"], said


def _annotated(field: Field[Any]) -> Any:
    return field.type


def _wrong(kind: Any, given: str, variable: str) -> Reason:
    """Return what the variable may be, from its own type."""
    match _innermost(msgspec.inspect.type_info(kind)):
        case msgspec.inspect.IntType(ge=least, le=most):
            return Reason("setting.not_whole", {"at_least": least, "at_most": most, "given": given}, variable)
        case msgspec.inspect.FloatType(gt=above, le=most):
            limits = {"above": f"{above or 0:g}", "at_most": f"{most or 0:g}"}
            return Reason("setting.not_a_number", {**limits, "given": given}, variable)
        case msgspec.inspect.LiteralType(values=words):
            return Reason("setting.unknown_word", {"known": ", ".join(map(str, words)), "given": given}, variable)
        case _:
            return Reason("setting.not_origins", {"given": given}, variable)


def _innermost(said: msgspec.inspect.Type) -> msgspec.inspect.Type:
    """Return the type itself, without what was said about it and without that it may be left out."""
    match said:
        case msgspec.inspect.Metadata(type=inner):
            return _innermost(inner)
        case msgspec.inspect.UnionType(types=types):
            return _innermost(next(one for one in types if not isinstance(one, msgspec.inspect.NoneType)))
        case _:
            return said


def _meaning(variable: str, said: Meta) -> str:
    instead = "" if _secrecy(said) == "open" else f" May be in a file instead, which {variable}_FILE names."
    return f"{said.description}{instead}"


def _secrecy(said: Meta) -> Secrecy:
    found: Secrecy = (said.extra or {})["secrecy"]
    return found


def _shown(value: object, said: Meta) -> str:
    """Return the value as text, without what is secret of it."""
    if value is None:
        return ""
    match _secrecy(said):
        case "open":
            return str(value).lower() if isinstance(value, bool) else str(value)
        case "password":
            return _PASSWORD.sub(HIDDEN, str(value))
        case "secret":
            return HIDDEN
