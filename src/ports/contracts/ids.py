"""What anything that makes ids must do."""

from uuid import RFC_4122

import pytest

from ..ids import Ids


class IdsContract:
    """Override ``ids``."""

    @pytest.fixture
    def ids(self) -> Ids:
        """Return what makes ids."""
        raise NotImplementedError

    def test_ids_are_of_version_seven(self, ids: Ids) -> None:
        new = ids.new()

        assert (new.version, new.variant) == (7, RFC_4122)

    def test_no_id_comes_twice_and_each_is_above_the_one_before(self, ids: Ids) -> None:
        made = [ids.new() for _ in range(5000)]

        assert made == sorted(set(made))
