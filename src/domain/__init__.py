"""The rules of preparing for higher study: standard library only, no I/O, no clock, no randomness of its own."""
