"""Codes of six digits from an app, by pyotp."""
