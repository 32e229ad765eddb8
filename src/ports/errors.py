"""What adapters say when the world does not answer."""

from ..domain.shared.errors import Conflict, DomainError


class Unavailable(DomainError):
    """A part that this needs does not answer now; trying again later may help."""

    code = "unavailable"


class NotKept(Unavailable):
    """The connection was lost before anything was kept; the whole unit of work may be tried anew."""


class PerhapsKept(Unavailable):
    """The connection was lost while the unit of work was being kept: it may have been, or not."""


class RolledBack(Conflict):
    """Another unit of work stood in the way, and this one was undone; the whole of it may be tried anew."""


class Unreadable(Unavailable):
    """What is kept cannot be read: it was changed, cut short, or belongs elsewhere."""

    code = "unreadable"
