"""What is quicker in arrays: the extra ``fast``."""
