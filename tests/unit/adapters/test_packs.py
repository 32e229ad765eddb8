"""The bundled packs, and those of a folder beside them, do what every source of packs must."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from higherstudy.adapters.bundled.packs import BundledRulePacks, FolderRulePacks
from higherstudy.ports.contracts.rule_packs import PACK, Holding, RulePacksContract
from higherstudy.ports.rule_packs import RulePacks


class TestBundledRulePacks(RulePacksContract):
    takes_packs = False

    @pytest.fixture
    def rule_packs(self) -> RulePacks:
        return BundledRulePacks()


class TestFolderRulePacks(RulePacksContract):
    @pytest.fixture
    def rule_packs(self, holding: Holding) -> RulePacks:
        return holding({"sample.toml": PACK.format(id="sample")})

    @pytest.fixture
    def holding(self, tmp_path_factory: pytest.TempPathFactory) -> Holding:
        def held(texts: Mapping[str, str]) -> RulePacks:
            folder: Path = tmp_path_factory.mktemp("packs")
            for name, text in texts.items():
                (folder / name).write_text(text, encoding="utf-8")
            return FolderRulePacks(folder)

        return held
