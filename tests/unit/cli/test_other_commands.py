"""Commands that need no input: help, version and settings."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from higherstudy.entrypoints.cli.main import _COMMANDS

Run = Callable[..., Any]
COMMANDS = (
    *("plan", "plan today", "plan board", "plan timeline", "plan calendar", "match", "verdict", "grade", "score"),
    *(
        "money",
        "pack",
        "serve",
        "import",
        "audit",
        "jobs",
        "rotate-keys",
        "sign-in",
        "sign-out",
        "sessions",
        "factors",
        "identities",
        "reset-password",
        "confirm-email",
        "keys",
        "service-accounts",
        "roles",
        "grants",
        "settings",
    ),
)


def test_help_lists_every_command(run: Run) -> None:
    shown = run("--help")

    assert shown.code == 0
    for command in COMMANDS:
        assert f" {command} " in shown.out


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_explains_itself(run: Run, command: str) -> None:
    shown = run(*command.split(), "--help")

    assert shown.code == 0
    assert shown.out.startswith(f"Usage: higherstudy {command}")


def test_an_unknown_command_is_one_sentence(run: Run) -> None:
    shown = run("plam")

    assert (shown.code, shown.out) == (2, "")
    assert "plam" in shown.err
    assert shown.err.count("\n") == 1


def test_settings_are_shown_without_passwords(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://app:secret-word@db/higherstudy")

    page, data = run("settings"), run("settings", "--json")

    assert "secret-word" not in page.out + data.out
    assert "HIGHERSTUDY_HOME = .higherstudy" in page.out
    assert {one["variable"] for one in json.loads(data.out)} >= {"HOST", "PORT", "DATABASE_URL"}


def test_a_wrong_setting_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "eighty")

    shown = run("settings")

    assert shown.code == 2
    assert shown.err.startswith("higherstudy: PORT: ")


@pytest.mark.parametrize("arguments", [["--help"], ["plan", "examples/dhaka-master-germany.toml"]])
def test_a_quick_command_does_not_load_the_server(arguments: list[str]) -> None:
    heavy = ("alembic", "asyncpg", "cryptography", "httpx2", "litestar", "python_calamine", "sqlalchemy", "uvicorn")
    program = (
        "import sys; from higherstudy.entrypoints.cli.main import main; main(sys.argv[2:]); "
        "print('loaded:', *sorted(set(sys.argv[1].split(',')) & set(sys.modules)), file=sys.stderr)"
    )
    root = Path(__file__).parents[3]

    done = subprocess.run(
        [sys.executable, "-c", program, ",".join(heavy), *arguments], cwd=root, capture_output=True, text=True
    )

    assert (done.returncode, done.stderr) == (0, "loaded:\n")


def test_equal_inputs_give_equal_bytes_in_every_process() -> None:
    root = Path(__file__).parents[3]
    command = [
        sys.executable,
        "-m",
        "higherstudy.entrypoints.cli",
        "plan",
        "examples/dhaka-master-germany.toml",
        "--json",
    ]

    pages = [
        subprocess.run(command, cwd=root, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True).stdout
        for seed in ("1", "2")
    ]

    assert pages[0] == pages[1] != b""


def test_an_unknown_command_names_every_command_there_is(run: Run) -> None:
    shown = run("nonsense")

    names = list(dict.fromkeys(name.partition(" ")[0] for name in _COMMANDS))
    assert {name.partition(" ")[0] for name in COMMANDS} <= set(names)
    assert shown.code == 2
    assert shown.err == (
        f'higherstudy: There is no command "nonsense". There are {", ".join(names[:-1])} and {names[-1]}. Try --help.\n'
    )


def test_a_number_and_too_many_words_are_told_in_plain_words(run: Run) -> None:
    assert run("match", "--limit", "abc").err == (
        "higherstudy: --limit: A whole number is expected; given was abc. Try --help.\n"
    )
    assert run("plan", "a.toml", "b", "c").err == (
        "higherstudy: This is more than is expected here: b c. Try --help.\n"
    )


def test_help_marks_only_what_is_needed(run: Run) -> None:
    usages = {command: run(*command.split(), "--help").out for command in COMMANDS}

    assert run("pack", "check", "--help").out.startswith("Usage: higherstudy pack check PACK... [OPTIONS]\n")
    assert usages["verdict"].startswith("Usage: higherstudy verdict [FILE] PROGRAMME [OPTIONS]\n")
    assert "[required]" not in usages["verdict"]
    assert usages["plan"].startswith("Usage: higherstudy plan [FILE] [OPTIONS]\n")
    required = [name for name, shown in usages.items() if "[required]" in shown]
    assert required == ["grade", "score", "money", "import", "jobs"]


@pytest.mark.parametrize("arguments", [["plan"], ["match"], ["verdict", "tum-informatics-msc"], ["import", "one.csv"]])
def test_where_nothing_is_kept_a_command_says_how_to_begin_and_makes_nothing(
    run: Run, arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    Path("one.csv").write_text("key\n", encoding="utf-8")

    shown = run(*arguments)

    assert (shown.code, shown.out, shown.err.count("\n")) == (1, "", 1)
    assert f"{tmp_path / '.higherstudy'}: Nothing is kept there yet. Begin with `higherstudy serve`" in shown.err
    assert [file.name for file in tmp_path.iterdir()] == ["one.csv"]


def test_a_database_of_others_is_not_touched_by_a_command_that_needs_the_sample(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("DATABASE_URL", "postgresql://study@127.0.0.1:1/study")

    shown = run("match")

    assert (shown.code, shown.err.count("\n")) == (2, 1)
    assert "DATABASE_URL: This database has no sample accounts" in shown.err
    assert not list(tmp_path.iterdir())


def test_a_verdict_on_a_file_that_is_not_there_or_without_a_programme_says_so(run: Run, sample: Path) -> None:
    assert run("verdict", "nothing.toml").err == "higherstudy: nothing.toml: There is no such file.\n"
    assert "Name a programme by its key besides the case file." in run("verdict", sample).err
    assert "Name a programme by its key, as" in run("verdict").err


@pytest.mark.parametrize("missing", ["cyclopts", "litestar", "sqlalchemy"])
def test_without_the_extras_one_sentence_says_what_to_install(missing: str, tmp_path: Path) -> None:
    program = (
        f"import sys; sys.modules[{missing!r}] = None; "
        "from higherstudy.entrypoints.cli.main import main; sys.exit(main(['serve', '--port', '0']))"
    )

    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"higherstudy: The package {missing} is not installed here;")
    assert '"higherstudy[all]" or "higherstudy[server,embedded,postgres]"' in done.stderr
    assert done.stderr.count("\n") == 1
    assert not list(tmp_path.iterdir())
