"""What anything that makes secrets must do."""

import re

import pytest

from ..secrets import Secrets


class SecretsContract:
    """Override ``secrets``."""

    @pytest.fixture
    def secrets(self) -> Secrets:
        """Return what makes secrets."""
        raise NotImplementedError

    def test_no_secret_comes_twice(self, secrets: Secrets) -> None:
        assert len({secrets.new() for _ in range(1000)}) == 1000

    def test_a_secret_fits_into_an_address(self, secrets: Secrets) -> None:
        assert re.fullmatch(r"[A-Za-z0-9_-]{22,}", secrets.new())
