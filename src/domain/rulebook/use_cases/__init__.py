"""Taking packs in, and letting other editions come into force."""
