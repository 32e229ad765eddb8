"""What adapters say when the world does not answer."""

from ..domain.shared.errors import DomainError


class Unavailable(DomainError):
    """A part that this needs does not answer now; trying again later may help."""

    code = "unavailable"
