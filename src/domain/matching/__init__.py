"""Verdicts: what a programme requires held against what a student has, explained. Deep."""
