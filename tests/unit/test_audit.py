"""The audit of our pins finds a weak one, and does not take silence for a clean bill."""

import importlib.util
import sys
import tomllib
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

REQUIREMENTS = Path(__file__).parents[2] / "requirements"


def _loaded() -> ModuleType:
    spec = importlib.util.spec_from_file_location("requirements_audit", REQUIREMENTS / "audit.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


audit: Any = _loaded()
SNAPSHOT: dict[str, Any] = tomllib.loads((REQUIREMENTS / "advisories.toml").read_text())
TODAY = SNAPSHOT["as_of"]
PINS = audit.pins_in((REQUIREMENTS / "all.txt").read_text())


def _run(tmp_path: Path, pins: str, *more: str) -> int:
    file = tmp_path / "pins.txt"
    file.write_text(pins)
    return int(audit.main(["--pins", str(file), *more], TODAY))


def test_our_own_pins_have_no_weakness_that_is_kept() -> None:
    assert len(PINS) > 150
    assert [str(found) for found in audit.by_snapshot(PINS, SNAPSHOT, TODAY)] == []


@pytest.mark.parametrize(
    "planted", [("litestar", "2.19.0"), ("pyjwt", "2.3.0"), ("cryptography", "49.0.1"), ("h11", "0.14.0")]
)
def test_a_weak_pin_that_is_planted_among_ours_is_found(planted: tuple[str, str]) -> None:
    name, version = planted

    found = audit.by_snapshot({**PINS, name: version}, SNAPSHOT, TODAY)

    assert {(one.package, one.version) for one in found} == {planted}


def test_the_command_fails_on_a_planted_pin_and_says_which(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ours = (REQUIREMENTS / "run.txt").read_text()
    pinned = f"litestar=={PINS['litestar']}"
    assert pinned in ours

    clean = _run(tmp_path, ours, "--offline")
    weak = _run(tmp_path, ours.replace(pinned, "litestar==2.19.0"), "--offline")

    assert (clean, weak) == (0, 1)
    assert "litestar 2.19.0: CVE-2026-25478" in capsys.readouterr().err


def _silent(_: object) -> tuple[list[Any], set[str]]:
    return [], set()


def _never_there(_: object) -> tuple[list[Any], set[str]]:
    raise audit.NobodyTells("there is no service")


@pytest.mark.parametrize("service", [_silent, _never_there])
def test_a_service_that_finds_nothing_planted_is_no_service(
    service: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(audit, "_asked", service)

    live = _run(tmp_path, "litestar==2.25.0\n", "--live")
    otherwise = _run(tmp_path, "litestar==2.25.0\n")
    weak = _run(tmp_path, "litestar==2.19.0\n")

    assert (live, otherwise, weak) == (2, 0, 1)
    assert "only the kept advisories count" in capsys.readouterr().err


def test_a_service_that_knows_some_pins_only_is_not_enough_where_all_have_to_be_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def knows_litestar(pins: dict[str, str]) -> tuple[list[Any], set[str]]:
        weak = [audit.Finding(name, version, "CVE", "") for name, version in pins.items() if pins == audit.PLANTED]
        return weak, {"litestar"}

    monkeypatch.setattr(audit, "_asked", knows_litestar)

    assert _run(tmp_path, "litestar==2.25.0\n", "--live") == 0
    assert _run(tmp_path, "litestar==2.25.0\nunheard-of==1.0\n", "--live") == 2


@pytest.mark.parametrize(
    "snapshot",
    [
        "as_of = 2026-11-27\nadvisories = []\n",
        "as_of = 2020-01-01\nadvisories = []\n",
        (REQUIREMENTS / "advisories.toml").read_text().replace("as_of = 2026", "as_of = 2020"),
    ],
    ids=["empty", "empty and old", "old"],
)
def test_a_snapshot_that_cannot_be_believed_fails(tmp_path: Path, snapshot: str) -> None:
    kept = tmp_path / "advisories.toml"
    kept.write_text(snapshot)

    assert _run(tmp_path, "litestar==2.25.0\n", "--offline", "--snapshot", str(kept)) == 2


def test_no_pins_at_all_fail(tmp_path: Path) -> None:
    assert _run(tmp_path, "# nothing\n", "--offline") == 2


def test_a_snapshot_is_believed_for_some_months_only() -> None:
    last = TODAY + timedelta(days=audit.OLDEST_SNAPSHOT_DAYS)

    assert audit.by_snapshot(PINS, SNAPSHOT, last) == []
    with pytest.raises(audit.NobodyTells, match="days old"):
        audit.by_snapshot(PINS, SNAPSHOT, last + timedelta(days=1))


def test_every_kept_advisory_is_about_a_package_of_ours_and_says_where_it_ends() -> None:
    ids = [one["id"] for one in SNAPSHOT["advisories"]]

    assert len(ids) == len(set(ids))
    for one in SNAPSHOT["advisories"]:
        assert one["package"] in PINS
        assert all(audit.Version(first) < audit.Version(mended) for first, mended in one["affected"])
        assert one["id"].startswith(("CVE-", "GHSA-", "PYSEC-"))


def test_pins_are_read_as_they_are_written() -> None:
    text = 'PyJWT[crypto]==2.15.1 ; python_version < "4" \\\n    --hash=sha256:00\n    # via x==9\nruamel.yaml==0.1\n'

    assert audit.pins_in(text) == {"pyjwt": "2.15.1", "ruamel-yaml": "0.1"}
