"""Wire formats that several routes share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

import msgspec
from litestar import Response

from ...domain.shared.errors import ParamValue, Reason
from ...domain.shared.money import Money
from ...domain.shared.sources import Source
from .words import sentence, sentence_of, text_of

Id = Annotated[str, msgspec.Meta(examples=["0198c0de-5f3a-7c11-9d5b-2f6a1d0c4b7e"])]
Moment = Annotated[datetime, msgspec.Meta(tz=True, examples=["2027-06-30T18:00:00Z"])]
"""A moment with its zone, in the body of a request."""

_BLANK = r"\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"  # as ``str.strip`` knows them
NOT_BLANK = {"pattern": f"^[{_BLANK}]*[^{_BLANK}]"}
"""What the document says of a text that is refused by the domain where it holds nothing but blanks."""

_ENCODER = msgspec.json.Encoder()
ParamsBody = dict[str, str | int | bool | None]


class Given(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The body of a request: a name that does not belong there is refused."""


class MoneyBody(msgspec.Struct, frozen=True):
    """An amount in major units, exact, as text."""

    amount: Annotated[str, msgspec.Meta(examples=["11904.00"])]
    currency: Annotated[str, msgspec.Meta(examples=["EUR"], description="ISO 4217")]


class SourceBody(msgspec.Struct, frozen=True):
    """The page or paper that a figure was read from."""

    id: str
    title: str
    kind: Annotated[str, msgspec.Meta(examples=["official", "third_party", "community"])]
    retrieved_on: date
    url: str
    published: str


class ReasonBody(msgspec.Struct, frozen=True):
    """One reason: a code for programs, a sentence for people."""

    code: Annotated[str, msgspec.Meta(examples=["plan.waits_for"])]
    message: str
    params: ParamsBody
    where: str = ""


def encoded(body: msgspec.Struct) -> Response[Any]:
    """Return a 200 with the body, encoded already: what is asked for often is not looked at again on its way out."""
    return Response(_ENCODER.encode(body), media_type="application/json")


def money_body(money: Money | None) -> MoneyBody | None:
    """Return the money as it is sent."""
    return None if money is None else MoneyBody(f"{money.amount:f}", money.currency)


def source_body(source: Source) -> SourceBody:
    """Return the source as it is sent."""
    title = text_of(source) if source.title_bn else source.title  # else the answer hangs on the language for nothing
    return SourceBody(source.id, title, source.kind.value, source.retrieved_on, source.url, source.published)


def params_body(params: Mapping[str, object]) -> ParamsBody:
    """Return the parameters of a code as they are sent: decimals and days as text."""
    return {name: _plain(value) for name, value in params.items()}


def reason_body(reason: Reason) -> ReasonBody:
    """Return the reason with its sentence."""
    return ReasonBody(reason.code, sentence_of(reason), params_body(reason.params), reason.where)


def code_body(code: str, params: Mapping[str, ParamValue]) -> ReasonBody:
    """Return a code with its sentence."""
    return ReasonBody(code, sentence(code, params), params_body(params))


def warning_bodies(warnings: Iterable[str]) -> list[ReasonBody]:
    """Return warnings, each a code and after a colon what it is about, with their sentences."""
    parts = (warning.partition(":") for warning in warnings)
    return [code_body(code, {"about": about} if about else {}) for code, _, about in parts]


def _plain(value: object) -> ParamValue:
    if value is None or isinstance(value, bool | int | str):
        return value
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
