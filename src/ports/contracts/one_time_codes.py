"""What anything that checks codes of apps must do."""

import base64
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from ..one_time_codes import OneTimeCodes

SECRET = b"12345678901234567890"
STEP = timedelta(seconds=30)
# RFC 6238, appendix B, for SHA-1: the last six of its eight digits.
KNOWN = [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")]


class OneTimeCodesContract:
    """Override ``codes``."""

    @pytest.fixture
    def codes(self) -> OneTimeCodes:
        """Return what checks codes."""
        raise NotImplementedError

    @pytest.mark.parametrize(("seconds", "code"), KNOWN)
    def test_the_codes_of_the_standard_are_good_at_their_time(
        self, codes: OneTimeCodes, seconds: int, code: str
    ) -> None:
        now = datetime.fromtimestamp(seconds, UTC)

        assert codes.step_of(SECRET, code, now) == seconds // 30
        assert codes.step_of(SECRET, f" {code} ", now) == seconds // 30

    @pytest.mark.parametrize(("seconds", "code"), KNOWN[1:])
    def test_a_clock_may_be_off_by_one_step_and_no_more(self, codes: OneTimeCodes, seconds: int, code: str) -> None:
        now = datetime.fromtimestamp(seconds, UTC)

        found = [codes.step_of(SECRET, code, now + off * STEP) for off in (-2, -1, 0, 1, 2)]

        assert found == [None, seconds // 30, seconds // 30, seconds // 30, None]

    @pytest.mark.parametrize("code", ["", "287083", "28708", "0287082", "২৮৭০৮২", "287 082", "\ud800", "2" * 5000])
    def test_any_other_text_is_no_code(self, codes: OneTimeCodes, code: str) -> None:
        assert codes.step_of(SECRET, code, datetime.fromtimestamp(59, UTC)) is None

    def test_the_code_of_another_secret_is_none(self, codes: OneTimeCodes) -> None:
        assert codes.step_of(SECRET[::-1], "287082", datetime.fromtimestamp(59, UTC)) is None

    def test_an_app_is_told_the_secret_whose_it_is_and_of_which_service(self, codes: OneTimeCodes) -> None:
        address = urlsplit(codes.address(SECRET, "student+1@example.org", "Higher Study"))

        asked = parse_qs(address.query)
        assert (address.scheme, address.netloc) == ("otpauth", "totp")
        assert unquote(address.path) == "/Higher Study:student+1@example.org"
        assert (asked["secret"], asked["issuer"]) == ([codes.text(SECRET)], ["Higher Study"])

    def test_the_secret_can_be_typed(self, codes: OneTimeCodes) -> None:
        text = codes.text(SECRET)

        assert base64.b32decode(text + "=" * (-len(text) % 8)) == SECRET
