"""Processes to break, and their last words where a test failed."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from processes import Processes, processes

FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Remember whether the test failed, for whoever clears up after it."""
    report = yield
    if report.when == "call" and report.failed:
        item.stash[FAILED] = True
    return report


@pytest.fixture
def started(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Processes]:
    """A place to start processes in that share a home; they end with the test, and tell their logs if it failed."""
    with processes(tmp_path, {}) as own:
        yield own
    if request.node.stash.get(FAILED, False):
        sys.stdout.write(own.logs())
