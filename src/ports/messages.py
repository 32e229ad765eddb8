"""Where the sentences for codes come from."""

from typing import Protocol, runtime_checkable

from ..domain.shared.errors import Params


@runtime_checkable
class Messages(Protocol):
    """Turns codes with parameters into sentences of one language."""

    def sentence(self, code: str, params: Params | None = None) -> str:
        """Return the sentence for the code; a code without one still gives something that can be read."""
        ...
