"""Asking for reports, making them in the background, handing them over, taking them away."""
