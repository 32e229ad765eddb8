"""Institutions, programmes, intakes and what they require. Plain data with provenance, read strictly."""
