"""What a server keeps between its starts is made once, also when two start at the same moment."""

import base64
import secrets
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from higherstudy.adapters.memory.clock import MemoryClock
from higherstudy.domain.identity.account import Asker
from higherstudy.domain.shared.ids import AccountId
from higherstudy.entrypoints.parts import keys
from higherstudy.entrypoints.settings import Settings, read_settings


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


NEW, OLD = "A" * 43 + "=", "B" * 42 + "A="
SOMEBODY = Asker(AccountId(UUID(int=1)), frozenset())


def test_what_another_key_signed_is_accepted_while_it_is_named(tmp_path: Path) -> None:
    home = {"HIGHERSTUDY_HOME": str(tmp_path)}
    before = keys.tokens(read_settings({**home, "TOKEN_KEY": OLD}), MemoryClock())
    during = keys.tokens(read_settings({**home, "TOKEN_KEY": NEW, "OTHER_TOKEN_KEYS": OLD}), MemoryClock())
    after = keys.tokens(read_settings({**home, "TOKEN_KEY": NEW}), MemoryClock())

    token = before.issue(SOMEBODY, timedelta(minutes=1))

    assert [one.account_of(token) for one in (during, after)] == [SOMEBODY.account_id, None]
    assert after.account_of(during.issue(SOMEBODY, timedelta(minutes=1))) == SOMEBODY.account_id
    assert [len(one.public_keys()) for one in (before, during, after)] == [1, 2, 1]


def test_a_key_that_was_put_aside_in_the_home_is_accepted(tmp_path: Path) -> None:
    settings = read_settings({"HIGHERSTUDY_HOME": str(tmp_path)})
    token = keys.tokens(settings, MemoryClock()).issue(SOMEBODY, timedelta(minutes=1))

    (tmp_path / "keys" / "tokens.pem").rename(tmp_path / "keys" / "tokens-old.pem")
    now = keys.tokens(settings, MemoryClock())

    assert now.account_of(token) == SOMEBODY.account_id
    assert len(now.public_keys()) == 2


def test_the_key_of_the_audit_trail_is_made_when_it_is_first_needed_and_stays(tmp_path: Path) -> None:
    signatures, path = keys.audit_signatures(_settings(tmp_path)), tmp_path / "keys" / "audit.key"
    assert not path.exists()

    key, signature = signatures.sign(b"a seal")

    assert path.stat().st_mode & 0o777 == 0o600
    assert keys.audit_signatures(_settings(tmp_path)).verify(key, b"a seal", signature) is True


def test_seals_of_a_former_key_are_accepted_by_its_public_half(tmp_path: Path) -> None:
    former = keys.audit_signatures(_settings(tmp_path / "former"))
    key, signature = former.sign(b"a seal")
    public = base64.b64encode(former.public_key).decode()

    new = keys.audit_signatures(_settings(tmp_path / "new", AUDIT_PUBLIC_KEYS=public))

    assert new.verify(key, b"a seal", signature) is True


def _settings(home: Path, **variables: str) -> Settings:
    return read_settings({"HIGHERSTUDY_HOME": str(home), **variables})
