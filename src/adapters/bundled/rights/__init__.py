"""Purposes of personal data and rules of retention, as data."""
