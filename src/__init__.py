"""Preparation to higher study: from the wish to study abroad to the flight."""
