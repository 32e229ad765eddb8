"""Redis: copies of answers, counts of the limits, and the doorbell of jobs; all of it may be lost at any time."""
