"""The units that figures are stated in, so that a slip of the pen is no new unit."""

from ..shared.currencies import CURRENCIES

_OF_TIME = frozenset({"minutes", "hours", "days", "working_days", "weeks", "months", "years", "semesters"})
_COUNTED = frozenset({"attempts", "applications", "people", "children", "papers", "copies", "cards", "letters"})
_OF_TEXT = frozenset({"words", "pages", "characters"})
_MEASURED = frozenset({"points", "percent", "credits", "MB", "pixels", "mm", "cm", "kg"})
UNITS = _OF_TIME | _COUNTED | _OF_TEXT | _MEASURED
_SPANS = frozenset({"hour", "day", "week", "month", "year", "semester", "term", "trimester", "quarter", "stay"})
PERIODS = _SPANS | {"application", "programme", "person", "child", "page", "credit", "module"}
"""What an amount of money may be for, behind the slash: EUR/month."""


def is_unit(text: str) -> bool:
    """Whether the text is a unit: one of the words, a currency (ISO 4217), or an amount of one for each of something.

    A grade counts on a scale, whose id serves as a unit too; which there are only a rulebook knows.
    """
    currency, slash, period = text.partition("/")
    if slash:
        return currency in CURRENCIES and period in PERIODS
    return text in UNITS or text in CURRENCIES
