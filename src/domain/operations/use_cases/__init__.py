"""What administrators do to look after the system, and what it looks after by itself."""
