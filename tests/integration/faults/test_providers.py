"""The providers of the fault tests honour what the real ones honour, and keep true books."""

from collections.abc import Iterator

import httpx2
import pytest
from providers import Mood, Providers

FEE = {"reference": "attempt-1", "amount": 5000}
MAIL = {"headers": {"X-Message": "mail-1"}, "to": "ayesha@example.org"}


@pytest.fixture
def providers() -> Iterator[Providers]:
    with Providers(seed=1) as running:
        yield running


@pytest.fixture
def client(providers: Providers) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=providers.url, timeout=5) as client:
        yield client


def test_a_payment_with_a_key_that_was_seen_is_answered_again_and_charged_once(
    providers: Providers, client: httpx2.Client
) -> None:
    first, second = (client.post("/charges", json=FEE, headers={"Idempotency-Key": "attempt-1"}) for _ in range(2))

    assert first.json() == second.json()
    assert providers.books.charged == {"attempt-1": 1}
    assert client.post("/charges", json={**FEE, "amount": 1}, headers={"Idempotency-Key": "attempt-1"}).is_error


def test_a_payment_without_a_key_is_charged_each_time(providers: Providers, client: httpx2.Client) -> None:
    for _ in range(2):
        client.post("/charges", json=FEE)

    assert providers.books.twice() == {"charged": 1, "mailed": 0, "texted": 0}


def test_each_accepted_mail_and_text_is_sent(providers: Providers, client: httpx2.Client) -> None:
    for _ in range(2):
        client.post("/mail", json=MAIL)
        client.post("/texts", json={"reference": "text-1", "to": "+8801700000000"})

    assert providers.books.twice() == {"charged": 0, "mailed": 1, "texted": 1}


def test_a_provider_may_refuse_without_effect(providers: Providers, client: httpx2.Client) -> None:
    providers.mood = Mood(refuses=1)

    assert client.post("/mail", json=MAIL).status_code == 503
    assert not providers.books.mailed


def test_a_provider_may_accept_and_end_the_connection_before_it_answers(
    providers: Providers, client: httpx2.Client
) -> None:
    providers.mood = Mood(cuts=1)

    with pytest.raises(httpx2.RemoteProtocolError):
        client.post("/mail", json=MAIL)

    assert providers.books.mailed == {"mail-1": 1}


def test_a_provider_may_be_slower_than_one_waits(providers: Providers, client: httpx2.Client) -> None:
    providers.mood = Mood(slow=2)

    with pytest.raises(httpx2.ReadTimeout):
        client.post("/mail", json=MAIL, timeout=0.2)
