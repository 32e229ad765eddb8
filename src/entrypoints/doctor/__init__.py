"""The doctor: what is wrong with an installation, why, and what mends it."""
