"""Sealing and opening a file, against bare AES-256-GCM over the same segments and against passing the bytes on; and
keeping one in a folder and reading it again, sealed and as it came."""

import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from uuid import uuid4

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from benchmarks.results import Result
from higherstudy.adapters.aesgcm.segments import SEGMENT
from higherstudy.adapters.aesgcm.student_keys import AesGcmStudentKeys
from higherstudy.adapters.folder.files import FolderFiles
from higherstudy.ports.vault import Place

SIZE = 64 * 2**20
PIECE = 256 * 1024
ROUNDS = 7
PAPER = Place("paper", "1")


def measure() -> Iterator[Result]:
    """Yield how many times the bare limit each way takes; medians over rounds in turn."""
    return iter(asyncio.run(_measured()))


async def _measured() -> list[Result]:
    content, results = os.urandom(SIZE), []
    keys = AesGcmStudentKeys(uuid4(), {uuid4(): os.urandom(32)}, lambda: None)  # type: ignore[arg-type]
    sealed = keys.seal(PAPER, content)
    key, nonces = os.urandom(32), [os.urandom(12) for _ in range(0, SIZE, SEGMENT)]

    async def bare() -> None:
        cipher = AESGCM(key)
        for nonce, start in zip(nonces, range(0, SIZE, SEGMENT), strict=True):
            cipher.encrypt(nonce, content[start : start + SEGMENT], None)

    async def sealing() -> None:
        await _read(keys.sealing(PAPER, _pieces(content)))

    async def opening() -> None:
        await _read(keys.opening(PAPER, _pieces(sealed)))

    for name, ours in (("sealing", sealing), ("opening", opening)):
        one, other, ratio = await _compared(ours, bare)
        detail = f"{SIZE / one / 2**20:.0f} against {SIZE / other / 2**20:.0f} MiB/s"
        results.append(Result(f"{name} 64 MiB: times bare AES-GCM", ratio, 2.5, detail))
    with tempfile.TemporaryDirectory() as folder:
        files = FolderFiles(Path(folder), b"k" * 32)

        async def kept_sealed() -> None:
            stored = await files.store(keys.sealing(PAPER, _pieces(content)), at_most=2 * SIZE)
            await _read(keys.opening(PAPER, files.read(stored.sha256)))
            await files.delete(stored.sha256)

        async def kept_plain() -> None:
            stored = await files.store(_pieces(content), at_most=2 * SIZE)
            await _read(files.read(stored.sha256))
            await files.delete(stored.sha256)

        one, other, ratio = await _compared(kept_sealed, kept_plain)
        detail = f"{one * 1000:.0f} against {other * 1000:.0f} ms"
        results.append(Result("a file of 64 MiB kept and read: times unsealed", ratio, 2.5, detail))
    return results


async def _compared(one: Callable[[], Awaitable[None]], other: Callable[[], Awaitable[None]]) -> tuple[float, ...]:
    """Return the median seconds of each, and the median of their ratios."""
    pairs = [(await _seconds(one), await _seconds(other)) for _ in range(ROUNDS)]
    first, second = (statistics.median(column) for column in zip(*pairs, strict=True))
    return first, second, statistics.median(a / b for a, b in pairs)


async def _seconds(run: Callable[[], Awaitable[None]]) -> float:
    begun = time.perf_counter()
    await run()
    return time.perf_counter() - begun


async def _pieces(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), PIECE):
        yield content[start : start + PIECE]


async def _read(pieces: AsyncIterator[bytes]) -> None:
    async for _ in pieces:
        pass
