"""Keeps files, and mail that would be sent, in folders of this machine."""
