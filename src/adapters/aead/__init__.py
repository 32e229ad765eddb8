"""Seals small secrets with AES-256-GCM (RFC 5116)."""
