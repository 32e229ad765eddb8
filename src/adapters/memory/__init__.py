"""Everything in memory: for unit tests, and for teams that embed the rules without a server. Nothing outlives it."""
