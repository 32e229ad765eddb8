"""Backups: what an installation keeps, as archives that are checked before anything is put back."""
