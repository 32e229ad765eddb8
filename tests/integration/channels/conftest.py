"""Services that speak as the real ones do, on this machine."""

from collections.abc import Iterator

import pytest

from servers.fake_sendgrid import FakeSendGrid, fake_sendgrid
from servers.fake_twilio import FakeTwilio, fake_twilio


@pytest.fixture
def sendgrid() -> Iterator[FakeSendGrid]:
    """A SendGrid that has taken nothing yet."""
    with fake_sendgrid() as service:
        yield service


@pytest.fixture
def twilio() -> Iterator[FakeTwilio]:
    """A Twilio that has taken nothing yet."""
    with fake_twilio() as service:
        yield service
