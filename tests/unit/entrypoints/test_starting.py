"""A process starts with what it needs, and its libraries do not notice what was left out."""

import gc
import subprocess
import sys

import pytest

from higherstudy.entrypoints.starting import asleep, building, without

PROCESS = """
import sys
from higherstudy.entrypoints.starting import loading_a_process
with loading_a_process():
    import higherstudy.entrypoints.cli.processes.serving
"""
NOT_NEEDED_TO_ANSWER = (
    "rich",
    "pydantic",
    "attrs",
    "argon2",
    "sqlalchemy",
    "alembic",
    "taskiq",
    "icalendar",
    "aioboto3",
    "holidays",
    "numpy",
    "authlib",
    "joserfc",
    "httpx2",
    "aiohttp",
    "aiosmtplib",
    "sendgrid",
    "twilio",
    "jinja2",
    "markdown_it",
    "mjml",
    "css_inline",
    "babel",
    "higherstudy.entrypoints.http.app",
    "higherstudy.entrypoints.wiring.containers.every",
    "higherstudy.domain.funding.proving",
    "higherstudy.domain.matching.trees",
    "higherstudy.domain.planning.network",
)


def test_what_is_left_out_is_not_there_meanwhile_and_there_again_afterwards() -> None:
    with without("json", "wave"):
        with pytest.raises(ModuleNotFoundError, match="json is left out"):
            __import__("json")
        with pytest.raises(ImportError):
            __import__("wave")

    assert __import__("json") is sys.modules["json"]
    assert __import__("wave").__name__ == "wave"


def test_the_collector_rests_while_something_is_built_and_no_longer() -> None:
    with building():
        rested = not gc.isenabled()

    assert (rested, gc.isenabled()) == (True, True)
    gc.unfreeze()


def test_a_server_can_answer_before_it_has_loaded_what_the_first_answer_does_not_need() -> None:
    asked = f"print([name for name in {NOT_NEEDED_TO_ANSWER} if name in sys.modules])"

    told = subprocess.run([sys.executable, "-c", PROCESS + asked], capture_output=True, text=True, timeout=60)

    assert told.stdout.strip() == "[]", told.stderr


ASLEEP = """
import sys
from higherstudy.entrypoints.starting import asleep
asleep("sqlalchemy.ext.asyncio")
from sqlalchemy.ext.asyncio.engine import create_async_engine
without = "sqlalchemy.orm" in sys.modules
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine as another
print(without, AsyncSession.__name__, another is create_async_engine, sys.modules["sqlalchemy.ext.asyncio"].__class__)
"""


def test_a_package_that_is_asleep_gives_a_module_alone_and_wakes_for_whoever_asks_for_more() -> None:
    told = subprocess.run([sys.executable, "-c", ASLEEP], capture_output=True, text=True, timeout=60)

    assert told.stdout.strip() == "False AsyncSession True <class 'module'>", told.stderr


def test_only_what_is_installed_can_be_asleep() -> None:
    with pytest.raises(ModuleNotFoundError, match=r"higherstudy\.nothing is not installed"):
        asleep("higherstudy.nothing")


def test_what_is_loaded_already_stays_awake() -> None:
    asleep("json")

    assert sys.modules["json"].loads("1") == 1
