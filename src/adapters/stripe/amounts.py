"""Amounts as Stripe counts them, which for some currencies is not how ISO 4217 does (docs.stripe.com/currencies)."""

from ...domain.shared.money import Money, exponent_of
from ...ports.errors import Refusal, Refused

_WHOLE = frozenset("BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF".split())  # noqa: SIM905 - as it is read there
# Without decimals since long, and still given with two of them, which have to be 00.
_WHOLE_IN_HUNDREDTHS = frozenset({"ISK"})
_UNSURE = frozenset({"UGX"})
"""Of these Stripe's pages and its library say different things: wrongly counted, somebody would pay a hundredfold."""
_THOUSANDTHS = frozenset({"BHD", "JOD", "KWD", "OMR", "TND"})


def to_stripe(amount: Money) -> int:
    """Return the amount in Stripe's unit.

    Raises Refused for what Stripe has no way to say: a part of the ariary, of a fils the last digit, currencies that it
    does not know with their three decimals, and those of which it is not sure how it counts them. Nothing is rounded.
    """
    theirs, ours = _exponent(amount.currency), exponent_of(amount.currency)
    if amount.currency in _UNSURE or (ours == 3 and amount.currency not in _THOUSANDTHS):
        raise Refused(Refusal.NOT_TAKEN, "currency_not_supported")
    minor, rest = divmod(amount.minor * 10**theirs, 10**ours)
    if rest or (amount.currency in _THOUSANDTHS and minor % 10):
        raise Refused(Refusal.NOT_TAKEN, "amount_not_supported")
    return int(minor)


def from_stripe(amount: int, currency: str) -> Money:
    """Return the money for an amount in Stripe's unit, with its currency in small letters as Stripe writes it.

    A part of a króna, which only old fees have, is cut off.
    """
    code = currency.upper()
    scaled = abs(amount) * 10 ** exponent_of(code) // 10 ** _exponent(code)
    return Money(scaled if amount >= 0 else -scaled, code)


def _exponent(currency: str) -> int:
    if currency in _WHOLE:
        return 0
    return 2 if currency in _WHOLE_IN_HUNDREDTHS else exponent_of(currency)
