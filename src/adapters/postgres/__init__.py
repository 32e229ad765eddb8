"""Keeps everything in PostgreSQL 15 or newer, with SQLAlchemy Core over asyncpg."""
