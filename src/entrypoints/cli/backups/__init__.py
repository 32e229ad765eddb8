"""Commands that take backups and put them back."""
