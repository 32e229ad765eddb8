"""Analytics by Segment, through its own library."""
