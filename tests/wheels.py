"""Wheels of this repository's packages, and new environments with nothing but what was installed from them."""

import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "higherstudy-webdav-files"


def wheel_of(package: Path, place: Path) -> Path:
    """Build the package from a copy of what it consists of, below the empty folder, and return its wheel."""
    source = place / "source"
    shutil.copytree(package / "src", source / "src", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    for name in ("pyproject.toml", "setup.py", "LICENSE", "README.md"):
        if (package / name).exists():
            shutil.copy(package / name, source)
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(place / "dist"), str(source)]
    subprocess.run(build, check=True, capture_output=True)
    (built,) = (place / "dist").glob("*.whl")
    return built


def installed(home: Path, *wheels: Path, with_needs: bool = True) -> Path:
    """Make an environment, install these wheels without asking any registry, and return the folder of its packages.

    Fails when they need another package, unless that is let be.
    """
    venv.create(home, symlinks=True)
    install = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--offline", "--python", str(home)]
    subprocess.run([*install, *([] if with_needs else ["--no-deps"]), *map(str, wheels)], check=True)
    (packages,) = home.glob("lib/python*/site-packages")
    return packages


def python_of(packages: Path) -> Path:
    """Return the interpreter of the environment with these packages."""
    return packages.parents[2] / "bin" / "python"


def lend(packages: Path) -> None:
    """Let the environment find the third-party packages that run these tests, after its own.

    Only as a place to look: files in it that would lead elsewhere, as those of an editable installation, do nothing.
    """
    ours = [path for path in sys.path if path.endswith(("site-packages", "dist-packages"))]
    (packages / "lent.pth").write_text("\n".join(ours), encoding="utf-8")
