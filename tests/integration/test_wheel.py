"""The built wheel: whole, and for teams that embed the rules, without any third-party package."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from wheels import ROOT, installed, python_of, wheel_of

IMPORT_EVERYTHING = """
import importlib, pkgutil, sys

for name in ("higherstudy.domain", "higherstudy.ports", "higherstudy.adapters.memory"):
    package = importlib.import_module(name)
    for module in pkgutil.walk_packages(package.__path__, name + "."):
        if not module.name.startswith("higherstudy.ports.contracts"):
            importlib.import_module(module.name)
known = {*sys.stdlib_module_names, *sys.builtin_module_names, "__main__", "higherstudy"}
strangers = {name.partition(".")[0] for name in sys.modules} - known
sys.exit("third-party modules: " + ", ".join(sorted(strangers)) if strangers else 0)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return wheel_of(ROOT, tmp_path_factory.mktemp("build"))


@pytest.fixture(scope="module")
def packages(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packages folder of a new environment into which the wheel alone was installed."""
    return installed(tmp_path_factory.mktemp("clean") / "venv", wheel)


def test_the_wheel_without_extras_brings_no_other_package(packages: Path) -> None:
    listed = subprocess.run(
        [sys.executable, "-m", "uv", "pip", "list", "--format", "json", "--python", str(packages.parents[2])],
        check=True,
        capture_output=True,
    )

    assert [package["name"] for package in json.loads(listed.stdout)] == ["higherstudy"]


def test_domain_ports_and_memory_adapters_run_on_the_standard_library_alone(packages: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [python_of(packages), "-S", "-W", "error", "-c", IMPORT_EVERYTHING],
        cwd=tmp_path,
        env={"PYTHONPATH": str(packages)},
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stderr


def test_every_file_of_the_package_is_in_the_wheel(wheel: Path) -> None:
    packed = set(zipfile.ZipFile(wheel).namelist())

    ours = {
        f"higherstudy/{path.relative_to(ROOT / 'src').as_posix()}"
        for path in (ROOT / "src").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and ".egg-info" not in str(path)
    }

    assert ours - packed == set()


def test_the_wheel_names_its_licence_and_its_command(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (about,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        (commands,) = (name for name in archive.namelist() if name.endswith(".dist-info/entry_points.txt"))

        assert b"License-Expression: Apache-2.0" in archive.read(about)
        assert b"higherstudy = higherstudy.entrypoints.cli.main:main" in archive.read(commands)


def test_the_command_of_the_wheel_without_extras_says_what_to_install(packages: Path, tmp_path: Path) -> None:
    command = packages.parents[2] / "bin" / "higherstudy"

    done = subprocess.run([command, "--help"], cwd=tmp_path, env={}, capture_output=True, text=True)

    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1), done.stderr
    assert "The package cyclopts is not installed here;" in done.stderr
    assert '"higherstudy[all]" or "higherstudy[server,embedded,postgres]"' in done.stderr
