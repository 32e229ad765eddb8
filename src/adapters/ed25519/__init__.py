"""Signatures by Ed25519 (RFC 8032)."""
