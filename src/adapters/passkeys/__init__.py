"""Passkeys (WebAuthn) by the library webauthn."""
