"""Why a file is not taken."""

from ..shared.errors import RuleBroken


class FileRefused(RuleBroken):
    """This file cannot be taken as a paper."""

    code = "file_refused"
