"""A sample case that ships, for a first look at a plan. Nobody is meant by it."""

from importlib import resources


def sample_case_text() -> str:
    """Return the sample case as the TOML text that it is."""
    return resources.files(__package__).joinpath("dhaka-master-germany.toml").read_text(encoding="utf-8")
