"""Adapters of another team take the place of ours where the setting names a function that gives them."""

import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from types import ModuleType
from typing import Any

import pytest

from higherstudy.adapters.bundled.messages import Messages
from higherstudy.adapters.memory.anchors import MemoryAnchors
from higherstudy.adapters.memory.cache import MemoryCache
from higherstudy.adapters.memory.files import MemoryFiles
from higherstudy.adapters.memory.incoming import MemoryIncoming
from higherstudy.adapters.memory.limits import MemoryLimits
from higherstudy.adapters.memory.mailbox import MemoryMailbox
from higherstudy.adapters.memory.master_key import MemoryMasterKey
from higherstudy.adapters.memory.tombstones import MemoryTombstones
from higherstudy.adapters.memory.wrapped_keys import MemoryWrappedKeys
from higherstudy.entrypoints.http.given import Opened
from higherstudy.entrypoints.parts.nearby import Nearby
from higherstudy.entrypoints.parts.others import Others, others
from higherstudy.entrypoints.parts.store import Store
from higherstudy.entrypoints.settings import Settings, WrongSettings
from higherstudy.entrypoints.wiring.memory import memory_ports


class Papers(MemoryFiles):
    """Files of another team, which open their own links."""

    def open_link(self, token: str, now: datetime) -> Opened:
        raise NotImplementedError


class Team(ModuleType):
    """A module of another team."""

    gives: dict[str, object]
    closed = 0

    @asynccontextmanager
    async def adapters(self) -> AsyncIterator[dict[str, object]]:
        yield self.gives
        self.closed += 1


@pytest.fixture
def team() -> Iterator[Team]:
    module = Team("another_team")
    sys.modules[module.__name__] = module
    yield module
    del sys.modules[module.__name__]


def settings(adapters: str = "another_team:adapters") -> Settings:
    return replace(Settings(), adapters=adapters)


def a_store(files: Any) -> Store:
    incoming: Any = MemoryIncoming()
    return Store(files, incoming, files, incoming, MemoryTombstones(), MemoryWrappedKeys(), MemoryAnchors())


async def test_without_the_setting_everything_stays_ours() -> None:
    ports, store = memory_ports(), a_store(Papers())
    nearby = Nearby(MemoryCache(), MemoryLimits())

    async with others(Settings()) as given:
        assert given.ports(ports) == ports
        assert given.store(store) is store
        assert given.nearby(nearby) == nearby


async def test_what_the_function_gives_takes_the_place_of_ours_and_is_closed_at_the_end(team: Team) -> None:
    mailbox, cache, ports = MemoryMailbox(), MemoryCache(), memory_ports()
    team.gives = {"mailbox": mailbox, "cache": cache}

    async with others(settings()) as given:
        assert given.ports(ports) == replace(ports, mailbox=mailbox)
        assert given.nearby(Nearby(MemoryCache(), MemoryLimits())).cache is cache
        assert team.closed == 0

    assert team.closed == 1


async def test_files_of_another_team_open_their_links_and_get_what_clients_bring_to_us(team: Team) -> None:
    files, ours = Papers(), a_store(Papers())
    team.gives = {"files": files, "links": files}

    async with others(settings()) as given:
        store = given.store(ours)

    assert (store.files, store.links, store.tickets) == (files, files, ours.tickets)
    assert store.incoming is ours.incoming


async def test_keys_of_another_team_wrap_and_are_kept_where_it_says(team: Team) -> None:
    master_key, wrapped_keys = MemoryMasterKey(), MemoryWrappedKeys()
    team.gives = {"master_key": master_key, "wrapped_keys": wrapped_keys}

    async with others(settings()) as given:
        assert given.master_key is master_key
        assert given.store(a_store(Papers())).wrapped_keys is wrapped_keys


async def test_whoever_takes_uploads_as_well_takes_them_all() -> None:
    files = Papers()
    incoming = MemoryIncoming()

    store = Others({"files": files, "incoming": incoming}).store(a_store(Papers()))

    assert store.incoming is incoming


@pytest.mark.parametrize(
    "place",
    [
        "another_team",
        "another_team:nothing",
        "no_such_team:adapters",
        "",
        ":",
        "another_team:",
        "..:adapters",
        "json:dumps",
        "builtins:dict",
    ],
)
async def test_a_function_that_cannot_be_used_is_named(team: Team, place: str) -> None:
    with pytest.raises(WrongSettings) as refused:
        async with others(settings(place)):
            pass

    [reason] = refused.value.reasons
    assert (reason.code, reason.where, reason.params["given"]) == ("setting.not_adapters", "ADAPTERS", place)


async def test_every_mistake_in_what_is_given_is_named_at_once(team: Team) -> None:
    team.gives = {"files": MemoryMailbox(), "mail": MemoryMailbox(), "links": MemoryFiles()}

    with pytest.raises(WrongSettings) as refused:
        async with others(settings()):
            pass

    told = [Messages().reason(reason) for reason in refused.value.reasons]
    assert [sentence.partition(";")[0] for sentence in told] == [
        "The function gives mail",
        "What the function gives as links is no adapter of that port: it lacks open_link.",
        "What the function gives as files is no adapter of that port: it lacks delete, kept_before, link, read, store.",
    ]
