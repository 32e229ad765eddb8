"""Keeps passwords with Argon2id (RFC 9106)."""
