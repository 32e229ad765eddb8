"""What anything must do that takes uploads straight from clients."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from uuid import uuid4

import pytest

from ...domain.documents.upload import Announced
from ...domain.shared.errors import NotFound, RuleBroken
from ..incoming import Incoming, Ticket
from .passing_time import PassingTime, RealTime

Putter = Callable[[Incoming, str, Mapping[str, str], bytes], Awaitable[bool]]
"""Sends one PUT as a client does, to an address with headers; returns whether it was taken."""

MEGABYTE = 1024 * 1024
A_MOMENT = timedelta(seconds=2)
"""Stores that keep times in whole seconds tell these two apart."""


class IncomingContract:
    """Override ``incoming`` and ``put``; ``time`` where the clock can be moved."""

    @pytest.fixture
    def incoming(self) -> Incoming:
        """Return what takes uploads."""
        raise NotImplementedError

    @pytest.fixture
    def put(self) -> Putter:
        """Return what sends bytes as a client does."""
        raise NotImplementedError

    @pytest.fixture
    def time(self) -> PassingTime:
        """Return the store's clock."""
        return RealTime()

    @pytest.fixture
    def large(self) -> int:
        """Return a size for which a ticket may have several parts."""
        return 17 * MEGABYTE

    async def test_what_a_client_sent_is_read_byte_for_byte(
        self, incoming: Incoming, put: Putter, time: PassingTime
    ) -> None:
        name, content = _fresh()

        await _send(incoming, put, name, content, await _ticket(incoming, name, content, time))

        await incoming.arrived(name, _announced(content))
        assert await _read(incoming, name) == content

    async def test_a_large_file_comes_in_as_well(
        self, incoming: Incoming, put: Putter, time: PassingTime, large: int
    ) -> None:
        name, content = _fresh(large)
        ticket = await _ticket(incoming, name, content, time)

        await _send(incoming, put, name, content, ticket)
        await incoming.arrived(name, _announced(content))
        await incoming.arrived(name, _announced(content))

        assert sum(part.size for part in ticket.parts) == large
        assert hashlib.sha256(await _read(incoming, name)).digest() == hashlib.sha256(content).digest()

    async def test_a_second_ticket_serves_as_the_first(
        self, incoming: Incoming, put: Putter, time: PassingTime, large: int
    ) -> None:
        for size in (100, large):
            name, content = _fresh(size)
            await _ticket(incoming, name, content, time)

            await _send(incoming, put, name, content, await _ticket(incoming, name, content, time))

            await incoming.arrived(name, _announced(content))

    async def test_more_or_less_than_was_announced_is_refused_by_the_store(
        self, incoming: Incoming, put: Putter, time: PassingTime
    ) -> None:
        name, content = _fresh()
        [part] = (await _ticket(incoming, name, content, time)).parts

        for other in (content + b"1", content[:-1], b""):
            headers = {
                **part.headers,
                **({"content-length": str(len(other))} if "content-length" in part.headers else {}),
            }
            assert not await put(incoming, part.url, headers, other)

        with pytest.raises(NotFound):
            await incoming.arrived(name, _announced(content))

    async def test_other_bytes_of_the_same_size_are_refused_by_the_store(
        self, incoming: Incoming, put: Putter, time: PassingTime
    ) -> None:
        name, content = _fresh()
        [part] = (await _ticket(incoming, name, content, time)).parts

        assert not await put(incoming, part.url, part.headers, content[::-1])

        with pytest.raises(NotFound):
            await _read(incoming, name)

    async def test_another_type_is_refused_by_the_store(
        self, incoming: Incoming, put: Putter, time: PassingTime
    ) -> None:
        name, content = _fresh()
        [part] = (await _ticket(incoming, name, content, time)).parts

        assert not await put(incoming, part.url, {**part.headers, "content-type": "text/html"}, content)

        with pytest.raises(NotFound):
            await _read(incoming, name)

    async def test_a_changed_address_takes_nothing(self, incoming: Incoming, put: Putter, time: PassingTime) -> None:
        name, content = _fresh()
        [part] = (await _ticket(incoming, name, content, time)).parts
        at = len(part.url) - 6
        changed = part.url[:at] + ("b" if part.url[at] != "b" else "c") + part.url[at + 1 :]

        assert not await put(incoming, changed, part.headers, content)

    async def test_a_ticket_ends(self, incoming: Incoming, put: Putter, time: PassingTime) -> None:
        name, content = _fresh()
        [part] = (await incoming.ticket(name, _announced(content), time.now() + A_MOMENT)).parts
        await time.go_on(A_MOMENT + timedelta(seconds=1))

        assert not await put(incoming, part.url, part.headers, content)

    async def test_nothing_has_arrived_before_it_was_sent(self, incoming: Incoming, time: PassingTime) -> None:
        name, content = _fresh()
        await _ticket(incoming, name, content, time)

        with pytest.raises(NotFound):
            await incoming.arrived(name, _announced(content))

    async def test_a_large_file_has_not_arrived_before_its_last_part(
        self, incoming: Incoming, put: Putter, time: PassingTime, large: int
    ) -> None:
        name, content = _fresh(large)
        ticket = await _ticket(incoming, name, content, time)
        for part in ticket.parts[:-1]:
            assert await put(incoming, part.url, part.headers, content[part.offset : part.offset + part.size])

        with pytest.raises(NotFound):
            await incoming.arrived(name, _announced(content))

    async def test_what_is_no_longer_what_was_announced_is_refused(
        self, incoming: Incoming, put: Putter, time: PassingTime
    ) -> None:
        name, content = _fresh()
        await _send(incoming, put, name, content, await _ticket(incoming, name, content, time))

        with pytest.raises(RuleBroken) as refused:
            await incoming.arrived(name, _announced(content + b"1"))

        assert refused.value.reasons[0].code == "file.not_as_announced"

    async def test_what_is_dropped_is_gone_finished_or_not(
        self, incoming: Incoming, put: Putter, time: PassingTime, large: int
    ) -> None:
        name, content = _fresh()
        await _send(incoming, put, name, content, await _ticket(incoming, name, content, time))
        half, much = _fresh(large)
        part = (await _ticket(incoming, half, much, time)).parts[0]
        await put(incoming, part.url, part.headers, much[: part.size])

        for gone in (name, half, str(uuid4())):
            await incoming.drop(gone)

        for gone, was in ((name, content), (half, much)):
            with pytest.raises(NotFound):
                await incoming.arrived(gone, _announced(was))

    async def test_what_lies_there_is_known_by_its_age(
        self, incoming: Incoming, put: Putter, time: PassingTime, large: int
    ) -> None:
        old, content = _fresh()
        await _send(incoming, put, old, content, await _ticket(incoming, old, content, time))
        half, much = _fresh(large)
        part = (await _ticket(incoming, half, much, time)).parts[0]
        await put(incoming, part.url, part.headers, much[: part.size])
        await time.go_on(A_MOMENT)
        moment = time.now()
        await time.go_on(A_MOMENT)
        new, content = _fresh()
        await _send(incoming, put, new, content, await _ticket(incoming, new, content, time))

        left = {name async for name in incoming.left_before(moment)}

        assert [name in left for name in (old, half, new)] == [True, True, False]


def _fresh(size: int = 320) -> tuple[str, bytes]:
    """A name, and content that nobody has sent yet."""
    begin = b"%PDF-1.7 " + uuid4().hex.encode()
    return str(uuid4()), (begin * (size // len(begin) + 1))[:size]


def _announced(content: bytes) -> Announced:
    return Announced(len(content), "application/pdf", hashlib.sha256(content).hexdigest())


async def _ticket(incoming: Incoming, name: str, content: bytes, time: PassingTime) -> Ticket:
    return await incoming.ticket(name, _announced(content), time.now() + timedelta(minutes=5))


async def _send(incoming: Incoming, put: Putter, name: str, content: bytes, ticket: Ticket) -> None:
    for part in ticket.parts:
        assert await put(incoming, part.url, part.headers, content[part.offset : part.offset + part.size])


async def _read(incoming: Incoming, name: str) -> bytes:
    return b"".join([piece async for piece in incoming.read(name)])
