"""Calendars as files that every calendar program subscribes to (iCalendar, RFC 5545)."""
