"""Processes on the command line: how each starts, and ends."""
