"""Access tokens as signed JSON (JWT, RFC 7519) with Ed25519 keys (RFC 8037)."""
