"""What is wrong with a catalogue."""

from ..shared.errors import Invalid


class BrokenCatalogue(Invalid):
    """The catalogue cannot be used; nothing of it was taken."""

    code = "broken_catalogue"
