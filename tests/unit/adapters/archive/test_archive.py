"""What archives take, and what is refused of one that was cut, changed, or made by somebody else."""

import io
import json
import tarfile
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from higherstudy.adapters.archive.archive import check, members, new_archive
from higherstudy.adapters.archive.manifest import Kind
from higherstudy.domain.shared.errors import Invalid

AT = datetime(2026, 11, 27, 2, 30, tzinfo=UTC)
CONTENT = b"%PDF a paper" * 1000
FILE = f"files/{sha256(CONTENT).hexdigest()}"


def written(target: Path) -> Path:
    with new_archive(target, Kind.DATA, AT) as archive:
        archive.add_bytes("settings.json", b"[]")
        archive.add_bytes("database.dump", b"PGDMP...")
        archive.add_bytes(FILE, CONTENT)
        archive.end(release="0.1.0", schema="0028", postgres="18")
    return target


def refused(path: Path) -> str:
    with pytest.raises(Invalid) as error:
        check(path)
    return error.value.reasons[0].code


def test_what_was_written_is_read_back_with_what_the_archive_says_of_itself(tmp_path: Path) -> None:
    path = written(tmp_path / "data.tar")

    manifest = check(path)

    assert (manifest.kind, manifest.taken_at, manifest.schema, manifest.files) == (Kind.DATA, AT, "0028", 1)
    assert {name: content.read() for name, content in members(path)} == {
        "settings.json": b"[]",
        "database.dump": b"PGDMP...",
        FILE: CONTENT,
    }
    assert path.stat().st_mode & 0o077 == 0
    assert [one.name for one in tmp_path.iterdir()] == ["data.tar"]


def test_equal_content_gives_equal_bytes(tmp_path: Path) -> None:
    assert written(tmp_path / "one.tar").read_bytes() == written(tmp_path / "two.tar").read_bytes()


def test_an_archive_whose_writing_fails_was_never_there(tmp_path: Path) -> None:
    def cut_short() -> None:
        with new_archive(tmp_path / "data.tar", Kind.DATA, AT) as archive:
            archive.add_bytes("settings.json", b"[]")
            raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        cut_short()

    assert list(tmp_path.iterdir()) == []


def test_an_archive_that_was_cut_anywhere_is_refused(tmp_path: Path) -> None:
    whole = written(tmp_path / "data.tar").read_bytes()
    manifest_ends = whole.rindex(b"}") + 1

    for length in [*range(512, manifest_ends, 512), manifest_ends - 1]:
        cut = tmp_path / "cut.tar"
        cut.write_bytes(whole[:length])
        assert refused(cut) in ("backup.cut_short", "backup.no_archive"), length


def test_every_changed_byte_of_a_member_is_found(tmp_path: Path) -> None:
    path = written(tmp_path / "data.tar")
    whole = bytearray(path.read_bytes())
    for found in (b"PGDMP", b"%PDF a paper", b'"size":2'):
        changed = bytearray(whole)
        changed[changed.index(found) + len(found) - 1] ^= 1
        path.write_bytes(bytes(changed))

        assert refused(path) == "backup.member_differs"


@pytest.mark.parametrize("content", [b"", b"no archive", bytes(20_000), b"\xff" * 20_000])
def test_a_file_of_another_kind_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "other").write_bytes(content)

    assert refused(tmp_path / "other") in ("backup.no_archive", "backup.cut_short")


def _said(**changes: Any) -> bytes:
    said = {"format": 1, "kind": "data", "taken_at": AT.isoformat(), "release": "1", "members": {}}
    return json.dumps({**said, **changes}).encode()


def _tar(path: Path, add: Callable[[tarfile.TarFile], None], said: bytes) -> Path:
    with tarfile.open(path, "w") as tar:
        add(tar)
        info = tarfile.TarInfo("manifest.json")
        info.size = len(said)
        tar.addfile(info, io.BytesIO(said))
    return path


@pytest.mark.parametrize("name", ["../outside", "/etc/passwd", "files/../../x", "keys/master.key", "files/abc"])
def test_no_other_name_is_taken_from_an_archive(tmp_path: Path, name: str) -> None:
    member = {"size": 1, "sha256": sha256(b"x").hexdigest()}

    def add(tar: tarfile.TarFile) -> None:
        info = tarfile.TarInfo(name)
        info.size = 1
        tar.addfile(info, io.BytesIO(b"x"))

    assert refused(_tar(tmp_path / "a.tar", add, _said(members={name: member}))) == "backup.strange_member"


def test_links_and_devices_are_refused(tmp_path: Path) -> None:
    for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE):

        def add(tar: tarfile.TarFile, kind: bytes = kind) -> None:
            info = tarfile.TarInfo("settings.json")
            info.type, info.linkname = kind, "/etc/passwd"
            tar.addfile(info)

        assert refused(_tar(tmp_path / "a.tar", add, _said())) == "backup.strange_member"


def test_members_that_come_twice_or_after_the_end_are_refused(tmp_path: Path) -> None:
    def twice(tar: tarfile.TarFile) -> None:
        for _ in range(2):
            tar.addfile(tarfile.TarInfo("settings.json"))

    assert refused(_tar(tmp_path / "a.tar", twice, _said())) == "backup.strange_member"
    path = written(tmp_path / "b.tar")
    with tarfile.open(path, "a") as tar:
        tar.addfile(tarfile.TarInfo("database.dump"))
    assert refused(path) == "backup.strange_member"


def test_a_form_of_a_newer_release_is_refused_by_its_number(tmp_path: Path) -> None:
    path = _tar(tmp_path / "a.tar", lambda _: None, b'{"format": 2, "something": "new"}')

    with pytest.raises(Invalid) as error:
        check(path)
    assert error.value.reasons[0].params == {"form": 2, "known": 1}
