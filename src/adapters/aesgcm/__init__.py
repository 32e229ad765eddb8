"""Sealing with AES-256-GCM, by the library cryptography."""
