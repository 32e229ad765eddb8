"""What goes wrong in one run, drawn from its seed: some kinds of mishap, each often or seldom, up to some number."""

from __future__ import annotations

import random
from enum import StrEnum


class Mishap(StrEnum):
    """One way in which the world fails."""

    KILL = "a process is killed"
    FREEZE = "a process is stopped for a while"
    END = "a process is asked to end"
    STORE_AWAY = "the store does not answer"
    STORE_DOWN = "the store is down for a while"
    COMMIT_UNSURE = "the store keeps a unit and its answer is lost"
    BELL_LOST = "a bell is lost"
    BELL_TWICE = "a bell rings twice"
    BELL_LATE = "a bell rings late"
    BELLS_FORGOTTEN = "all bells are forgotten"
    BELLS_DOWN = "the bells are down for a while"
    FILES_AWAY = "the file store refuses"
    MAIL_AWAY = "the mail provider refuses"
    MAIL_UNSURE = "the mail provider accepts and its answer is lost"
    PAY_AWAY = "the payment provider refuses"
    PAY_UNSURE = "the payment provider charges and its answer is lost"
    SCANNER_AWAY = "the scanner does not answer"
    BYTES_LOST = "a client's bytes do not reach the file store"
    BYTES_UNSURE = "the file store takes a client's bytes and its answer is lost"
    IMPATIENCE = "a client does not wait for its answer"
    BREAK_OFF = "a client goes away in the middle of its request"


_OFTEN = (0.01, 0.05, 0.25)
_MOST = {
    Mishap.KILL: 5,
    Mishap.FREEZE: 3,
    Mishap.END: 3,
    Mishap.STORE_DOWN: 2,
    Mishap.BELLS_FORGOTTEN: 2,
    Mishap.BELLS_DOWN: 2,
}
_MOST_OF_OTHERS = 12


class Faults:
    """Decides at each point whether something goes wrong there. From ``calm`` on, nothing does."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._often = {mishap: chance.choice(_OFTEN) for mishap in Mishap if chance.random() < 0.5}
        self._left = {mishap: _MOST.get(mishap, _MOST_OF_OTHERS) for mishap in self._often}
        self.clocks_apart = chance.random() < 0.5

    def calm(self) -> None:
        """Let nothing go wrong any more."""
        self._often = {}

    def strikes(self, mishap: Mishap) -> bool:
        """Whether it goes wrong here and now."""
        often = self._often.get(mishap)
        if often is None or self._chance.random() >= often or self._left[mishap] <= 0:
            return False
        self._left[mishap] -= 1
        return True

    def within(self, low: float, high: float) -> float:
        """Return some seconds between the two."""
        return self._chance.uniform(low, high)
