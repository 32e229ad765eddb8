"""Mail by any server that speaks SMTP."""
