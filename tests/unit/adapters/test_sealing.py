"""Whatever seals, wraps and keeps keys does what every adapter must, in memory and for real."""

import tracemalloc
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from higherstudy.adapters.aesgcm.master_key import AesGcmMasterKey
from higherstudy.adapters.aesgcm.segments import HEAD, SEGMENT, TAG
from higherstudy.adapters.aesgcm.vault import AesGcmVault
from higherstudy.adapters.folder.paper_links import FolderPaperLinks
from higherstudy.adapters.folder.wrapped_keys import FolderWrappedKeys
from higherstudy.adapters.memory.clock import MemoryClock
from higherstudy.adapters.memory.ids import MemoryIds
from higherstudy.adapters.memory.master_key import MemoryMasterKey
from higherstudy.adapters.memory.paper_links import MemoryPaperLinks
from higherstudy.adapters.memory.vault import MemoryVault
from higherstudy.adapters.memory.wrapped_keys import MemoryWrappedKeys
from higherstudy.domain.shared.errors import NotFound
from higherstudy.domain.shared.ids import StudentId
from higherstudy.ports.contracts.master_key import MasterKeyContract
from higherstudy.ports.contracts.paper_links import PaperLinksContract
from higherstudy.ports.contracts.vault import VaultContract
from higherstudy.ports.contracts.wrapped_keys import WrappedKeysContract
from higherstudy.ports.errors import Unavailable, Unreadable
from higherstudy.ports.master_key import MasterKey
from higherstudy.ports.paper_links import PaperLinks
from higherstudy.ports.vault import Place, Vault
from higherstudy.ports.wrapped_keys import WrappedKey, WrappedKeys

NOW = datetime(2026, 11, 27, 2, 0, tzinfo=UTC)
PAPER = Place("paper", "1")


class TestMemoryVault(VaultContract):
    @pytest.fixture
    def vault(self) -> Vault:
        return MemoryVault()


class TestAesGcmVault(VaultContract):
    @pytest.fixture
    def vault(self) -> Vault:
        return AesGcmVault(MemoryWrappedKeys(), MemoryMasterKey(), MemoryClock(NOW), MemoryIds())


class TestMemoryMasterKey(MasterKeyContract):
    @pytest.fixture
    def master(self) -> MasterKey:
        return MemoryMasterKey()

    @pytest.fixture
    def renew(self, master: MasterKey) -> Callable[[], MasterKey]:
        def renewed() -> MasterKey:
            assert isinstance(master, MemoryMasterKey)
            master.renew()
            return master

        return renewed

    @pytest.fixture
    def stranger(self) -> MasterKey:
        other = MemoryMasterKey()
        other.renew()
        return other


class TestAesGcmMasterKey(MasterKeyContract):
    @pytest.fixture
    def master(self) -> MasterKey:
        return AesGcmMasterKey(lambda: [b"1" * 32])

    @pytest.fixture
    def renew(self) -> Callable[[], MasterKey]:
        return lambda: AesGcmMasterKey(lambda: [b"2" * 32, b"1" * 32])

    @pytest.fixture
    def stranger(self) -> MasterKey:
        return AesGcmMasterKey(lambda: [b"3" * 32])


class TestMemoryWrappedKeys(WrappedKeysContract):
    @pytest.fixture
    def wrapped_keys(self) -> WrappedKeys:
        return MemoryWrappedKeys()


class TestFolderWrappedKeys(WrappedKeysContract):
    @pytest.fixture
    def wrapped_keys(self, tmp_path: Path) -> WrappedKeys:
        return FolderWrappedKeys(tmp_path / "keys")


class TestMemoryPaperLinks(PaperLinksContract):
    @pytest.fixture
    def paper_links(self) -> PaperLinks:
        return MemoryPaperLinks()


class TestFolderPaperLinks(PaperLinksContract):
    @pytest.fixture
    def paper_links(self) -> PaperLinks:
        return FolderPaperLinks(b"k" * 32)


async def test_a_key_that_grew_old_seals_nothing_new(student: StudentId) -> None:
    kept, clock = MemoryWrappedKeys(), MemoryClock(NOW)
    vault = AesGcmVault(kept, MemoryMasterKey(), clock, MemoryIds(), renewed_after=timedelta(days=90))
    old = (await vault.keys_of(student)).seal(PAPER, b"marks")

    clock.move(timedelta(days=91))
    keys = await vault.keys_of(student)

    assert len(await kept.of(student)) == 2
    assert keys.open(PAPER, old) == b"marks"
    assert keys.seal(PAPER, b"marks")[: HEAD - 39] != old[: HEAD - 39], "another key's name stands in it"


async def test_keys_that_were_destroyed_elsewhere_are_at_hand_for_a_moment_only(student: StudentId) -> None:
    kept, master, clock = MemoryWrappedKeys(), MemoryMasterKey(), MemoryClock(NOW)
    here, there = (AesGcmVault(kept, master, clock, MemoryIds(seed)) for seed in (1, 2))
    sealed = (await here.keys_of(student)).seal(PAPER, b"marks")
    await there.destroy(student)

    at_once = (await here.keys_of(student)).open(PAPER, sealed)
    clock.move(timedelta(seconds=60))

    assert at_once == b"marks"
    with pytest.raises(NotFound):
        await here.keys_of(student)


async def test_content_under_a_key_that_was_just_made_elsewhere_opens_when_it_is_asked_for_again(
    student: StudentId,
) -> None:
    kept, master, clock = MemoryWrappedKeys(), MemoryMasterKey(), MemoryClock(NOW)
    here, there = (AesGcmVault(kept, master, clock, MemoryIds(seed)) for seed in (1, 2))
    await here.keys_of(student)
    await there.rotate(student)
    sealed = (await there.keys_of(student)).seal(PAPER, b"marks")

    with pytest.raises(Unavailable):
        (await here.keys_of(student)).open(PAPER, sealed)

    assert (await here.keys_of(student)).open(PAPER, sealed) == b"marks"


async def test_after_wrapping_anew_the_old_master_key_may_be_thrown_away(student: StudentId) -> None:
    kept, master, clock = MemoryWrappedKeys(), MemoryMasterKey(), MemoryClock(NOW)
    sealed = (await AesGcmVault(kept, master, clock, MemoryIds()).keys_of(student)).seal(PAPER, b"marks")
    heard: list[int] = []

    async def hear(done: int) -> None:
        heard.append(done)

    master.renew()
    done = await AesGcmVault(kept, master, clock, MemoryIds()).rewrap(hear)
    master.forget()

    assert (done, heard) == (1, [1])
    assert (await AesGcmVault(kept, master, clock, MemoryIds()).keys_of(student)).open(PAPER, sealed) == b"marks"


@pytest.mark.parametrize("damage", [b"", b"{", b'{"made_at": 1}'])
async def test_a_damaged_key_is_told_and_keeps_nobody_else_from_being_wrapped_anew(
    student: StudentId, tmp_path: Path, damage: bytes
) -> None:
    kept, clock, known = FolderWrappedKeys(tmp_path), MemoryClock(NOW), [b"1" * 32]
    vault, others = AesGcmVault(kept, AesGcmMasterKey(lambda: known), clock, MemoryIds()), StudentId(uuid4())
    for one in (student, others):
        await vault.keys_of(one)
    [path] = (tmp_path / "students" / str(student)).glob("*.key")
    path.write_bytes(damage)
    known.insert(0, b"2" * 32)

    with pytest.raises(Unreadable):
        await AesGcmVault(kept, AesGcmMasterKey(lambda: known), clock, MemoryIds()).keys_of(student)
    with pytest.raises(Unreadable):
        await vault.rewrap(_nobody)

    [wrapped] = [key.wrapped for key in await kept.of(others)]
    assert wrapped.version == AesGcmMasterKey(lambda: known[:1]).version


async def test_a_wrapped_key_in_another_students_place_opens_nothing(student: StudentId) -> None:
    kept, master, clock = MemoryWrappedKeys(), MemoryMasterKey(), MemoryClock(NOW)
    vault, thief = AesGcmVault(kept, master, clock, MemoryIds()), StudentId(uuid4())
    await vault.keys_of(student)
    [key] = await kept.of(student)
    await kept.keep(thief, WrappedKey(key.id, key.made_at, key.wrapped))

    with pytest.raises(Unreadable):
        await vault.keys_of(thief)


async def test_a_key_in_a_new_file_is_found_by_a_process_that_runs(student: StudentId) -> None:
    kept, clock, known = MemoryWrappedKeys(), MemoryClock(NOW), [b"1" * 32]
    running = AesGcmVault(kept, AesGcmMasterKey(lambda: known), clock, MemoryIds())
    sealed = (await running.keys_of(student)).seal(PAPER, b"marks")
    known.insert(0, b"2" * 32)

    await AesGcmVault(kept, AesGcmMasterKey(lambda: known), clock, MemoryIds(1)).rewrap(_nobody)
    clock.move(timedelta(seconds=61))

    assert (await running.keys_of(student)).open(PAPER, sealed) == b"marks"


async def test_sealing_makes_content_longer_by_its_head_and_a_tag_a_segment(student: StudentId) -> None:
    keys = await AesGcmVault(MemoryWrappedKeys(), MemoryMasterKey(), MemoryClock(NOW), MemoryIds()).keys_of(student)

    assert len(keys.seal(PAPER, bytes(SEGMENT))) == HEAD + SEGMENT + TAG
    assert len(keys.seal(PAPER, bytes(SEGMENT + 1))) == HEAD + SEGMENT + 1 + 2 * TAG


async def test_keys_in_a_folder_can_be_read_by_us_alone(student: StudentId, tmp_path: Path) -> None:
    kept = FolderWrappedKeys(tmp_path / "keys")
    await AesGcmVault(kept, MemoryMasterKey(), MemoryClock(NOW), MemoryIds()).keys_of(student)

    modes = {path.name: path.stat().st_mode & 0o077 for path in (tmp_path / "keys").rglob("*")}

    assert any(name.endswith(".key") for name in modes)
    assert set(modes.values()) == {0}


async def test_a_large_file_is_sealed_and_opened_without_being_in_memory(student: StudentId) -> None:
    keys = await AesGcmVault(MemoryWrappedKeys(), MemoryMasterKey(), MemoryClock(NOW), MemoryIds()).keys_of(student)
    size, piece = 200, bytes(2**20)

    async def large() -> AsyncIterator[bytes]:
        for _ in range(size):
            yield piece

    tracemalloc.start()
    opened = sum([len(part) async for part in keys.opening(PAPER, keys.sealing(PAPER, large()))])
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert opened == size * len(piece)
    assert most < 8 * len(piece)


@pytest.fixture
def student() -> StudentId:
    return StudentId(uuid4())


async def _nobody(_: int) -> None:
    """Hears of progress and does nothing."""
