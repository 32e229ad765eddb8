"""What is wrong with a pack."""

from ..shared.errors import Invalid


class BrokenPack(Invalid):
    """The rule pack cannot be used; nothing of it was loaded."""

    code = "broken_pack"
