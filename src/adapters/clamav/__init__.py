"""Asks a clamd whether files are harmful."""
