"""Tables as comma-separated values (RFC 4180), by the standard library."""
