"""A certified provider, and one that says whatever a test wants."""

from collections.abc import Iterator

import pytest
from joserfc.jwk import RSAKey

import servers
from servers.oidc_provider import node
from servers.strange_provider import StrangeProvider, an_rsa_key, strange_provider


@pytest.fixture(scope="session")
def university() -> Iterator[servers.OwnOidcProvider]:
    """One running provider for the whole run."""
    if node() is None:
        pytest.skip("node or npm is not installed, in which the certified provider runs")
    with servers.oidc_provider.oidc_provider() as provider:
        yield provider


@pytest.fixture(scope="session")
def provider_key() -> RSAKey:
    """The key of the strange provider."""
    return an_rsa_key("first")


@pytest.fixture
def strange(provider_key: RSAKey) -> Iterator[StrangeProvider]:
    """A provider that is in order until the test says otherwise."""
    with strange_provider(provider_key) as provider:
        yield provider
