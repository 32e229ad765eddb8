"""How much the laws are tried: their cases are counted where they are written."""

import ast
from pathlib import Path

TESTS = Path(__file__).parents[1]
LEAST = 10_000


def counted() -> dict[str, int]:
    """Return for each law the cases that ``make test`` tries it on."""
    found = {}
    for file in sorted(TESTS.rglob("test_*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                for one in node.decorator_list:
                    if isinstance(one, ast.Call) and isinstance(one.func, ast.Name) and one.func.id == "cases":
                        found[f"{file.stem}.{node.name}"] = ast.literal_eval(one.args[0])
    return found


def test_the_laws_are_tried_on_ten_thousand_cases_each_time_and_on_a_million_by_make_laws() -> None:
    cases = counted()

    assert sum(cases.values()) >= LEAST, f"{len(cases)} laws are tried on {sum(cases.values())} cases"
    assert min(cases.values()) >= 10


def test_no_law_of_the_core_settles_for_itself_how_often_it_is_tried() -> None:
    own = [
        file.name
        for file in (TESTS / "unit").rglob("test_*.py")
        if file.name != Path(__file__).name and "max_examples" in file.read_text(encoding="utf-8")
    ]

    assert own == []
