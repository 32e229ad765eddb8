"""Workbooks for spreadsheet programs, by XlsxWriter: row by row, none of them kept."""
