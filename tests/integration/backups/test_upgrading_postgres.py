"""The database of our own goes over to a newer PostgreSQL with all that is in it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import serving
from backups import run, tables

from higherstudy.adapters.archive.archive import check
from higherstudy.adapters.embedded_postgres.programs import installed
from higherstudy.adapters.embedded_postgres.server import EmbeddedPostgres

FOUND = sorted(installed(), key=lambda one: one.major)
older = pytest.mark.skipif(
    len({one.major for one in FOUND}) < 2, reason="no second major version of PostgreSQL is installed here"
)


@older
def test_everything_is_there_after_an_upgrade_and_the_old_data_stay_beside_it(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    with EmbeddedPostgres(home / "postgres", found=[FOUND[0]]):
        pass
    server = serving.start(home)
    in_use = run(home, "upgrade-postgres")
    assert server.stop()[0] == 0
    before = tables(home / "postgres")

    done = run(home, "upgrade-postgres")

    assert (in_use.returncode, "is in use" in in_use.stderr) == (1, True)
    assert done.returncode == 0, done.stderr
    assert (home / "postgres" / "data" / "PG_VERSION").read_text().strip() == str(FOUND[-1].major)
    assert tables(home / "postgres") == before
    assert [check(path).files for path in (home / "backups").glob("data-*.tar")] == [0]
    [kept] = home.glob(f"postgres-{FOUND[0].major}-*")
    assert tables(kept) == before
    server = serving.start(home)
    try:
        who = json.loads((home / "sample-accounts.json").read_text())["student"]
        with server.client() as anybody:
            assert anybody.post("/v1/sessions", json=who).status_code == 201
    finally:
        server.stop()
    assert "newest one here" in run(home, "upgrade-postgres").stdout


def test_there_is_nothing_to_upgrade_where_nothing_is_kept(tmp_path: Path) -> None:
    done = run(tmp_path / "home", "upgrade-postgres")

    assert done.returncode == 1
    assert "no database yet" in done.stderr
    assert not (tmp_path / "home").exists()
