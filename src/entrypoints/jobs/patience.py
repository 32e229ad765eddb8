"""How long workers wait for what."""

from dataclasses import dataclass
from datetime import timedelta

from ...ports.jobs import Job


@dataclass(frozen=True)
class Patience:
    """How long a worker may be silent, how often a job is tried, and how long to wait in between.

    A worker that died is noticed after ``lease`` at the latest; with the sweeper's second, and what Redis and the
    database take to come back, its jobs run again well within 30 seconds.
    """

    lease: timedelta = timedelta(seconds=15)
    heartbeat: timedelta = timedelta(seconds=5)
    most_attempts: int = 8
    first_wait: timedelta = timedelta(seconds=1)
    longest_wait: timedelta = timedelta(minutes=10)

    def wait_after(self, job: Job) -> timedelta:
        """Return how long the job waits after this attempt: twice as long each time, up to half of that added so
        that jobs which failed together do not come back together."""
        wait: timedelta = min(self.first_wait * (1 << min(job.attempts - 1, 20)), self.longest_wait)
        return wait * (1 + (job.id.int % 1000) / 2000)
