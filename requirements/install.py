"""Bring ``.venv`` to the pinned packages of one set (run or test); do nothing when it is there already.

Runs on the Python that the user has, so it keeps to old syntax: a Python that is too old gets a sentence, not a
traceback.
"""

import hashlib
import json
import os
import subprocess
import sys

SETS = ["run", "test", "all"]
HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
VENV = os.path.join(ROOT, ".venv")
STAMP = os.path.join(VENV, "installed.json")
PYTHON = os.path.join(VENV, "bin", "python")


def main():
    wanted = sys.argv[1] if len(sys.argv) > 1 else "test"
    refuse_what_cannot_work()
    with open(os.path.abspath(__file__)) as lock:
        one_at_a_time(lock)
        stamp = read_stamp()
        if stamp.get("of") == identity() and works():
            if SETS.index(stamp["set"]) >= SETS.index(wanted) and stamp["digest"] == digest(stamp["set"]):
                return
            wanted = max(wanted, stamp["set"], key=SETS.index)
        else:
            make_venv()
        install(wanted)
        with open(STAMP, "w") as out:
            json.dump({"of": identity(), "set": wanted, "digest": digest(wanted)}, out)


def refuse_what_cannot_work():
    version = "%d.%d" % sys.version_info[:2]
    if not (3, 11) <= sys.version_info[:2] < (3, 14):
        sys.exit(
            "This project needs Python 3.11, 3.12 or 3.13, and %s is %s: install one of them, or name it with "
            "`make PYTHON=/path/to/python3.13 ...`." % (sys.executable, version)
        )
    try:
        import ensurepip
        import venv  # noqa: F401

        ensurepip.version()
    except ImportError:
        sys.exit(
            "This Python cannot make virtual environments: install its venv module (on Debian and Ubuntu: "
            "`apt-get install python%s-venv`) and try again." % version
        )


def one_at_a_time(lock):
    import fcntl

    fcntl.flock(lock, fcntl.LOCK_EX)


def identity():
    """Say what a ready environment depends on besides the pins: the interpreter and its own place."""
    return {"python": sys.version, "base": os.path.realpath(sys.base_prefix), "venv": VENV}


def digest(which):
    total = hashlib.sha256()
    for name in (
        "requirements/install.py",
        "requirements/tools.txt",
        "requirements/%s.txt" % which,
        "pyproject.toml",
        "setup.py",
    ):
        with open(os.path.join(ROOT, name), "rb") as file:
            total.update(file.read())
    return total.hexdigest()


def read_stamp():
    try:
        with open(STAMP) as file:
            return json.load(file)
    except (OSError, ValueError):
        return {}


def works():
    try:
        return subprocess.call([PYTHON, "-c", ""]) == 0
    except OSError:
        return False


def make_venv():
    say("Making .venv with Python %s" % sys.version.split()[0])
    run([sys.executable, "-m", "venv", "--clear", VENV])


def install(which):
    say("Installing the pinned packages (%s)" % which)
    tools = os.path.join(HERE, "tools.txt")
    uv = os.path.join(VENV, "bin", "uv")
    if not os.path.exists(uv):
        run([PYTHON, "-m", "pip", "install", "-qq", "--no-warn-script-location", "--require-hashes", "-r", tools])
    environment = dict(os.environ, UV_COMPILE_BYTECODE="1", VIRTUAL_ENV=VENV)
    environment.pop("UV_PYTHON", None)
    sync = [
        uv,
        "pip",
        "sync",
        "--quiet",
        "--python",
        PYTHON,
        "--require-hashes",
        tools,
        os.path.join(HERE, which + ".txt"),
    ]
    index = index_of_pip(environment)
    if "UV_DEFAULT_INDEX" in index:
        run(sync, dict(environment, **index))
    elif subprocess.call(sync, env=environment) != 0:
        if not index:
            sys.exit(1)
        say("That failed; trying once more with the places that pip is set up with")
        run(sync, dict(environment, **index))
    project = [
        uv,
        "pip",
        "install",
        "--quiet",
        "--python",
        PYTHON,
        "--no-deps",
        "--no-build-isolation",
        "--offline",
        "--editable",
        ROOT,
    ]
    run(project, environment)


def index_of_pip(environment):
    """Translate where pip looks for packages into uv's words, unless uv has been told something itself.

    Every file is checked against its hash, so which index answers does not matter.
    """
    if any(name in environment for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_INDEX", "UV_CONFIG_FILE")):
        return {}
    listed = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    settings = {}
    for line in listed.stdout.decode().splitlines():
        key, _, value = line.partition("=")
        settings[key.rpartition(".")[2]] = value.strip("'\"").replace("\\n", " ").split()
    translated = {
        "UV_DEFAULT_INDEX": settings.get("index-url"),
        "UV_INDEX": settings.get("extra-index-url"),
        "UV_FIND_LINKS": settings.get("find-links"),
        "UV_INSECURE_HOST": settings.get("trusted-host"),
    }
    found = {name: " ".join(value) for name, value in translated.items() if value}
    if found:
        found["UV_INDEX_STRATEGY"] = "unsafe-best-match"
    return found


def run(command, environment=None):
    code = subprocess.call(command, env=environment)
    if code != 0:
        sys.exit(code)


def say(text):
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


main()
