"""What any scanner must do."""

from collections.abc import AsyncIterator

import pytest

from ..errors import Unavailable
from ..scanner import Scanner

# Half of the file that every scanner finds and that harms nobody (https://www.eicar.org); the whole stands nowhere
# here, since scanners would take this module away.
_EICAR = (r"X5O!P%@AP[4\PZX54(P^)7CC)7}", r"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*")


def harmless_proof() -> bytes:
    """Return the content of the test file that every scanner has to find."""
    return "".join(_EICAR).encode()


class ScannerContract:
    """Override ``scanner`` with one that knows the EICAR test file, and ``away`` with one that nobody answers for."""

    @pytest.fixture
    def scanner(self) -> Scanner:
        """Return a scanner."""
        raise NotImplementedError

    @pytest.fixture
    def away(self) -> Scanner:
        """Return a scanner that cannot tell."""
        raise NotImplementedError

    async def test_harmless_content_is_clean(self, scanner: Scanner) -> None:
        assert await scanner.scan(_pieces(b"%PDF-1.7 a transcript", 7)) is None

    async def test_what_harms_is_found_and_named(self, scanner: Scanner) -> None:
        found = await scanner.scan(_pieces(harmless_proof(), 9))

        assert found
        assert "eicar" in found.casefold()

    async def test_content_of_some_megabytes_is_read_to_its_end(self, scanner: Scanner) -> None:
        given = 0

        async def large() -> AsyncIterator[bytes]:
            nonlocal given
            for _ in range(48):
                given += 65536
                yield bytes(65536)

        assert await scanner.scan(large()) is None
        assert given == 48 * 65536

    async def test_nobody_is_told_that_content_is_clean_when_nobody_can_tell(self, away: Scanner) -> None:
        with pytest.raises(Unavailable):
            await away.scan(_pieces(b"%PDF-1.7 a transcript", 7))

    async def test_content_that_breaks_off_is_no_verdict(self, scanner: Scanner) -> None:
        async def broken() -> AsyncIterator[bytes]:
            yield b"%PDF-1.7"
            raise ConnectionResetError

        with pytest.raises(ConnectionResetError):
            await scanner.scan(broken())


async def _pieces(content: bytes, size: int) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]
