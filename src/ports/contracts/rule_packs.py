"""What any source of rule packs must do."""

import hashlib
import re
from collections.abc import Callable, Mapping

import pytest

from ...domain.rulebook.errors import BrokenPack
from ...domain.shared.errors import NotFound
from ..rule_packs import RulePacks

Holding = Callable[[Mapping[str, str]], RulePacks]
"""Makes rule packs that hold these texts, in TOML, by their names, and whatever they always hold besides."""

PACK = """
[pack]
id = "{id}"
title = "A pack made up for this test"
version = "2027.1"
review_by = 2028-01-01
"""
BROKEN = PACK + 'surprise = "a key that no pack has"\n'


class RulePacksContract:
    """Override ``rule_packs``, and ``holding``; set ``takes_packs`` to False where what it holds cannot be chosen."""

    takes_packs = True

    @pytest.fixture
    def rule_packs(self) -> RulePacks:
        """Return rule packs as they are in use, with at least one pack."""
        raise NotImplementedError

    @pytest.fixture
    def holding(self) -> Holding:
        """Return what makes others; never asked for where ``takes_packs`` is False."""
        raise NotImplementedError

    def test_each_pack_in_force_is_named_by_id_version_and_hash(self, rule_packs: RulePacks) -> None:
        edition = rule_packs.rulebook().edition

        assert edition
        assert [name for name in edition if not re.fullmatch(r"[^@]+@[^:]+:[0-9a-f]{64}", name)] == []

    def test_asking_again_gives_the_same_edition(self, rule_packs: RulePacks) -> None:
        assert rule_packs.rulebook().edition == rule_packs.rulebook().edition

    def test_the_edition_in_force_can_be_had_by_its_name(self, rule_packs: RulePacks) -> None:
        name = rule_packs.rulebook().edition_id

        assert rule_packs.edition(name).edition == rule_packs.rulebook().edition

    def test_an_edition_that_never_was_is_not_found(self, rule_packs: RulePacks) -> None:
        with pytest.raises(NotFound):
            rule_packs.edition("0" * 64)

    def test_the_texts_of_shipped_packs_can_be_had_by_their_hashes(self, rule_packs: RulePacks) -> None:
        for pack in rule_packs.shipped().packs:
            assert hashlib.sha256(rule_packs.text(pack.sha256).encode()).hexdigest() == pack.sha256
        with pytest.raises(NotFound):
            rule_packs.text("0" * 64)

    def test_a_pack_that_was_put_in_is_in_force(self, request: pytest.FixtureRequest) -> None:
        made = self._holding(request, {"one.toml": PACK.format(id="contract-one"), "two.toml": PACK.format(id="two")})

        ids = {pack.id for pack in made.rulebook().packs}

        assert {"contract-one", "two"} <= ids

    def test_another_text_is_another_edition(self, request: pytest.FixtureRequest) -> None:
        text = PACK.format(id="contract-one")

        one = self._holding(request, {"one.toml": text}).rulebook()
        other = self._holding(request, {"one.toml": text + "# a remark\n"}).rulebook()

        assert one.edition != other.edition
        assert one.edition_id != other.edition_id

    def test_the_problems_of_all_broken_packs_are_named_at_once(self, request: pytest.FixtureRequest) -> None:
        with pytest.raises(BrokenPack) as broken:
            self._holding(
                request,
                {
                    "bad.toml": BROKEN.format(id="bad"),
                    "good.toml": PACK.format(id="good"),
                    "worse.toml": BROKEN.format(id="worse"),
                },
            ).rulebook()

        places = " ".join(reason.where for reason in broken.value.reasons)
        assert "bad.toml" in places
        assert "worse.toml" in places
        assert "good.toml" not in places

    def test_two_packs_of_one_id_are_refused(self, request: pytest.FixtureRequest) -> None:
        with pytest.raises(BrokenPack) as broken:
            self._holding(request, {"a.toml": PACK.format(id="same"), "b.toml": PACK.format(id="same")}).rulebook()

        assert [reason.code for reason in broken.value.reasons] == ["pack.id_twice"]

    def _holding(self, request: pytest.FixtureRequest, texts: Mapping[str, str]) -> RulePacks:
        if not self.takes_packs:
            pytest.skip("takes_packs is False: what these rule packs hold cannot be chosen")
        holding: Holding = request.getfixturevalue("holding")
        return holding(texts)
