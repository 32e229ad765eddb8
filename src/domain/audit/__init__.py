"""Who did or read what, when, from where, for whom: written once, never changed."""
