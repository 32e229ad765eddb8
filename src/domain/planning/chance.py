"""The chance to arrive in time: an estimate by simulation, with everything that it takes for granted.

It is about the days of a plan alone. It says nothing of the chance to be admitted.
"""

from __future__ import annotations

from datetime import date
from math import sqrt

from ..shared.dataclass import dataclass
from ..shared.errors import NotFound, Reason
from .model import Model, assumptions_of, model_of
from .sampling import Sampled, Source, sample
from .schedule import Schedule

SAMPLES = 10_000


@dataclass(frozen=True, slots=True)
class Chance:
    """An estimate for one target: the share of samples that were in time, and how sure the share is.

    In time means: there when studies begin, the application in by its deadline, and no window missed. A tenth of the
    samples arrive by ``early``, half by ``middle``, nine tenths by ``late``. ``reasons`` are those of the
    outlook: a window that closes too early by the plan itself explains a small share however early the arrival is.
    """

    target: str
    title: str
    samples: int
    in_time: int
    seed: int
    early: date
    middle: date
    late: date
    assumptions: tuple[Reason, ...]
    reasons: tuple[Reason, ...] = ()

    @property
    def share(self) -> float:
        """The estimate, from 0 to 1."""
        return self.in_time / self.samples

    @property
    def standard_error(self) -> float:
        """The standard error of the estimate that comes from the number of samples alone.

        One sample of each kind is counted in addition, since a share of 0 or 1 is not certain either.
        """
        share = (self.in_time + 1) / (self.samples + 2)
        return sqrt(share * (1 - share) / self.samples)


def models_of(schedule: Schedule) -> dict[str, Model]:
    """Return the model of each target by its key; raise NotFound for a schedule whose days are not at hand."""
    if not schedule.days:
        raise NotFound(Reason("plan.unknown_target", {"target": schedule.lead.key}))
    return {outlook.target.key: model_of(schedule.days[outlook.target.key]) for outlook in schedule.outlooks}


def chance_of(schedule: Schedule, target: str, sampled: Sampled, seed: int) -> Chance:
    """Return what the samples say of the target with the key."""
    outlook = next(outlook for outlook in schedule.outlooks if outlook.target.key == target)
    return Chance(
        target=target,
        title=outlook.target.title,
        samples=sampled.samples,
        in_time=sampled.in_time,
        seed=seed,
        early=date.fromordinal(sampled.early),
        middle=date.fromordinal(sampled.middle),
        late=date.fromordinal(sampled.late),
        assumptions=assumptions_of(schedule.days[target]),
        reasons=outlook.reasons,
    )


def chances(schedule: Schedule, source: Source, seed: int, samples: int = SAMPLES) -> tuple[Chance, ...]:
    """Return the chance of each target, the leading one first: the embedded library's one call.

    ``source`` gives random bytes, as ``random.Random(seed).randbytes`` does; ``seed`` is kept beside the result so
    that it can be had again.
    """
    return tuple(
        chance_of(schedule, key, sample(model, samples, source), seed) for key, model in models_of(schedule).items()
    )
