"""The commands about rule packs."""
