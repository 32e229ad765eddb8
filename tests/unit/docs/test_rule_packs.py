"""The page about rule packs keeps what it promises."""

import re
from datetime import date
from pathlib import Path

from higherstudy.adapters.bundled.packs import bundled_rulebook
from higherstudy.domain.rulebook.fact_words import figure_of
from higherstudy.domain.rulebook.facts import Scope
from higherstudy.domain.rulebook.leaning import warnings_for
from higherstudy.domain.rulebook.reading import read_pack

PAGE = (Path(__file__).parents[3] / "docs" / "rule-packs.md").read_text(encoding="utf-8")
[EXAMPLE] = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)


def test_the_example_is_a_good_pack_and_answers_for_its_school() -> None:
    rules = bundled_rulebook().with_packs([read_pack(EXAMPLE, "lake-school.toml")])
    school = Scope(country="DE", institution="Lake School")

    found = rules.in_force("de.blocked_account.monthly", date(2026, 10, 15), school)
    others = rules.in_force("de.blocked_account.monthly", date(2026, 10, 15), Scope(country="DE"))

    assert found is not None
    assert others is not None
    assert [figure_of(fact) for fact in (found, others)] == ["1010 EUR/month", "992 EUR/month"]
    assert warnings_for(rules, [found.id], date(2026, 10, 15)) == (f"fact.begin_not_exact:{found.id}",)
    assert warnings_for(rules, [found.id], date(2027, 6, 1)) == ("pack.stale:lake-school",)


def test_every_command_on_the_page_is_one_of_the_group() -> None:
    commands = set(re.findall(r"higherstudy pack (\w+)", PAGE))

    assert commands == {"schema", "check", "list", "facts", "diff"}
