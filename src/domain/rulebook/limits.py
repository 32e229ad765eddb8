"""How long anything in a pack may take or last; with more, days would run out of the calendar."""

MOST_DAYS = 3650
MOST_MONTHS = 1200
