"""What any master key must do."""

from collections.abc import Callable

import pytest

from ..errors import Unavailable, Unreadable
from ..master_key import MasterKey, Wrapped

SECRET = bytes(range(32))


class MasterKeyContract:
    """Override ``master`` and ``renew``."""

    @pytest.fixture
    def master(self) -> MasterKey:
        """Return a master key."""
        raise NotImplementedError

    @pytest.fixture
    def renew(self, master: MasterKey) -> Callable[[], MasterKey]:
        """Return what makes a new version and returns the master key that wraps by it; it knows the earlier ones."""
        raise NotImplementedError

    @pytest.fixture
    def stranger(self) -> MasterKey:
        """Return a master key of another installation, of which the first one knows nothing."""
        raise NotImplementedError

    async def test_what_was_wrapped_is_unwrapped(self, master: MasterKey) -> None:
        for secret in (SECRET, b"", bytes(64)):
            wrapped = await master.wrap(secret, b"hers")
            assert await master.unwrap(wrapped, b"hers") == secret
            assert wrapped.version == master.version
            assert SECRET not in wrapped.content

    async def test_it_is_bound_to_what_was_said(self, master: MasterKey) -> None:
        wrapped = await master.wrap(SECRET, b"hers")

        with pytest.raises(Unreadable):
            await master.unwrap(wrapped, b"his")

    async def test_every_change_is_found(self, master: MasterKey) -> None:
        wrapped = await master.wrap(SECRET, b"hers")

        for content in (b"", wrapped.content[:-1], bytes([wrapped.content[0] ^ 1]) + wrapped.content[1:]):
            with pytest.raises(Unreadable):
                await master.unwrap(Wrapped(wrapped.version, content), b"hers")

    async def test_a_new_version_wraps_and_earlier_ones_still_unwrap(
        self, master: MasterKey, renew: Callable[[], MasterKey]
    ) -> None:
        old = await master.wrap(SECRET, b"hers")

        renewed = renew()
        new = await renewed.wrap(SECRET, b"hers")

        assert new.version != old.version
        assert await renewed.unwrap(old, b"hers") == await renewed.unwrap(new, b"hers") == SECRET

    async def test_a_version_of_somebody_else_is_not_known(self, master: MasterKey, stranger: MasterKey) -> None:
        wrapped = await stranger.wrap(SECRET, b"hers")

        with pytest.raises(Unavailable) as refused:
            await master.unwrap(wrapped, b"hers")

        assert [reason.code for reason in refused.value.reasons] == ["keys.unknown_master"]
