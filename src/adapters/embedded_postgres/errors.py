"""What the launcher says when it cannot do its work."""


class CannotStart(Exception):
    """The embedded PostgreSQL cannot be started; the message says why and what to do."""
