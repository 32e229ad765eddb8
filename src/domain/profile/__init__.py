"""Who prepares, and for what. Plain data, read strictly; what is unknown is None, never zero."""
