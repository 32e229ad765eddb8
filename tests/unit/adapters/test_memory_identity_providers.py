"""Providers in memory do what every way to ask providers must."""

import pytest

from higherstudy.adapters.memory.identity_providers import MemoryIdentityProviders
from higherstudy.domain.identity.linked_identity import Identity
from higherstudy.ports.contracts.identity_providers import PROVIDER, IdentityProvidersContract, SignIn
from higherstudy.ports.identity_providers import Answer, IdentityProviders, Provider


class TestMemoryIdentityProviders(IdentityProvidersContract):
    @pytest.fixture
    def providers(self) -> IdentityProviders:
        return MemoryIdentityProviders([Provider(PROVIDER, "My University", "https://login.university.example")])

    @pytest.fixture
    def sign_in(self, providers: IdentityProviders) -> SignIn:
        assert isinstance(providers, MemoryIdentityProviders)

        async def signed_in(address: str, name: str) -> tuple[str, Answer]:
            email = f"{name}@university.example"
            return providers.sign_in(address, Identity("", name, email, email_verified=True, name=name.upper()))

        return signed_in
