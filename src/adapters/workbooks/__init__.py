"""Reads catalogues from files: the Australian register's workbook as issued, our CSV form, and our TOML form."""
