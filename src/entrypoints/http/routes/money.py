"""Whether a student's money is enough: how it is asked."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import msgspec
from litestar import Router, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, SkipValidation

from ....domain.funding.proving import money_proofs
from ....domain.funding.reading import MOST_BALANCES, MOST_FUNDS, MOST_PEOPLE, MOST_RATES, read_money_case
from ....ports.rule_packs import RulePacks
from ..given import V1, refusals
from ..wire import Given
from .money_bodies import MoneyProofList, money_proof_body

Packs = NamedDependency[SkipValidation[RulePacks]]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Number = Annotated[str, msgspec.Meta(max_length=40, examples=["1529.00"], description="Exact, as text.")]
Currency = Annotated[str, msgspec.Meta(max_length=3, examples=["GBP"], description="ISO 4217")]
Kind = Annotated[str, msgspec.Meta(max_length=100, examples=["bank_statement"], description="A kind of document.")]


class MoneyGiven(Given, omit_defaults=True):
    """An amount in major units."""

    amount: Number
    currency: Currency


class BalanceGiven(Given, omit_defaults=True):
    """What an account held at the end of a day, and until the next balance."""

    on: date
    amount: Number


class FundsGiven(Given, omit_defaults=True):
    """Money that can be shown: an amount, or an account by its balances in the order of their days."""

    name: Name
    currency: Currency
    amount: Number | None = None
    balances: Annotated[list[BalanceGiven], msgspec.Meta(max_length=MOST_BALANCES)] | None = None
    paper: Kind | None = None


FundsLine = Annotated[
    FundsGiven,
    msgspec.Meta(
        extra_json_schema={
            "anyOf": [
                {"properties": {"amount": {"type": "string"}}, "required": ["amount"]},
                {"properties": {"balances": {"type": "array"}}, "required": ["balances"]},
            ]
        }
    ),
]
"""One of both is needed."""


class PaperGiven(Given, omit_defaults=True):
    """A paper that is at hand, such as a sponsor's declaration."""

    kind: Kind
    issued_on: date | None = None


class RateGiven(Given, omit_defaults=True):
    """One unit of ``from`` is so many of ``to``; the haircut is taken off funds and put onto costs."""

    id: Name
    source: Currency = msgspec.field(name="from")
    target: Currency = msgspec.field(name="to")
    rate: Number
    on: date
    haircut_percent: Number | None = None


class FamilyGiven(Given, omit_defaults=True):
    """Who comes along; the school children are counted among the children."""

    partner: bool = False
    children: Annotated[int, msgspec.Meta(ge=0, le=MOST_PEOPLE)] = 0
    school_children: Annotated[int, msgspec.Meta(ge=0, le=MOST_PEOPLE)] = 0


class MoneyCaseGiven(Given, omit_defaults=True):
    """For which studies the money is shown, on which day the visa is applied for, and what there is.

    What is left out is not known. Figures that hold for some citizenships, a mission or an institution alone count
    where these are named. ``months`` is how long the studies last, ``income`` a year's income of whoever pays.
    """

    country: Annotated[str, msgspec.Meta(max_length=2, examples=["GB"])]
    level: Annotated[str, msgspec.Meta(max_length=20, examples=["master"])]
    on: Annotated[date, msgspec.Meta(examples=["2026-08-01"])]
    months: Annotated[int, msgspec.Meta(ge=1, le=1200)] | None = None
    tuition: MoneyGiven | None = None
    tuition_paid: MoneyGiven | None = None
    travel: MoneyGiven | None = None
    cost_of_attendance: MoneyGiven | None = None
    income: MoneyGiven | None = None
    family: FamilyGiven | None = None
    circumstances: Annotated[dict[str, str | bool], msgspec.Meta(max_length=50, examples=[{"in_london": True}])] = (
        msgspec.field(default_factory=dict)
    )
    funds: Annotated[list[FundsLine], msgspec.Meta(max_length=MOST_FUNDS)] = msgspec.field(default_factory=list)
    papers: Annotated[list[PaperGiven], msgspec.Meta(max_length=50)] = msgspec.field(default_factory=list)
    rates: Annotated[list[RateGiven], msgspec.Meta(max_length=MOST_RATES)] = msgspec.field(default_factory=list)
    citizenships: Annotated[list[str], msgspec.Meta(max_length=10, examples=[["BD"]])] = msgspec.field(
        default_factory=list
    )
    mission: Annotated[str, msgspec.Meta(max_length=100, examples=["DE/DHAKA"])] | None = None
    institution: Annotated[str, msgspec.Meta(max_length=200, examples=["Saarland University"])] | None = None


@post(
    "/money-proofs",
    operation_id="prove_money",
    summary="Check a money proof",
    status_code=200,
    responses=refusals(404, 413, 415, 422),
)
async def prove_money(data: JSONBody[MoneyCaseGiven], packs: Packs) -> MoneyProofList:
    """Hold the money against each rule of the country; nothing is kept."""
    rulebook = packs.rulebook()
    case = read_money_case(msgspec.to_builtins(data), rulebook)
    return MoneyProofList([money_proof_body(proof, rulebook) for proof in money_proofs(case, rulebook)])


router: Any = Router(V1, route_handlers=[prove_money], tags=["Money"])
