"""Data as the text of a pack."""

import json
from typing import Any

Data = dict[str, Any]


def in_toml(value: Any) -> str:
    """Return the value as TOML writes it on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {in_toml(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(in_toml, value)) + "]"
    return json.dumps(value)


def as_pack(data: Data) -> str:
    """Return the data as the text of a pack, each list on a line of its own."""
    return "".join(f"{key} = {in_toml(value)}\n" for key, value in data.items())


def as_tables(data: Data) -> str:
    """Return the same data with a table for each record and a line for each value, as people write packs."""
    lines = []
    for name, value in data.items():
        for record in value if isinstance(value, list) else [value]:
            lines.append(f"[[{name}]]" if isinstance(value, list) else f"[{name}]")
            lines += [f"{key} = {in_toml(inner)}" for key, inner in record.items()]
    return "\n".join(lines) + "\n"
