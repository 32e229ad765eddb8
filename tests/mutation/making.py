"""Making mutants: mutmut writes each function and all its mutants into a copy of the project beside it."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from mutmut.__main__ import create_mutants
from mutmut.configuration import config
from mutmut.mutation.data import SourceFileMutationData
from mutmut.utils.file_utils import copy_also_copy_files, copy_src_dir, walk_mutatable_files

MADE = Path("mutants")
_MUTMUTS_OWN = (".py", ".meta", ".spans")


def make(children: int) -> None:
    """Bring the copy up to date; what mutmut made of files that have not changed since stays."""
    _forget_what_is_old()
    MADE.mkdir(exist_ok=True)
    copy_src_dir()
    copy_also_copy_files()
    create_mutants(children)


def made() -> Iterator[tuple[str, str]]:
    """Yield the name of each mutant with a digest of the function that it was made from."""
    for path in sorted(walk_mutatable_files()):
        data = SourceFileMutationData(path=path)
        data.load()
        for key in data.exit_code_by_key:
            function = key.rpartition(".")[2].rpartition("__mutmut_")[0]
            yield key, data.hash_by_function_name[function]


def _forget_what_is_old() -> None:
    """Take away what mutmut would leave as it is: files that are not Python, and those whose source has gone."""
    for copied in config().also_copy:
        if (MADE / copied).is_dir():
            shutil.rmtree(MADE / copied)
    for top in config().source_paths:
        for file in (MADE / top).rglob("*"):
            source = Path(str(file.relative_to(MADE)).removesuffix(".meta").removesuffix(".spans"))
            if file.is_file() and (file.suffix not in _MUTMUTS_OWN or not source.exists()):
                file.unlink()


if __name__ == "__main__":
    make(os.cpu_count() or 1)
