"""Secrets from the machine's randomness."""

import secrets


class SystemSecrets:
    """Makes texts of 256 random bits."""

    def new(self) -> str:
        return secrets.token_urlsafe(32)
