"""Looking after the system itself: its jobs, and what it need not keep for ever. Plain, without rules of its own."""
