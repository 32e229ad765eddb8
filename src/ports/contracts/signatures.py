"""What anything that signs seals must do."""

import pytest

from ..signatures import Signatures


class SignaturesContract:
    """Override ``signatures`` and ``others``, which is of another key and is not accepted by the first."""

    @pytest.fixture
    def signatures(self) -> Signatures:
        """Return one that signs."""
        raise NotImplementedError

    @pytest.fixture
    def others(self) -> Signatures:
        """Return one of another key."""
        raise NotImplementedError

    def test_what_was_signed_is_verified_by_the_name_of_its_key(self, signatures: Signatures) -> None:
        key, signature = signatures.sign(b"a seal")

        assert signatures.verify(key, b"a seal", signature) is True

    def test_other_content_and_other_signatures_are_refused(self, signatures: Signatures) -> None:
        key, signature = signatures.sign(b"a seal")
        wrong = bytes([signature[0] ^ 1]) + signature[1:]

        assert signatures.verify(key, b"another seal", signature) is False
        assert [signatures.verify(key, b"a seal", one) for one in (wrong, b"", signature + b"0")] == [False] * 3

    def test_a_key_that_is_not_known_can_be_told_from_a_wrong_signature(
        self, signatures: Signatures, others: Signatures
    ) -> None:
        key, signature = others.sign(b"a seal")

        assert signatures.verify(key, b"a seal", signature) is None
        assert signatures.verify(signatures.sign(b"")[0], b"a seal", signature) is False
