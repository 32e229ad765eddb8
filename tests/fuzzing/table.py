"""What was asked, by whom and how it was answered, as a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from .run import Found


def table(found: Sequence[Found]) -> str:
    """Return the requests of each person to each operation, and how they were answered."""
    roles = list(dict.fromkeys(one.turn.role for one in found))
    by_role: Counter[tuple[str, str]] = Counter()
    by_status: Counter[tuple[str, str]] = Counter()
    for one in found:
        for (route, status), times in one.answers.items():
            by_role[route, one.turn.role] += times
            by_status[route, f"{status // 100}xx"] += times
    classes = sorted({status for _, status in by_status})
    rows = [["operation", *roles, *classes]]
    for route in sorted({route for route, _ in by_role}):
        asked = [by_role[route, role] for role in roles]
        rows.append([route, *map(str, asked), *(str(by_status[route, one]) for one in classes)])
    rows.append(
        [
            "all",
            *(str(_sum(by_role, role)) for role in roles),
            *(str(_sum(by_status, one)) for one in classes),
        ]
    )
    return _aligned(rows)


def statuses(found: Iterable[Found]) -> str:
    """Return how often each status was answered."""
    counted: Counter[int] = Counter()
    for one in found:
        for (_, status), times in one.answers.items():
            counted[status] += times
    return ", ".join(f"{status}: {times:,}" for status, times in sorted(counted.items()))


def failures(found: Iterable[Found]) -> list[str]:
    """Return each thing that is wrong once, with the line that asks for it again."""
    told: dict[tuple[str, ...], str] = {}
    for one in found:
        for key, text in one.failures.items():
            told.setdefault(key, f'{" · ".join(key[:2])}\n{text}\nagain: make fuzz ARGS="{one.turn.replay}"')
        for text in one.errors:
            told.setdefault((text,), f'{text}\nagain: make fuzz ARGS="{one.turn.replay}"')
    return list(told.values())


def _sum(counted: Counter[tuple[str, str]], name: str) -> int:
    return sum(times for (_, other), times in counted.items() if other == name)


def _aligned(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    lines = (
        "  ".join((cell.ljust if at == 0 else cell.rjust)(widths[at]) for at, cell in enumerate(row)).rstrip()
        for row in rows
    )
    return "\n".join(lines)
