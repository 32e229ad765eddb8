"""Taking catalogues in: what a file would change, what it did change, and which rows could not be taken. Deep enough
to lose nothing in silence."""
