"""Signing in at the certified provider, and what it refuses."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import uuid4

import httpx2
import pytest

import servers
from higherstudy.adapters.oidc.providers import OidcIdentityProviders
from higherstudy.adapters.oidc.trusted import Patience, Trusted
from higherstudy.adapters.system.clock import SystemClock
from higherstudy.domain.identity.errors import ProviderRefused
from higherstudy.domain.identity.provider_sign_in import Way
from higherstudy.ports.contracts.identity_providers import PROVIDER, IdentityProvidersContract, SignIn
from higherstudy.ports.identity_providers import IdentityProviders
from servers.oidc_provider import ACR_OF_TWO_FACTORS, CLIENT, REDIRECT, SECRET, TWO_FACTORS, came_back, signed_in

PATIENCE = Patience(answer=timedelta(seconds=30))


def over(
    university: servers.OwnOidcProvider, redirect: str = REDIRECT, client: str = CLIENT, **more: Any
) -> OidcIdentityProviders:
    trusted = Trusted(PROVIDER, "My University", university.issuer, client, SECRET, loopback_http=True, **more)
    return OidcIdentityProviders([trusted], redirect, SystemClock(), PATIENCE)


def a_way() -> Way:
    return Way.of(str(uuid4()))


@pytest.fixture
async def ours(university: servers.OwnOidcProvider) -> AsyncIterator[OidcIdentityProviders]:
    providers = over(university)
    yield providers
    await providers.close()


class TestOidcIdentityProviders(IdentityProvidersContract):
    @pytest.fixture
    async def providers(self, ours: OidcIdentityProviders) -> IdentityProviders:
        return ours

    @pytest.fixture
    def sign_in(self) -> SignIn:
        return signed_in


async def test_what_one_process_began_another_one_finishes(
    university: servers.OwnOidcProvider, ours: OidcIdentityProviders
) -> None:
    another, way = over(university), a_way()

    _, answer = await signed_in(await ours.begin(PROVIDER, way))
    identity = await another.finish(PROVIDER, way, answer)
    await another.close()

    assert identity.subject == "student"


async def test_the_provider_refuses_another_verifier(ours: OidcIdentityProviders) -> None:
    way = a_way()
    _, answer = await signed_in(await ours.begin(PROVIDER, way))

    with pytest.raises(ProviderRefused) as refused:
        await ours.finish(PROVIDER, Way(way.state, way.nonce, a_way().verifier), answer)

    assert refused.value.reasons[0].params["because"] == "token_invalid_grant"


async def test_the_provider_refuses_a_code_that_comes_again(ours: OidcIdentityProviders) -> None:
    way = a_way()
    _, answer = await signed_in(await ours.begin(PROVIDER, way))
    await ours.finish(PROVIDER, way, answer)

    with pytest.raises(ProviderRefused) as refused:
        await ours.finish(PROVIDER, way, answer)

    assert refused.value.reasons[0].params["because"] == "token_invalid_grant"


async def test_the_provider_refuses_to_begin_without_a_challenge(ours: OidcIdentityProviders) -> None:
    place, _, query = (await ours.begin(PROVIDER, a_way())).partition("?")
    without = [(name, value) for name, value in parse_qsl(query) if not name.startswith("code_challenge")]

    back = await came_back(f"{place}?{urlencode(without)}")

    assert back["error"] == "invalid_request"
    assert "PKCE" in back["error_description"]
    assert "code" not in back


async def test_what_is_sent_is_the_whole_question_and_no_more(ours: OidcIdentityProviders) -> None:
    way = a_way()

    sent = dict(parse_qsl(urlsplit(await ours.begin(PROVIDER, way)).query))

    assert sent == {
        "response_type": "code",
        "client_id": CLIENT,
        "redirect_uri": REDIRECT,
        "scope": "openid email profile",
        "state": way.state,
        "nonce": way.nonce,
        "code_challenge": way.challenge,
        "code_challenge_method": "S256",
    }


async def test_the_provider_sends_nobody_to_another_address(university: servers.OwnOidcProvider) -> None:
    for other in (f"{REDIRECT}/", f"{REDIRECT}?to=elsewhere", "https://elsewhere.example/v1/sign-in/callback"):
        providers = over(university, other)
        address = await providers.begin(PROVIDER, a_way())
        async with httpx2.AsyncClient(timeout=30) as browser:
            answer = await browser.get(address)
        await providers.close()

        assert (answer.status_code, answer.headers.get("location")) == (400, None)
        assert "redirect_uri" in answer.text


async def test_a_code_that_was_given_for_one_redirect_address_is_not_redeemed_for_another(
    university: servers.OwnOidcProvider, ours: OidcIdentityProviders
) -> None:
    way, elsewhere = a_way(), over(university, "https://elsewhere.example/v1/sign-in/callback")
    _, answer = await signed_in(await ours.begin(PROVIDER, way))

    with pytest.raises(ProviderRefused):
        await elsewhere.finish(PROVIDER, way, answer)
    await elsewhere.close()


async def test_a_wrong_secret_of_ours_is_refused_and_stands_in_no_error(university: servers.OwnOidcProvider) -> None:
    wrong = Trusted(PROVIDER, "My University", university.issuer, CLIENT, "not-the-secret", loopback_http=True)
    providers, way = OidcIdentityProviders([wrong], REDIRECT, SystemClock(), PATIENCE), a_way()
    _, answer = await signed_in(await providers.begin(PROVIDER, way))

    with pytest.raises(ProviderRefused) as refused:
        await providers.finish(PROVIDER, way, answer)
    await providers.close()

    assert refused.value.reasons[0].params["because"] == "token_invalid_client"
    assert "not-the-secret" not in f"{refused.value} {refused.value.reasons} {wrong}"


@pytest.mark.parametrize(
    ("more", "password", "are_two"),
    [
        ({"two_factor_acr": frozenset({ACR_OF_TWO_FACTORS})}, TWO_FACTORS, True),
        ({"two_factor_amr": frozenset({frozenset({"pwd", "otp"})})}, TWO_FACTORS, True),
        ({"two_factor_acr": frozenset({ACR_OF_TWO_FACTORS})}, "a password", False),
        ({}, TWO_FACTORS, False),
    ],
)
async def test_what_the_provider_says_of_the_sign_in_counts_where_the_settings_say_so(
    university: servers.OwnOidcProvider, more: dict[str, Any], password: str, are_two: bool
) -> None:
    providers, way = over(university, acr_values=(ACR_OF_TWO_FACTORS,), max_age=timedelta(minutes=5), **more), a_way()
    address = await providers.begin(PROVIDER, way)

    _, answer = await signed_in(address, "student", password)
    identity = await providers.finish(PROVIDER, way, answer)
    await providers.close()

    sent = dict(parse_qsl(urlsplit(address).query))
    assert (sent["acr_values"], sent["max_age"]) == (ACR_OF_TWO_FACTORS, "300")
    assert (identity.subject, identity.two_factors) == ("student", are_two)


async def test_whoever_takes_the_age_out_of_the_question_is_not_let_in(university: servers.OwnOidcProvider) -> None:
    providers, way = over(university, max_age=timedelta(minutes=5)), a_way()
    place, _, query = (await providers.begin(PROVIDER, way)).partition("?")
    without = [(name, value) for name, value in parse_qsl(query) if name != "max_age"]

    _, answer = await signed_in(f"{place}?{urlencode(without)}")
    with pytest.raises(ProviderRefused) as refused:
        await providers.finish(PROVIDER, way, answer)
    await providers.close()

    assert refused.value.reasons[0].params["because"] == "claim_auth_time"
