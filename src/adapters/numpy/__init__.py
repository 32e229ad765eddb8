"""Matching over arrays, with numpy (extra ``fast``)."""
