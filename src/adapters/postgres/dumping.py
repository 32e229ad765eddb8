"""The whole database as one file, and back: by PostgreSQL's own pg_dump and pg_restore."""

from __future__ import annotations

import asyncio
import os
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote, urlsplit

import asyncpg

from ...domain.shared.errors import Reason
from ...ports.errors import Unavailable
from .connecting import plain_url

_LONGEST = 500


async def major_of(url: str) -> int:
    """Return the major version of the server; raise what asyncpg raises where it cannot be had."""
    connection = await asyncpg.connect(plain_url(url), timeout=10)
    try:
        return connection.get_server_version().major
    finally:
        await connection.close()


async def is_empty(url: str) -> bool:
    """Whether the database has no table yet."""
    connection = await asyncpg.connect(plain_url(url), timeout=10)
    try:
        found = await connection.fetchval(
            "SELECT EXISTS (SELECT FROM pg_class JOIN pg_namespace spaces ON spaces.oid = relnamespace"
            " WHERE relkind IN ('r', 'p', 'v', 'm') AND nspname NOT IN ('pg_catalog', 'information_schema')"
            " AND nspname NOT LIKE 'pg_toast%')"
        )
        return not found
    finally:
        await connection.close()


def programs_for(major: int, found: Iterable[tuple[int, Path]]) -> Path:
    """Return the folder of the programs that can dump a server of the major version: of those, or of the next newer.

    ``found`` are major versions with their folders. Raises Unavailable where there are none.
    """
    fitting = sorted((one, folder) for one, folder in found if one >= major and (folder / "pg_dump").exists())
    if not fitting:
        raise Unavailable(Reason("backup.no_programs", {"major": major}))
    return fitting[0][1]


async def dump(programs: Path, url: str, target: Path) -> None:
    """Write the database as it is at one moment to the file, in pg_dump's own compressed form.

    Nobody is kept from working meanwhile. Owners and rights are left out: ``migrate`` gives them. Raises Unavailable
    with what pg_dump said.
    """
    await _run(
        programs / "pg_dump",
        url,
        ["--format=custom", "--no-owner", "--no-privileges", f"--file={target}"],
        "backup.not_dumped",
    )


async def restore(programs: Path, url: str, source: Path) -> None:
    """Fill an empty database with what the file holds: all of it, or nothing. Raises Unavailable with what
    pg_restore said."""
    options = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", str(source)]
    await _run(programs / "pg_restore", url, options, "backup.not_restored")


async def _run(program: Path, url: str, options: list[str], code: str) -> None:
    place = urlsplit(plain_url(url))
    without = place._replace(netloc=place.netloc.rpartition("@")[2])
    if place.username:
        without = without._replace(netloc=f"{place.username}@{without.netloc}")
    environment = {"PATH": os.defpath, "LC_ALL": "C"}
    if place.password:  # never among the arguments, which everybody on the machine can read
        environment["PGPASSWORD"] = unquote(place.password)
    process = await asyncio.create_subprocess_exec(
        str(program), f"--dbname={without.geturl()}", *options, stdin=DEVNULL, stdout=DEVNULL, stderr=PIPE,
        env=environment,
    )  # fmt: skip
    try:
        _, said = await process.communicate()
    except BaseException:  # whoever waited is gone: so is it
        if process.returncode is None:
            process.kill()
            await process.wait()
        raise
    if process.returncode != 0:
        lines = said.decode(errors="replace").strip()
        detail = lines[-_LONGEST:].replace("\n", " ")
        raise Unavailable(Reason(code, {"detail": detail}))
