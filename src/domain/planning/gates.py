"""Irreversible steps: what should be known before one gives up a job, or pays."""

from __future__ import annotations

from collections.abc import Mapping

from ..rulebook.conditions import KNOWN_CIRCUMSTANCES, Circumstance
from ..shared.errors import Reason
from .passes import Days, Setting
from .schedule import reason


def gate_of(days: Days, at: int) -> Reason | None:
    """Return whether an irreversible task is safe now, or what should be known first; None for any other and for what
    is done.

    What should be known is what the pathway names; without that, everything that the task waits for. Nothing is safe
    that is done for studies for which one would arrive too late.
    """
    setting = days.setting
    task = setting.network.tasks[at]
    if not task.step.irreversible or setting.done[at]:
        return None
    by_code = {setting.network.tasks[before].step.code: before for before in range(at)}
    codes = [code for code in task.step.known_first if code not in KNOWN_CIRCUMSTANCES]
    named = [by_code[code] for code in codes if code in by_code]
    waits = [before for before in dict.fromkeys((*named, *setting.network.after[at])) if not setting.done[before]]
    unknown = [name for name in task.step.known_first if name in KNOWN_CIRCUMSTANCES and name not in _known(setting)]
    if waits:
        keys = ", ".join(setting.network.tasks[before].key for before in waits)
        return reason("gate.not_yet", task.key, waits_for=keys, steps=len(waits))
    if unknown:
        return reason("gate.not_known", task.key, unknown=", ".join(unknown))
    if days.slack < 0 and setting.studies(at).key == setting.lead.key:
        return reason("gate.too_late", task.key, days=-days.slack)
    return reason("gate.safe_now", task.key)


def _known(setting: Setting) -> Mapping[str, Circumstance]:
    return {**setting.situation.circumstances, **setting.lead.circumstances}
