"""Mail by SendGrid, and what SendGrid reports of it."""
