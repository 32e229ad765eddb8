"""Small damage to bytes, chosen by a random generator that the caller has seeded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

Damage = Callable[[Random, bytes], bytes]

_NUMBERS = [
    b"0",
    b"-1",
    b"-0",
    b"1e999",
    b"-1e999",
    b"NaN",
    b"Infinity",
    b"1e-400",
    b"9" * 400,
    b"0." + b"1" * 400,
    b"2147483648",
    b"4294967295",
    b"9223372036854775808",
    b"0x7f",
    b"1_000",
    "١٢٣".encode(),
    "১২৩".encode(),
]
_WORDS = [
    b"\x00",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b"\xc0\xaf",
    "\u202e".encode(),
    "\u0000".encode(),
    "🎓".encode(),
    b"=cmd|' /C calc'!A0",
    b'=HYPERLINK("http://127.0.0.1/")',
    b"@SUM(1)",
    b"../../../etc/passwd",
    b"file:///etc/passwd",
    b"http://169.254.169.254/latest/",
    b"%s%n%x",
    b"{0.__class__}",
    b"'; DROP TABLE accounts; --",
    b'"',
    b"'",
    b'"""',
    b"\r",
    b"\n",
    b"\r\n",
    b"\x1a",
    b",",
    b";",
    b"[",
    b"]",
    b"{",
    b"}",
    b"#",
    b"\\",
    b"\\u0000",
]


def damaged(rng: Random, samples: Sequence[bytes], tokens: Sequence[bytes] = ()) -> bytes:
    """Return one of the samples with one to four kinds of damage done to it."""
    content = rng.choice(samples)
    for _ in range(rng.choice((1, 1, 1, 2, 3, 4))):
        kind = rng.randrange(len(_KINDS) + 2)
        if kind < len(_KINDS):
            content = _KINDS[kind](rng, content)
        elif kind == len(_KINDS):
            content = _spliced(rng, content, rng.choice(samples))
        else:
            content = _with(rng, content, rng.choice([*tokens, *_WORDS, *_NUMBERS]))
    return content


def _flipped(rng: Random, content: bytes) -> bytes:
    changed = bytearray(content)
    for _ in range(rng.randint(1, 8)):
        if changed:
            changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def _overwritten(rng: Random, content: bytes) -> bytes:
    at = rng.randint(0, len(content))
    value = rng.choice(
        [b"\xff\xff\xff\xff", b"\x00\x00\x00\x00", b"\x7f\xff\xff\xff", b"\x00\x00\x00\x80", rng.randbytes(4)]
    )
    return content[:at] + value + content[at + 4 :]


def _truncated(rng: Random, content: bytes) -> bytes:
    return content[: rng.randint(0, len(content))]


def _without(rng: Random, content: bytes) -> bytes:
    begin, end = _slice(rng, content)
    return content[:begin] + content[end:]


def _twice(rng: Random, content: bytes) -> bytes:
    begin, end = _slice(rng, content)
    return content[:end] + content[begin:end] * rng.choice((1, 1, 2, 50)) + content[end:]


def _swapped(rng: Random, content: bytes) -> bytes:
    lines = content.split(b"\n")
    if len(lines) > 1:
        one, other = rng.randrange(len(lines)), rng.randrange(len(lines))
        lines[one], lines[other] = lines[other], lines[one]
    return b"\n".join(lines)


def _overlong(rng: Random, content: bytes) -> bytes:
    return _with(rng, content, bytes([rng.randrange(256)]) * rng.choice((300, 5_000, 70_000, 200_000)))


def _nested(rng: Random, content: bytes) -> bytes:
    opens, closes = rng.choice(
        [(b"[", b"]"), (b"{a=", b"}"), (b"{", b"}"), (b"<a>", b"</a>"), (b"BEGIN:VEVENT\r\n", b"END:VEVENT\r\n")]
    )
    times = rng.choice((40, 70, 1_000, 20_000))
    return _with(rng, content, opens * times + closes * rng.choice((0, times)))


def _otherwise_written(rng: Random, content: bytes) -> bytes:
    text = content.decode("utf-8", "replace")
    return text.encode(
        rng.choice(("utf-16", "utf-16-be", "utf-32", "utf-8-sig", "cp1252", "utf-7", "shift_jis")), "replace"
    )


def _random(rng: Random, content: bytes) -> bytes:
    return _with(rng, content, rng.randbytes(rng.choice((1, 7, 100, 3_000))))


def _spliced(rng: Random, content: bytes, other: bytes) -> bytes:
    return content[: rng.randint(0, len(content))] + other[rng.randint(0, len(other)) :]


def _with(rng: Random, content: bytes, more: bytes) -> bytes:
    at = rng.randint(0, len(content))
    return content[:at] + more + content[at + rng.choice((0, 0, 1, len(more))) :]


def _slice(rng: Random, content: bytes) -> tuple[int, int]:
    begin = rng.randint(0, len(content))
    return begin, min(len(content), begin + rng.choice((1, 4, 30, 400)))


_KINDS: tuple[Damage, ...] = (
    _flipped,
    _overwritten,
    _truncated,
    _without,
    _twice,
    _swapped,
    _overlong,
    _nested,
    _otherwise_written,
    _random,
)
