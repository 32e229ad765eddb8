"""What can be done with verdicts: asking for them, and saying something over them."""
