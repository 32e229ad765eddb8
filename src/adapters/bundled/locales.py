"""How numbers, days, money and lists are written in a language."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from ...domain.shared.dataclass import dataclass

ENGLISH, BANGLA = "en", "bn"
LANGUAGES = (ENGLISH, BANGLA)
_BANGLA_DIGITS = str.maketrans("0123456789", "০১২৩৪৫৬৭৮৯")
_MONTHS = {
    ENGLISH: "January February March April May June July August September October November December".split(),  # noqa: SIM905
    BANGLA: "জানুয়ারি ফেব্রুয়ারি মার্চ এপ্রিল মে জুন জুলাই আগস্ট সেপ্টেম্বর অক্টোবর নভেম্বর ডিসেম্বর".split(),  # noqa: SIM905
}
_SHORT_MONTHS = {
    ENGLISH: "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(),  # noqa: SIM905
    BANGLA: "জানু ফেব মার্চ এপ্রিল মে জুন জুলা আগ সেপ অক্টো নভে ডিসে".split(),  # noqa: SIM905
}
_WEEKDAYS = {
    ENGLISH: "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(),  # noqa: SIM905
    BANGLA: "সোমবার মঙ্গলবার বুধবার বৃহস্পতিবার শুক্রবার শনিবার রবিবার".split(),  # noqa: SIM905
}
_AND = {ENGLISH: " and ", BANGLA: " ও "}
_OR = {ENGLISH: " or ", BANGLA: " বা "}
_VOWEL_SIGNS = frozenset("ািীুূেো")
_JOINED = {
    "-এর": {"consonant": "ের", "a": "র", "vowel": "র"},
    "-এ": {"consonant": "ে", "a": "য়", "vowel": "তে"},
}
_BY_LAKH = frozenset({"BDT", "INR", "LKR", "NPR", "PKR"})  # currencies whose amounts are grouped 12,34,567 everywhere
_LAKH_AND_CRORE = ((10_000_000, "কোটি"), (100_000, "লাখ"), (1_000, "হাজার"))
_LEAST_IN_WORDS = 100_000


def read_tag(tag: str) -> tuple[str, bool | None]:
    """Return the language of a tag such as ``bn-BD`` or ``bn_BD.UTF-8``, and whether it asks for its own digits.

    The digits stand behind ``-u-nu-`` (BCP 47, Unicode extension): ``latn`` or ``beng``; None where nothing is asked.
    A language that there is nothing in comes back as it is.
    """
    parts = tag.partition(".")[0].replace("_", "-").lower().split("-")
    digits = parts[parts.index("nu") + 1 :][:1] if "nu" in parts else []
    return parts[0], {"latn": False, "beng": True}.get(digits[0]) if digits else None


def plural(language: str, number: int | Decimal) -> str:
    """Return the plural category of the number, ``one`` or ``other`` (CLDR): in Bangla 0 and 0.5 are ``one`` too."""
    size = abs(Decimal(number))
    if language == BANGLA:
        return "one" if size <= 1 else "other"
    return "one" if size == 1 and size.as_tuple().exponent == 0 else "other"


@dataclass(frozen=True, slots=True)
class Locale:
    """One language, in its own digits or in Latin ones."""

    language: str
    own_digits: bool

    def with_ending(self, name: str, ending: str) -> str:
        """Return the name with the Bangla ending, জার্মানিতে rather than জার্মানি-এ; with its hyphen where the last
        letter does not say how they join."""
        kind = "consonant" if "ক" <= name[-1:] <= "হ" else "a" if name.endswith("া") else "vowel"
        joins = kind == "consonant" or name[-1:] in _VOWEL_SIGNS
        return name + (_JOINED[ending][kind] if joins and ending in _JOINED else ending)

    def digits(self, text: str) -> str:
        """Return the text with its digits as the reader wants them."""
        return text.translate(_BANGLA_DIGITS) if self.own_digits else text

    def number(self, value: int | Decimal, currency: str = "") -> str:
        """Return the number in groups: 1,234,567, or 12,34,567 in Bangla and for currencies of the region."""
        whole, point, fraction = (str(abs(value)) if isinstance(value, int) else f"{abs(value):f}").partition(".")
        by_lakh = self.language == BANGLA or currency in _BY_LAKH
        sign = "-" if value < 0 else ""
        return self.digits(f"{sign}{_grouped(whole, 2 if by_lakh else 3)}{point}{fraction}")

    def money(self, amount: Decimal, currency: str, name: str = "") -> str:
        """Return the amount: EUR 11,904 or BDT 12,34,567; with a name for the currency ১১,৯০৪ ইউরো.

        Cents that are zero are left out. In Bangla, taka in whole thousands are told in lakh and crore, as in
        ১২ লাখ ৫০ হাজার টাকা.
        """
        exact = amount.to_integral_value() if amount == amount.to_integral_value() else amount
        if self.language != BANGLA:
            return f"{currency} {self.number(exact, currency)}"
        told = self._in_words(int(exact)) if currency == "BDT" and exact == int(exact) else ""
        return f"{told or self.number(exact, currency)} {name or currency}"

    def _in_words(self, amount: int) -> str:
        if amount < _LEAST_IN_WORDS or amount % 1_000:
            return ""
        parts = []
        for size, word in _LAKH_AND_CRORE:
            count, amount = divmod(amount, size)
            if count:
                parts.append(f"{self.number(count)} {word}")
        return " ".join(parts)

    def day(self, value: date) -> str:
        """Return the day as 3 February 2027 or ৩ ফেব্রুয়ারি ২০২৭."""
        return self.digits(f"{value.day} {_MONTHS[self.language][value.month - 1]} {value.year}")

    def short_day(self, value: date, *, year: bool = True) -> str:
        """Return the day as 3 Feb 2027 or ৩ ফেব ২০২৭, or without its year."""
        day = f"{value.day} {self.short_month(value)}"
        return self.digits(f"{day} {value.year}" if year else day)

    def short_month(self, value: date) -> str:
        """Return the short name of the day's month."""
        return _SHORT_MONTHS[self.language][value.month - 1]

    def weekday(self, value: date) -> str:
        """Return the name of the day in its week."""
        return _WEEKDAYS[self.language][value.weekday()]

    def moment(self, value: datetime) -> str:
        """Return the moment as 3 February 2027, 23:59; with seconds where it has any."""
        clock = f"{value:%H:%M:%S}" if value.second else f"{value:%H:%M}"
        return f"{self.day(value.date())}, {self.digits(clock)}"

    def listed(self, parts: list[str], *, either: bool = False) -> str:
        """Return the parts as one, two and three; with ``either``, as one, two or three."""
        if len(parts) < 2:
            return "".join(parts)
        return f"{', '.join(parts[:-1])}{(_OR if either else _AND)[self.language]}{parts[-1]}"


def _grouped(whole: str, size: int) -> str:
    """Return the digits with commas: three from the right, then groups of ``size``."""
    head, tail = whole[:-3], whole[-3:]
    groups = []
    while head:
        groups.append(head[-size:])
        head = head[:-size]
    return ",".join([*reversed(groups), tail])
