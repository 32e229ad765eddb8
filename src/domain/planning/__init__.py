"""The dated plan that replans itself: pathways scheduled over a student's targets. Deep."""
