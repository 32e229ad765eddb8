"""How long anything in a pack may take, last or count; with more, days would run out of the calendar."""

MOST_DAYS = 3650
MOST_MONTHS = 1200
MOST_STEPS = 200
