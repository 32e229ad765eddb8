"""Counselling: whom of her students a counsellor sees to first, and why. A view of plans and papers, never stored."""
