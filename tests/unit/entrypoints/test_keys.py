"""What a server keeps between its starts is made once, also when two start at the same moment."""

import secrets
from pathlib import Path

import pytest

from higherstudy.entrypoints.parts import keys


def test_of_two_first_starts_at_once_both_sign_links_with_the_same_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "keys" / "links.key"

    def another_start_comes_between(count: int) -> bytes:
        path.write_bytes(b"o" * 32)
        return b"m" * count

    monkeypatch.setattr(secrets, "token_bytes", another_start_comes_between)

    assert keys._key(path) == b"o" * 32
    assert path.read_bytes() == b"o" * 32


def test_the_key_is_made_once_and_only_we_can_read_it(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "links.key"

    first = keys._key(path)
    again = keys._key(path)

    assert (len(first), again == first, path.stat().st_mode & 0o077) == (32, True, 0)
    assert [each.name for each in path.parent.iterdir()] == ["links.key"]
