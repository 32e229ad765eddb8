"""Money: whole minor units of a currency, never a float."""

import re
from decimal import Decimal, InvalidOperation, Overflow

from .dataclass import dataclass
from .errors import Invalid, Reason

# ISO 4217 gives each currency its exponent; these differ from the usual two.
_EXPONENTS = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV"), 0),
    **dict.fromkeys(("XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}
_PLAIN = re.compile(r"-?[0-9]+(\.[0-9]+)?")  # Decimal would also take 1_000, 1e3 and the digits of other scripts
_CODE = re.compile(r"[A-Z]{3}")
_LARGEST = 10**15


def exponent_of(currency: str) -> int:
    """Return how many decimals the currency's minor unit has (EUR 2, JPY 0, KWD 3; ISO 4217)."""
    return _EXPONENTS.get(currency, 2)


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount in whole minor units (cents, poisha) of one currency."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if not _CODE.fullmatch(self.currency):
            raise Invalid(Reason("money.currency_unknown", {"currency": self.currency[:40]}, "currency"))

    @classmethod
    def of(cls, amount: str | int | Decimal, currency: str) -> "Money":
        """Return the money for an amount in major units.

        Raises Invalid when the amount is no number, is too large, or has more decimals than the currency, or when the
        currency is no code; the place is ``amount`` or ``currency``.
        """
        if isinstance(amount, str) and not _PLAIN.fullmatch(amount):
            raise Invalid(Reason("money.not_a_number", {"amount": amount[:40]}, "amount"))
        try:
            scaled = Decimal(amount).scaleb(exponent_of(currency))
        except InvalidOperation:
            raise Invalid(Reason("money.not_a_number", {"amount": str(amount)}, "amount")) from None
        except Overflow:
            raise Invalid(Reason("money.out_of_range", {"amount": str(amount)}, "amount")) from None
        if not scaled.is_finite() or abs(scaled) > _LARGEST:
            raise Invalid(Reason("money.out_of_range", {"amount": str(amount)}, "amount"))
        if scaled != scaled.to_integral_value():
            raise Invalid(Reason("money.too_many_decimals", {"amount": str(amount), "currency": currency}, "amount"))
        return cls(int(scaled), currency)

    @property
    def amount(self) -> Decimal:
        """The amount in major units, with the currency's own number of decimals."""
        return Decimal(self.minor).scaleb(-exponent_of(self.currency))

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other), self.currency)

    def __mul__(self, times: int) -> "Money":
        return Money(self.minor * times, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._same(other)

    def __le__(self, other: "Money") -> bool:
        return self.minor <= self._same(other)

    def __str__(self) -> str:
        return f"{self.currency} {self.amount:,f}"

    def _same(self, other: "Money") -> int:
        if other.currency != self.currency:
            raise Invalid(Reason("money.currencies_differ", {"one": self.currency, "other": other.currency}))
        return other.minor
