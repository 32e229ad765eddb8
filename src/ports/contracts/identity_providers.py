"""What any way to ask identity providers must do."""

from collections.abc import Awaitable, Callable
from uuid import uuid4

import pytest

from ...domain.identity.errors import ProviderRefused
from ...domain.identity.provider_sign_in import Way
from ...domain.shared.errors import NotFound
from ..identity_providers import Answer, IdentityProviders

PROVIDER = "university"
SignIn = Callable[[str, str], Awaitable[tuple[str, Answer]]]
"""Lets the person of a name sign in at the address that a browser was sent to; gives the state and the answer that
come back."""


class IdentityProvidersContract:
    """Override ``providers`` with some of which one has the id ``university``, and ``sign_in`` for that one.

    It knows whoever signs in by a name in small letters, with a verified address ``<name>@university.example``, and
    calls her by that name in capitals. Its answers say whose they are (RFC 9207).
    """

    @pytest.fixture
    def providers(self) -> IdentityProviders:
        """Return what asks the providers."""
        raise NotImplementedError

    @pytest.fixture
    def sign_in(self, providers: IdentityProviders) -> SignIn:
        """Return what does what a person and her browser do."""
        raise NotImplementedError

    async def test_providers_are_offered_by_id_and_name(self, providers: IdentityProviders) -> None:
        offered = {one.id: one for one in providers.offered()}

        assert offered[PROVIDER].name
        assert len(offered) == len(providers.offered())

    async def test_a_provider_that_is_not_offered_is_not_there(self, providers: IdentityProviders) -> None:
        with pytest.raises(NotFound):
            await providers.begin("another", _a_way())
        with pytest.raises(NotFound):
            await providers.finish("another", _a_way(), Answer("code"))

    async def test_whoever_signs_in_there_is_known_here(self, providers: IdentityProviders, sign_in: SignIn) -> None:
        way = _a_way()

        state, answer = await sign_in(await providers.begin(PROVIDER, way), "student")
        identity = await providers.finish(PROVIDER, way, answer)

        issuer = next(one.issuer for one in providers.offered() if one.id == PROVIDER)
        assert state == way.state
        assert answer.issuer == identity.issuer == issuer
        assert identity.subject
        assert (identity.email, identity.email_verified) == ("student@university.example", True)
        assert identity.name == "STUDENT"

    async def test_the_address_tells_neither_the_verifier_nor_the_secret(self, providers: IdentityProviders) -> None:
        secret = str(uuid4())
        way = Way.of(secret)

        address = await providers.begin(PROVIDER, way)

        assert way.verifier not in address
        assert secret not in address
        assert all(one in address for one in (way.state, way.nonce, way.challenge))

    async def test_the_same_person_is_the_same_each_time_and_another_is_another(
        self, providers: IdentityProviders, sign_in: SignIn
    ) -> None:
        found = []
        for name in ("student", "student", "teacher"):
            way = _a_way()
            _, answer = await sign_in(await providers.begin(PROVIDER, way), name)
            found.append(await providers.finish(PROVIDER, way, answer))

        assert found[0] == found[1]
        assert found[0].subject != found[2].subject

    async def test_a_code_is_good_once(self, providers: IdentityProviders, sign_in: SignIn) -> None:
        way = _a_way()
        _, answer = await sign_in(await providers.begin(PROVIDER, way), "student")
        await providers.finish(PROVIDER, way, answer)

        with pytest.raises(ProviderRefused):
            await providers.finish(PROVIDER, way, answer)

    async def test_a_code_is_good_for_the_way_alone_that_it_was_given_on(
        self, providers: IdentityProviders, sign_in: SignIn
    ) -> None:
        way, another = _a_way(), _a_way()
        _, answer = await sign_in(await providers.begin(PROVIDER, way), "student")

        with pytest.raises(ProviderRefused):
            await providers.finish(PROVIDER, another, answer)

    async def test_an_answer_to_another_nonce_is_refused(self, providers: IdentityProviders, sign_in: SignIn) -> None:
        way, another = _a_way(), _a_way()
        _, answer = await sign_in(await providers.begin(PROVIDER, way), "student")

        with pytest.raises(ProviderRefused):
            await providers.finish(PROVIDER, Way(way.state, another.nonce, way.verifier), answer)

    async def test_an_answer_of_another_issuer_is_refused(self, providers: IdentityProviders, sign_in: SignIn) -> None:
        for issuer in ("https://another.example", ""):
            way = _a_way()
            _, answer = await sign_in(await providers.begin(PROVIDER, way), "student")

            with pytest.raises(ProviderRefused):
                await providers.finish(PROVIDER, way, answer._replace(issuer=issuer))

    @pytest.mark.parametrize("code", ["", "invented", "x" * 2000, "কোড", "a\r\nb: c"])
    async def test_a_code_that_nobody_gave_is_refused(self, providers: IdentityProviders, code: str) -> None:
        issuer = next(one.issuer for one in providers.offered() if one.id == PROVIDER)

        with pytest.raises(ProviderRefused):
            await providers.finish(PROVIDER, _a_way(), Answer(code, issuer=issuer))

    async def test_whoever_declines_is_not_signed_in(self, providers: IdentityProviders) -> None:
        issuer = next(one.issuer for one in providers.offered() if one.id == PROVIDER)

        with pytest.raises(ProviderRefused) as refused:
            await providers.finish(PROVIDER, _a_way(), Answer(error="access_denied", issuer=issuer))

        assert [one.code for one in refused.value.reasons] == ["provider.declined"]


def _a_way() -> Way:
    return Way.of(str(uuid4()))
