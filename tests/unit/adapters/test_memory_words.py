"""Tokens, sentences, packs and catalogues at hand do what every adapter must."""

from collections.abc import Mapping

import pytest

from higherstudy.adapters.memory.clock import MemoryClock
from higherstudy.adapters.memory.messages import MemoryMessages
from higherstudy.adapters.memory.rule_editions import RuleStore
from higherstudy.adapters.memory.rule_packs import MemoryRulePacks, MemoryStoredRulePacks
from higherstudy.adapters.memory.tokens import MemoryTokens
from higherstudy.ports.contracts.messages import Known, MessagesContract
from higherstudy.ports.contracts.rule_packs import PACK, Holding, RulePacksContract
from higherstudy.ports.contracts.tokens import PassTime, TokensContract
from higherstudy.ports.messages import Messages
from higherstudy.ports.rule_packs import RulePacks
from higherstudy.ports.tokens import Tokens


class TestMemoryTokens(TokensContract):
    @pytest.fixture
    def clock(self) -> MemoryClock:
        return MemoryClock()

    @pytest.fixture
    def tokens(self, clock: MemoryClock) -> Tokens:
        return MemoryTokens(clock)

    @pytest.fixture
    def stranger(self, clock: MemoryClock) -> Tokens:
        return MemoryTokens(clock, b"another")

    @pytest.fixture
    def pass_time(self, clock: MemoryClock) -> PassTime:
        return clock.move


class TestMemoryMessages(MessagesContract):
    @pytest.fixture
    def messages(self) -> Messages:
        return MemoryMessages({"visa.wait": "The wait is {days} days, as of {day}."})

    @pytest.fixture
    def known(self) -> Known:
        return Known("visa.wait", {"days": 90, "day": "2027-01-04"}, "The wait is 90 days, as of 2027-01-04.")


class TestMemoryStoredRulePacks(RulePacksContract):
    takes_packs = False

    @pytest.fixture
    def rule_packs(self) -> RulePacks:
        return MemoryStoredRulePacks(MemoryRulePacks({"sample.toml": PACK.format(id="sample")}), RuleStore())


class TestMemoryRulePacks(RulePacksContract):
    @pytest.fixture
    def rule_packs(self) -> RulePacks:
        return MemoryRulePacks({"sample.toml": PACK.format(id="sample")})

    @pytest.fixture
    def holding(self) -> Holding:
        def held(texts: Mapping[str, str]) -> RulePacks:
            return MemoryRulePacks(texts)

        return held
