"""Verdicts on the command line."""
