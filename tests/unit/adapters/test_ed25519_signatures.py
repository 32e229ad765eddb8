"""Ed25519 signs what any signature must, and a public key is enough to check it."""

import pytest

from higherstudy.adapters.ed25519.signatures import Ed25519Signatures
from higherstudy.ports.contracts.signatures import SignaturesContract
from higherstudy.ports.signatures import Signatures

SECRET, ANOTHER = bytes(range(32)), bytes(range(1, 33))


class TestEd25519Signatures(SignaturesContract):
    @pytest.fixture
    def signatures(self) -> Signatures:
        return Ed25519Signatures(lambda: SECRET)

    @pytest.fixture
    def others(self) -> Signatures:
        return Ed25519Signatures(lambda: ANOTHER)


def test_what_another_key_signed_is_accepted_once_its_public_half_is_known() -> None:
    former = Ed25519Signatures(lambda: ANOTHER)
    key, signature = former.sign(b"a seal")

    found = Ed25519Signatures(lambda: SECRET, [former.public_key]).verify(key, b"a seal", signature)

    assert found is True
